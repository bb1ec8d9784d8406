"""Files as agencies publish them: all their records, whichever encoding and faults they have."""

import csv

import pytest

from tests.profiling.population.reading import dictionary, take


@pytest.fixture(scope="module")
def hmda(sample_data):
    return dictionary(sample_data / "hmda/dictionary/hmda_lar_dictionary_2024.csv")


def test_every_platform_file_has_the_records_its_manifest_counts(sample_data, hmda, tmp_path):
    folder = sample_data / "hmda/populations"
    manifest = folder / "platform_test_files_manifest.csv"
    wrong = []
    with manifest.open(encoding="utf-8", errors="replace") as lines:
        for row in csv.DictReader(lines):
            file = folder / "platform_test_files" / row["file"]
            done = take(file, tmp_path, hmda)
            widths = dict(part.split("x") for part in row["fields_per_row"].split(";"))
            found = (done.totals.rows, done.totals.rows + done.totals.rejected_count)
            shape = (done.reading.skip, done.reading.header, done.reading.trailer, done.match.by)
            if found != (int(widths["110"]), int(row["lar_rows"])) or shape != (
                1, False, 0, "order",
            ):  # fmt: skip
                wrong.append((row["file"], found, shape))
    assert wrong == []


def test_clean_records_read_as_planned(sample_data, hmda, tmp_path):
    file = sample_data / "hmda/populations/generated/hmda2024_bank1_clean_10000.txt"
    done = take(file, tmp_path, hmda)
    assert (done.totals.rows, done.totals.rejected_count, len(done.columns)) == (10_000, 0, 110)
    assert {column.name: column.unreadable for column in done.columns if column.unreadable} == {}


@pytest.mark.parametrize(("name", "rows"), [("clean_5000", 5_000), ("seeded_4500", 4_500)])
def test_loan_level_records_match_by_their_headings(sample_data, tmp_path, name, rows):
    fields = dictionary(sample_data / "fr_y14m/dictionary/fr_y14m_D1.csv")
    done = take(sample_data / f"fr_y14m/populations/fr_y14m_D1_synth_{name}.csv", tmp_path, fields)
    assert (done.totals.rows, done.totals.rejected_count) == (rows, 0)
    assert (done.match.by, done.match.extra, done.match.missing) == ("name", (), ())
