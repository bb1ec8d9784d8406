"""Uploads that were broken off are deleted after some days, with their parts; nothing else is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jobs import enqueue
from jobs.models import Job
from jobs.testing import run_pending
from synapse.audit.models import Entry
from synapse.profiling import storage
from synapse.profiling.models import Population
from synapse.profiling.services.uploading import begin_upload, parts_folder, store_part
from synapse.profiling.tasks.importing import assemble_population
from synapse.profiling.tasks.tidying import drop_uploads
from tests.factories.profiling import make_uploaded_population

pytestmark = pytest.mark.django_db


@pytest.fixture
def begin(phase, tester):
    """An upload of one part of two bytes, begun so many days ago."""

    def begin(days: int, name: str = "records.csv") -> Population:
        report = phase.cycle_report
        upload = begin_upload(cycle_report=report, name=name, size=2, actor=tester)
        store_part(population=upload, number=1, content=b"a,", actor=tester)
        age(upload, days)
        return upload

    return begin


def age(population: Population, days: int) -> None:
    begun = timezone.now() - timedelta(days=days)
    Population.objects.filter(pk=population.pk).update(uploaded_at=begun)


def run() -> Job:
    job = enqueue(drop_uploads)
    run_pending("batch")
    job.refresh_from_db()
    assert job.status == "succeeded"
    return job


def files_of(population: Population) -> list[str]:
    return [name for name in storage.default_storage.listdir(parts_folder(population))[1]]


def test_an_upload_broken_off_long_ago_goes_with_its_parts(
    begin, django_capture_on_commit_callbacks
):
    upload, recent = begin(15), begin(13, "recent.csv")
    with django_capture_on_commit_callbacks(execute=True):
        job = run()
    assert list(Population.objects.all()) == [recent]
    assert not storage.folders_in(f"populations/{upload.cycle_report_id}/{upload.pk}")
    assert files_of(recent) == ["000001"]
    assert job.message == "Deleted 1 broken-off upload."
    entry = Entry.objects.get(action="population.delete")
    assert (entry.actor, entry.object_id) == (None, str(upload.pk))
    assert "broken off" in entry.reason


def test_a_file_that_is_whole_stays_however_old(phase):
    whole = make_uploaded_population(phase=phase)
    age(whole, 1_000)
    assert run().message == "Nothing to do."
    assert Population.objects.get() == whole


def test_an_upload_that_is_just_being_put_together_stays(begin, tester):
    upload = begin(15)
    job = enqueue(assemble_population, subject=upload, owner=tester, population_id=upload.pk)
    Job.objects.filter(pk=job.pk).update(status="paused")
    assert run().message == "Nothing to do."


def test_zero_days_keep_uploads_for_ever(begin, settings):
    settings.UPLOADS_KEEP_DAYS = 0
    begin(1_000)
    assert run().message == "Nothing to do."


def test_it_starts_by_the_clock_and_keeps_14_days(settings):
    assert drop_uploads.name == "profiling.drop_uploads"
    assert drop_uploads.schedule
    assert settings.UPLOADS_KEEP_DAYS == 14
