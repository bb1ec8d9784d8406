"""What an answer is worth, thing by thing: the ground of every figure and of every comparison."""

from typing import NamedTuple

from llm.evaluation.statistics import Pair, Share


class Mark(NamedTuple):
    """Whether a thing should have been said, was said, and was said rightly."""

    wanted: bool
    found: bool
    right: bool

    def __str__(self) -> str:
        return "".join(letter for letter, flag in zip("wfr", self, strict=True) if flag)

    @classmethod
    def read(cls, text: str) -> "Mark":
        return cls("w" in text, "f" in text, "r" in text)


# Measure -> thing -> its mark. Things are named alike by every run on the same cases.
Marks = dict[str, dict[str, Mark]]
ABSENT = Mark(False, False, False)


def recall(marks: dict[str, Mark]) -> Share:
    """Of what should have been said, what was said rightly."""
    wanted = [mark for mark in marks.values() if mark.wanted]
    return Share(sum(mark.right for mark in wanted), len(wanted))


def precision(marks: dict[str, Mark]) -> Share:
    """Of what was said, what was right."""
    found = [mark for mark in marks.values() if mark.found]
    return Share(sum(mark.right for mark in found), len(found))


def recalled(mark: Mark) -> Pair:
    return mark.wanted, mark.right


def said(mark: Mark) -> Pair:
    return mark.found, mark.right


def stored(marks: Marks) -> dict[str, dict[str, str]]:
    """As JSON; things that were neither to be said nor said are left out."""
    return {
        measure: {thing: str(mark) for thing, mark in things.items() if mark != ABSENT}
        for measure, things in marks.items()
    }


def read(kept: dict[str, dict[str, str]]) -> Marks:
    return {
        measure: {thing: Mark.read(text) for thing, text in things.items()}
        for measure, things in kept.items()
    }
