"""The last rows of a long sheet are found at its end, and however the sheet is written."""

import re

import pytest

from synapse.profiling.population import workbook
from synapse.profiling.population.errors import DamagedPopulation
from tests.profiling.population.test_workbooks import SHEET, book, edited

ROWS = [[f"L{n} <row r='1'>", n, "20240101"] for n in range(1, 4001)]
LAST = [(4002, ("TOTAL", "4000"))]


def unnumbered(xml: bytes) -> bytes:
    return re.sub(rb'<row r="\d+"', b"<row", xml)


def prefixed(xml: bytes) -> bytes:
    xml = xml.replace(b"xmlns=", b"xmlns:x=")
    return re.sub(rb"<(/?)(\w)", rb"<\1x:\2", xml)


def padded(xml: bytes) -> bytes:
    """Ends in rows that only have a style, as sheets do whose records were deleted."""
    blank = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (n, n) for n in range(4003, 12000))
    return xml.replace(b"</sheetData>", blank + b"</sheetData>")


@pytest.mark.parametrize("change", [None, unnumbered, prefixed, padded])
def test_the_last_rows_are_those_of_the_whole_sheet(tmp_path, change):
    path = tmp_path / "long.xlsx"
    content = book(*ROWS, ["TOTAL", 4000])
    path.write_bytes(edited(content, SHEET, change) if change else content)
    _, _, head, tail = workbook.sample(path, path.name, "", len)
    assert (len(head), head[0][0]) == (workbook.HEAD_ROWS, 1)
    assert tail[-1:] == LAST
    assert [number for number, _ in tail] == list(range(3991, 4003))
    assert tail[0] == (3991, ("L3990 <row r='1'>", "3990", "20240101"))


def test_an_ordinary_sheet_is_not_read_to_its_end(tmp_path, monkeypatch):
    path = tmp_path / "long.xlsx"
    path.write_bytes(book(*ROWS, ["TOTAL", 4000]))
    read = []

    def counted(page, first=1, rows=workbook.rows):
        for row in rows(page, first):
            read.append(row)
            yield row

    monkeypatch.setattr(workbook, "rows", counted)
    workbook.sample(path, path.name, "", len)
    assert len(read) < len(ROWS)


def test_a_sheet_that_does_not_tell_its_size_is_not_read_to_its_end(tmp_path):
    def broken(xml):
        """Without its size, and no XML between the rows that are looked at."""
        xml = re.sub(rb"<dimension[^>]*>", b"", xml)
        return xml.replace(b'<row r="1500"', b"<<<", 1)

    path = tmp_path / "long.xlsx"
    path.write_bytes(edited(book(*ROWS, ["TOTAL", 4000]), SHEET, broken))
    _, _, head, tail = workbook.sample(path, path.name, "", len)
    assert (len(head), tail[-1:]) == (workbook.HEAD_ROWS, LAST)
    with (
        pytest.raises(DamagedPopulation),
        workbook.opened(path, path.name, values=True) as whole,
    ):
        list(workbook.rows(whole.worksheets[0]))
