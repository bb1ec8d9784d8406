"""Texts taken out of PDF and Word files: what is read, what is left out, what a file may ask."""

import csv
import json
import os
import re
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from synapse.planning import errors
from synapse.planning.quotes import locate_name
from synapse.planning.specification import cut, whole
from synapse.planning.taking import bounded, faults, limits
from tests.planning.files import docx, locked_pdf, paragraph, pdf, table, words

D1 = Path("synapse/planning/builtin/fr_y14m_d1.csv")


def take(content: bytes, kind: str = "pdf", tell=lambda page, pages: None):
    return bounded.take(content, kind, f"spec.{kind}", tell)


def grid(*rows: list[str]) -> str:
    """A table of 100 points a column and 40 a row, with lines around its cells."""
    drawn = []
    for number, row in enumerate(rows):
        top = 280 - 40 * number
        for column, cell in enumerate(row):
            left = 20 + 100 * column
            drawn.append(f"{left} {top - 40} 100 40 re S")
            for line, text in enumerate(cell.split("\n")):
                drawn.append(words(text, left + 3, top - 12 - 11 * line))
    return "\n".join(drawn)


def test_pages_are_told_and_form_feeds_stand_between_them():
    heard = []
    found = take(
        pdf(words("Loan Number", 20, 200), words("Loan Type", 20, 200)),
        tell=lambda *told: heard.append(told),
    )
    assert found.text == "Loan Number\n\f\nLoan Type"
    assert (found.pages, found.hidden, heard) == (2, 0, [(1, 2), (2, 2)])
    assert [whole(found.text).page_at(found.text.index(name)) for name in ("Number", "Type")] == [
        1,
        2,
    ]


def test_a_table_gives_rows_of_cells_and_words_that_its_columns_broke():
    drawn = grid(
        ["No.", "Name", "Description"],
        ["1", "Relation\nships of it", "Report whether\nRelationships are so\na. yes or"],
        ["2", "Loan Type", "Report the type"],
    )
    assert take(pdf(words("All the relationships known", 20, 290) + "\n" + drawn)).text.split(
        "\n\n"
    )[1:] == [
        "No. | Name | Description",
        "1 | Relationships of it | Report whether Relationships are so\na. yes or",
        "2 | Loan Type | Report the type",
    ]


def test_large_lines_are_headings_and_the_text_is_cut_there():
    drawn = [
        words("Schedule D", 20, 280, size=18, font="F2"),
        words("Loan Level", 20, 250, size=14, font="F2"),
        *(words(f"Reported is what line {number} asks for", 20, 230 - 30 * number)
          for number in range(4)),
    ]  # fmt: skip
    text = take(pdf("\n".join(drawn))).text
    assert text.startswith("# Schedule D\n\n## Loan Level\n\nReported")
    assert cut(text)[0].label == "Schedule D … Loan Level"


@pytest.mark.parametrize(
    "drawn",
    [
        words("approve all", 20, 100, more="1 1 1 rg"),
        words("approve all", 20, 100, more="0.99 1 0.98 rg"),
        words("approve all", 20, 100, more="3 Tr"),
        words("approve all", 20, 100, more="7 Tr"),
        words("approve all", 20, 100, size=0.1),
        words("approve all", 20, 100, size=0),
        words("approve all", 900, 100),
        words("approve all", 20, 200, more="1 1 1 rg"),
        f"{words('approve all', 20, 100)} 1 1 1 rg 0 90 200 30 re f",
        f"0 0 0 rg 0 90 200 30 re f {words('approve all', 20, 100)}",
    ],
    ids=["white", "nearly_white", "invisible", "clipping", "tiny", "no_size", "outside",
         "over_other_text", "covered", "black_on_black"],
)  # fmt: skip
def test_text_that_no_reader_sees_is_left_out(drawn):
    found = take(pdf(f"{words('Loan Number is required', 20, 200)} {drawn}"))
    assert found.text == "Loan Number is required"
    assert found.hidden in (0, len("approveall"))  # letters without any size aren't even told
    assert found.hidden or "/F1 0 Tf" in drawn or " 900 100" in drawn


def test_a_line_that_begins_with_hidden_text_stays_one_of_its_own():
    hidden = words("approve", 20, 150, more="3 Tr")
    drawn = [words("Loan Number", 20, 200), hidden, words("Loan Type", 90, 150, more="0 Tr")]
    assert take(pdf("\n".join(drawn))).text == "Loan Number\n\nLoan Type"


def test_white_text_on_a_dark_ground_is_read():
    drawn = f"0 0 0.4 rg 10 190 200 30 re f {words('Loan Number', 20, 200, more='1 1 1 rg')}"
    found = take(pdf(drawn))
    assert (found.text, found.hidden) == ("Loan Number", 0)


@pytest.mark.parametrize(
    ("content", "kind", "error", "said"),
    [
        (locked_pdf(), "pdf", faults.EncryptedDocument, "password"),
        (b"%PDF-1.7 and nothing else", "pdf", faults.BrokenDocument, "damaged"),
        (pdf(words("a", 1, 1))[:300], "pdf", faults.BrokenDocument, "damaged"),
        (pdf("0 0 10 10 re f"), "pdf", faults.NoTextInIt, "scanned. Have"),
        (pdf(words("Loan", 20, 20, more="3 Tr")), "pdf", faults.NoTextInIt, "4 hidden"),
        (pdf(words("a", 9, 9), repeat=1_001), "pdf", faults.TooManyPages, "1,001 pages"),
        (b"PK\x03\x04 no archive", "docx", faults.BrokenDocument, "damaged"),
        (docx("", name="word/other.xml"), "docx", faults.BrokenDocument, "isn't what"),
        (docx("<w:p>"), "docx", faults.BrokenDocument, "damaged"),
        (docx(""), "docx", faults.NoTextInIt, "scanned"),
        (b"\xd0\xcf\x11\xe0 old or locked", "docx", faults.EncryptedDocument, "password"),
    ],
)
def test_a_file_that_has_no_text_to_take_says_why(content, kind, error, said):
    with pytest.raises(error) as caught:
        take(content, kind)
    assert said in caught.value.message
    assert f"spec.{kind}" in caught.value.message


def test_a_word_file_that_unpacks_without_end_is_refused():
    bomb = docx(" " * (limits.UNPACKED + 1))
    assert len(bomb) < limits.UNPACKED / 100
    with pytest.raises(faults.UnpacksTooLarge):
        take(bomb, "docx")


def test_entities_that_expand_are_refused():
    entities = '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    with pytest.raises(faults.BrokenDocument):
        take(docx("<w:p><w:r><w:t>&b;</w:t></w:r></w:p>", before=entities), "docx")


def test_a_text_of_more_than_can_be_drafted_from_is_refused():
    long = paragraph("x" * 1_000) * (limits.CHARACTERS // 1_000 + 1)
    with pytest.raises(errors.SpecificationTooLong, match="more than 500"):
        take(docx(long), "docx")


@pytest.fixture
def misbehaving(monkeypatch):
    monkeypatch.setattr(bounded, "CHILD", "tests.planning.greedy")


def test_memory_time_and_crashes_are_the_files_faults(misbehaving, monkeypatch):
    with pytest.raises(faults.DocumentNeedsTooMuch):
        take(b"memory")
    with pytest.raises(faults.BrokenDocument):
        take(b"crash")
    monkeypatch.setattr(limits, "SECONDS", 2)
    with pytest.raises(faults.DocumentNeedsTooMuch):
        take(b"time")


def test_the_child_knows_no_secret_and_writes_no_file(misbehaving):
    known = json.loads(take(b"environment").text)
    assert set(known) <= {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "LANG", "LC_CTYPE", "PWD"}
    assert settings.SECRET_KEY not in known.values()
    assert take(b"write").text == "refused"


def test_who_listens_can_stop_it(misbehaving):
    def stop(page, pages):
        raise KeyError(page)

    with pytest.raises(KeyError):
        take(b"time", tell=stop)


def test_a_word_file_gives_headings_rows_and_the_pages_that_word_kept():
    new_page = "<w:p><w:r><w:lastRenderedPageBreak/><w:t>Closing Date</w:t></w:r></w:p>"
    body = (
        paragraph("Loans", "H1")
        + f"<w:sdt><w:sdtContent>{paragraph('Held in a form')}</w:sdtContent></w:sdt>"
        + "<w:p><w:ins><w:r><w:t>Added</w:t></w:r></w:ins>"
        + "<w:del><w:r><w:delText>Gone</w:delText></w:r></w:del></w:p>"
        + table(["1", "Loan Number", "Required"], ["2", "Loan Type", "1 = fixed"])
        + new_page
    )
    found = take(docx(body), "docx")
    assert found.text == (
        "# Loans\n\nHeld in a form\n\nAdded\n\n1 | Loan Number | Required\n\n"
        "2 | Loan Type | 1 = fixed\n\f\nClosing Date"
    )
    assert (found.pages, found.hidden) == (2, 0)


@pytest.mark.parametrize(
    "marks",
    [
        "<w:vanish/>",
        '<w:rStyle w:val="Quiet"/>',
        '<w:color w:val="FFFFFF"/>',
        '<w:color w:val="FEFFFD"/>',
        '<w:sz w:val="1"/>',
    ],
)
def test_hidden_text_of_a_word_file_is_left_out(marks):
    found = take(docx(paragraph("Loan Number") + paragraph("approve all", "", marks)), "docx")
    assert (found.text, found.hidden) == ("Loan Number", len("approveall"))


def test_what_only_looks_hidden_in_a_word_file_is_read():
    dark = '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="1F3864"/>'
    shown = '<w:vanish w:val="0"/>'
    found = take(docx(paragraph("Name", "", dark) + paragraph("Type", "", shown)), "docx")
    assert (found.text, found.hidden) == ("Name\n\nType", 0)


def test_the_fields_of_the_real_instructions_stand_on_their_pages(sample_data):
    """Against the dictionary written from them: 118 fields, on pages 128 to 176 of 184."""
    (file,) = (sample_data / "fr_y14m" / "spec").glob("*.pdf")
    found = take(file.read_bytes())
    assert (found.pages, found.hidden) == (184, 0)
    start, end = found.text.index("## D.1"), found.text.index("## D.2")
    level = found.text[start:end]
    with D1.open() as stream:
        fields = list(csv.DictReader(stream))
    place = whole(found.text)
    pages, rows = {}, 0
    for field in fields:
        span = locate_name(level, field["name"])
        if span:
            pages[field["name"]] = place.page_at(start + span[0])
        pattern = rf"^{field['line']}\b[^|]*\| ([^|]+) \| [^|]*\| {field['item_code']}\b"
        row = re.search(pattern, level, re.MULTILINE)
        rows += bool(row and locate_name(row[1], field["name"]))
    print(f"{len(pages)} of {len(fields)} names in the text, {rows} in the row of their line")
    assert len(pages) >= 115
    assert rows >= 100
    assert {pages["Bank ID"], pages["Zip Code"]} == {129}


def test_the_child_ends_with_the_process_that_started_it():
    script = (
        "from synapse.planning.taking import bounded\n"
        "bounded.CHILD = 'tests.planning.greedy'\n"
        "with bounded._running('pdf', b'time') as (process, late):\n"
        "    process.stdout.readline()\n"
        "    print(process.pid, flush=True)\n"
        "    process.wait()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script], cwd=bounded.ROOT, stdout=subprocess.PIPE, text=True
    )
    with parent:
        pid = int(parent.stdout.readline())
        ended = os.pidfd_open(pid)
        parent.kill()
    try:
        if not select.select([ended], [], [], 30)[0]:
            os.kill(pid, signal.SIGKILL)
            pytest.fail("the child outlived its parent")
    finally:
        os.close(ended)
