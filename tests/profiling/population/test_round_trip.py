"""Any table of texts comes back as it was written, however it is written, cut or ordered."""

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.profiling.population.reading import take

CHARACTERS = st.sampled_from(list("ab01 .-_'é中😀\u00a0\u2028\t,;|\"\n\r=+@\x1f"))
CELLS = st.text(CHARACTERS, max_size=8)
HEADINGS = ["key", "first", "second"]


@st.composite
def tables(draw, least=1):
    count = draw(st.integers(least, 12))
    return [[f"K{n}", draw(CELLS), draw(CELLS)] for n in range(count)]


@st.composite
def dialects(draw):
    return {
        "delimiter": draw(st.sampled_from(",;\t|")),
        "quoting": draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC])),
        "lineterminator": draw(st.sampled_from(["\n", "\r\n"])),
    }


def written(rows, **dialect):
    out = io.StringIO()
    csv.writer(out, **dialect).writerows([HEADINGS, *rows])
    # Whether the last line has an end follows from the table, so that both are tried.
    text = out.getvalue()
    return text.rstrip("\r\n").encode() if len(rows) % 2 and rows[-1][-1] else text.encode()


def is_ambiguous(rows, dialect):
    """Python before 3.13 quotes a lone carriage return only where its line ends hold one."""
    bare = dialect["quoting"] == csv.QUOTE_MINIMAL and dialect["lineterminator"] == "\n"
    return bare and any(row[-1].endswith("\r") for row in rows)


def taken(content, folder, delimiter, *, encoding="", **options):
    path = Path(folder) / "table.txt"
    path.write_bytes(content)
    fixed = {"delimiter": delimiter, "quote": '"', "header": True, "skip": 0, "trailer": 0}
    fixed |= {"encoding": encoding} if encoding else {}
    return take(path, Path(folder), (), given=fixed, **options)


def texts(done):
    shown = ", ".join(HEADINGS)
    return done.sql(f"SELECT {shown} FROM parts ORDER BY record_no")


@settings(max_examples=120, deadline=None)
@given(tables(), dialects(), st.integers(1, 5))
def test_what_python_writes_is_read_back_exactly(rows, dialect, records):
    assume(not is_ambiguous(rows, dialect))
    expected = [tuple(cell or None for cell in row) for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        content = written(rows, **dialect)
        whole = taken(content, folder, dialect["delimiter"])
        cut = taken(content, folder, dialect["delimiter"], records=records)
        assert texts(whole) == texts(cut) == expected
        assert whole.rejected == cut.rejected == []
        assert len(cut.parts) == -(-len(rows) // records)
        assert whole.totals.content_sha256 == cut.totals.content_sha256
        numbers = "SELECT record_no, line_no FROM parts ORDER BY 1"
        assert whole.sql(numbers) == cut.sql(numbers) == _places(rows)


def _places(rows):
    """Number and first line of each record, line feeds inside values counted."""
    places, line = [], 2
    for number, row in enumerate(rows, start=1):
        places.append((number, line))
        line += 1 + sum(cell.count("\n") for cell in row)
    return places


@settings(max_examples=60, deadline=None)
@given(tables(least=2), dialects(), dialects(), st.randoms(use_true_random=False))
def test_order_and_notation_leave_the_content_hash(rows, one, other, chance):
    assume(not is_ambiguous(rows, one) and not is_ambiguous(rows, other))
    shuffled = list(rows)
    chance.shuffle(shuffled)
    with tempfile.TemporaryDirectory() as folder:
        first = taken(written(rows, **one), folder, one["delimiter"])
        second = taken(written(shuffled, **other), folder, other["delimiter"])
        assert first.totals.content_sha256 == second.totals.content_sha256


@settings(max_examples=60, deadline=None)
@given(tables(), dialects(), st.data())
def test_any_cell_changed_changes_the_content_hash(rows, dialect, data):
    row = data.draw(st.integers(0, len(rows) - 1))
    place = data.draw(st.integers(0, 2))
    cell = data.draw(CELLS)
    assume(cell != rows[row][place] and (place or cell.strip()))
    changed = [list(each) for each in rows]
    changed[row][place] = cell
    assume(not is_ambiguous([*rows, *changed], dialect))
    with tempfile.TemporaryDirectory() as folder:
        first = taken(written(rows, **dialect), folder, dialect["delimiter"])
        second = taken(written(changed, **dialect), folder, dialect["delimiter"])
        assert first.totals.content_sha256 != second.totals.content_sha256


@settings(max_examples=60, deadline=None)
@given(tables(), st.sampled_from(["utf-8", "utf-16-le", "utf-16-be", "utf-32-le"]))
def test_encodings_hold_the_same_records(rows, encoding):
    with tempfile.TemporaryDirectory() as folder:
        content = written(rows, delimiter="|").decode().encode(encoding)
        done = taken(content, folder, "|", encoding=encoding)
        assert texts(done) == [tuple(cell or None for cell in row) for row in rows]


LINES = st.text(st.sampled_from('ab,,,"\n\r\0 é'), max_size=14)


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=20), st.integers(1, 6))
def test_faulty_files_are_the_same_however_they_are_cut(lines, records):
    """Records, faults, numbers and hash follow from the bytes alone."""
    content = ("key,first,second\nK,1,2\n" + "\n".join(lines)).encode()
    with tempfile.TemporaryDirectory() as folder:
        whole = taken(content, folder, ",", encoding="utf-8")
        cut = taken(content, folder, ",", encoding="utf-8", records=records)
        assert texts(whole) == texts(cut)
        assert whole.rejected == cut.rejected
        assert whole.totals == cut.totals
        numbers = "SELECT record_no, line_no FROM parts ORDER BY 1"
        assert whole.sql(numbers) == cut.sql(numbers)
