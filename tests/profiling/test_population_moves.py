"""What may be done to a population by its pages, when, and how a refusal is told."""

import pytest

from jobs.models import Job
from jobs.testing import run_pending
from synapse.profiling.models import Population
from synapse.profiling.services.populations import confirm
from synapse.profiling.services.uploading import begin_upload, store_part
from synapse.profiling.tasks.importing import start_assembly
from tests.profiling.pages import text_of, url

pytestmark = pytest.mark.django_db


def test_deleting_asks_first_and_takes_the_file_along(
    as_tester, uploaded, uploads, django_capture_on_commit_callbacks
):
    page = text_of(as_tester.get(url("population_delete", uploaded)))
    assert "can't be brought back" in page
    stored = uploads / uploaded.file.name
    assert stored.exists()
    expected = {"expected": uploaded.lock_version}
    with django_capture_on_commit_callbacks(execute=True):
        reply = as_tester.post(url("population_delete", uploaded), expected, follow=True)
    assert "was deleted" in text_of(reply)
    assert not Population.objects.exists()
    assert not stored.exists()


def test_a_stale_delete_is_refused(as_tester, uploaded, tester):
    confirm(population=uploaded, actor=tester)
    reply = as_tester.post(url("population_delete", uploaded), {"expected": uploaded.lock_version})
    assert reply.status_code == 412
    assert "was changed by somebody else" in text_of(reply)


def test_an_imported_population_is_neither_confirmed_nor_deleted_nor_imported(as_tester, imported):
    for name in ("population_confirm", "population_delete"):
        reply = as_tester.get(url(name, imported))
        assert reply.status_code == 409
        assert "is imported and can" in text_of(reply)
    assert as_tester.post(url("population_import", imported)).status_code == 409


def test_while_a_job_works_on_it_nothing_else_does(as_tester, uploaded, tester):
    confirmed = confirm(population=uploaded, actor=tester)
    as_tester.post(url("population_import", uploaded))
    for reply in (
        as_tester.get(url("population_delete", uploaded)),
        as_tester.post(
            url("population_delete", uploaded), {"expected": confirmed.lock_version + 1}
        ),
        as_tester.post(url("population_import", uploaded)),
    ):
        assert reply.status_code == 409
        assert "is being worked on just now" in text_of(reply)
    assert Job.objects.count() == 1


def test_a_failed_import_says_why_and_can_be_started_again(as_tester, uploaded, tester, uploads):
    confirm(population=uploaded, actor=tester)
    aside = (uploads / uploaded.file.name).rename(uploads / "aside")
    as_tester.post(url("population_import", uploaded))
    run_pending()
    page = text_of(as_tester.get(uploaded.get_absolute_url()))
    assert "import failed" in page
    assert "is missing in storage" in page
    assert "Import again" in page
    aside.rename(uploads / uploaded.file.name)
    as_tester.post(url("population_import", uploaded))
    run_pending()
    uploaded.refresh_from_db()
    assert (uploaded.is_imported, uploaded.row_count) == (True, 5)
    assert "import failed" not in text_of(as_tester.get(uploaded.get_absolute_url()))


def test_parts_that_make_no_population_are_told_with_the_reason(as_tester, phase, tester):
    content = b"only,headings\n"
    population = begin_upload(
        cycle_report=phase.cycle_report, name="big.csv", size=len(content), actor=tester
    )
    store_part(population=population, number=1, content=content, actor=tester)
    start_assembly(population=population, actor=tester)
    assert "The parts are put together" in text_of(as_tester.get(population.get_absolute_url()))
    run_pending()
    page = text_of(as_tester.get(population.get_absolute_url()))
    for told in ("upload failed", "no record under them", "Delete this upload"):
        assert told in page


def test_an_unfinished_upload_says_what_is_missing(as_tester, phase, tester):
    population = begin_upload(
        cycle_report=phase.cycle_report, name="big.csv", size=20_000_000, actor=tester
    )
    page = text_of(as_tester.get(population.get_absolute_url()))
    assert "3 of 3 parts are missing" in page
    assert "big.csv" in text_of(as_tester.get(url("population_upload", phase)))
    reply = as_tester.get(url("population_confirm", population))
    assert reply.status_code == 409
    assert "Send what is missing" in text_of(reply)
