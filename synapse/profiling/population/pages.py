"""Opens a workbook without reading its sheets."""

from typing import Any, BinaryIO

from openpyxl.cell.text import Text
from openpyxl.reader.excel import SHARED_STRINGS, ExcelReader
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

_ITEM, _PLAIN = f"{{{SHEET_MAIN_NS}}}si", f"{{{SHEET_MAIN_NS}}}t"


class _Page(ReadOnlyWorksheet):
    def _get_size(self) -> None:
        """Not asked for: a sheet that doesn't tell it would be read to its end for it.

        That takes minutes for a million rows, and what a sheet tells isn't believed anyway.
        """


class _Reader(ExcelReader):
    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is not None:
            with self.archive.open(part.PartName[1:]) as stream:
                self.shared_strings = shared_texts(stream)

    def read_worksheets(self) -> None:
        for sheet, relation in self.parser.find_sheets():
            if relation.target not in self.valid_files:
                continue
            if "chartsheet" in relation.Type:
                self.read_chartsheet(sheet, relation)
                continue
            page = _Page(self.wb, sheet.name, relation.target, self.shared_strings)
            page.sheet_state = sheet.state
            self.wb._sheets.append(page)


def shared_texts(stream: BinaryIO) -> list[str]:
    """The texts that cells name by their number, as openpyxl reads them in three times the time."""
    found = []
    for _, node in iterparse(stream):
        if node.tag == _ITEM:
            is_plain = len(node) == 1 and node[0].tag == _PLAIN
            text = node[0].text or "" if is_plain else Text.from_tree(node).content
            found.append(text.replace("x005F_", ""))
            node.clear()
    return found


def open_workbook(stream: BinaryIO, *, values: bool) -> Any:
    """The workbook, to be read row by row and closed; `values`: results instead of formulas."""
    reader = _Reader(stream, read_only=True, data_only=values)
    reader.read()
    return reader.wb
