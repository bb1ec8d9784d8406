"""Whatever a task does, returns or raises, its job ends, and a person can read why."""

import logging
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import numpy
import pytest
from django.utils.translation import gettext_lazy

from jobs import PlannedItem, control, enqueue, execution
from jobs.errors import InvalidArguments, NotJSON
from jobs.models import Job
from jobs.payloads import LONGEST, as_json, as_text
from tests.jobs.outcomes import finish, over, raising

HUGE = 10**5000
ENDLESS = []
ENDLESS.append(ENDLESS)


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        (Decimal("1.5"), "The result is a Decimal"),
        ({"at": datetime(2026, 1, 31)}, "The result.at is a datetime"),
        ({"rows": [1, date(2026, 1, 31)]}, "The result.rows[1] is a date"),
        (UUID(int=1), "The result is a UUID"),
        (numpy.int64(3), "The result is a int64"),
        ({"mean": numpy.array([1.0, 2.0])}, "The result.mean is a ndarray"),
        (numpy.float64("nan"), "The result is nan, which is not a JSON number"),
        (float("-inf"), "The result is -inf, which is not a JSON number"),
        ({1: "one"}, "has the key 1: only text can be a key"),
        ({"a\0": 1}, "holds characters that can't be stored"),
        (b"bytes", "The result is a bytes"),
        (object, "The result is a type"),
        (ENDLESS, "is nested too deep, or holds itself"),
        (HUGE, "holds what JSON can't"),
        ("x" * 200_000, "takes 200,002 characters as JSON; at most 100,000 can be kept"),
        (Job(title="unsaved"), "The result is a Job: pass its id instead"),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else type(value).__name__,
)
def test_a_result_that_cannot_be_kept_fails_the_job_by_its_place(start, result, reason):
    job = finish(start(lambda run: result))
    assert (job.status, job.error_code, job.result) == ("failed", "not_json", None)
    assert reason in job.message


@pytest.mark.parametrize("result", [numpy.float64(1.5), (1, 2), True, "ä✓", {"deep": [None, {}]}])
def test_what_json_carries_is_kept(start, result):
    job = finish(start(lambda run: result))
    assert job.result == (list(result) if isinstance(result, tuple) else result)


class Unreadable(Exception):
    def __str__(self):
        raise RuntimeError("no words")


class Twisted(Exception):
    """Everything that is asked of it raises."""

    @property
    def code(self):
        raise RuntimeError("no code")

    @property
    def message(self):
        raise RuntimeError("no message")


class Coded(Exception):
    code = "coded"
    message = "Bell \x07, escape \x1b[31m, zero \0, half \ud800, tab \t, end \n."
    retryable = numpy.array([True, False])  # has no truth of its own


@pytest.mark.parametrize(
    ("error", "code", "reason"),
    [
        (ValueError("x" * 5_000_000), "unexpected_error", "… (4998000 more characters)"),
        (Unreadable(), "unexpected_error", "Unreadable, whose text can't be read: RuntimeError"),
        (Twisted("told"), "unexpected_error", "Twisted: told"),
        (Coded(), "coded", "Bell , escape [31m, zero , half ?, tab \t, end \n."),
        (ExceptionGroup("both", [ValueError("a"), KeyError("b")]), "unexpected_error", "both"),
        (RecursionError("too deep"), "unexpected_error", "RecursionError: too deep"),
        (GeneratorExit(), "unexpected_error", "GeneratorExit"),
        (MemoryError(), "unexpected_error", "MemoryError"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_any_error_ends_the_job_readably(start, error, code, reason):
    job = finish(start(raising(error)))
    assert (job.status, job.error_code) == ("failed", code)
    assert reason in job.message
    assert len(job.message) < 2_200
    assert len(job.error_detail) < 20_200
    assert job.message == job.error_message


def test_any_error_of_an_item_is_that_item_s(start):
    outcomes = {0: Unreadable(), 1: Twisted("told"), 2: ValueError("x\0" * 3_000_000)}
    job = finish(start(over(outcomes)))
    assert (job.status, job.done, job.failed) == ("succeeded", 1, 3)
    told = list(job.items.filter(status="failed").values_list("error_message", flat=True))
    assert "whose text can't be read" in told[0]
    assert told[1].endswith("Twisted: told")
    assert len(told[2]) < 2_200


def says_nothing(result):
    raise KeyError("rows")


@pytest.mark.parametrize(
    ("says", "message"),
    [
        (says_nothing, "What came of it can't be told. Unexpected error: KeyError: 'rows'"),
        (lambda result: None, "What came of it can't be told: NoneType is not text."),
        (lambda result: 7, "What came of it can't be told: int is not text."),
        (lambda result: gettext_lazy("Seven rules."), "Seven rules."),
        (lambda result: "a\0b", "ab"),
    ],
)
def test_the_work_counts_even_if_the_task_cannot_say_what_came_of_it(start, says, message):
    job = finish(start(over({}), says=says))
    assert (job.status, job.done, job.result) == ("succeeded", 4, {"done": True})
    assert job.message == message


def run_over_items(run, effects, *, swallow_in_loop):
    """What a task looks like that catches too much."""
    try:
        for item in run.plan([PlannedItem(str(n)) for n in range(5)]):
            try:
                with run.commit(item):
                    effects.append(item.key)
                    if item.key == "1":
                        control.cancel(run.job, actor=None)
            except BaseException:
                if not swallow_in_loop:
                    raise
    except BaseException:  # noqa: BLE001  what is tested
        logging.getLogger(__name__).info("Swallowed")
    return "finished all the same"


@pytest.mark.parametrize("swallow_in_loop", [False, True])
def test_a_task_that_swallows_its_cancel_is_cancelled_and_does_nothing_more(start, swallow_in_loop):
    effects = []
    job = finish(start(lambda run: run_over_items(run, effects, swallow_in_loop=swallow_in_loop)))
    assert (job.status, job.message, job.result) == ("cancelled", "Cancelled.", None)
    assert (effects, job.done) == (["0", "1"], 2)


def test_a_task_that_turns_a_stop_into_an_error_of_its_own_is_given_back(start):
    def work(run):
        try:
            execution.request_stop()
            run.check()
        except BaseException as error:
            raise ValueError("What was that?") from error

    job = finish(start(work))
    assert (job.status, job.attempt, job.message) == ("queued", 0, "")


def test_calls_are_not_begun_again_by_a_task_that_swallows_the_end(start):
    asked = []

    async def ask(item):
        asked.append(item.key)

    def work(run):
        items = run.plan([PlannedItem("a"), PlannedItem("b")])
        try:
            control.cancel(run.job, actor=None)
            run.step("hears of it")
            run.step("ends by it")
        except BaseException:  # noqa: BLE001  what is tested
            list(run.map(ask, items))

    assert finish(start(work)).status == "cancelled"
    assert asked == []


class Opaque:
    def __repr__(self):
        return "<opaque>" + "x" * 1000


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("seven", "version_id must be int, not 'seven'."),
        (True, "version_id must be int, not True."),
        (1.5, "version_id must be int, not 1.5."),
        (None, "version_id must be int, not None."),
        ([7], "version_id must be int, not [7]."),
        (Opaque(), "arguments.version_id is a Opaque"),
        (HUGE, "arguments holds what JSON can't"),
        (ENDLESS, "arguments is nested too deep, or holds itself"),
    ],
    ids=lambda value: str(value)[:20] if isinstance(value, str) else type(value).__name__,
)
def test_an_argument_of_the_wrong_kind_is_refused_at_the_start(declare, value, reason):
    def work(run, *, version_id: int, by: str | None = None, keys: "list[str]" = ()):
        return version_id

    task = declare(work)
    with pytest.raises(InvalidArguments) as refused:
        enqueue(task, version_id=value)
    assert reason in refused.value.message
    assert (refused.value.http_status, Job.objects.count()) == (400, 0)
    with pytest.raises(InvalidArguments, match=r"keys must be list\[str\], not \[1\]"):
        enqueue(task, version_id=7, keys=[1])
    assert enqueue(task, version_id=7, by=None, keys=["a"]).arguments["by"] is None


def test_a_payload_has_a_size_that_a_row_can_hold():
    with pytest.raises(NotJSON, match=r"Store it as rows or a file, and pass its id\."):
        as_json("x" * LONGEST, "payload")


@pytest.mark.parametrize(
    ("value", "text"),
    [("a\x00\x1f\x7fb\tc\nd", "ab\tc\nd"), ("\ud800", "?"), (None, "None"), ("ä✓", "ä✓")],
)
def test_text_is_made_to_fit(value, text):
    assert as_text(value, 10) == text
