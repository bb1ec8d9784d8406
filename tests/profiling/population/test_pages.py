"""Shared texts of a workbook are those that openpyxl reads, however they are written."""

import io

from openpyxl.reader.strings import read_string_table
from openpyxl.xml.constants import SHEET_MAIN_NS

from synapse.profiling.population.pages import shared_texts

ITEMS = (
    "<t>plain</t>",
    "<t/>",
    "",
    '<t xml:space="preserve"> with space </t>',
    "<t>a &amp; b &lt;c&gt;</t>",
    "<t>_x005F_x0041_</t>",
    "<r><t>rich </t></r><r><rPr><b/></rPr><t>text</t></r>",
    '<t>東京</t><rPh sb="0" eb="2"><t>とうきょう</t></rPh><phoneticPr fontId="1"/>',
    "<t>before</t><r><t>after</t></r>",
    "<t>line\none</t>",
)


def test_texts_are_read_as_openpyxl_does():
    items = "".join(f"<si>{item}</si>" for item in ITEMS)
    table = f'<sst xmlns="{SHEET_MAIN_NS}">{items}</sst>'.encode()
    found = shared_texts(io.BytesIO(table))
    assert found == read_string_table(io.BytesIO(table))
    assert found[0] == "plain" and found[6] == "rich text" and len(found) == len(ITEMS)
