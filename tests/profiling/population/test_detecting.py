"""What is concluded from a file's bytes, and what is refused."""

import io
import zipfile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from synapse.profiling.population import UnreadablePopulation, detect
from tests.profiling.population.reading import Field

FIELDS = [Field(1, "Loan ID"), Field(2, "Amount", "decimal"), Field(3, "Opened", "date")]
ROWS = [f"L{n},{n}.50,2024010{n}" for n in range(1, 6)]
HEADED = "\n".join(["Loan ID,Amount,Opened", *ROWS, ""])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~"])
@pytest.mark.parametrize("quoted", [False, True])
def test_separator_is_found_with_and_without_quotes(written, delimiter, quoted):
    mark = '"' if quoted else ""
    lines = [delimiter.join(f"{mark}{cell}{mark}" for cell in line.split(","))
             for line in HEADED.split("\n")[:-1]]  # fmt: skip
    reading = detect(written("\r\n".join(lines) + "\r\n"), "loans.txt")
    assert (reading.delimiter, reading.fields, reading.header) == (delimiter, 3, True)
    assert reading.names == ("Loan ID", "Amount", "Opened")
    assert reading.sample[0] == ("L1", "1.50", "20240101")


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32-le"),
        ("cp1252", "windows-1252"),
    ],
)
def test_encoding_is_found(written, encoding, told):
    text = HEADED.replace("L3", "Müller & Söhne")
    reading = detect(written(text.encode(encoding)), "loans.csv")
    assert reading.encoding == told
    assert reading.names[0] == "Loan ID"
    assert reading.sample[2][0] == "Müller & Söhne"


def test_cyrillic_text_of_one_byte_a_letter_is_guessed_and_said_so(written):
    names = ["Иванов Пётр Сергеевич", "Кузнецова Мария", "Смирнов Алексей", "Попова Екатерина"]
    text = "\n".join(["id,name", *(f"{n},{name} из Москвы" for n, name in enumerate(names))])
    reading = detect(written(text.encode("cp1251")), "people.csv")
    assert reading.encoding == "windows-1251"
    assert "guess" in reading.notes[0]


def test_titles_above_and_trailers_below_are_no_records(written):
    text = f"Loan report\nas of 2024\n\n{HEADED}\nTRAILER|5\n".replace("TRAILER|5", "TRAILER,5")
    reading = detect(written(text), "loans.csv")
    assert (reading.skip, reading.trailer, reading.header) == (3, 1, True)
    assert reading.skipped_lines == ("Loan report", "as of 2024")
    assert reading.trailer_lines == ("TRAILER,5",)
    assert reading.records == 5


@pytest.mark.parametrize("trailer", ["TRL,5", "(5 rows affected)", "EOF", "Total,5", "T,00005"])
def test_kinds_of_trailers(written, trailer):
    assert detect(written(HEADED + trailer), "loans.csv").trailer == 1


def test_a_row_of_sums_is_no_record_and_a_firm_named_total_is_one(written):
    rows = "id,name,a,b,c,d,e,f\n" + "".join(f"{n},x,1,2,3,4,5,6\n" for n in range(5))
    assert detect(written(rows + "Total loans,,5,10,,,,\n"), "loans.csv").trailer == 1
    assert detect(written(rows + "Total loans,,,,10,15\n"), "loans.csv").trailer == 1
    assert detect(written(rows + "Total loans,x,5,10,,,,\n"), "loans.csv").trailer == 0
    assert detect(written(rows + "Total Oil,,5,10,15,4,5,6\n"), "loans.csv").trailer == 0


def test_a_cut_off_last_record_is_no_trailer(written):
    wide = "\n".join(",".join(str(n) for n in range(9)) for _ in range(5)) + "\n0,1,2"
    reading = detect(written(wide), "wide.csv")
    assert (reading.trailer, reading.fields) == (0, 9)


def test_transmittal_sheet_of_other_width_is_skipped(written):
    text = "1|Bank|2024|3\n" + "\n".join(f"2|A{n}|{'|'.join('x' * 8)}|{n}" for n in range(3))
    reading = detect(written(text), "lar.txt")
    assert (reading.skip, reading.header, reading.fields) == (1, False, 11)
    assert reading.skipped_lines == ("1|Bank|2024|3",)
    assert reading.names[0] == "Field 1"


@pytest.mark.parametrize("first", ["1|Bank|2024", "HDR|Bank|2024|1|x", "TS|Bank"])
def test_header_record_of_another_type_is_skipped_whatever_its_width(written, first):
    text = first + "\n" + "".join(f"2|A{n}|{n}|x\n" for n in range(4)) + "9|4\n"
    reading = detect(written(text), "lar.txt")
    assert (reading.skip, reading.trailer, reading.header, reading.fields) == (1, 1, False, 4)
    assert (reading.skipped_lines, reading.trailer_lines) == ((first,), ("9|4",))


def test_a_first_record_that_is_merely_short_is_no_header_record(written):
    reading = detect(written("2|A|1\n" + "".join(f"2|A{n}|{n}|x\n" for n in range(4))), "lar.txt")
    assert (reading.skip, reading.fields) == (0, 4)
    assert "1 of the first 5 records don't have 4 fields" in reading.notes[0]


def test_no_heading_is_seen_in_records(written):
    assert not detect(written("\n".join(ROWS)), "loans.csv", attributes=FIELDS).header


def test_headings_are_known_by_the_plan_even_over_text(written):
    text = "loan_id;opened\nabc;def\nghi;jkl\n"
    assert detect(written(text), "loans.csv", attributes=FIELDS).header


def test_decimal_comma(written):
    text = "id;amount;rate\n1;1.234,50;0,5\n2;99,10;1,25\n3;7,00;2,5\n"
    reading = detect(written(text), "loans.csv")
    assert (reading.delimiter, reading.decimal) == (";", ",")
    headless = detect(written("1,5;2,5;3,5\n4,5;5,5;6,5\n7,5;8,5;9,5\n"), "loans.csv")
    assert (headless.delimiter, headless.fields, headless.decimal) == (";", 3, ",")


def test_excels_own_first_line_names_the_separator(written):
    reading = detect(written("sep=;\n" + HEADED.replace(",", ";")), "loans.csv")
    assert (reading.delimiter, reading.skip, reading.header) == (";", 1, True)


def test_what_the_tester_fixed_wins(written):
    path = written("a|b,c\nd|e,f\ng|h,i\n")
    assert detect(path, "x.csv", given={"delimiter": "|"}).names == ("a", "b,c")
    reading = detect(path, "x.csv", given={"delimiter": "|", "header": False, "skip": 1})
    assert (reading.fields, reading.header, reading.skip) == (2, False, 1)
    assert reading.sample[0] == ("d", "e,f")


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "x.csv", "empty_population"),
        (b"\xef\xbb\xbf\r\n", "x.csv", "empty_population"),
        (b"a,b,c\n", "x.csv", "no_records"),
        (b"id,amount\n1\0\0,2\n\0,\0\n", "x.csv", "nul_bytes"),
        (b"%PDF-1.7 x", "x.csv", "unknown_population_type"),
        (b"\x1f\x8b\x08 x", "x.csv.gz", "unknown_population_type"),
        (b"\xd0\xcf\x11\xe0 x", "x.xls", "unknown_population_type"),
        (b"<html><table></table>", "x.xls", "unknown_population_type"),
        (b'{"a": 1}', "x.json", "unknown_population_type"),
        (b"PAR1 no footer", "x.parquet", "damaged_population"),
        (b"a,b\n1,2\n", "x.parquet", "damaged_population"),
        (b"PK\x03\x04 broken", "x.xlsx", "damaged_population"),
    ],
)
def test_refusals_have_a_code_and_name_the_file(written, content, name, code):
    with pytest.raises(UnreadablePopulation) as refused:
        detect(written(content, name), name)
    assert refused.value.code == code
    assert name in refused.value.message
    assert 400 <= refused.value.http_status < 500


def test_mixed_delimiters_are_refused_with_the_line(written):
    rows = [f"{n},{n},{n}" for n in range(10)] + [f"{n};{n};{n}" for n in range(10)]
    with pytest.raises(UnreadablePopulation) as refused:
        detect(written("\n".join(rows)), "x.csv")
    assert refused.value.code == "mixed_delimiters"
    assert "line 11" in refused.value.message


def test_headings_separated_otherwise_than_records_are_refused(written):
    with pytest.raises(UnreadablePopulation) as refused:
        detect(written("a,b,c\n1|2|3\n4|5|6\n7|8|9\n"), "x.csv")
    assert refused.value.code == "mixed_delimiters"


@pytest.mark.parametrize("count", [2_001, 10_000])
def test_too_many_columns_are_refused_clearly(written, count):
    line = ",".join(f"c{n}" for n in range(count))
    with pytest.raises(UnreadablePopulation) as refused:
        detect(written(f"{line}\n{line.replace('c', '')}\n"), "x.csv")
    assert refused.value.code == "too_many_columns"
    assert str(count) in refused.value.message


def test_a_zip_that_is_no_workbook_is_refused(tmp_path):
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "1,2")
    with pytest.raises(UnreadablePopulation) as refused:
        detect(path, "x.xlsx")
    assert refused.value.code == "damaged_population"


def test_truncated_parquet_and_nested_columns_are_refused(tmp_path):
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"a": [1, 2, 3]}), path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(UnreadablePopulation) as refused:
        detect(path, "x.parquet")
    assert refused.value.code == "damaged_population"
    pq.write_table(pa.table({"a": [[1], [2]]}), path)
    with pytest.raises(UnreadablePopulation) as refused:
        detect(path, "x.parquet")
    assert refused.value.code == "nested_column"


@pytest.mark.parametrize("given", [{"delimiter": ";;"}, {"delimiter": "x"}, {"quote": "é"}])
def test_a_separator_that_can_be_none_is_refused(written, given):
    with pytest.raises(UnreadablePopulation) as refused:
        detect(written(HEADED), "x.csv", given=given)
    assert refused.value.code == "invalid_delimiter"


def test_the_sheet_with_the_plans_headings_is_chosen(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    book.active.append(["written by", "somebody"])
    sheet = book.create_sheet("Loans")
    sheet.append(["Quarterly loans"])
    for line in HEADED.split("\n")[:-1]:
        sheet.append(line.split(","))
    path = tmp_path / "x.xlsx"
    book.save(path)
    reading = detect(path, "x.xlsx", attributes=FIELDS)
    assert (reading.sheet, reading.skip, reading.header) == ("Loans", 1, True)
    assert reading.sheets == ("Notes", "Loans")
    assert reading.names == ("Loan ID", "Amount", "Opened")
    with pytest.raises(UnreadablePopulation) as refused:
        detect(path, "x.xlsx", given={"sheet": "Nope"})
    assert refused.value.code == "unknown_sheet"


def test_a_reading_survives_json(written):
    reading = detect(written(io.BytesIO(HEADED.encode()).getvalue()), "loans.csv")
    assert type(reading).from_json(reading.as_json()) == reading
