"""Text from a provider, made fit to be kept and shown, and read as strict JSON."""

import json
import re

from pydantic_core import from_json

from llm import secrecy

# PostgreSQL holds this character neither in a text nor in JSON.
_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
_REPLACEMENT = "\ufffd"


def keepable(text: str, secret: str = "") -> str:
    """The text without NUL, raw or escaped, and without our key, which some endpoints echo."""
    text = _NUL.sub(rf"\g<1>{_REPLACEMENT}", text.replace("\0", _REPLACEMENT))
    return text.replace(secret, "***") if secrecy.can_be_told(secret) else text


def parse(text: str) -> object:
    """ValueError also for what only looks like JSON: NaN, half characters, endless nesting, NUL."""
    if _NUL.search(text):
        raise ValueError("it contains the character U+0000")
    data = from_json(text, allow_inf_nan=False)
    json.dumps(data, allow_nan=False)  # 1e999 was read as infinity
    return data
