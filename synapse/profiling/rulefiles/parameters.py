"""The parameters of a rule from the cells of its row, in whichever way they are written."""

import json
import re
from typing import Any

from synapse.profiling.proposing.formats import DATE_FORMAT
from synapse.profiling.rulefiles.rows import RuleRow

PAIR = re.compile(r"\s*([A-Za-z_]+)\s*[=:]\s*([^;]+)\s*")
SEPARATED = {"in_set": "values", "sum_equals": "parts", "unique": "within"}
WHOLE = ("length",)


class Unread(ValueError):
    """A cell that can't be read, told as a person would."""


def cell_parameters(row: RuleRow, kind: str) -> dict[str, Any]:
    """What the cells say outright; empty where they say nothing."""
    told = _own(row.cells.get("parameters"), kind)
    for role, kinds in (("values", ("in_set",)), ("pattern", ("regex", "date_format"))):
        if (text := row.text(role)) and kind in kinds:
            told |= _short(text, kind)
    if kind in ("range", "length"):
        for word in ("min", "max"):
            if text := row.text(word):
                told[word] = _limit(text, kind)
    return told


def _own(value: Any, kind: str) -> dict[str, Any]:
    if isinstance(value, dict):
        return dict(value)
    text = value.strip() if isinstance(value, str) else ""
    if not text or text == "{}":
        return {}
    if text[0] in "{[":
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise Unread(f"its parameters are no JSON: {error}") from error
        if isinstance(data, dict):
            return data
        if kind in SEPARATED:
            return {SEPARATED[kind]: data}
        raise Unread("its parameters are a list where an object is needed")
    pairs = [PAIR.fullmatch(part) for part in text.split(";") if part.strip()]
    if pairs and all(pairs) and kind not in ("regex",):
        return {
            pair[1].lower(): _limit(pair[2].strip(), kind)
            if pair[1].lower() in ("min", "max")
            else _value(pair[1].lower(), pair[2].strip())
            for pair in pairs
        }
    return _short(text, kind)


def _short(text: str, kind: str) -> dict[str, Any]:
    """A cell that holds the one thing the kind needs."""
    if kind in SEPARATED:
        return {SEPARATED[kind]: split_list(text)}
    if kind == "regex":
        return {"pattern": text.removeprefix("^").removesuffix("$") if _anchored(text) else text}
    if kind == "date_format" and (found := DATE_FORMAT.search(text)):
        return {"format": found.group().upper()}
    if kind == "length" and text.isdecimal():
        return {"max": int(text)}
    if kind == "range":
        found = re.fullmatch(r"(-?[0-9.]+)\s*(?:-|–|to|,|\|)\s*(-?[0-9.]+)", text)
        if found:
            return {"min": found[1], "max": found[2]}
    raise Unread(f"its parameters “{text[:60]}” can't be read for {kind}")


def split_list(text: str) -> list[str]:
    """A list separated by bars, semicolons, line ends or commas, whichever comes first."""
    for sign in ("|", ";", "\n", ","):
        if sign in text:
            return [part.strip(" '\"[]()") for part in text.split(sign) if part.strip()]
    return [text.strip(" '\"[]()")]


def _value(word: str, text: str) -> Any:
    return split_list(text) if word in ("values", "parts", "within", "codes") else text


def _limit(text: str, kind: str) -> Any:
    text = text.strip()
    if kind in WHOLE:
        if not text.isdecimal():
            raise Unread(f"“{text}” is no whole number of characters")
        return int(text)
    return text.replace(",", "") if re.fullmatch(r"-?[0-9,]+(\.[0-9]+)?", text) else text


def _anchored(text: str) -> bool:
    """A full match is meant anyway; alternatives at the top need their anchors."""
    return text.startswith("^") and text.endswith("$") and "|" not in text
