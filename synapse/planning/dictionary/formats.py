"""Format texts (`N12.2`, `Character(32)`, `9(8)V99`, ...) as type, length and scale."""

import re
from dataclasses import dataclass

STRING, INTEGER, DECIMAL, DATE, BOOLEAN = "string", "integer", "decimal", "date", "boolean"


@dataclass(frozen=True)
class Format:
    """What one text says; `generic` means it leaves the choice open (“Numeric”, “Alphanumeric”)."""

    data_type: str = ""
    length: int | None = None
    scale: int | None = None
    generic: bool = False


_DATE = re.compile(
    r"(?<![A-Za-z])(?:[YC]{2,4}[-/. ]?M{2,3}(?:[-/. ]?D{1,2})?(?:T?H{2}.*)?"
    r"|M{1,3}[-/. ]?D{1,2}[-/. ]?[YC]{2,4}|D{1,2}[-/. ]?M{1,3}[-/. ]?[YC]{2,4}"
    r"|MM[-/]?YYYY|YY?YY-?Q)(?![A-Za-z])|%Y|\bISO[- ]?8601\b"
    r"|\b(?:date|datetime|timestamp(?:tz)?|smalldatetime|datetime2)(?:\d+\.?)?\b|\bdate[/ -]time\b"
    r"|\bdate_time|\b(?:date|datetime)_?format\b",
    re.IGNORECASE,
)
_SHORTHAND = (
    (
        re.compile(r"N(?:UM)?\s*\.{0,2}\(?\s*(\d{1,3})(?:\s*[.,]\s*(\d{1,2}))?\s*\)?", re.I),
        "number",
    ),
    (
        re.compile(
            r"(?:C|A|X|AN|A/N|AN\.\.|A\.\.|CH|CHR|\$)\s*\.{0,2}\(?\s*(\d{1,5})\s*\)?\.?", re.I
        ),
        STRING,
    ),
    (re.compile(r"I\s*\(?(\d{1,2})\)?", re.I), INTEGER),
    (re.compile(r"F\s*\(?(\d{1,2})[.,](\d{1,2})\)?", re.I), DECIMAL),
    (re.compile(r"(\d{1,2})[.,](\d{1,2})"), DECIMAL),
)
_LETTERS = {
    "n": (DECIMAL, True), "num": (DECIMAL, True), "c": (STRING, False), "a": (STRING, False),
    "x": (STRING, False), "an": (STRING, True), "a/n": (STRING, True), "s": (STRING, True),
    "t": (STRING, True), "d": (DATE, False), "dt": (DATE, False), "i": (INTEGER, False),
    "b": (BOOLEAN, False), "f": (DECIMAL, False), "$": (DECIMAL, False), "m": (DECIMAL, False),
    "%": (DECIMAL, False),
}  # fmt: skip
_PICTURE = re.compile(
    r"(?:PIC(?:TURE)?\s+(?:IS\s+)?)?S?(?P<whole>(?:9(?:\(\d+\))?)+)"
    r"(?:[V.](?P<part>(?:9(?:\(\d+\))?)+))?(?:\s+(?:COMP(?:-\d)?|USAGE.*|DISPLAY|SIGN.*))?",
    re.IGNORECASE,
)
_PICTURE_TEXT = re.compile(r"(?:PIC(?:TURE)?\s+(?:IS\s+)?)?(?P<text>(?:[XA](?:\(\d+\))?)+)", re.I)
# Words in the order of how binding they are when two stand at one place.
_WORDS = (
    (BOOLEAN, False, ("bool(?:ean)?", "bit", "logical", r"true\s*/\s*false", r"yes\s*/\s*no",
                      r"y\s*/\s*n", r"t\s*/\s*f", "flag", "indicator", "checkbox")),
    (INTEGER, False, (r"(?:big|small|tiny|medium|u)?int(?:eger)?s?(?:\d{1,2})?",
                      r"whole[\s-]*(?:numbers?|pounds?|euros?|dollars?|units?|years?|months?|days?)",
                      r"\d+[- ]digit\s+(?:numbers?|integers?)",
                      r"long(?:\s*int(?:eger)?)?", "short", "(?:big|small)?serial",
                      r"counting\s*number", "ordinal")),
    (DECIMAL, False, (r"double(?:\s*precision)?", r"float(?:ing)?(?:\s*point)?(?:\d{1,3})?", 
                      "real", "(?:small)?money", "monetary", "currency", "dollars?",
                      "percent(?:age)?",
                      "fraction(?:al)?", "ratio", "amount", "decfloat",
                      r"(?:usd|eur|gbp|\$)(?:\s*(?:in\s*)?(?:thousands?|millions?|000s?))?")),
    (STRING, False, ("n?var(?:char|graphic)2?", "n?chars?", r"characters?(?:\s*varying)?", "n?text",
                     r"long\s*text", r"short\s*text", "memo", "strings?", "[nc]?clob", "alphabetic",
                     "uuid", "guid", "object", "free[- ]?(?:form|text)", "e-?mail", "url", "uri",
                     "lei", "isin", "cusip", "mic", "bic", r"(?:currency|country)[\s_]*code")),
    (DECIMAL, True, ("decimal", "dec", "numeric(?:al)?", "numbers?", "num")),
    (STRING, True, ("alpha[- ]?numeric(?:al)?", "alphanum", "alpha", "enum(?:eration)?",
                    "code[ds]?", r"code\s*list", r"pick\s*list", "lookup", "categorical",
                    "category",
                    "identifier", "id")),
)  # fmt: skip
_WORD = [
    (kind, generic, re.compile(rf"(?<![A-Za-z])(?:{'|'.join(words)})(?![A-Za-z])", re.IGNORECASE))
    for kind, generic, words in _WORDS
]
_SIZE = re.compile(
    r"\(\s*(?:max\.?\s*)?(\d{1,5})\s*(?:(?:char|byte|characters|bytes|chars|digits)\s*)?"
    r"(?:[,.;]\s*(\d{1,2})\s*)?\)",
    re.I,
)
_WIDTH = (
    re.compile(
        r"(?:width|length|len|size|max(?:imum)?|up\s*to)\s*"
        r"(?:is|of|=|:|length|size|up\s*to|)\s*(\d{1,5})(?![\d.]*\s*decimal)",
        re.I,
    ),
    re.compile(
        r"(\d{1,5})\s*-?\s*(?:alpha-?numeric\s+|numeric\s+|text\s+)?"
        r"(?:characters?|chars?|digits?|bytes?|positions?|letters?)\b",
        re.I,
    ),
)
_COUNTS = {"no": 0, "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_DECIMALS = re.compile(
    r"(\d{1,2}|no|zero|one|two|three|four|five|six)(?:decimals?|dp|d\.p\.)", re.I
)


def parse_format(text: str) -> Format:
    """The meaning of one cell; an empty Format when it says nothing about type or size."""
    text = " ".join(text.split()).strip(" .;/")
    if not text:
        return Format()
    if _DATE.search(text):
        return Format(DATE, length=_date_length(text))
    return _shorthand(text) or _picture(text) or _wording(text)


def _date_length(text: str) -> int | None:
    pattern = re.search(r"(?<![A-Za-z])[YMDC][YMDC/.-]{4,9}(?![A-Za-z])", text, re.IGNORECASE)
    return len(pattern.group()) if pattern and pattern.group().upper() != "DATE" else None


def _shorthand(text: str) -> Format | None:
    letters = _LETTERS.get(text.lower())
    if letters:
        return Format(letters[0], generic=letters[1])
    for pattern, kind in _SHORTHAND:
        found = pattern.fullmatch(text)
        if found:
            numbers = [int(group) if group else 0 for group in found.groups()]
            length, scale = numbers[0], numbers[1] if len(numbers) > 1 else 0
            if len(numbers) > 1:
                kind = DECIMAL if scale else INTEGER
            return Format(kind, length or None, scale if kind == DECIMAL else None)
    return None


def _picture(text: str) -> Format | None:
    """COBOL pictures: X(10), 9(8)V99, S9(7)V9(2) COMP-3."""
    number = _PICTURE.fullmatch(text)
    if number and len(text) > 1:
        whole, part = _picture_size(number["whole"]), _picture_size(number["part"] or "")
        return Format(DECIMAL if part else INTEGER, whole + part, part or None)
    words = _PICTURE_TEXT.fullmatch(text)
    if words and ("(" in text or re.fullmatch(r"(?i:PIC.*|X{2,}|A{2,})", text)):
        return Format(STRING, _picture_size(words["text"]))
    return None


def _picture_size(picture: str) -> int:
    return sum(
        int(count) if count else 1 for count in re.findall(r"[9XAxa](?:\((\d+)\))?", picture)
    )


def _wording(text: str) -> Format:
    found = []
    for kind, generic, pattern in _WORD:
        match = pattern.search(text)
        if match:
            found.append((generic, match.start(), kind))
    length, scale = _sizes(text)
    if not found:
        return Format("", length, scale)
    generic, _, kind = min(found)
    if kind == DECIMAL and generic and scale is not None:
        return Format(DECIMAL if scale else INTEGER, length, scale or None)
    if kind == DECIMAL and generic and _SIZE.search(text):
        return Format(INTEGER, length)
    if kind == DECIMAL and re.search(r"(?i)\bdecimal\b(?!\s*places)", text):
        generic = False
    return Format(kind, length, scale if kind == DECIMAL else None, generic)


def _sizes(text: str) -> tuple[int | None, int | None]:
    size = _SIZE.search(text)
    length = int(size.group(1)) if size else None
    scale = int(size.group(2)) if size and size.group(2) is not None else None
    decimals = _DECIMALS.search(re.sub(r"\s+|places?|digits?", "", text))
    if decimals and scale is None:
        word = decimals.group(1).lower()
        scale = _COUNTS[word] if word in _COUNTS else int(word)
    for pattern in _WIDTH:
        match = pattern.search(text)
        if length is None and match:
            length = int(match.group(1))
    if length is not None and decimals and not size and str(length) == decimals.group(1):
        length = None
    return length, scale
