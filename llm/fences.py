"""Fences around data in a prompt that the data can't break out of, and how to read them back."""

import json
import re
from collections.abc import Callable

from llm import lookalikes

# Only what looks like a fence is escaped, so that quotes from the text stay verbatim.
_REFERENCE = r"(?P<more>(?:amp;)*)(?:lt|#x(?P<code>[0-9a-f]{1,6}));"
_OPENING = re.compile(f"[{lookalikes.BRACKETS}]|&{_REFERENCE}")
_ESCAPED = re.compile(f"&{_REFERENCE}")
# Characters that are read by machines and seen by nobody: a place to hide orders.
_UNSEEN = re.compile("[\U000e0000-\U000e007f\U000e0100-\U000e01ef]+")
_BLOCK = re.compile(r'<data name="(\w+)"( type="json")?>\n(.*?)\n</data>', re.DOTALL)
_UNKNOWN = "\ufffd"


def fence(name: str, value: object) -> str:
    """A text as it stands, anything else as JSON; raises TypeError for what JSON can't hold."""
    if isinstance(value, str):
        return f'<data name="{name}">\n{_escape(value)}\n</data>'
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False)
    return f'<data name="{name}" type="json">\n{_escape(text)}\n</data>'


def read(text: str) -> dict:
    """The variables of a rendered prompt, by name."""
    return {
        name: json.loads(_unescape(body)) if is_json else _unescape(body)
        for name, is_json, body in _BLOCK.findall(text)
    }


def _escape(text: str) -> str:
    # NUL and halves of characters, as text taken out of PDFs holds, can't be sent or recorded.
    text = text.replace("\0", _UNKNOWN).encode(errors="replace").decode()
    return _at_tags(_OPENING, _escaped, _UNSEEN.sub(_UNKNOWN, text))


def _unescape(text: str) -> str:
    return _at_tags(_ESCAPED, _unescaped, text)


def _at_tags(pattern: re.Pattern, change: Callable[[re.Match], str], text: str) -> str:
    """Changes the matches that stand where a tag named `data` would begin."""
    return pattern.sub(
        lambda found: change(found) if lookalikes.is_tag(text, found.end()) else found[0], text
    )


def _escaped(found: re.Match) -> str:
    if found[0].startswith("&"):
        return f"&amp;{found[0][1:]}"
    return "&lt;" if found[0] == "<" else f"&#x{ord(found[0]):x};"


def _unescaped(found: re.Match) -> str:
    if found["more"]:
        return f"&{found[0].removeprefix('&amp;')}"
    return chr(int(found["code"], 16)) if found["code"] else "<"
