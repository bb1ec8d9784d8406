"""The built-in Schedule D.1 dictionary states the published facts, in our own words."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

BUILTIN = Path(__file__).resolve().parents[2] / "synapse/planning/builtin"
STATIC_LINES = {"1", "2", "3", "13", "26", "27", "33", "34", "38", "39", "43", "76", "111"}
OPTIONAL_LINES = {"42", "71", "72", "73", "74", "75", "111", "114"}
FORMATS = {
    "N1": 40,
    "N12.2": 34,
    "Date YYYYMMDD": 9,
    "N6.3": 7,
    "N2": 5,
    "N3": 4,
    "C18": 3,
    "N6.5": 3,
    "C30": 3,
    "N10": 2,
    **dict.fromkeys(["C2", "C9", "N5", "N12", "N10.6", "N7", "C7", "N7.5"], 1),
}


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def rows():
    return read(BUILTIN / "fr_y14m_d1.csv")


@pytest.fixture
def published(sample_data):
    everything = read(sample_data / "fr_y14m/dictionary/fr_y14m_D1.csv")
    return {row["line_item_no"]: row for row in everything if row["status"] == "active"}


def plain(text):
    """One spelling for dashes, quotes and spaces, and no remark on when a line took effect."""
    text = text.replace("–", "-").replace("’", "'")  # noqa: RUF001
    text = re.sub(r"\s*\(Effective for[^)]*\)", "", text)
    return re.sub(r"\s+", "", text).lower()


def words(text):
    return re.findall(r"[a-z0-9]+", text.lower())


@pytest.mark.parametrize("column", ["line", "name", "technical_name", "item_code", "description"])
def test_118_fields_without_a_repeat(rows, column):
    values = [row[column] for row in rows]
    assert len(values) == len(set(values)) == 118
    assert all(values)


def test_retired_lines_are_left_out(rows):
    assert not {"16", "35", "36", "37", "55"} & {row["line"] for row in rows}


def test_mix_of_formats_requirement_and_static_fields(rows):
    assert Counter(row["format"] for row in rows) == FORMATS
    assert {r["line"] for r in rows if r["static_dynamic"] == "Static"} == STATIC_LINES
    assert {r["line"] for r in rows if r["requirement"] == "Optional"} == OPTIONAL_LINES
    assert Counter(row["requirement"] for row in rows) == {"Mandatory": 110, "Optional": 8}


def test_every_code_field_lists_its_codes(rows):
    for row in rows:
        codes = [part.split(" = ")[0] for part in row["allowed_values"].split("; ") if part]
        assert len(codes) == len(set(codes))
        if row["format"] == "N1":
            assert len(codes) >= 2, row["name"]
    fraud = next(row for row in rows if row["line"] == "108")
    assert fraud["allowed_values"] == "1 = Yes; 2 = No"


def test_lines_named_in_a_description_exist(rows):
    lines = {row["line"] for row in rows}
    for row in rows:
        named = set(re.findall(r"(?:lines?|and) (\d+)\b", row["description"]))
        assert named - {row["line"]} <= lines | {"1", "2"}, row["line"]


@pytest.mark.parametrize("name", ["fr_y14m_d1_cde.csv", "fr_y14m_d1_issues.csv"])
def test_demonstration_lists_name_real_fields_and_say_what_they_are(rows, name):
    known = {(row["name"], row["technical_name"], row["item_code"]) for row in rows}
    listed = read(BUILTIN / name)
    assert listed
    assert {row["list_note"] for row in listed} == {"Demonstration data"}
    assert {(r["attribute"], r["technical_name"], r["item_code"]) for r in listed} <= known


def test_facts_equal_the_published_ones(rows, published):
    facts = {
        row["line"]: (
            plain(row["name"]),
            row["technical_name"],
            row["item_code"],
            row["format"],
            row["static_dynamic"][0],
            row["requirement"],
        )
        for row in rows
    }
    assert facts == {
        line: (
            plain(row["line_item_name"]),
            row["technical_line_item_name"],
            row["mdrm"],
            row["format"],
            row["static_or_dynamic"],
            row["mandatory_or_optional"],
        )
        for line, row in published.items()
    }


def test_no_run_of_eight_words_is_taken_from_the_instructions(rows, published):
    taken = set()
    for row in published.values():
        text = words(row["description"])
        taken |= {tuple(text[i : i + 8]) for i in range(len(text) - 7)}
    for row in rows:
        text = words(row["description"])
        runs = {tuple(text[i : i + 8]) for i in range(len(text) - 7)}
        assert not runs & taken, row["line"]
