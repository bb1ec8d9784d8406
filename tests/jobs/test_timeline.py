"""What happened to a job, told from its events."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jobs import control, timeline
from jobs.models import JobEvent
from jobs.states import MOVES, Status
from tests.factories.jobs import make_job

pytestmark = pytest.mark.django_db
START = timezone.now() - timedelta(hours=1)


def add(job, name: str, after: str, second: float, **fields) -> JobEvent:
    at = START + timedelta(seconds=second)
    return JobEvent.objects.create(job=job, name=name, after=after, at=at, **fields)


def test_every_move_and_request_has_its_words():
    others = {"enqueue", "unknown_task"}
    assert set(MOVES) | set(control.REQUESTS) | others == set(timeline.WORDS)


def test_a_name_of_another_version_is_shown_as_it_is():
    assert timeline.words_of(JobEvent(name="hand_over")) == "Hand over"


def test_runs_are_read_from_claims_with_worker_wait_and_end(owner):
    job = make_job(owner, status=Status.SUCCEEDED)
    job.events.all().delete()
    add(job, "enqueue", "queued", 0, actor=owner)
    add(
        job, "claim", "running", 3, attempt=1, worker="host-7/ab12/4026:471",
        due_at=START + timedelta(seconds=1),
    )  # fmt: skip
    add(job, "ask_cancel", "running", 4, attempt=1, actor=owner)
    add(job, "requeue", "queued", 13, attempt=1, reason="killed")
    add(job, "claim", "running", 14, attempt=2, worker="host-8/ab12/4026:12")
    history = timeline.history(job)
    first, second = history.runs
    assert (first.start.host, first.start.pid) == ("host-7", "471")
    assert first.start.waited == timedelta(seconds=2)
    assert first.lasted == timedelta(seconds=10)
    assert first.end.words == "Queued again, its worker was lost"
    assert (second.end, second.lasted) == (None, None)
    assert [each.since and each.since.total_seconds() for each in history.happenings] == [
        None, 3, 1, 9, 1,
    ]  # fmt: skip
    assert history.earlier is None


def test_who_asked_for_the_pause_is_known_also_when_the_worker_made_it(owner):
    job = make_job(owner, status=Status.PAUSED)
    add(job, "claim", "running", 1, worker="h/1/2:3")
    add(job, "ask_pause", "running", 2, actor=owner)
    add(job, "suspend", "paused", 5)
    pause = timeline.last_pause(timeline.history(job))
    assert (pause.since, pause.actor) == (START + timedelta(seconds=5), owner)
    add(job, "resume", "queued", 6, actor=owner)
    assert timeline.last_pause(timeline.history(job)) is None


def test_a_long_history_is_cut_between_two_pages_without_loss(owner, monkeypatch):
    monkeypatch.setattr(timeline, "ROWS", 3)
    job = make_job(owner, status=Status.RUNNING)
    for second in range(6):
        add(job, "claim", "running", second)
    ids, until = [], ""
    while True:
        history = timeline.history(job, until=until)
        ids = [each.event.pk for each in history.happenings] + ids
        if history.earlier is None:
            break
        until = str(history.earlier)
    assert ids == list(job.events.values_list("pk", flat=True))
