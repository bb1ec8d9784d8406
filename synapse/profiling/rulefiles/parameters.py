"""The parameters of a rule from the cells of its row, in whichever way they are written."""

import json
import re
from typing import Any

from synapse.profiling.proposing.formats import DATE_FORMAT
from synapse.profiling.rulefiles.dialect import date_words, folded, in_our_words, operator_of
from synapse.profiling.rulefiles.rows import RuleRow

PAIR = re.compile(r"\s*([A-Za-z_][A-Za-z_ ]*?)\s*[=:]\s*([^;=:].*?|[<>=!≤≥≠]{1,2})\s*")
SEPARATED = {"in_set": "values", "sum_equals": "parts", "unique": "within"}
WHOLE = ("length",)
LISTS = ("values", "parts", "within", "codes", "columns")
NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
COMPARED = re.compile(r"(<=|>=|<>|!=|==|=|<|>|≤|≥|≠)\s*(.*)")


class Unread(ValueError):
    """A cell that can't be read, told as a person would."""


def cell_parameters(row: RuleRow, kind: str) -> dict[str, Any]:
    """What the cells say outright under our names; empty where they say nothing.

    Names of columns may stand among them: `attributes`, and `left` or `total` for the first one.
    """
    told = _own(row.cells.get("parameters"), kind, folded(row.text("kind")))
    for role, kinds in (("values", ("in_set",)), ("pattern", ("regex", "date_format"))):
        if (text := row.text(role)) and kind in kinds:
            told |= _short(text, kind)
    if kind in ("range", "length"):
        for word in ("min", "max"):
            if text := row.text(word):
                told[word] = text
    told = in_our_words(kind, row.more, strict=False) | told
    return {word: _plain(word, value, kind) for word, value in told.items()}


def _own(value: Any, kind: str, word: str) -> dict[str, Any]:
    if isinstance(value, dict):
        return in_our_words(kind, value)
    text = value.strip() if isinstance(value, str) else ""
    if not text or text == "{}":
        return {}
    if text[0] in "{[" and not (kind == "regex" and text[0] == "["):
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise Unread(f"its parameters are no JSON: {error}") from error
        if isinstance(data, dict):
            return in_our_words(kind, data)
        if kind in SEPARATED:
            return {SEPARATED[kind]: data}
        raise Unread("its parameters are a list where an object is needed")
    if kind in ("range", "length") and NUMBER.fullmatch(text.replace(",", "")):
        return _one_limit(text.replace(",", ""), kind, word)
    for sign in ",;":
        pairs = [PAIR.fullmatch(part) for part in text.split(sign) if part.strip()]
        if pairs and all(pairs) and kind != "regex":
            return in_our_words(kind, {pair[1].lower(): pair[2].strip() for pair in pairs})
    return _short(text, kind)


def _one_limit(text: str, kind: str, word: str) -> dict[str, Any]:
    """The limit that the kind's own word means: “min value” 0, “max length” 30."""
    if kind == "length" and re.search(r"\bexact|\bfixed", word):
        return {"exact": text}
    if re.search(r"\bmin|\blower|\bat least|\bnegative\b", word):
        return {"min": text}
    if kind == "length" or re.search(r"\bmax|\bupper|\bat most", word):
        return {"max": text}
    raise Unread(
        f"its parameter {text} may be the least or the most. Write min={text} or max={text}"
    )


def _plain(word: str, value: Any, kind: str) -> Any:
    """A value as its parameter needs it."""
    if word in LISTS:
        values = split_list(value) if isinstance(value, str) else value
        return values if isinstance(values, list | tuple) else [values]
    if word == "op":
        return operator_of(value) or value
    if word == "format" and isinstance(value, str):
        return date_words(value)
    if word in ("blank_as_zero", "end_of_month") and isinstance(value, str):
        return value.strip().lower() in ("yes", "y", "true", "1")
    if kind in WHOLE and word in ("min", "max", "exact"):
        return _whole(value)
    if word in ("min", "max", "tolerance") and isinstance(value, str):
        text = value.strip()
        return text.replace(",", "") if re.fullmatch(r"-?[0-9,]+(\.[0-9]+)?", text) else text
    return value


def _whole(value: Any) -> Any:
    if isinstance(value, str) and not value.strip().isdecimal():
        raise Unread(f"“{value}” is no whole number of characters")
    return int(value) if isinstance(value, str) else value


def _short(text: str, kind: str) -> dict[str, Any]:
    """A cell that holds the one thing the kind needs."""
    if kind in SEPARATED:
        return {SEPARATED[kind]: split_list(text)}
    if kind == "regex":
        return {"pattern": text.removeprefix("^").removesuffix("$") if _anchored(text) else text}
    if kind == "date_format" and (found := DATE_FORMAT.search(text)):
        return {"format": found.group().upper()}
    if kind == "date_format" and "%" in text:
        return {"format": text}
    if kind == "compare" and (found := COMPARED.fullmatch(text)):
        return {"op": found[1].strip()} | ({"right": found[2].strip()} if found[2].strip() else {})
    if kind == "range":
        found = re.fullmatch(r"(-?[0-9.]+)\s*(?:-|–|to|\.\.|[,;|])\s*(-?[0-9.]+)", text)
        if found:
            return {"min": found[1], "max": found[2]}
    raise Unread(f"its parameters “{text[:60]}” can't be read for {kind}")


def split_list(text: str) -> list[str]:
    """A list separated by bars, semicolons, line ends or commas, whichever comes first."""
    for sign in ("|", ";", "\n", ","):
        if sign in text:
            return [part.strip(" '\"[]()") for part in text.split(sign) if part.strip()]
    return [text.strip(" '\"[]()")]


def _anchored(text: str) -> bool:
    """A full match is meant anyway; alternatives at the top need their anchors."""
    return text.startswith("^") and text.endswith("$") and "|" not in text
