"""A job is started wholly or not at all, once a subject, with arguments that survive storage."""

import threading
from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django_q.models import OrmQ

from jobs import AlreadyRunning, enqueue
from jobs.errors import InvalidArguments
from jobs.models import Job, JobEvent
from jobs.states import Status


@pytest.fixture
def noop(declare):
    def noop(run, *, number=0, text="", options=None):
        return None

    return declare(noop, "tests.noop", queue="llm", title="Do nothing", max_attempts=2, timeout=9)


@pytest.mark.django_db
def test_job_event_and_queue_row_are_written_in_one_statement(
    noop, subject, owner, django_assert_num_queries
):
    enqueue(noop, subject=subject, owner=owner)  # content types are read once a process
    Job.objects.update(status=Status.CANCELLED)
    with django_assert_num_queries(1):
        job = enqueue(noop, subject=subject, owner=owner, number=3, options={"deep": [1, None]})
    job.refresh_from_db()
    assert (job.task, job.queue, job.title) == ("tests.noop", "llm", "Do nothing")
    assert (job.status, job.attempt, job.max_attempts, job.timeout) == ("queued", 0, 2, 9)
    assert job.arguments == {"number": 3, "options": {"deep": [1, None]}}
    assert (job.subject, job.subject_label, job.owner) == (subject, "Schedule D.1", owner)
    row = OrmQ.objects.get(payload=str(job.pk))
    assert (row.key, row.lock) == ("llm", job.created_at)
    event = job.events.get()
    assert (event.name, event.after, event.actor) == ("enqueue", "queued", owner)


@pytest.mark.django_db(transaction=True)
def test_what_the_caller_rolls_back_never_was(noop):
    class Refused(Exception):
        pass

    with pytest.raises(Refused), transaction.atomic():
        enqueue(noop)
        raise Refused
    assert not Job.objects.exists()
    assert not JobEvent.objects.exists()
    assert not OrmQ.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_workers_are_woken_after_the_commit_and_not_before(noop, subject, owner):
    with connection.cursor() as cursor:
        cursor.execute("LISTEN jobs_queue; LISTEN jobs_progress")
    with transaction.atomic():
        job = enqueue(noop, subject=subject, owner=owner)
        assert list(connection.connection.notifies(timeout=0)) == []
    notices = connection.connection.notifies(timeout=60, stop_after=2)
    heard = {(n.channel, n.payload) for n in notices}
    assert heard == {("jobs_queue", "llm"), ("jobs_progress", f"{job.pk}:1:{owner.pk}")}


@pytest.mark.django_db(transaction=True)
def test_a_second_start_is_refused_and_the_caller_goes_on(noop, subject):
    with transaction.atomic():
        first = enqueue(noop, subject=subject)
        with pytest.raises(AlreadyRunning) as refused:
            enqueue(noop, subject=subject)
        Group.objects.create(name="written after the refusal")
    assert refused.value.job == first
    assert refused.value.code == "already_running"
    assert str(first.pk) in refused.value.message
    assert Group.objects.filter(name="written after the refusal").exists()
    assert Job.objects.count() == OrmQ.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["queued", "running", "waiting", "paused"])
def test_each_live_state_keeps_the_place(noop, subject, status):
    job = enqueue(noop, subject=subject)
    Job.objects.update(status=status)
    with pytest.raises(AlreadyRunning) as refused:
        enqueue(noop, subject=subject)
    assert refused.value.job == job


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["succeeded", "failed", "cancelled"])
def test_an_ended_job_leaves_the_place(noop, subject, status):
    enqueue(noop, subject=subject)
    Job.objects.update(status=status)
    assert enqueue(noop, subject=subject).status == "queued"


@pytest.mark.django_db
def test_other_tasks_other_subjects_and_none_have_places_of_their_own(noop, declare, subject):
    other_task = declare(lambda run: None, "tests.other")
    enqueue(noop, subject=subject)
    enqueue(other_task, subject=subject)
    enqueue(noop, subject=Group.objects.create(name="another"))
    enqueue(noop)
    enqueue(noop)
    assert Job.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_of_many_starts_at_once_one_wins(noop, subject):
    outcomes = []
    start = threading.Barrier(6)

    def try_it():
        start.wait()
        try:
            outcomes.append(enqueue(noop, subject=subject).pk)
        except AlreadyRunning as refused:
            outcomes.append(refused.job.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=try_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [Job.objects.get().pk] * 6


class Opaque:
    pass


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"options": date(2026, 1, 31)}, "arguments.options is a date"),
        ({"options": {"a": [1, Opaque()]}}, r"arguments.options.a\[1\] is a Opaque"),
        ({"options": {1: "x"}}, "has the key 1: only text"),
        ({"options": {2.5}}, "is a set"),
        ({"number": float("nan")}, "is nan, which is not a JSON number"),
        ({"number": float("inf")}, "not a JSON number"),
        ({"text": "a\0b"}, "characters that can't be stored"),
        ({"text": "\ud800"}, "characters that can't be stored"),
        ({"text": b"bytes"}, "is a bytes"),
        ({"unknown": 1}, "unexpected keyword argument 'unknown'"),
    ],
)
def test_arguments_that_are_not_json_are_refused_by_their_place(noop, arguments, reason):
    with pytest.raises(InvalidArguments, match=reason) as refused:
        enqueue(noop, **arguments)
    assert refused.value.http_status == 400
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_a_model_instance_is_refused_with_the_mend(noop, subject):
    with pytest.raises(InvalidArguments, match="arguments.options is a Group: pass its id"):
        enqueue(noop, options=subject)
    with pytest.raises(InvalidArguments, match="its subject must be a saved row"):
        enqueue(noop, subject=Group(name="unsaved"))


@pytest.mark.django_db
def test_a_missing_argument_is_refused_before_anything_runs(declare):
    def needs(run, *, version_id):
        return None

    with pytest.raises(InvalidArguments, match="missing a required .*'version_id'"):
        enqueue(declare(needs))


@pytest.mark.django_db
def test_a_plain_function_is_not_a_task():
    with pytest.raises(InvalidArguments, match="not declared with @task"):
        enqueue(test_a_plain_function_is_not_a_task)
