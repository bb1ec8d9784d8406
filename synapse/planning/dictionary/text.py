"""Cells as plain text: markup stripped, characters normalised, white space folded."""

import html
import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from html.parser import HTMLParser

_TAG = re.compile(
    r"</?(?:a|b|br|i|u|p|li|ul|ol|em|div|sup|sub|strong|span|font|table|tbody|thead|tr|td|th|h[1-6]"
    r"|hr|small|big|code|pre|script|style|img|blockquote|html|body|head|center|iframe)\b[^<>]*>",
    re.IGNORECASE,
)
_BREAKING = {"br", "p", "li", "div", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table", "hr"}
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});")
# Control characters but tab and line feed, zero-width characters, the byte order mark.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200c\u200d\u2060\ufeff\u00ad]")


class _TextOf(HTMLParser):
    """Collects what a reader would see of a fragment of HTML."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "style"):
            self.hidden += 1
        elif tag in _BREAKING:
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append(" ")

    def handle_endtag(self, tag):
        if tag in ("script", "style"):
            self.hidden = max(0, self.hidden - 1)
        elif tag in _BREAKING - {"br"}:
            self.parts.append("\n")

    def handle_data(self, data):
        if not self.hidden:
            self.parts.append(data)


def without_markup(text: str) -> str:
    """Text without HTML tags and entities; a bare “<” or “a < b” stays as it is."""
    if _TAG.search(text):
        reader = _TextOf()
        reader.feed(text)
        reader.close()
        text = "".join(reader.parts)
    if _ENTITY.search(text):
        text = html.unescape(text)
    return text


def cell_text(value: object) -> str:
    """A cell's value as clean text, its line breaks kept as line feeds."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else str(value)
    if isinstance(value, date | int | Decimal):
        return str(value)
    text = str(value)
    if "<" in text or "&" in text:
        text = without_markup(text)
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _UNSEEN.sub("", text.replace("\x0b", "\n").replace("\xa0", " "))
    lines = (
        re.sub(r"[ \t\f\u2000-\u200a\u202f\u3000]+", " ", line).strip() for line in text.split("\n")
    )
    return re.sub(r"\n{2,}", "\n", "\n".join(lines)).strip()


def folded(text: str) -> str:
    """Text on one line, with single spaces."""
    return " ".join(text.split())


def same_name(text: str) -> str:
    """What two names share that the plan can't tell apart: case and white space aside."""
    return folded(unicodedata.normalize("NFKC", text)).casefold()


def comparable(text: str) -> str:
    """Text reduced to what makes two names the same: letters and digits, in one case."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("&", " and ")
    return " ".join(re.findall(r"[^\W_]+", plain))
