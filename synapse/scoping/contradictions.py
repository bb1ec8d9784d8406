"""What a rationale must not say: rules over its words, the points beside it and our own flags.

The model is told no flag. A rationale that speaks of a history or a rank has made it up, unless
the flags bear it out or the words stand in the attribute's own text.
"""

import re
from collections.abc import Iterator

from synapse.scoping.facts import AttributeFacts
from synapse.scoping.scoring import Components

LEAST_CHARACTERS, LEAST_WORDS = 20, 3
LOW_UP_TO, HIGH_FROM = 5, 11
# Shorter ids are taken for ids only where the text calls them so: they might be any number.
TELLING_ID = 5

_KIND = r"(?:(?:data|quality|reporting|regulatory|audit|testing|exam|supervisory|open|known) ){0,2}"
HISTORY = re.compile(
    rf"\b(?:historical|known|open|outstanding|unresolved|past|previous|prior|earlier|recurring)"
    rf" {_KIND}(?:issues?|findings?|defects?|deficienc(?:y|ies)|restatements?)\b"
    r"|\bhistory of (?:\w+ )?(?:issues?|findings?|errors?|misreporting|restatements?|problems?)\b"
    r"|\b(?:failed|misreported|restated|corrected|flagged)\b[^.]{0,40}"
    r"\b(?:past|previous|prior|earlier|last) (?:cycles?|filings?|submissions?|tests?|audits?)\b",
    re.IGNORECASE,
)
CDE = re.compile(
    r"\b(?:is|as|being) (?:(?:not|an?|the|one of the) ){0,2}(?:critical data element|CDE)s?\b",
    re.IGNORECASE,
)
DENIED = re.compile(
    r"\b(?:no|not|without|never|free|lacks?|lacking|nor)\b(?: \w+){0,3} ?$", re.IGNORECASE
)
WORDS_OF = {
    "regulatory_impact": r"regulatory impact",
    "data_complexity": r"(?:data )?complexity",
    "common_errors": r"(?:common errors|error[- ](?:likelihood|risk|rate))",
    "downstream_dependencies": r"downstream (?:dependenc(?:y|ies)|use|impact)",
}
BANDS = {
    name: re.compile(
        rf"\b(low|high) {words}\b|\b{words} (?:is|are|remains?) (?:(?:very|rather) )?(low|high)\b",
        re.IGNORECASE,
    )
    for name, words in WORDS_OF.items()
}
CALLED_ID = re.compile(r"(?:\bids?|\battributes?|#)[ :#]*[\"']?(\d+)\b", re.IGNORECASE)
NUMBER = re.compile(r"\b\d+\b")


def problems_in(
    rationale: str, components: Components, attribute: AttributeFacts, ids: set[str]
) -> list[str]:
    """What can't be right in a rationale, each in words for the model; empty if nothing is.

    `ids` are those that were asked about together.
    """
    text = " ".join(rationale.split())
    if not text:
        return ["it has no rationale"]
    if len(text) < LEAST_CHARACTERS or len(text.split()) < LEAST_WORDS:
        return [f"its rationale is too short to say why: {text}"]
    own = " ".join("\n".join(attribute.texts.values()).split())
    return [
        *_against_flag(text, own, HISTORY, attribute.has_open_issue, "open historical issue"),
        *_against_flag(text, own, CDE, attribute.is_cde, "critical data element"),
        *_against_points(text, components),
        *_other_ids(text, own, ids - {attribute.id}),
    ]


def _against_flag(text, own, claim: re.Pattern, flag: bool, what: str) -> Iterator[str]:
    for found in claim.finditer(text):
        said = found[0]
        if said.lower() in own.lower():
            continue
        denied = bool(DENIED.search(text[: found.start()]) or re.search(r"\bnot\b", said))
        if denied and flag:
            yield f'its rationale denies what is flagged, {what}: "{said}"'
        elif not denied and not flag:
            yield f'its rationale claims what is not flagged, {what}: "{said}"'


def _against_points(text: str, components: Components) -> Iterator[str]:
    for name, pattern in BANDS.items():
        points = getattr(components, name)
        for found in pattern.finditer(text):
            if DENIED.search(text[: found.start()]):
                continue
            band = (found[1] or found[2]).lower()
            if (band == "low" and points >= HIGH_FROM) or (band == "high" and points <= LOW_UP_TO):
                yield f'its rationale says "{found[0]}" beside {points} points for {name}'


def _other_ids(text: str, own: str, others: set[str]) -> Iterator[str]:
    known = set(NUMBER.findall(own))
    named = set(CALLED_ID.findall(text))
    named |= {each for each in NUMBER.findall(text) if len(each) >= TELLING_ID}
    for each in sorted((named & others) - known):
        yield f"its rationale names another attribute by its id, {each}"
