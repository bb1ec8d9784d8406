"""Whether plain data has the shape of a rule, with a pointer to each fault."""

from typing import Any

from synapse.profiling.rulebook.errors import InvalidRule, fault
from synapse.profiling.rulebook.operands import is_names
from synapse.profiling.rulebook.parameters import parameter_faults
from synapse.profiling.rulebook.vocabulary import KINDS, SEVERITIES, SOURCES

LONGEST_ID = 120
TEXTS = ("description", "remark")
FIELDS = (
    "rule_id",
    "kind",
    "attributes",
    "parameters",
    "severity",
    "source",
    "enabled",
    *TEXTS,
)
# These judge one value; the others set several columns in relation.
ONE_ATTRIBUTE = ("not_blank", "in_set", "regex", "range", "length", "date_format")


def require_shape(data: Any) -> None:
    """Refuses data that is no rule, naming every fault."""
    if faults := shape_faults(data):
        rule_id = data.get("rule_id", "") if isinstance(data, dict) else ""
        raise InvalidRule.of(rule_id if isinstance(rule_id, str) else "", faults)


def shape_faults(data: Any) -> list[dict[str, str]]:
    if not isinstance(data, dict):
        return [fault("", "not_an_object", "a rule is an object with rule_id, kind and attributes")]
    found = [
        fault(f"/{_step(word)}", "unknown_field", f"a rule has no field {word!r}")
        for word in data
        if word not in FIELDS
    ]
    rule_id = data.get("rule_id")
    if not isinstance(rule_id, str) or not rule_id.strip() or len(rule_id) > LONGEST_ID:
        found.append(fault("/rule_id", "invalid_id", f"give an id of 1 to {LONGEST_ID} characters"))
    for word, allowed in (("severity", SEVERITIES), ("source", SOURCES)):
        if word in data and data[word] not in allowed:
            found.append(fault(f"/{word}", "not_a_choice", f"is one of {', '.join(allowed)}"))
    found += [
        fault(f"/{word}", "not_text", "is a text")
        for word in TEXTS
        if not isinstance(data.get(word, ""), str)
    ]
    if not isinstance(data.get("enabled", True), bool):
        found.append(fault("/enabled", "not_a_boolean", "is true or false"))
    return found + _kind_faults(data)


def _kind_faults(data: dict[str, Any]) -> list[dict[str, str]]:
    kind, attributes = data.get("kind"), data.get("attributes")
    found = []
    if not is_names(attributes):
        found.append(fault("/attributes", "no_columns", "name at least one column in a list"))
    elif len(set(attributes)) < len(attributes):
        found.append(fault("/attributes", "repeated_column", "names a column twice"))
    elif kind in ONE_ATTRIBUTE and len(attributes) != 1:
        found.append(fault("/attributes", "one_column", f"{kind} is about exactly one column"))
    if not isinstance(kind, str) or kind not in KINDS:
        return [*found, fault("/kind", "not_a_choice", f"is one of {', '.join(KINDS)}")]
    parameters = data.get("parameters", {})
    if not isinstance(parameters, dict):
        return [*found, fault("/parameters", "not_an_object", "is an object")]
    return found + parameter_faults(kind, parameters, "/parameters")


def _step(word: Any) -> str:
    """A key as a step of a JSON pointer."""
    return str(word).replace("~", "~0").replace("/", "~1")
