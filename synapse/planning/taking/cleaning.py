"""Characters as they are kept of a text taken out of a file."""

import re
import unicodedata

# Control and zero-width characters, halves of a pair, and what fonts use for glyphs of their own.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufeff"
    "\uffff\U000e0000-\U000e007f\U000e0100-\U000e01ef]"
)
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
    # The library's signs for a hyphen at which a word was broken.
    | {"\ufffe": "-", "\x02": "-", "\xa0": " "}
)


def cleaned(text: str) -> str:
    """On one line, with single spaces, ligatures taken apart and nothing that can't be seen."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = unicodedata.normalize("NFC", text.translate(_LIGATURES))
    return " ".join(_UNSEEN.sub("", text).split())
