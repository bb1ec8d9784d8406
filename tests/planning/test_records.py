"""Tables of records are told from lists of fields, so that no row of theirs gets into a prompt."""

import pytest

from synapse.planning.errors import ReadsLikeRecords
from synapse.planning.models import Document
from synapse.planning.records import is_table_of_records
from synapse.planning.specification import refuse_records
from tests.planning.files import docx, table
from tests.planning.test_taking import take

LOANS = [["loan", "balance", "state"], *([f"L{n}", f"{n}.50", "NY"] for n in range(30))]
FIELDS = [["Name", "Format", "Description"], *([f"Field {n}", "C18", "text"] for n in range(30))]


def lines(rows: list[list[str]], delimiter: str) -> str:
    return "\n".join(delimiter.join(row) for row in rows)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", " | "])
def test_records_are_told_by_their_even_rows(delimiter):
    assert is_table_of_records(lines(LOANS, delimiter))
    assert is_table_of_records(lines(LOANS[1:], delimiter)), "also without headings"
    assert not is_table_of_records(lines(FIELDS, delimiter))
    assert not is_table_of_records(lines(LOANS[:15], delimiter)), "too few to tell"


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"- One, two, three: what line {n} says" for n in range(4)),
        "# Fields\n" + lines(LOANS, "|"),
        "\n".join(f"A sentence, {'and another, ' * (n % 3)}of prose." for n in range(60)),
        lines([row[:2] for row in LOANS], ","),
        "",
    ],
)
def test_other_texts_are_none(text):
    assert not is_table_of_records(text)


@pytest.mark.django_db
def test_records_are_no_specification(upload):
    with pytest.raises(ReadsLikeRecords, match="Upload it as a population"):
        upload(lines(LOANS, "|"), "loans.txt", "specification")
    assert not Document.objects.exists()


def test_nor_are_they_in_a_word_file():
    text = take(docx(table(*LOANS)), "docx").text
    with pytest.raises(ReadsLikeRecords):
        refuse_records(text, "loans.docx")
