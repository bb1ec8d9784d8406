"""What other files call our kinds of rules, their severities and whether they are on."""

import re

KINDS = {
    "not_blank": "not blank|not null|notnull|mandatory|required|requiredness|completeness|presence|"
    "not empty|is not null|non null|populated|missing value|null check|blank check|"
    "expect column values to not be null|non blank|nonblank|must be populated|no blanks",
    "in_set": "in set|code list|codelist|enumeration|enum|valid values|valid value|allowed values|"
    "domain|domain check|list of values|lov|lookup|in list|accepted values|values in set|"
    "reference data|one of|code|codes|expect column values to be in set|membership|in",
    "regex": "regex|pattern|regular expression|regexp|matches|mask|pattern check|like|"
    "expect column values to match regex",
    "range": "range|min max|bounds|limits|between|numeric range|limit|value range|threshold|"
    "minimum|maximum|interval|min|max|min value|max value|minimum value|maximum value|"
    "expect column values to be between|non negative|not negative|nonnegative|numeric limits|"
    "lower bound|upper bound",
    "length": "length|max length|maximum length|min length|field length|string length|size|width|"
    "minimum length|exact length|expect column value lengths to be between|text length",
    "date_format": "date format|date|valid date|date check|is date|"
    "expect column values to match strftime format|datetime format",
    "compare": "compare|comparison|compare fields|field comparison|column comparison|relational|"
    "cross field comparison|compare columns|two field comparison|date order|"
    "expect column pair values a to be greater than b",
    "sum_equals": "sum equals|sum|total|summation|footing|cross foot|crossfoot|sum check|addition|"
    "sum tolerance|sum with tolerance|sums to|reconciliation|tie out|totals",
    "if_then": "if then|conditional|conditional required|conditional requirement|condition|"
    "dependency|implication|conditionally required|if then else|required if|mandatory if|"
    "conditional mandatory|conditional not null|requires",
    "unique": "unique|uniqueness|duplicate|duplicates|no duplicates|primary key|duplicate check|"
    "distinct|expect column values to be unique|unique key|unique combination|unique together",
    "constant": "constant|single value|one value|same value|static|file constant|"
    "constant over file|same throughout|constant value",
}
# Words that leave open which kind is meant, so that the text of the rule has to tell.
OPEN_KINDS = (
    "format|validity|valid|consistency|accuracy|cross field|crossfield|cross-field|business rule|"
    "business|logical|logic|syntactical|syntax|quality|data type|type|reasonableness|integrity|"
    "conformity|other|intra record|inter field|plausibility|rule|expression|sql"
)
SEVERITIES = (
    ("critical", r"critical|blocker|blocking|fatal|very high|p0|sev ?1|rejected"),
    ("high", r"high|error|major|hard|severe|p1|sev ?2|fail|must"),
    ("low", r"low|info|informational|minor|p3|p4|trivial|soft|notice"),
    ("medium", r"medium|moderate|warn|warning|normal|p2|sev ?3|average|should|review|verify"),
)
TRUE = {"", "yes", "y", "true", "t", "1", "on", "active", "enabled", "x", "live", "approved"}
FALSE = {"no", "n", "false", "f", "0", "off", "inactive", "disabled", "retired", "draft"}


def _folded(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


_BY_WORD = {_folded(word): kind for kind, words in KINDS.items() for word in words.split("|")}
_OPEN = {_folded(word) for word in OPEN_KINDS.split("|")}


def kind_of(text: str) -> str | None:
    """Our kind for a word; "" where the word leaves it open; None for a word nobody knows."""
    words = _folded(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text))
    if not words or words in _OPEN:
        return ""
    for form in (words, re.sub(r" (?:rule|check|test|validation|edit|constraint)$", "", words)):
        if form in _BY_WORD:
            return _BY_WORD[form]
    return "" if words.split()[0] in _OPEN else None


def severity_of(text: str) -> str | None:
    """Our severity for a word; None where the word tells none."""
    words = _folded(text)
    for severity, pattern in SEVERITIES:
        if re.search(rf"\b(?:{pattern})\b", words):
            return severity
    return None


def enabled_of(text: str) -> bool | None:
    word = text.strip().lower()
    return True if word in TRUE else False if word in FALSE else None
