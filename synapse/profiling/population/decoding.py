"""Which encoding a text file is in, concluded from samples of it."""

import codecs
from pathlib import Path

import charset_normalizer

from synapse.profiling.population.errors import BinaryPopulation, UnknownEncoding

HEAD, SPOT, SPOTS = 1 << 20, 1 << 16, 8
UTF8, WINDOWS = "utf-8", "windows-1252"
_MARKS = (
    (codecs.BOM_UTF8, UTF8),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What a tester may choose, with Python's name of it.
ENCODINGS = {
    UTF8: "utf-8", WINDOWS: "cp1252", "iso-8859-1": "latin-1", "iso-8859-15": "iso8859-15",
    "windows-1250": "cp1250", "windows-1251": "cp1251", "windows-1253": "cp1253",
    "ibm-850": "cp850", "ibm-437": "cp437", "ebcdic-037": "cp037", "ebcdic-500": "cp500",
    "mac-roman": "mac-roman", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be",
    "utf-32-le": "utf-32-le", "utf-32-be": "utf-32-be", "shift-jis": "cp932",
    "euc-jp": "euc-jp", "gb18030": "gb18030", "big5": "big5", "euc-kr": "cp949",
}  # fmt: skip
_GUESSED = {"cp1250": "windows-1250", "cp1251": "windows-1251", "cp1253": "windows-1253",
            "cp932": "shift-jis", "shift_jis": "shift-jis", "euc_jp": "euc-jp",
            "gb18030": "gb18030", "big5": "big5", "cp949": "euc-kr"}  # fmt: skip
ENOUGH_TO_GUESS = 12


def codec_of(encoding: str) -> str:
    name = encoding.strip().casefold().replace("_", "-")
    if name in ENCODINGS:
        return ENCODINGS[name]
    same = [known for known in ENCODINGS if codecs_name(known) == codecs_name(name)]
    if not same:
        raise UnknownEncoding(encoding=encoding, known=", ".join(ENCODINGS))
    return ENCODINGS[same[0]]


def codecs_name(encoding: str) -> str:
    try:
        return codecs.lookup(ENCODINGS.get(encoding, encoding)).name
    except LookupError:
        return ""


def mark_length(start: bytes, encoding: str) -> int:
    """Bytes of the byte order mark that a text in this encoding begins with."""
    return next(
        (len(mark) for mark, name in _MARKS if name == encoding and start.startswith(mark)), 0
    )


def detect_encoding(path: Path, file: str) -> tuple[str, list[str]]:
    """The encoding, and what a tester should know about how sure it is."""
    samples = _samples(path)
    head = samples[0]
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding, []
    if wide := _wide_without_mark(head):
        return wide, [f"No byte order mark; read as {wide}."]
    _refuse_binary(head, file)
    faulty, sound = [], 0
    for sample in samples:
        for line in sample.split(b"\n"):
            if not line.isascii():
                if _is_utf8(line):
                    sound += 1
                else:
                    faulty.append(line)
    if not faulty:
        return UTF8, []
    if sound > len(faulty):
        return UTF8, ["Some lines hold bytes that aren't UTF-8; their records are rejected."]
    encoding = _guess(faulty)
    return encoding, [f"The text isn't UTF-8; read as {encoding}, which is a guess."]


def _samples(path: Path) -> list[bytes]:
    """The head, and pieces from all over the file, cut at line ends."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        samples = [stream.read(HEAD)]
        if size > HEAD:
            samples[0] = samples[0][: samples[0].rfind(b"\n") + 1] or samples[0]
            for number in range(1, SPOTS + 1):
                stream.seek(HEAD + (size - HEAD) * number // SPOTS - SPOT)
                piece = stream.read(SPOT)
                samples.append(piece[piece.find(b"\n") + 1 : piece.rfind(b"\n") + 1])
    return samples


def _wide_without_mark(head: bytes) -> str:
    """UTF-16 of mostly Latin text shows as zeros in every other byte."""
    sample = head[:4096]
    half = len(sample) // 2
    if half < 4:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.7 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.7 * half and odd < 0.1 * half:
        return "utf-16-be"
    return ""


def _refuse_binary(head: bytes, file: str) -> None:
    """A stray NUL rejects its record; a file full of them is no text."""
    nuls = head.count(0)
    if nuls:
        lines = head.split(b"\n")
        hit = sum(1 for line in lines if b"\0" in line)
        if hit > max(1, len(lines) // 10) or nuls > len(head) // 20:
            raise BinaryPopulation(file=file, line=head.count(b"\n", 0, head.find(0)) + 1)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _guess(lines: list[bytes]) -> str:
    text = b"\n".join(lines[:400])
    if sum(1 for byte in text if byte > 127) < ENOUGH_TO_GUESS:
        return WINDOWS
    best = charset_normalizer.from_bytes(text, cp_isolation=["cp1252", *_GUESSED]).best()
    return _GUESSED.get(best.encoding, WINDOWS) if best else WINDOWS
