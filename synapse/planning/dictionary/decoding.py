"""Bytes of a text file as text, whichever of the common encodings they are in."""

import codecs

from synapse.planning.errors import NulBytes, UndecodableText

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(content: bytes, file: str) -> tuple[str, str]:
    """The text and the encoding it was in."""
    encoding, start = _marked(content)
    if encoding is None:
        encoding = _utf16_without_mark(content) or "utf-8"
    body = content[start:]
    text = _try(body, encoding)
    if text is None and encoding == "utf-8":
        encoding = "windows-1252"
        text = _try(body, "cp1252")
    if text is None:
        raise UndecodableText(file=file, row=_row_of_fault(body, encoding))
    nul = text.find("\0")
    if nul >= 0:
        raise NulBytes(file=file, row=text.count("\n", 0, nul) + 1)
    return text, encoding


def _marked(content: bytes) -> tuple[str | None, int]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding, len(mark)
    return None, 0


def _utf16_without_mark(content: bytes) -> str | None:
    """UTF-16 of mostly Latin text shows as zeros in every other byte."""
    sample = content[:4096]
    if len(sample) < 8 or len(content) % 2:
        return None
    half = len(sample) // 2
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.7 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.7 * half and odd < 0.1 * half:
        return "utf-16-be"
    return None


def _try(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError:
        return None


def _row_of_fault(body: bytes, encoding: str) -> int:
    codec = "cp1252" if encoding == "windows-1252" else encoding
    try:
        body.decode(codec)
    except UnicodeDecodeError as fault:
        return body[: fault.start].decode(codec, "replace").count("\n") + 1
    return 1
