"""The type of a field, weighed from all that its row says about it."""

import re
from dataclasses import dataclass

from synapse.planning.dictionary.codes import Code
from synapse.planning.dictionary.formats import (
    BOOLEAN,
    DATE,
    DECIMAL,
    INTEGER,
    STRING,
    Format,
    parse_format,
)


@dataclass(frozen=True)
class Typed:
    """`inferred` says what the type was concluded from when no column states it."""

    data_type: str
    length: int | None = None
    scale: int | None = None
    inferred: str = ""


def resolve_type(
    *,
    format_text: str,
    type_text: str,
    length_text: str,
    scale_text: str,
    codes: list[Code],
    example: str = "",
    fallback: str = "",
) -> Typed:
    """`fallback` is asked only when the columns about the type are all empty."""
    if fallback and not (format_text or type_text or length_text):
        format_text = fallback
    said = [parse_format(text) for text in (format_text, length_text, type_text)]
    length, scale = _size(said, length_text, scale_text)
    data_type, generic = _kind(said)
    if data_type == DECIMAL and generic and _whole(scale, length_text, codes):
        data_type = INTEGER
    elif data_type == INTEGER and scale:
        data_type = DECIMAL
    inferred = ""
    if not data_type:
        data_type, inferred = _infer(codes, example)
    return Typed(data_type, length, scale if data_type == DECIMAL else None, inferred)


def _kind(said: list[Format]) -> tuple[str, bool]:
    """A date wins, then characters counted beside “alphanumeric”, then the first specific word."""
    kinds = [entry for entry in said if entry.data_type]
    if not kinds:
        return "", False
    if any(entry.data_type == DATE for entry in kinds):
        return DATE, False
    specific = [entry for entry in kinds if not entry.generic]
    alphanumeric = any(entry.generic and entry.data_type == STRING for entry in kinds)
    if alphanumeric and any(entry.length and entry.length > 20 for entry in kinds):
        return STRING, False
    if specific:
        return specific[0].data_type, False
    return kinds[0].data_type, True


def _size(said: list[Format], length_text: str, scale_text: str) -> tuple[int | None, int | None]:
    sizes = re.findall(r"\d+", length_text)
    plain = re.fullmatch(
        r"\s*\(?(?:max\.?\s*|up to\s*)?(\d{1,5})\s*(?:[.,]\s*(\d{1,2}))?\s*\)?\s*", length_text
    )
    span = re.fullmatch(r"\s*\d{1,5}\s*(?:-|–|to|\.\.)\s*(\d{1,5})\s*", length_text)
    length = scale = None
    if span:
        length = int(span.group(1))
    elif plain and sizes:
        length = int(plain.group(1))
        scale = int(plain.group(2)) if plain.group(2) else None
    for entry in said:
        length = entry.length if length is None else length
        scale = entry.scale if scale is None else scale
    places = re.fullmatch(r"\s*(\d{1,2})(?:\s*(?:decimals?|places|dp).*)?\s*", scale_text)
    if places:
        scale = int(places.group(1))
    return length or None, scale


def _whole(scale: int | None, length_text: str, codes: list[Code]) -> bool:
    """“Numeric” with a length and no decimals, or with whole-number codes, is an integer."""
    if scale is not None:
        return scale == 0
    return bool(re.search(r"\d", length_text)) or _all_integers(codes)


def _all_integers(codes: list[Code]) -> bool:
    return bool(codes) and all(re.fullmatch(r"[+-]?\d+", code.code) for code in codes)


def _infer(codes: list[Code], example: str) -> tuple[str, str]:
    if _all_integers(codes):
        return INTEGER, "its codes"
    if {code.code.upper() for code in codes} in ({"Y", "N"}, {"YES", "NO"}, {"TRUE", "FALSE"}):
        return BOOLEAN, "its codes"
    example = re.split(r";|\n|\(or\)", re.sub(r"(?i)^examples?:?\s*", "", example.strip()))[
        0
    ].strip()
    if codes:
        return STRING, "its codes"
    if not example:
        return "", ""
    if re.fullmatch(r"(?:19|20)\d\d-?(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12]\d|3[01])", example):
        return DATE, "its example"
    if re.fullmatch(r"-?(?:0|[1-9]\d{0,14})", example):
        return INTEGER, "its example"
    if re.fullmatch(r"-?\d+\.\d+", example):
        return DECIMAL, "its example"
    return STRING, "its example"
