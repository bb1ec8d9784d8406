"""What is logged can't forge a line, clear a screen or turn the direction of what follows."""

import logging
import logging.config
import re

import pytest
from django.conf import settings

FORGED = "ok\r\n2026-01-01 00:00:00,000 INFO MainProcess synapse.audit Plan approved by otto"
ANSI = "\x1b[2J\x1b[31mred\x9b1m"
RECORD = re.compile(r"^\d{4}-\d\d-\d\d .* (?:INFO|WARNING|ERROR) ", re.MULTILINE)


@pytest.fixture
def lines(capsys):
    """What a logger with our settings writes for one record."""

    def written(*args, **options) -> str:
        build = logging.config.DictConfigurator(dict(settings.LOGGING)).configure_formatter
        formatter = build(dict(settings.LOGGING["formatters"]["line"]))
        record = logging.getLogger("synapse").makeRecord(
            "synapse", logging.WARNING, __file__, 1, args[0], args[1:], options.get("exc_info")
        )
        return formatter.format(record)

    return written


@pytest.mark.parametrize("text", [FORGED, "a\nb", "a\u2028b", "a\x85b", "a\vb\fc"])
def test_one_record_is_one_line(lines, text):
    said = lines("the model said %s", text)
    assert len(said.splitlines()) == 1
    assert len(RECORD.findall(said)) == 1


@pytest.mark.parametrize("text", [ANSI, "\u202egnp.exe\u202c", "\u2066x\u2069", "\b\b\x7f\0"])
def test_no_character_steers_a_terminal(lines, text):
    said = lines("the model said %s", text)
    assert all(character.isprintable() for character in said)
    assert "\\x" in said or "\\u20" in said


def test_an_error_s_text_is_set_in_below_its_record(lines):
    try:
        raise ValueError(f"{FORGED}{ANSI}")
    except ValueError as error:
        said = lines("it failed", exc_info=(type(error), error, error.__traceback__))
    first, *below = said.split("\n")
    assert first.endswith("it failed") and len(below) > 2
    assert all(line.startswith("    ") for line in below)
    assert len(RECORD.findall(said)) == 1
    assert "\x1b" not in said and "\r" not in said


def test_ordinary_text_is_written_as_it_is(lines):
    assert lines("Großes “Feld” — %s 日本", 5).endswith("Großes “Feld” — 5 日本")
