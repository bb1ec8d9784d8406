"""The closed vocabulary of rules: their kinds and words."""

KINDS = (
    "not_blank",
    "in_set",
    "regex",
    "range",
    "length",
    "date_format",
    "compare",
    "sum_equals",
    "if_then",
    "unique",
    "constant",
)
# These look at all records of a file at once; every other kind looks at one record.
WHOLE_FILE_KINDS = ("unique", "constant")
SEVERITIES = ("low", "medium", "high", "critical")
SOURCES = ("dictionary", "instructions", "inferred", "manual", "model")
OPERATORS = ("<", "<=", "=", "!=", ">=", ">")
