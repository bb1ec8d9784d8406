"""Fences around data in a prompt that the data can't break out of, and how to read them back."""

import json
import re

# Only what looks like a fence is escaped, so that quotes from the text stay verbatim.
_TAG = r"(?=\s*/?\s*data\b)"
_OPENING = re.compile(f"<{_TAG}", re.IGNORECASE)
_ESCAPED = re.compile(f"&lt;{_TAG}", re.IGNORECASE)
_AMPERSAND = re.compile(r"&(?=(?:amp;)*lt;\s*/?\s*data\b)", re.IGNORECASE)
_ESCAPED_AMPERSAND = re.compile(r"&amp;(?=(?:amp;)*lt;\s*/?\s*data\b)", re.IGNORECASE)
_BLOCK = re.compile(r'<data name="(\w+)"( type="json")?>\n(.*?)\n</data>', re.DOTALL)


def fence(name: str, value: object) -> str:
    """A text as it stands, anything else as JSON; raises TypeError for what JSON can't hold."""
    if isinstance(value, str):
        return f'<data name="{name}">\n{_escape(value)}\n</data>'
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False)
    return f'<data name="{name}" type="json">\n{_escape(text)}\n</data>'


def read(text: str) -> dict:
    """The variables of a rendered prompt, by name."""
    return {
        name: json.loads(unescape(body)) if is_json else unescape(body)
        for name, is_json, body in _BLOCK.findall(text)
    }


def _escape(text: str) -> str:
    # NUL and halves of characters, as text taken out of PDFs holds, can't be sent or recorded.
    text = text.replace("\0", "\ufffd").encode(errors="replace").decode()
    return _OPENING.sub("&lt;", _AMPERSAND.sub("&amp;", text))


def unescape(text: str) -> str:
    """The text as it stood before it was fenced."""
    return _ESCAPED_AMPERSAND.sub("&", _ESCAPED.sub("<", text))
