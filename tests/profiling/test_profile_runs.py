"""The job of a profile: broken off, failed in part, taken up again."""

import pytest

from jobs import AlreadyRunning
from jobs.control import cancel, retry, retry_failed
from jobs.models import Job
from jobs.testing import run_pending
from synapse.common.errors import DomainError
from synapse.profiling import storage
from synapse.profiling.errors.profiles import PartsMissing
from synapse.profiling.models import Profile
from synapse.profiling.selectors import failures
from synapse.profiling.selectors.profiles import latest_profile
from synapse.profiling.services import running
from synapse.profiling.tasks.profiling import profile as profile_task
from synapse.profiling.tasks.profiling import start_profile
from tests.factories.profiles import make_profile
from tests.factories.profiling import RECORDS

pytestmark = pytest.mark.django_db


def counts_of(profile, rule_id: str) -> tuple:
    row = profile.results.get(rule__rule_id=rule_id)
    return row.checked, row.failed, row.not_applicable, row.error


def test_a_step_that_is_done_twice_leaves_one_file_and_counts_once():
    """A worker that dies after its file and before its commit leaves the file to be replaced."""
    profile = make_profile(run=False)
    read = running.ground(profile.pk)
    step = running.plan(profile.pk)[0]
    for _ in range(2):
        running.work(read, step.payload)
    run_pending()
    profile.refresh_from_db()
    assert counts_of(profile, "R1") == (5, 1, 0, 0)
    assert len(profile.failure_files) == 2
    assert [f.record_no for f in failures.failures(profile)] == [2, 3, 4]


def test_sums_are_refused_while_a_step_is_missing():
    profile = make_profile(run=False)
    with pytest.raises(DomainError) as refused:
        running.work(running.ground(profile.pk), {"kind": running.SUMS})
    assert refused.value.code == "parts_missing"


def test_a_missing_file_fails_its_step_and_retrying_finishes_the_profile():
    profile = make_profile(run=False)
    with storage.local_parts(profile.population) as [part]:
        aside = part.rename(part.with_suffix(".aside"))
    [job] = run_pending()
    profile.refresh_from_db()
    assert job.failed
    assert not profile.is_finished
    aside.rename(part)
    retry_failed(job, actor=profile.created_by)
    run_pending()
    profile.refresh_from_db()
    assert profile.is_finished
    assert counts_of(profile, "R1") == (5, 1, 0, 0)
    assert profile.attribute_profiles.count() == 3


def test_one_profile_runs_at_a_time():
    profile = make_profile(run=False)
    with pytest.raises(AlreadyRunning):
        start_profile(
            rule_set=profile.rule_set, population=profile.population, actor=profile.created_by
        )
    assert Profile.objects.count() == 1


def test_a_cancelled_profile_stays_unfinished_and_another_can_start():
    profile = make_profile(run=False)
    cancel(Job.objects.get(task=profile_task.name), actor=profile.created_by)
    run_pending()
    profile.refresh_from_db()
    assert not profile.is_finished
    assert latest_profile(profile.cycle_report) is None
    start_profile(
        rule_set=profile.rule_set, population=profile.population, actor=profile.created_by
    )
    run_pending()
    assert latest_profile(profile.cycle_report).number == 2


def test_a_profile_cancelled_between_two_parts_is_taken_up_where_it_stood(monkeypatch):
    profile = make_profile(run=False, part_records=1)
    job = Job.objects.get(task=profile_task.name)
    done = []

    def cancelling(read, payload):
        done.append(payload)
        if len(done) == 2:
            cancel(job, actor=profile.created_by)
        return work(read, payload)

    work = running.work
    monkeypatch.setattr(running, "work", cancelling)
    [job] = run_pending()
    profile.refresh_from_db()
    assert (job.status, job.done) == ("cancelled", 2)
    assert not profile.is_finished
    assert len(profile.failure_files) == 2
    assert counts_of(profile, "R1") == (2, 1, 0, 0)
    retry(job, actor=profile.created_by)
    [job] = run_pending()
    profile.refresh_from_db()
    assert (job.status, job.done, len(done)) == ("succeeded", job.total, job.total)
    assert counts_of(profile, "R1") == (5, 1, 0, 0)
    assert [f.record_no for f in failures.failures(profile)] == [2, 3, 4]


def test_a_part_that_failed_is_retried_alone(monkeypatch):
    profile = make_profile(run=False, part_records=1)
    done = []

    def failing(read, payload):
        done.append(payload.get("part"))
        if done == [1, 2, 3]:
            raise PartsMissing(count=1)
        return work(read, payload)

    work = running.work
    monkeypatch.setattr(running, "work", failing)
    [job] = run_pending()
    # The third part, and the sums that need it.
    assert (job.failed, job.done) == (2, job.total - 2)
    assert job.message.endswith("failed. The profile is finished once what failed is tried again.")
    done[:] = [0]
    retry_failed(job, actor=profile.created_by)
    run_pending()
    profile.refresh_from_db()
    assert done == [0, 3, None]
    assert profile.is_finished
    assert counts_of(profile, "R1") == (5, 1, 0, 0)


def test_what_breaks_the_engine_is_an_error_of_its_rule_and_the_profile_ends():
    """Numbers too large to be added up, and a factor finer than any number that is held."""
    huge = "".join(f"{number:04},1,{'9' * 28}\n" for number in range(7, 67))
    balance = {"attributes": ["CycleEndingBalance"]}
    twice = {"parts": ["CycleEndingBalance"] * 2, "tolerance": "99"}
    finest = {"op": "<", "right": "CycleEndingBalance", "factor": f"0.{'0' * 36}1"}
    profile = make_profile(
        content=RECORDS + f"0006,,\n{huge}",
        part_records=4,
        rules=(
            {"rule_id": "S", "kind": "sum_equals", "parameters": twice, **balance},
            {"rule_id": "F", "kind": "compare", "parameters": finest, **balance},
            {"rule_id": "B", "kind": "not_blank", "attributes": ["Credit Card Type"]},
        ),
    )
    job = Job.objects.get(task=profile_task.name)
    assert (job.status, job.failed) == ("succeeded", 0)
    assert profile.is_finished
    # The blanks of S do not apply, its "NA" and the large numbers are errors.
    assert counts_of(profile, "S") == (3, 1, 2, 61)
    assert counts_of(profile, "F") == (0, 0, 0, 66)
    assert counts_of(profile, "B") == (66, 2, 0, 0)
    told = dict(profile.results.values_list("rule__rule_id", "status"))
    assert told == {"S": "run", "F": "error", "B": "run"}
    broken = profile.results.get(rule__rule_id="F")
    assert broken.message.startswith("can't be evaluated: ")
