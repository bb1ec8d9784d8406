"""Which characters a reader takes for those of a fence's tag, however they are written."""

import unicodedata

# Opening brackets that look like "<", beside itself.
BRACKETS = "<\uff1c\ufe64\u2039\u2329\u3008\u27e8\u02c2\u1438\u276e\u276c\u2770\u227a"
_SLASHES = "/\uff0f\u2215\u2044\u29f8\u2571\u27cb"
_LETTERS = {
    "d": "d\u0501\u0256\u0257\u0111\u13e7\u146f\ua4d2",
    "a": "a\u0430\u0251\u03b1\u237a\u1d00\u0410\u0391\u13aa",
    "t": "t\u0442\u03c4\u1d1b\u0422\u03a4\u13a2\u01ad\u0167",
}
_ALIKE = {
    ord(each): letter for letter, characters in _LETTERS.items() for each in characters
} | dict.fromkeys(map(ord, _SLASHES), "/")
_NAME = "data"


def is_tag(text: str, at: int) -> bool:
    """Whether `data` or `/data`, however disguised, stands at this place of the text."""
    said = ""
    for place in range(at, len(text)):
        seen = _seen(text[place])
        if said.endswith(_NAME):
            return not (seen.isalnum() or seen == "_")
        said += seen
        if not any(name.startswith(said) for name in (_NAME, f"/{_NAME}")):
            return False
    return said.endswith(_NAME)


def _seen(character: str) -> str:
    """The plain character that it shows; empty for white space and for what shows nothing."""
    if character.isascii():
        return "" if character.isspace() else character.lower()
    plain = unicodedata.normalize("NFKD", character).casefold().translate(_ALIKE)
    return "".join(
        _ALIKE.get(ord(each), each)
        for each in plain
        if unicodedata.category(each) not in {"Mn", "Me", "Cf", "Cc", "Zs", "Zl", "Zp"}
        and each not in "\u115f\u1160\u3164\uffa0"
    )
