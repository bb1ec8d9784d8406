"""Imports as their job does them: rejected rows are kept, refusals name the tester's file."""

import pytest

from jobs.testing import run_pending
from synapse.profiling import storage
from synapse.profiling.errors.populations import PopulationFinished
from synapse.profiling.services import importing
from synapse.profiling.services.populations import confirm
from synapse.profiling.tasks.importing import latest_job, start_import
from tests.factories.profiling import RECORDS, make_population, make_uploaded_population


def imported(population):
    actor = population.cycle_report.tester
    population = confirm(population=population, actor=actor)
    start_import(population=population, actor=actor)
    run_pending()
    population.refresh_from_db()
    return population


@pytest.mark.django_db(transaction=True)
def test_rejected_rows_keep_number_line_reason_and_text():
    content = RECORDS + '0006,1\n"0007\n",1,5\n0008,1,\0,9\n0009,2,3\n'
    population = imported(make_uploaded_population(content=content))
    assert (population.row_count, population.rejected_count) == (7, 2)
    assert latest_job(population).message == "7 records, 2 rejected."
    rows = population.rejected_rows.values_list("record_no", "line_no", "code", "text")
    assert list(rows) == [
        (6, 7, "too_few_fields", "0006,1"), (8, 10, "nul_bytes", "0008,1,␀,9"),
    ]  # fmt: skip
    assert (
        population.rejected_rows.first().reason == "The record has 2 fields where 3 are expected."
    )


@pytest.mark.django_db(transaction=True)
def test_a_file_without_a_good_record_fails_by_its_name_and_first_reason():
    headings = RECORDS.splitlines()[0]
    population = imported(make_uploaded_population(content=f"{headings}\n1,2\n3,4\n"))
    assert not population.is_imported
    job = latest_job(population)
    assert job.status == "failed"
    assert job.error_code == "no_good_records"
    assert job.error_message == (
        "None of the 2 records of “records.csv” could be read; the first (line 2): The record has "
        "2 fields where 3 are expected. Check delimiter, encoding and headings."
    )


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_import_left_is_gone_after_the_next_one():
    population = make_uploaded_population()
    actor = population.cycle_report.tester
    population = confirm(population=population, actor=actor)
    job = start_import(population=population, actor=actor)
    population.refresh_from_db()
    folder = importing.import_folder(population)
    storage.write_part(f"{folder}/.00001.parquet.dead", b"half")
    run_pending()
    population.refresh_from_db()
    assert population.is_imported, job
    with storage.local_parts(population) as [part]:
        assert [entry.name for entry in part.parent.iterdir()] == [part.name]


@pytest.mark.django_db
def test_an_imported_population_is_not_imported_again():
    population = make_population()
    with pytest.raises(PopulationFinished):
        importing.begin_import(population=population, actor=population.cycle_report.tester)
