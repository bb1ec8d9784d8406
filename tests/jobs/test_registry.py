"""Tasks that can't run are refused when their module is imported, saying why."""

from datetime import date

import pytest

from jobs import registry
from jobs.errors import InvalidTask, UnknownTask


def good(run, *, version_id: int):
    return version_id


def test_a_declared_task_is_found_by_name_and_can_be_called(declare):
    declared = declare(good, "tests.good", queue="llm", max_attempts=2, timeout=60)
    assert registry.get("tests.good") is declared
    assert declared(None, version_id=7) == 7
    assert (declared.queue, declared.max_attempts, declared.timeout) == ("llm", 2, 60)
    assert declared.title == "Good"


def test_two_tasks_of_one_name_are_refused(declare):
    declare(good, "tests.good")
    with pytest.raises(InvalidTask, match="test_registry.good already has this name"):
        registry.task("tests.good")(lambda run: None)
    assert registry.get("tests.good").function is good


@pytest.mark.parametrize("name", ["", "nodot", "Upper.case", "a.b c", None, "a..b"])
def test_names_are_lower_case_with_a_dot(name):
    with pytest.raises(InvalidTask, match="scoping.recommend"):
        registry.task(name)(good)


def positional(run, version_id):
    return version_id


def catches_all(run, **arguments):
    return arguments


def spreads(run, *ids):
    return ids


def without_run():
    return None


def only_keywords(*, run):
    return run


def takes_subject(run, *, subject):
    return subject


async def asynchronous(run):
    return None


def generator(run):
    yield 1


def default_that_is_no_json(run, *, since=date(2026, 1, 1)):
    return since


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (positional, "'version_id' must be keyword only"),
        (catches_all, "'arguments' must be keyword only"),
        (spreads, "'ids' must be keyword only"),
        (without_run, "first parameter must be the run"),
        (only_keywords, "first parameter must be the run"),
        (takes_subject, "argument of enqueue itself"),
        (asynchronous, "it is async"),
        (generator, "it is a generator, which would never run"),
        (default_that_is_no_json, "the default of 'since' is a date"),
    ],
)
def test_a_signature_that_cannot_be_called_is_refused(function, reason):
    with pytest.raises(InvalidTask, match=reason):
        registry.task("tests.refused")(function)
    with pytest.raises(UnknownTask):
        registry.get("tests.refused")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"queue": "fast"}, "there is no queue 'fast'; there are default, llm, batch"),
        ({"timeout": 0}, "timeout must be whole seconds"),
        ({"timeout": 1.5}, "timeout must be whole seconds"),
        ({"timeout": True}, "timeout must be whole seconds"),
        ({"timeout": 90_000}, "timeout must be whole seconds from 1 to 86400: its lease lasts as"),
        ({"max_attempts": 0}, "max_attempts must be"),
        ({"max_attempts": "4"}, "max_attempts must be"),
        ({"may_watch": True}, "may_watch must be a function, not True"),
        ({"says": "Done."}, "says must be a function, not 'Done.'"),
        ({"schedule": "17 * * * *"}, "'version_id' has no default"),
    ],
)
def test_options_out_of_range_are_refused(options, reason):
    with pytest.raises(InvalidTask, match=reason):
        registry.task("tests.refused", **options)(good)


def by_the_clock(run, *, days: int = 7):
    return days


def test_a_task_by_the_clock_is_declared_with_its_schedule(declare):
    assert declare(by_the_clock, schedule="17 * * * *").schedule == "17 * * * *"


@pytest.mark.parametrize(
    ("schedule", "reason"),
    [
        ("61 * * * *", "can't be read: bad minute"),
        ("0 24 * * *", "can't be read: bad hour"),
        ("0 0 30 2 *", "can't be read: bad day-of-month"),
        ("*/0 * * * *", "can't be read: bad minute"),
        ("0 0 * * MO", "can't be read: bad day-of-week"),
        ("* * * *", "must have five parts"),
        ("0 * * * * *", "must have five parts"),
        ("@daily", "must have five parts"),
        (" ", "must have five parts"),
        ("1," * 50 + "1 * * * *", "at most 100 characters"),
        (5, "must be text"),
        (None, "must be text"),
    ],
)
def test_a_schedule_that_cannot_be_read_is_refused(schedule, reason):
    with pytest.raises(InvalidTask, match=reason):
        registry.task("tests.refused", schedule=schedule)(by_the_clock)
