"""Arguments that JSON can't carry are refused when their task is declared, with the mend."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, NewType, NotRequired, Optional, TypedDict
from uuid import UUID

import pytest
from django.contrib.auth.models import Group

from jobs import JobRun, kinds, registry
from jobs.errors import InvalidTask


class Options(TypedDict):
    seed: int
    by: NotRequired[str | None]


class Dated(TypedDict):
    options: Options
    since: date


VersionId = NewType("VersionId", int)

GOOD = [
    *(str, int, float, bool, None, list, dict, tuple, Any),
    *(list[int], dict[str, Any], tuple[int, ...], tuple[str, int], list[dict[str, list[float]]]),
    *(int | None, Optional[str], str | list[str], Literal["a", 1, None]),  # noqa: UP045
    *(Options, Annotated[int, "pk"], VersionId, Sequence[int], Mapping[str, bool]),
]
BAD = [
    (Decimal, "pass it as text, and make a Decimal of it in the task"),
    (datetime, "pass text, such as its isoformat()"),
    (timedelta, "pass text"),
    (UUID, "make a UUID of it in the task"),
    (Path, "make a Path of it in the task"),
    (bytes, "store it, and pass its id"),
    (set[int], "it is a set"),
    (frozenset, "pass a list"),
    (Group, "it is a Group: pass its id, and read the row in the task"),
    (list[Decimal], "make a Decimal of it in the task"),
    (dict[str, date | None], "it is a date"),
    (dict[int, str], "its keys are int, and keys of JSON are text"),
    (Dated, "it is a date"),
    (Literal[b"x"], "it is a bytes"),
    (VersionId | complex, "use str, int, float, bool, None, list, dict, or unions of them"),
]


@pytest.mark.parametrize("annotation", GOOD, ids=str)
def test_what_json_carries_may_be_an_argument(annotation):
    assert kinds.problem(annotation) == ""


@pytest.mark.parametrize(("annotation", "mend"), BAD, ids=str)
def test_what_it_does_not_carry_is_refused_with_the_mend(annotation, mend):
    def work(run, *, options):
        return options

    work.__annotations__["options"] = annotation
    with pytest.raises(InvalidTask, match="JSON can't carry 'options', as ") as refused:
        registry.task("tests.refused")(work)
    assert mend in refused.value.message


def test_annotations_written_as_text_are_read(declare):
    def refused(run: "JobRun", *, at: "datetime | None" = None):
        return at

    def for_checkers_only(run, *, at: "NotImported" = None):  # noqa: F821
        return at

    with pytest.raises(InvalidTask, match="it is a datetime"):
        declare(refused)
    assert declare(for_checkers_only).name == "tests.for_checkers_only"


@pytest.mark.parametrize(
    ("value", "annotation", "fits"),
    [
        (1, int, True),
        (True, int, False),
        (True, bool, True),
        (1, float, True),
        ("1", float, False),
        (None, None, True),
        (None, int | None, True),
        ("x", int | None, False),
        ([1, 2], list[int], True),
        ([1, "2"], list[int], False),
        ((1, 2), tuple[int, ...], True),
        ([1, "a"], tuple[int, str], True),
        ({"a": [1]}, dict[str, list[int]], True),
        ({"a": 1}, dict[str, list[int]], False),
        ([], dict, False),
        ({"seed": 1}, Options, True),
        ([1], Options, False),
        ("a", Literal["a", "b"], True),
        ("c", Literal["a", "b"], False),
        (7, VersionId, True),
        ("7", Annotated[int, "pk"], False),
        ([1], Sequence[int], True),
        ("text", Sequence, False),
        (object(), Any, True),
    ],
    ids=str,
)
def test_a_value_fits_or_it_does_not(value, annotation, fits):
    assert kinds.fits(value, annotation) is fits
