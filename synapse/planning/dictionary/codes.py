"""Code lists as dictionaries write them, as pairs of code and meaning."""

import re
from dataclasses import dataclass

MAX_CODES = 2_000
_END = r"[ \t\n;,|]+$"
_NOISE = re.compile(
    r"(?i)^(?:e\.?g\.?|i\.?e\.?|string|integer|numeric|number|date|text|whole number"
    r"|yyyy.*|varying values|any|none|n/a|tbd|see .*|blank|null|example.*|not applicable"
    r"|various|free text|or|and)$"
)


@dataclass(frozen=True)
class Code:
    code: str
    meaning: str = ""


@dataclass(frozen=True)
class _Style:
    """One way to write pairs: how a marker looks, and what makes a list of it believable."""

    marker: re.Pattern[str]
    least: int
    ascending: bool = False


def _style(marker: str, *, least: int = 2, ascending: bool = False) -> _Style:
    return _Style(re.compile(marker, re.MULTILINE), least, ascending)


_WORD = r"[\"'“‘]?(?P<code>[A-Za-z0-9][A-Za-z0-9+./_-]{0,14}|[+-]\d{1,4})[\"'”’]?"
_SHORT = r"[\"'“‘]?(?P<code>-?\d{1,5}|[A-Z][A-Z0-9]{0,3})[\"'”’]?"
# Codes of several parts (I.A.1, A-1-Q) and long ones (REVOLVER) need a dash that stands free.
_LONG = r"[\"'“‘]?(?P<code>[A-Z0-9]{1,6}(?:[./-][A-Z0-9]{1,6}){1,5}|[A-Z][A-Z0-9_]{4,14})[\"'”’]?"
_FREE = r"(?:\s+[-–—−]\s+|[ \t]*:[ \t]+)"
_DASH = r"(?:\s+[-–—−]+\s*|\s*[–—]\s*|[-−]\s+)"
# At the start of a line the marker is sure; inside one, something must end the pair before it.
_LINE_STYLES = (
    _style(rf"^[ \t•*·]*{_SHORT}(?:{_DASH}|[ \t]*[=:][ \t]*|[.)][ \t]+)"),
    _style(rf"^[ \t•*·-]*{_WORD}[ \t]*(?:={{1,2}}>?|→)[ \t]*"),
    _style(rf"^[ \t•*·]*[(\[]{_SHORT}[)\]][ \t]*[-–:=]?[ \t]*"),
    _style(rf"^[ \t•*·]*{_SHORT}[ \t]*[.)][ \t]*(?=[^\d\s])"),
    _style(rf"^[ \t•*·]*{_SHORT}(?:{_DASH}|[ \t]*:[ \t]*)"),
    _style(rf"^[ \t•*·]*{_LONG}{_FREE}"),
    _style(r"^[ \t•*·]*(?P<code>[A-Z]|\d{1,2})-(?=[A-Z][a-z])"),
    _style(rf"^[ \t•*·]*{_SHORT}[ \t]+(?=[A-Za-z(])"),
)
_INLINE_STYLES = (
    _style(rf"(?:^|(?<=[\s;,|(/])){_WORD}[ \t]*(?:=>?|→)[ \t]*", least=1),
    _style(rf"(?:^|(?<=[;,|\n]))\s*{_SHORT}(?:{_DASH}|[ \t]*:[ \t]*)"),
    _style(rf"(?:^|(?<=[;,|\n]))\s*{_LONG}{_FREE}"),
    _style(r"(?:^|(?<=[;,|\n]))\s*(?P<code>[A-Z]|\d{1,4})-(?=[A-Za-z]{2})"),
    _style(r"(?:^|(?<=[\s;,|]))(?P<code>\d{1,4})[.)][ \t]*(?=[^\d\s])"),
    _style(r"(?:^|(?<=[\s;,|]))(?P<code>\d{1,4})\s+[-–—]\s+(?=\S)"),
    _style(r"(?:^|(?<=[\s;,|]))[(](?P<code>\d{1,4}|[A-Z]{1,3})[)][ \t]*(?=\S)"),
)
_PROSE_STYLES = (
    _style(rf"^[ \t•*·]*{_SHORT}(?:{_DASH}|[ \t]*[=:][ \t]*|[.)][ \t]+)(?=\S)"),
    _style(rf"^[ \t•*·-]*{_WORD}[ \t]*=[ \t]*"),
    _style(rf"^[ \t•*·]*{_SHORT}(?:[ \t]*[.)][ \t]+|{_DASH}|[ \t]*:[ \t]+)(?=\S)"),
    _style(r"(?:^|(?<=[\s;,|(:]))[\"'“‘]?(?P<code>\d{1,4}|[A-Z]{1,3})[\"'”’]?\s*=\s*(?=\S)"),
    _style(r"(?:^|(?<=[\s;,:]))(?P<code>\d{1,4})[.][ \t]+(?=[A-Z])", ascending=True),
)


_QUOTED = re.compile(r"['\"‘“](?P<code>\w{1,20})['\"’”]\s*(?:[-–=:]\s*(?P<meaning>.+))?")


def parse_codes(text: str) -> list[Code]:
    """The list in a cell meant for allowed values; empty when it holds none."""
    text = re.sub(
        r"(?i)^\s*(?:descriptions?|values|codes|valid values|coding)\s*:\s*", "", text.strip()
    )
    if not text:
        return []
    lines = _best(text, _LINE_STYLES) if "\n" in text else []
    inline = _best(text, _INLINE_STYLES)
    # Where most pairs begin a line, a marker within a line is part of a meaning.
    found = lines if len(lines) >= max(2, 0.9 * len(inline)) else inline
    return found or _plain_list(text)


def parse_codes_in_prose(text: str) -> list[Code]:
    """The list within a description, taken only when it can hardly be anything else."""
    found = _best(text, _PROSE_STYLES)
    if not found:
        quoted = dict.fromkeys(re.findall(r"[\"“](\d{1,2}|[A-Z])[\"”]", text))
        found = [Code(code) for code in quoted] if len(quoted) > 1 else []
    return found


def parse_quoted_codes(text: str) -> list[Code]:
    """Codes in quotation marks, each with its meaning or none: “'NEWT' - New”, a line each."""
    parts = [part for part in re.split(r"\n|[;,]\s*(?=['\"‘“]\w+['\"’”])", text) if part.strip()]
    found = [_QUOTED.fullmatch(part.strip()) for part in parts]
    if len(found) < 2 or not all(found):
        return []
    return [Code(each["code"], (each["meaning"] or "").strip()) for each in found]


def parse_plain_codes(text: str) -> list[Code]:
    """Codes named in a format cell, like “Integer: 1, 2, 3 or Blank”."""
    return (
        _plain_list(text) if re.match(r"(?i)\s*(?:\w+\s*:\s*)?[\dA-Z]{1,5}\s*[,;/|]", text) else []
    )


def _best(text: str, styles: tuple[_Style, ...]) -> list[Code]:
    found: list[Code] = []
    for style in styles:
        pairs = _pairs(text, style)
        if len(pairs) > len(found):
            found = pairs
    return found[:MAX_CODES]


def _pairs(text: str, style: _Style) -> list[Code]:
    markers = list(style.marker.finditer(text))
    if style.ascending:
        markers = _ascending(markers)
    if len(markers) < style.least:
        return []
    pairs: dict[str, str] = {}
    for place, marker in enumerate(markers):
        end = markers[place + 1].start() if place + 1 < len(markers) else len(text)
        meaning = _meaning(text[marker.end() : end], last=place + 1 == len(markers))
        code = marker["code"].rstrip(".")
        if pairs.get(code, meaning) != meaning:
            return []
        pairs[code] = meaning
    if not any(pairs.values()):
        return []
    return [Code(code, meaning) for code, meaning in pairs.items()]


def _ascending(markers: list[re.Match[str]]) -> list[re.Match[str]]:
    """Numbered points count up from 0 or 1; anything else is a sentence ending in a number."""
    kept: list[re.Match[str]] = []
    for marker in markers:
        number = int(marker["code"])
        if (not kept and number in (0, 1)) or (kept and number == int(kept[-1]["code"]) + 1):
            kept.append(marker)
    return kept


def _meaning(text: str, *, last: bool) -> str:
    """The words after a code; after the last one, a new sentence on a new line isn't part of it."""
    lines = text.strip("\n").split("\n")
    kept = lines[:1]
    for line in lines[1:]:
        if last and not re.match(r"\s*(?:[a-z(,&]|and\b|or\b)", line):
            break
        kept.append(line)
    text = " ".join(" ".join(kept).split())
    return re.sub(_END, "", re.sub(r"(?:^|[\s;,])(?:and|or)$", "", re.sub(_END, "", text))).strip()


def _plain_list(text: str) -> list[Code]:
    """Bare codes: “Integer: 1, 2, 3”, “Y/N”, “1 2 31 32”, “Open; Closed”."""
    text = re.sub(
        r"(?i)^\s*(?:integer|numeric|string|character|code|one of|values?)s?\s*:?\s+(?=\S)",
        "",
        text.strip(),
    )
    text = re.sub(r"(?i)[\s,;]*\bor\s+(?:blank|null|empty)\.?\s*$", "", text).strip(" .[](){}")
    if not text or re.search(r"(?i)\be\.?g\b|\bexample|\bi\.e\b|https?:", text):
        return []
    if re.fullmatch(r"(?:[\d]{1,5}|[A-Z]{1,2})(?:\s+(?:[\d]{1,5}|[A-Z]{1,2}))+", text):
        parts = text.split()
    else:
        separator = next((mark for mark in ("\n", ";", "|", ",", "/") if mark in text), None)
        if separator is None:
            parts = re.split(r"\s+or\s+", text)
        else:
            parts = text.split(separator)
            if separator in (",", "/"):
                parts = [
                    piece for part in parts for piece in re.split(r"(?:^|\s+)(?:or|and)\s+", part)
                ]
    parts = [part.strip(" \t\n\"'“”‘’•*·") for part in parts]
    parts = list(dict.fromkeys(part for part in parts if part))
    limit = 20 if re.search(r"[,/]", text) else 60
    if len(parts) < 2 or any(not _is_code(part, limit) for part in parts):
        return []
    return [Code(part, _known(part, parts)) for part in parts][:MAX_CODES]


def _is_code(part: str, limit: int) -> bool:
    words = part.split()
    return (
        len(part) <= limit
        and len(words) <= (6 if limit > 20 else 3)
        and not _NOISE.match(part)
        and not re.match(r"(?i)(?:if|when|unless|where|between)\b", part)
        and not re.search(r"[.:!?](?:\s|$)|\d\s*[-–]\s*\d{2,}", part)
        and not re.search(
            r"(?i)\b(?:must|should|report|include|leave|digits?|characters?|decimals?)\b", part
        )
    )


def _known(part: str, parts: list[str]) -> str:
    """“Y/N” needs no legend."""
    if {entry.upper() for entry in parts} <= {"Y", "N", "U"} and len(parts) >= 2:
        return {"Y": "Yes", "N": "No", "U": "Unknown"}[part.upper()]
    return ""
