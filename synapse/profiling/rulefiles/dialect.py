"""Parameters of a rule under the names that others give them, told in ours."""

import re
from collections.abc import Mapping
from typing import Any

OURS = {
    "in_set": {
        "values": "values|value set|allowed|allowed values|valid values|set|list|domain|enum|"
        "accepted values|codes|options|in|value list",
    },
    "regex": {"pattern": "pattern|regex|regexp|regular expression|mask|expression|matches|value"},
    "range": {
        "min": "min|minimum|min value|minimum value|lower|low|lower bound|lower limit|from|ge|gte|"
        "at least",
        "max": "max|maximum|max value|maximum value|upper|high|upper bound|upper limit|to|le|lte|"
        "at most",
    },
    "length": {
        "min": "min|minimum|min length|minimum length|min value",
        "max": "max|maximum|max length|maximum length|max value|longest",
        "exact": "exact|exactly|length|equals|value|size|width",
    },
    "date_format": {
        "format": "format|date format|pattern|mask|strftime|strftime format|value",
        "end_of_month": "end of month|month end|last day of month",
    },
    "compare": {
        "op": "op|operator|comparison|comparator|relation|compare|operation",
        "right": "right|other|other column|other field|other attribute|compare to|compared to|"
        "compare with|with|against|target|second|rhs|reference|right column|right field|"
        "right attribute|column b|column 2|field 2|attribute 2|value|than",
        "left": "left|lhs|first|left column|left field|left attribute|column a|column 1|field 1|"
        "attribute 1",
    },
    "sum_equals": {
        "parts": "parts|components|addends|summands|terms|items|sum of|operands|details|"
        "part fields|part columns|component fields|fields|columns|attributes",
        "total": "total|target|result|total field|total column|total attribute|equals|sum",
        "tolerance": "tolerance|tol|epsilon|delta|abs tolerance|absolute tolerance|threshold",
        "blank_as_zero": "blank as zero|blanks as zero|null as zero|treat blank as zero",
    },
    "unique": {
        "within": "within|group by|by|per|partition by|scope",
        "columns": "columns|fields|attributes|keys|key",
    },
    "if_then": {
        "if": "if|when|condition|conditions|antecedent|where|given|precondition",
        "then": "then|require|requires|required|must|consequent|consequence|expect|check",
    },
}
COLUMN = "attribute|column|field|name|column name|field name|attribute name"
OPERATORS = {
    "=": "=|==|eq|equal|equals|equal to|is|is equal to|same as",
    "!=": "!=|<>|≠|ne|neq|not equal|not equals|not equal to|is not|differs from",
    "<": "<|lt|less|less than|before|is less than|is before|earlier than",
    "<=": "<=|=<|≤|le|lte|less or equal|less than or equal|less than or equal to|at most|not after|"
    "on or before|not greater than|no later than|not more than",
    ">": ">|gt|greater|greater than|after|is greater than|is after|later than|more than",
    ">=": ">=|=>|≥|ge|gte|greater or equal|greater than or equal|greater than or equal to|at least|"
    "not before|on or after|not less than|no earlier than",
}
# How strftime and Java write the parts of a date.
DATE_WORDS = {"%Y": "YYYY", "%m": "MM", "%d": "DD", "%H": "HH", "%M": "MI", "%S": "SS"}


def folded(word: str) -> str:
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", word)
    return " ".join(re.findall(r"[a-z0-9]+", apart.lower()))


def _index(names: Mapping[str, str]) -> dict[str, str]:
    return {folded(word): ours for ours, words in names.items() for word in words.split("|")}


_WORDS = {kind: _index(names) for kind, names in OURS.items()}
_COLUMN = {folded(word) for word in COLUMN.split("|")}
_OPERATORS = {
    form: sign
    for sign, words in OPERATORS.items()
    for word in words.split("|")
    for form in {word, folded(word)}
    if form
}


def in_our_words(kind: str, given: Mapping[str, Any], *, strict: bool = True) -> dict[str, Any]:
    """The parameters under our names; unless `strict`, those that nobody knows are left out.

    Names of columns that stand among them keep their own: `attributes`, `left`, `total`.
    """
    known, own = _WORDS.get(kind, {}), {*OURS.get(kind, ())}
    told: dict[str, Any] = {}
    for word, value in given.items():
        name = word if word in own else known.get(folded(word))
        if name is None and folded(word) in _COLUMN:
            name = "attributes"
        if name is None and strict:
            name = word
        if name is not None and value not in (None, ""):
            told.setdefault(name, value)
    return told


def operator_of(word: Any) -> str | None:
    """Our sign for an operator in words or signs; None for another text."""
    text = str(word).strip().lower()
    return _OPERATORS.get(text) or _OPERATORS.get(folded(text))


def date_words(text: str) -> str:
    """A date format of strftime or Java (`%Y-%m-%d`, `yyyy-MM-dd`) as YYYY-MM-DD."""
    for theirs, ours in DATE_WORDS.items():
        text = text.replace(theirs, ours)
    return re.sub(r"HH([:.]?)mm", r"HH\1MI", text).upper()


def is_column_word(word: str) -> bool:
    return folded(word) in _COLUMN
