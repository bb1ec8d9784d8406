"""Components estimated by rule from an attribute's metadata, for when no model is configured.

An estimate is a starting point for the tester, the same for the same input, and labelled as an
estimate wherever it shows. It knows no report by name: it reads types, code lists, wording and
who refers to whom.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from synapse.scoping.facts import AttributeFacts
from synapse.scoping.references import count_references, words_of
from synapse.scoping.scoring import COMPONENT_MAX, COMPONENT_MIN, Components

MONEY = re.compile(r"\b(amount|balance|dollars?|income|fees?|price|payment|cost|value of)\b", re.I)
RATE = re.compile(r"\b(apr|rate|ratio|percent\w*|margin|spread|probability)\b", re.I)
RISK = re.compile(
    r"\b(past due|delinquen\w*|default\w*|charge-?offs?|loss\w*|scores?|limit|balance|income|"
    r"collateral|credit|denial|action taken|race|ethnicity|sex|age|status)\b",
    re.I,
)
CONDITION = re.compile(
    r"\b(if|unless|only|except|exclud\w+|blank|not applicable|otherwise|instead|where|when)\b",
    re.I,
)
DERIVATION = re.compile(
    r"\b(sum|total|add up|net of|less|weighted|average|mean|calculat\w+|comput\w+|annuali[sz]ed|"
    r"derived|split|mapped|converted)\b",
    re.I,
)
SPECIAL_CODE = re.compile(
    r"\b(19000\d{3}|9{4,}|8888|1111|exempt|unknown|n/?a|leading zeros?)\b", re.I
)
MANY_CODES = 6


@dataclass(frozen=True)
class Estimate:
    """Four components and the facts they were read from."""

    components: Components
    rationale: str


def estimate_all(attributes: Sequence[AttributeFacts]) -> dict[str, Estimate]:
    """An estimate for each attribute, by id. All of a report at once: they name each other."""
    references = count_references(attributes)
    alike = _names_alike(attributes)
    return {
        each.id: _estimate(each, named_by=references[each.id], alike=each.id in alike)
        for each in attributes
    }


def _estimate(attribute: AttributeFacts, *, named_by: int, alike: bool) -> Estimate:
    text = f"{attribute.name}. {attribute.description}"
    is_rate = _is_measure(attribute, RATE, attribute.name)
    # A description may speak of money without holding any, so it counts for decimals only.
    told = text if attribute.data_type == "decimal" else attribute.name
    is_amount = not is_rate and _is_measure(attribute, MONEY, told)
    is_date = attribute.data_type == "date"
    codes = len(attribute.allowed_values)
    risks = len({found.lower() for found in RISK.findall(text)})
    conditions = len(CONDITION.findall(attribute.description))
    derivations = len(DERIVATION.findall(attribute.description))
    special = bool(SPECIAL_CODE.search(f"{text} {' '.join(attribute.allowed_values)}"))
    required = {"mandatory": 6, "conditional": 5, "optional": 3}.get(attribute.requirement, 4)

    components = Components(
        regulatory_impact=_clamp(
            required + 2 * min(risks, 3) + 2 * (is_amount or is_rate) + attribute.is_key
        ),
        data_complexity=_clamp(
            2 + 2 * min(derivations, 3) + min(conditions, 3) + _code_points(codes) + 2 * is_rate
        ),
        common_errors=_clamp(
            3 + 2 * min(conditions, 3) + 2 * special + 2 * alike + is_date + (codes >= MANY_CODES)
        ),
        downstream_dependencies=_clamp(
            2 + 3 * min(named_by, 3) + 2 * attribute.is_key + 2 * is_amount + (codes > 0)
        ),
    )
    facts = [
        attribute.requirement or "requirement not stated",
        _kind(attribute, is_amount=is_amount, is_rate=is_rate),
        _counted(codes, "code"),
        _counted(conditions, "condition"),
        _counted(derivations, "sign", "of derivation"),
        "special codes" if special else "",
        "name close to another's" if alike else "",
        f"named by {_counted(named_by, 'other attribute')}" if named_by else "",
    ]
    return Estimate(components, "Estimated by rule from: " + ", ".join(filter(None, facts)) + ".")


def _is_measure(attribute: AttributeFacts, words: re.Pattern, text: str) -> bool:
    is_number = attribute.data_type in {"decimal", "integer"} and not attribute.allowed_values
    return is_number and bool(words.search(text))


def _clamp(points: int) -> int:
    return max(COMPONENT_MIN, min(COMPONENT_MAX, int(points)))


def _code_points(codes: int) -> int:
    """Yes and no are simple; long code lists are not."""
    return 0 if codes <= 2 else 2 if codes < MANY_CODES else 4


def _kind(attribute: AttributeFacts, *, is_amount: bool, is_rate: bool) -> str:
    if is_rate:
        return "rate"
    return "amount" if is_amount else attribute.data_type or "type not stated"


def _counted(count: int, noun: str, rest: str = "") -> str:
    plural = "" if count == 1 else "s"
    return f"{count} {noun}{plural} {rest}".strip() if count else ""


def _names_alike(attributes: Sequence[AttributeFacts]) -> set[str]:
    """Attributes whose names differ in one word from another's: the ones that get swapped."""
    by_rest: dict[tuple[str, ...], set[str]] = {}
    for each in attributes:
        words = words_of(each.name)
        for place in range(len(words)) if len(words) >= 3 else ():
            rest = (*words[:place], "*", *words[place + 1 :])
            by_rest.setdefault(rest, set()).add(each.id)
    return {id_ for ids in by_rest.values() if len(ids) > 1 for id_ in ids}
