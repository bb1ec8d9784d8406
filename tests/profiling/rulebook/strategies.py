"""Random records and random rules over them."""

from hypothesis import strategies as st

from synapse.profiling.rulebook import OPERATORS
from tests.profiling.rulebook.oracle import DATES, NUMBERS, READ_AS
from tests.profiling.rulebook.populations import NAMES, rule

BLANKS = [None, "", " ", "\t", "\r\n", " \v\f "]
ODD = [
    "é",
    "e\u0301",
    "\u00a0",
    "\u3000a",
    "🙂",
    "a|b",
    "x'; DROP TABLE records;--",
    '"',
    "%",
    "\\",
]
TEXTS = ["a", "A", " a ", "ab", "a\nb", "12", "012", "-1.5", "1e3", "20240131", "1" * 20, "NA"]
DAYS = ["20240131", "20240229", "20230228", "19000101", "99991231", "20241130", "2024-01-31"]
NO_DAYS = ["20230229", "20241301", "00000101", "2024131", "soon", "2024-13-1", "202401"]
FEW = st.sampled_from


def padded(texts):
    return st.one_of(FEW(texts), FEW(texts), FEW(texts).map(" {}\t".format))


VALUES = {
    "Name": st.one_of(FEW(BLANKS), FEW(ODD), padded(TEXTS), padded(DAYS), st.text(max_size=4)),
    "Other": st.one_of(FEW(BLANKS), FEW(ODD), padded(TEXTS)),
    "Amount": st.one_of(FEW(BLANKS), padded([*READ_AS]), FEW(["NA", " NA ", "x", "1.2.3"])),
    "Limit": st.one_of(FEW(BLANKS), padded([*READ_AS]), FEW(["x", "--1"])),
    "Count": st.one_of(FEW(BLANKS), padded([t for t in READ_AS if t != "1.50"]), FEW(["7.5"])),
    "Opened": st.one_of(FEW(BLANKS), padded(DAYS), FEW(NO_DAYS)),
    "Closed": st.one_of(FEW(BLANKS), padded(DAYS), FEW(NO_DAYS)),
}
for _name, _values in VALUES.items():
    VALUES[_name] = _values.filter(lambda text: text is None or "\0" not in text)
records = st.lists(st.fixed_dictionaries(VALUES), min_size=1, max_size=25)

names = FEW(NAMES)
value_lists = st.lists(
    st.one_of(FEW([*TEXTS, *ODD, *DAYS, *READ_AS]), st.integers(0, 20)), min_size=1, max_size=6
)
codes = st.one_of(st.just({}), st.lists(FEW(["x", "NA", "0", "a"]), max_size=2).map(
    lambda found: {"codes": found}))  # fmt: skip
PATTERNS = ["a", "[a-z]+", ".", ".*", r"\d{8}", "a|b", "(?i)AB?", "é", r"\\", "[^0-9]*"]
patterns = st.fixed_dictionaries({"pattern": FEW(PATTERNS)})
lengths = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(
    lambda two: {"min": two[0], "max": two[0] + two[1]}
)
formats = st.fixed_dictionaries(
    {"format": FEW(["YYYYMMDD", "YYYY-MM-DD"])}, optional={"end_of_month": st.booleans()}
) | st.just({"format": "YYYYMM"})
literals = st.one_of(
    st.integers(-20, 2000), FEW(["1.5", "-3", "20240131", "2024-02-29"]),
    FEW(["a", "NA", "7"]).map(lambda text: {"value": text}),
)  # fmt: skip
operands = st.one_of(names, names, literals)
sums = st.lists(FEW(NUMBERS), min_size=1, max_size=3).map(lambda found: {"sum": found})
limits = st.fixed_dictionaries({}, optional={"min": operands, "max": operands}).filter(bool)
comparisons = st.fixed_dictionaries(
    {"op": FEW(OPERATORS), "right": operands | sums},
    optional={
        "offset": st.integers(-40, 40),
        "factor": FEW([2, "0.5", -1]),
        "unit": st.just("month"),
    },
)
summations = st.fixed_dictionaries(
    {"parts": st.lists(FEW(["Name", *NUMBERS]), min_size=1, max_size=3)},
    optional={"tolerance": FEW([0, 0.01, "5", 1300]), "blank_as_zero": st.booleans()},
)


def atom(said, parameters=None):
    whole = st.fixed_dictionaries({"attribute": names, "is": FEW(said)})
    return st.tuples(whole, st.just({}) if parameters is None else parameters).map(
        lambda two: two[0] | two[1]
    )


atoms = st.one_of(
    atom(["blank", "not_blank"]), atom(["in", "not_in"], value_lists.map(lambda v: {"values": v})),
    atom(["matches"], patterns), atom(["between"], limits), atom(["length"], lengths),
    atom(["date_format"], formats), atom(["compare"], comparisons),
)  # fmt: skip
conditions = st.recursive(
    atoms,
    lambda inner: st.one_of(
        inner.map(lambda c: {"not": c}),
        st.lists(inner, min_size=1, max_size=3).map(lambda c: {"all": c}),
        st.lists(inner, min_size=1, max_size=3).map(lambda c: {"any": c}),
    ),
    max_leaves=4,
)
PARAMETERS = {
    "not_blank": st.just({}),
    "in_set": value_lists.map(lambda values: {"values": values}),
    "regex": st.tuples(patterns, codes).map(lambda two: two[0] | two[1]),
    "range": st.tuples(limits, codes).map(lambda two: two[0] | two[1]),
    "length": st.tuples(lengths, codes).map(lambda two: two[0] | two[1]),
    "date_format": st.tuples(formats, codes).map(lambda two: two[0] | two[1]),
    "compare": st.tuples(comparisons, codes).map(lambda two: two[0] | two[1]),
    "sum_equals": st.tuples(summations, codes).map(lambda two: two[0] | two[1]),
    "if_then": st.fixed_dictionaries({"if": conditions, "then": conditions}),
}
SENSED = {"sum_equals": NUMBERS, "date_format": (*DATES, "Name", "Amount")}


def record_rules(kind: str, rule_id: str = "R1"):
    subjects = FEW(SENSED.get(kind, NAMES))
    return st.tuples(subjects, PARAMETERS[kind]).map(lambda two: (kind, two[0], rule_id, two[1]))


def whole_rules(kind: str):
    several = st.lists(names, min_size=1, max_size=2, unique=True)
    within = st.lists(names, max_size=2) if kind == "unique" else st.just([])
    return st.tuples(several, within).map(
        lambda two: rule(kind, *two[0], **({"within": two[1]} if two[1] else {}))
    )
