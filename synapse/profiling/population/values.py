"""Texts as numbers, dates and yes-or-no, and how many of a column are none of it."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Context, Decimal, InvalidOperation
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synapse.profiling.population.dates import date_parser
from synapse.profiling.population.schema import Column

ENCODED = pa.dictionary(pa.int32(), pa.string())
# The characters of a blank, as rules and Arrow know them; a no-break space is none.
BLANK = " \t\n\r\v\f"
FEW = 3_000
# Of each column: as much as a hundred columns may hold in memory together.
KEPT = 10_000
_EXACT = Context(prec=60)
_YES_NO = {"y", "n", "yes", "no", "true", "false", "t", "f", "0", "1"}
_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?", re.ASCII)
# Spaces and apostrophes group digits too: 1 234.50 and 1'234.50.
_SPACED = re.compile("(?<=\\d)[ \u00a0\u202f'\u2019](?=\\d{3}(?!\\d))")
_MONEY = re.compile(r"[$€£¥]|(?<=\d)\s*(?:USD|EUR|GBP)$|^(?:USD|EUR|GBP)\s*(?=[\d(-])")
_WHOLE = r"^-?[0-9]{1,17}$"
_SIMPLE = {".": r"^-?[0-9]{1,17}(\.[0-9]{1,12})?$", ",": r"^-?[0-9]{1,17}(,[0-9]{1,12})?$"}
_UNREAD = object()


def parse_number(text: str, column: Column, decimal: str = ".") -> Decimal | None:
    """The number in a text, exact to the column's decimals; None when there is none.

    Signs on either side, brackets for minus, thousands separators and a currency are understood.
    """
    text = text.strip()
    if decimal == ",":
        text = text.replace(".", "\0").replace(",", ".").replace("\0", ",")
    if not _PLAIN.fullmatch(text):
        text = _MONEY.sub("", text).strip()
        minus = text.startswith("(") and text.endswith(")") or text.endswith("-")
        text = text.strip("() ") if text.startswith("(") else text
        text = ("-" if minus else "") + text.rstrip("-").strip()
        text = _SPACED.sub(",", text)
        if _GROUPED.fullmatch(text):
            text = text.replace(",", "")
        elif not _PLAIN.fullmatch(text):
            return None
    value = Decimal(text)
    if column.data_type == "integer" and value != value.to_integral_value():
        return None
    try:
        value = value.quantize(Decimal(1).scaleb(-column.scale), context=_EXACT)
    except InvalidOperation:
        return None
    return value if value.adjusted() < column.precision - column.scale else None


class Typist:
    """Reads the typed values of a population's columns, remembering what it has read before."""

    def __init__(self, columns: Iterable[Column], decimal: str = "."):
        self._decimal = decimal
        self._seen: dict[str, dict[str, Any]] = {}
        self._typed = {
            column.name: column
            for column in columns
            if column.number or column.date or column.data_type == "boolean"
        }

    def needs(self, column: Column) -> bool:
        return column.name in self._typed

    def read(self, column: Column, text: pa.Array) -> tuple[pa.Array, pa.Array | None, int]:
        """The encoded text, its companion (none for yes-or-no), how many are unreadable."""
        encoded = text.dictionary_encode()
        distinct = encoded.dictionary
        values = self._values(column, distinct)
        bad = self._bad(column, distinct, values)
        unreadable = 0
        if bad:
            indices = encoded.indices.drop_null().to_numpy()
            unreadable = int(np.isin(indices, bad).sum())
        if column.data_type == "boolean":
            return encoded, None, unreadable
        return encoded, values.take(encoded.indices), unreadable

    def _values(self, column: Column, distinct: pa.Array) -> pa.Array:
        kind = companion_type(column)
        if not column.number or len(distinct) <= FEW:
            return pa.array([self._one(column, text) for text in distinct.to_pylist()], kind)
        pattern = _WHOLE if column.data_type == "integer" else _SIMPLE[self._decimal]
        fits = pc.match_substring_regex(distinct, pattern)
        simple = pc.if_else(fits, distinct, pa.scalar(None, pa.string()))
        if self._decimal == ",":
            simple = pc.replace_substring(simple, ",", ".")
        cast = simple.cast(kind)
        if cast.null_count:
            places = np.flatnonzero(~fits.to_numpy(zero_copy_only=False))
            odd = [self._one(column, text) for text in distinct.take(places).to_pylist()]
            full = pa.concat_arrays([cast, pa.array(odd, kind)])
            order = np.arange(len(distinct))
            order[places] = len(distinct) + np.arange(len(places))
            cast = full.take(order)
        return cast

    def _one(self, column: Column, text: str) -> Any:
        seen = self._seen.setdefault(column.name, {})
        value = seen.get(text, _UNREAD)
        if value is _UNREAD:
            # Other threads read here too, so nothing is taken from what is kept a second time.
            if len(seen) >= KEPT:
                seen.clear()
            value = seen[text] = self.parser(column)(text)
        return value

    def parser(self, column: Column) -> Callable[[str], Decimal | date | bool | None]:
        if column.data_type == "boolean":
            return lambda text: text.strip().casefold() in _YES_NO or None
        if column.date:
            return date_parser(column.date_formats)
        return lambda text: parse_number(text, column, self._decimal)

    @staticmethod
    def _bad(column: Column, distinct: pa.Array, values: pa.Array) -> list[int]:
        """Places of the distinct texts that are neither blank, nor of the type, nor a code."""
        if not values.null_count:
            return []
        codes = set(column.codes)
        places = np.flatnonzero(values.is_null().to_numpy(zero_copy_only=False))
        texts = distinct.take(places).to_pylist()
        return [
            int(place)
            for place, text in zip(places, texts, strict=True)
            if text.strip(BLANK) and text.strip(BLANK) not in codes
        ]


def companion_type(column: Column) -> pa.DataType:
    if column.data_type == "boolean":
        return pa.bool_()
    return pa.date32() if column.date else pa.decimal128(column.precision, column.scale)
