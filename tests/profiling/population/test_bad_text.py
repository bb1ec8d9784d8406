"""Text files as they arrive broken: what is refused, what is rejected, where, and the mend."""

import codecs

import pytest

from tests.profiling.population.reading import HEAD

ROWS = "".join(f"L{n},{n}.50,2024010{n}\n" for n in range(1, 7))


def told(done):
    return [(row.record_no, row.line_no, row.code) for row in done.rejected]


@pytest.mark.parametrize("content", [b"", b"\n\n\r\n", b"  \n\t\n", b"\xef\xbb\xbf\n", b"\xff\xfe"])
def test_a_file_without_anything_is_empty(refusal, content):
    refused = refusal(content)
    assert refused.code == "empty_population"
    assert refused.message == "“loans.csv” is empty. Upload a file with one record a line."


@pytest.mark.parametrize("content", [HEAD, HEAD.strip(), HEAD + "\n\r\n\n", HEAD + ",,\n , ,\n"])
def test_headings_alone_are_no_records(refusal, content):
    refused = refusal(content)
    assert refused.code == "no_records"
    assert refused.message == (
        "“loans.csv” has only headings and no record under them. Add the records."
    )


def test_records_behind_embedded_lines_and_quotes_keep_both_numbers(taken):
    done = taken(HEAD + '"a\n""b""\r\nc",1,\n\n"d,e",2,\nL3\nL4,4,\n')
    assert done.texts("Loan ID") == ['a\n"b"\r\nc', "d,e", "L4"]
    lines = done.sql("SELECT record_no, line_no FROM parts ORDER BY 1")
    assert lines == [(1, 2), (2, 6), (4, 8)]
    assert told(done) == [(3, 7, "too_few_fields")]


def test_lines_are_counted_right_where_the_last_one_has_no_end(taken):
    done = taken(HEAD + 'L1,1,\n"L\n2",2,\nL3,3,')
    assert done.sql("SELECT record_no, line_no FROM parts ORDER BY 1") == [(1, 2), (2, 3), (3, 5)]


def test_short_and_long_records_are_rejected_each_with_its_reason(taken):
    done = taken(HEAD + "L1,1\nL2,2,20240101,x\nL3,3,20240101\nL4;4;20240101\n" + ROWS * 2)
    assert told(done) == [(1, 2, "too_few_fields"), (2, 3, "too_many_fields"),
                          (4, 5, "too_few_fields")]  # fmt: skip
    assert [row.reason for row in done.rejected] == [
        "The record has 2 fields where 3 are expected.",
        "The record has 4 fields where 3 are expected: a value may hold the separator without "
        "being quoted.",
        "The record has 1 field where 3 are expected: it is separated by “;”.",
    ]
    assert [row.text for row in done.rejected] == ["L1,1", "L2,2,20240101,x", "L4;4;20240101"]
    assert (done.totals.rows, done.totals.rejected_count) == (13, 3)


@pytest.mark.parametrize("place", [0, 2, 5])
@pytest.mark.parametrize("records", [2, 100_000])
def test_an_unterminated_quote_spoils_the_line_where_it_opened(taken, place, records):
    rows = ROWS.splitlines()
    rows[place] = rows[place].replace("L", '"L')
    done = taken(HEAD + "\n".join(rows), records=records)
    assert told(done) == [(place + 1, place + 2, "unclosed_quote")]
    assert "opens a field in this line and closes nowhere" in done.rejected[0].reason
    assert done.totals.rows == 5


def test_a_quote_that_swallows_records_tells_over_how_many_lines(taken):
    done = taken(HEAD + 'L1,1,\nL2,"2,\nL3,3,\nL4,4",x,,\nL5,5,\n')
    assert told(done) == [(2, 3, "too_many_fields")]
    assert done.rejected[0].reason.endswith("a quoted value runs over 3 lines.")
    assert done.sql("SELECT max(record_no), max(line_no) FROM parts") == [(3, 6)]


def test_a_mark_inside_a_value_is_text(taken):
    done = taken(HEAD + 'the 12" pipe,1,\n"Acme" Corp,2,\n' + ROWS)
    assert done.texts("Loan ID")[:2] == ['the 12" pipe', '"Acme" Corp']
    assert done.rejected == []


def test_a_stray_nul_byte_rejects_its_record(taken):
    done = taken((HEAD + ROWS * 10).replace("L4", "L\0", 1))
    assert told(done) == [(4, 5, "nul_bytes")]
    assert done.rejected[0].text == "L␀,4.50,20240104"


def test_a_file_full_of_nul_bytes_is_refused_with_the_first_line(refusal):
    refused = refusal(HEAD + ROWS.replace("L", "\0"))
    assert refused.code == "nul_bytes"
    assert refused.message == (
        "“loans.csv” holds NUL bytes (first in line 2), so it isn't plain text. Save it again as "
        "UTF-8 text."
    )


def test_the_testers_encoding_wins_over_what_looks_binary(taken):
    text = "номер,город\n" + "".join(f"{n},Пермь\n" for n in range(5))
    done = taken(text.encode("utf-16-le"), (), given={"encoding": "utf-16-le"})
    assert (done.totals.rows, done.texts("город")[0]) == (5, "Пермь")


def test_an_unknown_encoding_is_refused_with_the_known_ones(refusal):
    refused = refusal(HEAD + ROWS, given={"encoding": "klingon"})
    assert refused.code == "unknown_encoding"
    assert "utf-8, windows-1252" in refused.message


def test_a_cut_off_wide_text_is_refused_with_the_byte(refusal):
    refused = refusal((HEAD + ROWS).encode("utf-16") + b"x")
    assert refused.code == "undecodable_population"
    assert refused.message.startswith("“loans.csv” isn't utf-16-le (byte ")


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-16-le", codecs.BOM_UTF16_LE), ("utf-16-be", codecs.BOM_UTF16_BE),
     ("utf-16-le", b""), ("utf-16-be", b""), ("utf-8", codecs.BOM_UTF8), ("utf-8", b""),
     ("latin-1", b"")],
)  # fmt: skip
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_hold_the_same_records(taken, encoding, mark, end):
    text = (HEAD + "é1,1,20240101\n" + ROWS).replace("\n", end)
    done = taken(mark + text.encode(encoding))
    plain = taken(HEAD + "é1,1,20240101\n" + ROWS)
    assert done.texts("Loan ID")[:2] == ["é1", "L1"]
    assert done.totals.content_sha256 == plain.totals.content_sha256
    assert done.sql("SELECT list(line_no ORDER BY record_no) FROM parts") == [
        ([2, 3, 4, 5, 6, 7, 8],)
    ]


def test_bytes_of_another_encoding_reject_their_record(taken):
    text = HEAD.encode() + ("é,1,\n" * 3).encode() + b"L4 \xff,4,\nL5,5,\n"
    done = taken(text)
    assert told(done) == [(4, 5, "undecodable")]
    assert done.rejected[0].reason == (
        "Byte 4 of the record (0xff) isn't UTF-8; save the file as UTF-8 or choose its encoding."
    )
    assert "Some lines hold bytes that aren't UTF-8" in done.reading.notes[0]


@pytest.mark.parametrize(("before", "line"), [("", 1), (HEAD, 2)])
def test_an_endless_line_is_refused_with_its_number(refusal, before, line):
    refused = refusal(before.encode() + b"x" * (50 << 20))
    assert refused.code == "line_too_long"
    assert refused.message.startswith(f"Line {line} of “loans.csv” is longer than 1 MB")


def test_an_endless_line_among_records_is_rejected_like_any_other(taken):
    head = HEAD + ROWS * 20_000
    done = taken(head.encode() + b"L0,1," + b"x" * (50 << 20) + b"\n" + ROWS.encode())
    assert told(done) == [(120_001, 120_002, "too_long")]
    assert len(done.rejected[0].text) == 2_000
    assert done.totals.rows == 120_006


def test_a_line_longer_than_memory_should_hold_is_refused_with_its_number(refusal):
    head = HEAD + ROWS * 20_000
    refused = refusal(head.encode() + b"L0,1," + b"x" * (80 << 20))
    assert refused.code == "line_too_long"
    assert refused.message.startswith("Line 120,002 of “loans.csv” is longer than 64 MB")
