"""What rules mean, one record and one step at a time, without any engine."""

import datetime
import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from synapse.profiling.rulebook import Rule
from tests.profiling.rulebook.populations import Record

SPACE = " \t\r\n\v\f"
PASSED, FAILED, ABSENT, ERROR = "passed", "failed", "not_applicable", "error"
NUMBERS, DATES = ("Amount", "Limit", "Count"), ("Opened", "Closed")
CODES = {"Amount": {"NA"}}
COMPARE: dict[str, Callable] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    ">=": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
}
# Texts of number columns and the numbers that a person reads in them.
READ_AS = {
    "0": "0",
    "1.50": "1.5",
    "-3": "-3",
    "+4": "4",
    "(12)": "-12",
    "1,234": "1234",
    "$7": "7",
    "007": "7",
    "99999999999999": "99999999999999",
}


def trimmed(text: str | None) -> str:
    return (text or "").strip(SPACE)


def number(name: str, text: str | None) -> Decimal | None:
    text = trimmed(text)
    if name in NUMBERS:
        return Decimal(READ_AS[text]) if text in READ_AS else None
    if not text or not set(text) <= set("0123456789.+-"):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def day(text: str | None) -> datetime.date | None:
    text = trimmed(text)
    if not text.isascii() or not re.fullmatch(r"\d{8}|\d{4}-\d\d-\d\d", text):
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def judged(rule: Rule, record: Record) -> str:
    said = dict(rule.parameters)
    if rule.kind == "if_then":
        applies, holds = truth(said["if"], record), truth(said["then"], record)
        if applies is False:
            return ABSENT
        return ERROR if applies is None or holds is None else PASSED if holds else FAILED
    return stated(rule.kind, rule.attributes[0], said, record)


def truth(condition: dict, record: Record) -> bool | None:
    if "all" in condition or "any" in condition:
        strong = "any" in condition
        found = [truth(each, record) for each in condition["any" if strong else "all"]]
        return strong if strong in found else None if None in found else not strong
    if "not" in condition:
        inner = truth(condition["not"], record)
        return None if inner is None else not inner
    name, said = condition["attribute"], condition["is"]
    if said in ("blank", "not_blank"):
        return (not trimmed(record[name])) is (said == "blank")
    words = {"in": "in_set", "not_in": "in_set", "matches": "regex", "between": "range"}
    found = stated(words.get(said, said), name, condition, record)
    opposite = said == "not_in"
    if found == ABSENT:
        return opposite or (said == "compare" and condition["op"] == "!=")
    return None if found == ERROR else (found == PASSED) is not opposite


def stated(kind: str, name: str, said: dict, record: Record) -> str:
    text = record[name] or ""
    if kind == "not_blank":
        return PASSED if trimmed(text) else FAILED
    if kind in ("range", "compare", "sum_equals"):
        return related(kind, name, said, record)
    if not trimmed(text) or trimmed(text) in said.get("codes", ()):
        return ABSENT
    if kind == "in_set":
        return PASSED if trimmed(text) in {trimmed(str(v)) for v in said["values"]} else FAILED
    if kind == "regex":
        holds = re.fullmatch(said["pattern"], text, re.ASCII)
    elif kind == "length":
        holds = said["min"] <= len(text) <= said["max"]
    else:
        holds = written_day(text, said)
    return PASSED if holds else ABSENT if trimmed(text) in CODES.get(name, ()) else FAILED


def written_day(text: str, said: dict) -> bool:
    """Only the formats of the test's strategies: YYYYMMDD, YYYY-MM-DD and YYYYMM."""
    if said["format"] == "YYYYMM":
        return bool(re.fullmatch(r"\d{6}", text, re.ASCII)) and day(text + "01") is not None
    dashed = said["format"] == "YYYY-MM-DD"
    found = day(text) if text == trimmed(text) and ("-" in text) is dashed else None
    if found and said.get("end_of_month"):
        return found == datetime.date.max or (found + datetime.timedelta(1)).day == 1
    return found is not None


def related(kind: str, name: str, said: dict, record: Record) -> str:
    optional = set(said["parts"]) - {name} if said.get("blank_as_zero") else set()
    if kind == "sum_equals":
        names, sense = [name, *said["parts"]], "number"
    else:
        given = ["right"] if kind == "compare" else ["min", "max"]
        operands = [said[word] for word in given if said.get(word) is not None]
        names = [name, *(n for operand in operands for n in named(operand))]
        literals = [operand for operand in operands if not named(operand)]
        sense = sense_of(said, names, literals, kind == "range")
    read = {"number": number, "date": lambda _, t: day(t), "text": lambda _, t: trimmed(t)}[sense]
    values, unread = {}, False
    for each in names:
        text = trimmed(record[each])
        values[each] = read(each, text)
        if not text:
            if each not in optional:
                return ABSENT
            values[each] = Decimal(0)
        if text and text in said.get("codes", ()):
            return ABSENT
    for each in names:
        if values[each] is None:
            if trimmed(record[each]) in CODES.get(each, ()):
                return ABSENT
            unread = True
    if unread:
        return ERROR
    literal = {"number": Decimal, "date": day, "text": trimmed}[sense]

    def value(operand):
        found = [values[each] for each in named(operand)]
        return (sum(found) if found[1:] else found[0]) if found else literal(str(plain(operand)))

    if kind == "sum_equals":
        gap = abs(values[name] - sum(values[part] for part in said["parts"]))
        return PASSED if gap <= Decimal(str(said.get("tolerance") or 0)) else FAILED
    if kind == "range":
        low = said.get("min") is None or values[name] >= value(said["min"])
        high = said.get("max") is None or values[name] <= value(said["max"])
        return PASSED if low and high else FAILED
    left, right, offset = values[name], value(said["right"]), said.get("offset") or 0
    if said.get("unit") == "month":
        left, right = left.year * 12 + left.month, right.year * 12 + right.month + offset
    elif said.get("factor") is not None:
        right = right * Decimal(str(said["factor"])) + Decimal(str(offset))
    elif offset:
        right += datetime.timedelta(offset) if sense == "date" else Decimal(str(offset))
    return PASSED if COMPARE[said["op"]](left, right) else FAILED


def plain(operand):
    return operand["value"] if isinstance(operand, dict) else operand


def named(operand) -> list[str]:
    """The columns of an operand of the test's strategies, where bare texts are columns."""
    if isinstance(operand, dict):
        return operand.get("sum", [])
    return [operand] if isinstance(operand, str) and operand[:1].isalpha() else []


def sense_of(said: dict, names: list[str], literals: list, ordered: bool) -> str:
    is_date, is_number = ({*names} & {*kind} for kind in (DATES, NUMBERS))
    numeric = all(number("", str(plain(each))) is not None for each in literals)
    if said.get("unit") == "month":
        return "date"
    if said.get("factor") is not None or "sum" in str(said.get("right")):
        return "number"
    if not ordered and said["op"] in ("=", "!=") and not said.get("offset"):
        if is_date:
            return "date" if all(day(str(plain(each))) for each in literals) else "text"
        return "number" if is_number and numeric else "text"
    return "date" if is_date else "number" if is_number or numeric else "date"


def whole(rule: Rule, records: list[Record]) -> tuple[list[int], int]:
    """Record numbers that fail a rule over the whole file, and how many it is about."""
    present = {
        n: tuple(trimmed(record[name]) for name in rule.attributes)
        for n, record in enumerate(records, start=1)
        if all(trimmed(record[name]) for name in rule.attributes)
    }
    if rule.kind == "unique":
        within = rule.parameters.get("within") or ()
        present = {
            n: (*key, *(trimmed(records[n - 1][name]) for name in within))
            for n, key in present.items()
        }
        counted = Counter(present.values())
        return [n for n, key in present.items() if counted[key] > 1], len(present)
    counted = Counter(present.values())
    usual = min(counted, key=lambda k: (-counted[k], [t.encode() for t in k]), default=None)
    return [n for n, key in present.items() if key != usual], len(present)
