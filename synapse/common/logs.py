"""Log lines that no text logged in them can forge, break or colour."""

import logging

# Control characters, the separators of lines and paragraphs, and what turns the direction of text.
_STEERING = (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F))
_SHOWN = {
    code: chr(code).encode("unicode_escape").decode()
    for code in (*_STEERING, *range(0x2066, 0x206A))
}


class LineFormatter(logging.Formatter):
    """One record is one line; a traceback follows set in, so that none of its lines looks like one.

    Texts from outside stand in messages and in errors, where a line break would begin a record.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = record.message.translate(_SHOWN)
        return super().formatMessage(record)

    def formatException(self, ei) -> str:
        return _set_in(super().formatException(ei))

    def formatStack(self, stack_info: str) -> str:
        return _set_in(super().formatStack(stack_info))


def _set_in(text: str) -> str:
    return "\n".join(f"    {line.translate(_SHOWN)}" for line in text.split("\n"))
