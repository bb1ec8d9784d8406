"""Populations from upload to import: what is kept, what is refused, what can change when."""

import pytest
from django.db import IntegrityError, transaction

from jobs import AlreadyRunning
from jobs.control import cancel
from jobs.models import Job
from jobs.testing import run_pending
from synapse.audit.models import Entry
from synapse.common.errors import DomainError
from synapse.profiling import storage
from synapse.profiling.models import Population, RejectedRow
from synapse.profiling.selectors.populations import current_population
from synapse.profiling.services.populations import confirm, delete_population
from synapse.profiling.services.uploading import begin_upload, missing_parts, store_part
from synapse.profiling.tasks.importing import (
    assemble_population,
    import_population,
    start_assembly,
    start_import,
)
from tests.factories.cycles import make_cycle_report
from tests.factories.profiling import (
    RECORDS,
    make_population,
    make_profiling_phase,
    make_uploaded_population,
)

PART = 64


@pytest.fixture
def small_parts(monkeypatch):
    monkeypatch.setattr("synapse.profiling.services.uploading.PART_SIZE", PART)


def parts_of(content: bytes) -> dict[int, bytes]:
    starts = range(0, len(content), PART)
    return {number: content[at : at + PART] for number, at in enumerate(starts, start=1)}


def refused(code: str):
    return pytest.raises(DomainError, check=lambda error: error.code == code)


@pytest.mark.django_db
def test_an_imported_population_has_its_counts_hashes_and_parts():
    population = make_population()
    assert population.is_imported
    assert (population.row_count, population.rejected_count) == (5, 0)
    assert len(population.sha256) == len(population.content_sha256) == 64
    assert [column["heading"] for column in population.columns] == [
        "ReferenceNumber", "Credit Card Type", "CycleEndingBalance",
    ]  # fmt: skip
    assert all(column["attribute_id"] for column in population.columns)
    with storage.local_parts(population) as [part]:
        assert part.stat().st_size
    assert current_population(population.cycle_report) == population


@pytest.mark.django_db
def test_the_same_records_in_another_order_have_the_same_content_hash():
    head, *rows = RECORDS.splitlines(keepends=True)
    one, other = make_population(), make_population(content=head + "".join(reversed(rows)))
    assert one.sha256 != other.sha256
    assert one.content_sha256 == other.content_sha256


@pytest.mark.django_db
def test_a_file_that_can_not_be_read_leaves_nothing(phase, uploads):
    with refused("no_records"):
        make_uploaded_population(phase=phase, content="a,b\n")
    assert not Population.objects.exists()
    assert [
        path for path in uploads.rglob("*") if path.is_file() and "populations" in path.parts
    ] == []


@pytest.mark.django_db
def test_without_an_approved_plan_nothing_is_taken_in():
    cycle_report = make_cycle_report()
    with refused("wrong_state"):
        begin_upload(cycle_report=cycle_report, name="a.csv", size=9, actor=cycle_report.tester)


@pytest.mark.django_db
def test_an_upload_in_parts_is_taken_up_again_and_put_together(phase, tester, small_parts, uploads):
    content, asked = RECORDS.encode(), {"cycle_report": phase.cycle_report, "actor": tester}
    asked |= {"name": "records.csv", "size": len(content), "fingerprint": "mine"}
    population = begin_upload(**asked)
    parts = parts_of(content)
    store_part(population=population, number=2, content=parts[2], actor=tester)
    with refused("upload_incomplete"):
        start_assembly(population=population, actor=tester)
    assert begin_upload(**asked) == population
    assert missing_parts(population) == [number for number in parts if number != 2]
    for number in missing_parts(population):
        store_part(population=population, number=number, content=parts[number], actor=tester)
    start_assembly(population=population, actor=tester)
    with pytest.raises(AlreadyRunning):
        start_assembly(population=population, actor=tester)
    run_pending()
    population.refresh_from_db()
    job = Job.objects.get(task=assemble_population.name)
    assert (job.status, job.task) == ("succeeded", "profiling.assemble_population")
    assert (uploads / population.file.name).read_bytes() == content
    assert population.sha256 == make_uploaded_population(phase=phase).sha256
    assert not population.upload_parts.exists()
    assert not (uploads / population.folder / "upload").exists()


@pytest.mark.django_db
def test_a_part_that_comes_when_the_file_is_whole_leaves_nothing(uploaded, tester, uploads):
    late = Population.objects.get(pk=uploaded.pk)
    late.file = ""
    with refused("wrong_part"):
        store_part(population=late, number=1, content=RECORDS.encode(), actor=tester)
    assert not uploaded.upload_parts.exists()
    assert list((uploads / uploaded.folder / "upload").iterdir()) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("number", "content", "code"),
    [
        (0, b"x", "wrong_part"),
        (9, b"x", "wrong_part"),
        (1, b"short", "wrong_part"),
        (1, b"x" * (PART + 1), "part_too_large"),
    ],
)
def test_a_part_that_does_not_fit_is_refused(phase, tester, small_parts, number, content, code):
    population = begin_upload(
        cycle_report=phase.cycle_report, name="a.csv", size=2 * PART, actor=tester
    )
    with refused(code):
        store_part(population=population, number=number, content=content, actor=tester)
    assert not population.upload_parts.exists()


@pytest.mark.django_db
def test_the_import_is_a_job_that_tells_what_came_of_it(uploaded, tester):
    start_import(population=confirm(population=uploaded, actor=tester), actor=tester)
    [job] = run_pending()
    assert (job.task, job.status) == (import_population.name, "succeeded")
    assert job.task == "profiling.import_population"
    uploaded.refresh_from_db()
    assert job.result == {
        "records": 5, "rejected": 0, "columns": 3, "content_sha256": uploaded.content_sha256,
    }  # fmt: skip
    actions = Entry.objects.filter(object_id=str(uploaded.pk), action__startswith="population.")
    assert [entry.action for entry in actions.order_by("id")] == [
        "population.upload", "population.confirm", "population.import",
    ]  # fmt: skip


@pytest.mark.django_db
def test_what_is_not_confirmed_is_not_imported(uploaded, tester):
    with refused("population_not_confirmed"):
        start_import(population=uploaded, actor=tester)


@pytest.mark.django_db
def test_a_cancelled_import_leaves_it_confirmed_and_the_next_one_counts_once(uploaded, tester):
    confirm(population=uploaded, actor=tester)
    cancel(start_import(population=uploaded, actor=tester), actor=tester)
    run_pending()
    uploaded.refresh_from_db()
    assert (uploaded.is_imported, uploaded.state) == (False, "confirmed")
    start_import(population=uploaded, actor=tester)
    run_pending()
    uploaded.refresh_from_db()
    assert (uploaded.row_count, uploaded.imported_parts.count()) == (5, 1)


@pytest.mark.django_db
def test_confirmed_anew_an_older_import_ends_without_a_trace(uploaded, tester):
    confirm(population=uploaded, actor=tester)
    start_import(population=uploaded, actor=tester)
    confirm(population=uploaded, actor=tester)
    [job] = run_pending()
    assert (job.status, job.error_code) == ("failed", "population_changed")
    assert not uploaded.imported_parts.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Population, RejectedRow])
def test_what_is_imported_can_not_change(imported, model):
    row = model.objects.first()
    for change in (lambda: model.objects.filter(pk=row.pk).update(**{
        "row_count" if model is Population else "record_no": 99}),
        lambda: model.objects.filter(pk=row.pk)._raw_delete(using="default"),
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


@pytest.mark.django_db
def test_only_the_tester_of_a_phase_in_progress_changes_populations(uploaded, owner):
    for act in (confirm, delete_population):
        with refused("not_allowed"):
            act(population=uploaded, actor=owner)
    assert Population.objects.filter(pk=uploaded.pk, confirmed_at=None).exists()


@pytest.mark.django_db
def test_the_newest_import_is_the_current_one(phase):
    first = make_population(phase=phase)
    make_uploaded_population(phase=phase)
    assert current_population(phase.cycle_report) == first
    second = make_population(phase=phase)
    assert current_population(phase.cycle_report) == second
    assert current_population(make_profiling_phase().cycle_report) is None
