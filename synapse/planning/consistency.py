"""What a model says of one field, held against itself: a detail that contradicts is left out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from synapse.planning.dictionary.data_types import Typed, resolve_type
from synapse.planning.dictionary.formats import parse_format
from synapse.planning.states import DataType

# Characters; a field that is longer is a misread number.
LONGEST_FIELD = 10_000
# Types that a field of each format may well have: a date is often written in eight digits, a flag
# as 0 and 1.
_STRING, _INTEGER, _DECIMAL = DataType.STRING, DataType.INTEGER, DataType.DECIMAL
_DATE, _BOOLEAN = DataType.DATE, DataType.BOOLEAN
_FITTING = {
    _STRING: {_STRING, _DATE, _BOOLEAN},
    _INTEGER: {_INTEGER, _BOOLEAN},
    _DECIMAL: {_DECIMAL},
    _DATE: {_DATE},
    _BOOLEAN: {_BOOLEAN, _STRING, _INTEGER},
}
_NUMERIC = {_INTEGER, _DECIMAL, _BOOLEAN}
_DIGITS_OF_A_DATE = (6, 8)
_WRITTEN = {
    _INTEGER: re.compile(r"[+-]?\d+"),
    _DECIMAL: re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)"),
}
# “NA” and “Exempt” are how real numeric fields, those of HMDA among them, say there is no number.
_WORD = re.compile(r"[^\W\d_]+(?:[ /'-]+[^\W\d_]+)*")
TOLD_CODES = 5


@dataclass(frozen=True)
class Details:
    """The details that agree; `remarks` tell each that was left out or is out of the ordinary."""

    data_type: str
    length: int | None
    scale: int | None
    allowed_values: list[dict[str, str]]
    remarks: tuple[str, ...]


def agreeing(*, data_type: str, format: str, allowed_values: list[dict[str, str]]) -> Details:
    """Type, length, decimals and codes without contradiction; the format outweighs the type."""
    shown = resolve_type(format_text=format, type_text="", length_text="", scale_text="", codes=[])
    remarks: list[str] = []  # of what is left out
    kept = data_type or shown.data_type
    if data_type and shown.data_type and data_type not in _possible(shown, format):
        kept = shown.data_type
        remarks.append(
            f"type “{_label(data_type)}”, as the format “{format[:80]}” shows a {_label(kept)}"
        )
    length, scale = _size(shown, kept, remarks)
    codes = _distinct(allowed_values, remarks)
    if kept and not shown.data_type and codes and not any(_written(kept, code) for code in codes):
        remarks.append(f"type “{_label(kept)}”, as none of its codes is one")
        kept, scale = "", None
    words = [code for code in codes if kept in _WRITTEN and _WORD.fullmatch(code["code"])]
    fitting = [code for code in codes if code in words or _written(kept, code)]
    _tell(codes, fitting, f"no {_label(kept)}", remarks)
    short = [
        code for code in fitting if code in words or length is None or _width(kept, code) <= length
    ]
    _tell(fitting, short, f"longer than {length}", remarks)
    told = [f"left out: {remark}" for remark in remarks]
    if words:
        said = _listed(code["code"] for code in words)
        told.append(f"takes the word{said} beside a {_label(kept)}")
    return Details(kept, length, scale, short, tuple(told))


def _possible(shown: Typed, format: str) -> set[str]:
    possible = set(_FITTING[shown.data_type])
    if shown.data_type in _NUMERIC and parse_format(format).generic and shown.scale is None:
        possible |= _NUMERIC
    if shown.data_type == _INTEGER and shown.length in _DIGITS_OF_A_DATE:
        possible.add(_DATE)
    return possible


def _size(shown: Typed, data_type: str, remarks: list[str]) -> tuple[int | None, int | None]:
    length, scale = shown.length, shown.scale
    if length is not None and length > LONGEST_FIELD:
        remarks.append(f"length {length}, as no field is that long")
        length = None
    if scale and data_type != _DECIMAL:
        remarks.append(f"{scale} decimals, as only decimal numbers have any")
    if data_type != _DECIMAL:
        scale = None
    if length is not None and scale is not None and scale > length:
        remarks.append(f"{scale} decimals of {length} digits, as they can't be more than all")
        length = scale = None
    return length, scale


def _distinct(codes: list[dict[str, str]], remarks: list[str]) -> list[dict[str, str]]:
    first = {entry["code"]: entry for entry in reversed(codes)}
    kept = [entry for entry in codes if first[entry["code"]] is entry]
    if len(kept) < len(codes):
        twice = {entry["code"] for entry in codes if first[entry["code"]] is not entry}
        remarks.append(f"what repeats the code{_listed(sorted(twice))}")
    return kept


def _written(data_type: str, entry: dict[str, str]) -> bool:
    """Whether the code can be a value of the type; texts, dates and flags may have any code."""
    pattern = _WRITTEN.get(data_type)
    return pattern is None or pattern.fullmatch(entry["code"]) is not None


def _width(data_type: str, entry: dict[str, str]) -> int:
    """Characters it takes, or digits where a number's sign and point are not counted."""
    code = entry["code"]
    return len(re.sub(r"[+\-.]", "", code)) if data_type in _WRITTEN else len(code)


def _tell(before: list, after: list, fault: str, remarks: list[str]) -> None:
    gone = [entry["code"] for entry in before if entry not in after]
    if gone:
        remarks.append(f"code{_listed(gone)}, being {fault}")


def _listed(codes: Iterable[str]) -> str:
    codes = list(codes)
    said = ", ".join(code[:40] for code in codes[:TOLD_CODES])
    more = f" and {len(codes) - TOLD_CODES} more" if len(codes) > TOLD_CODES else ""
    return f"{'s' if len(codes) > 1 else ''} {said}{more}"


def _label(data_type: str) -> str:
    return DataType(data_type).label if data_type else "value"
