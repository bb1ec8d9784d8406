"""Operators' live settings of a queue, as rows."""

import pytest

from jobs import queue_control
from jobs.errors import UnknownQueue, WorkersOutOfRange
from jobs.models import JobQueue

pytestmark = pytest.mark.django_db


def test_a_number_of_workers_is_set_with_who_and_why(owner):
    row = queue_control.set_workers("llm", 3, actor=owner, reason="The backlog of Monday")
    assert (row.workers, row.changed_by, row.reason) == (3, owner, "The backlog of Monday")
    before = row.changed_at
    assert queue_control.set_workers("llm", None, actor=owner).workers is None
    row.refresh_from_db()
    assert (row.workers, row.reason) == (None, "")
    assert row.changed_at >= before


def test_pausing_twice_keeps_the_first_moment_and_its_reason(owner):
    first = queue_control.pause_queue("batch", actor=owner, reason="Disk is full")
    assert first.paused_at
    again = queue_control.pause_queue("batch", actor=None, reason="Another")
    assert (again.paused_at, again.reason) == (first.paused_at, "Disk is full")
    assert queue_control.resume_queue("batch", actor=owner).paused_at is None
    assert queue_control.resume_queue("batch", actor=owner).paused_at is None


def test_pausing_and_counting_leave_each_other_alone(owner):
    queue_control.set_workers("llm", 2, actor=owner)
    queue_control.pause_queue("llm", actor=owner)
    assert queue_control.set_workers("llm", 4, actor=owner).paused_at
    assert queue_control.resume_queue("llm", actor=owner).workers == 4


@pytest.mark.parametrize("count", [0, 65, -1, 1.5, True, "3"])
def test_other_numbers_are_refused(owner, count):
    with pytest.raises(WorkersOutOfRange, match="1 to 64"):
        queue_control.set_workers("llm", count, actor=owner)
    assert not JobQueue.objects.exists()


def test_a_queue_that_is_not_there_is_refused(owner):
    for act in (queue_control.pause_queue, queue_control.resume_queue):
        with pytest.raises(UnknownQueue, match="there are default, llm, batch"):
            act("lmm", actor=owner)
    with pytest.raises(UnknownQueue):
        queue_control.set_workers("lmm", 1, actor=owner)


def test_pushers_are_told_once_the_change_is_committed(
    owner, monkeypatch, django_capture_on_commit_callbacks
):
    told = []
    monkeypatch.setattr("jobs.notify._send", lambda messages: told.extend(messages))
    with django_capture_on_commit_callbacks(execute=True):
        queue_control.pause_queue("llm", actor=owner)
        queue_control.pause_queue("llm", actor=owner)
    assert told == [("jobs_queue", "llm settings")]


def test_a_reason_that_is_too_long_is_cut(owner):
    reason = queue_control.pause_queue("llm", actor=owner, reason="x" * 5000).reason
    assert 260 < len(reason) <= 300
    assert "more characters" in reason
