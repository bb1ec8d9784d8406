"""Statements about the value of one column: a set, a pattern, a length, a date, limits."""

from collections.abc import Mapping
from typing import Any

from synapse.profiling.rulebook.comparisons import Comparisons
from synapse.profiling.rulebook.dates import pattern_of
from synapse.profiling.rulebook.literals import compared, length_of
from synapse.profiling.rulebook.logic import Outcome, any_of
from synapse.profiling.rulebook.readings import Readings, full

Parameters = Mapping[str, Any]


class Statements:
    """Each method is one word of the vocabulary as an outcome over a record."""

    def __init__(self, read: Readings) -> None:
        self.read = read
        self.comparisons = Comparisons(read)

    def not_blank(self, name: str, parameters: Parameters) -> Outcome:
        return Outcome(holds=~self.read.blank(name))

    def in_set(self, name: str, parameters: Parameters) -> Outcome:
        values = compared(parameters["values"])
        return Outcome(self.read.one_of(name, values), absent=self.read.blank(name))

    def regex(self, name: str, parameters: Parameters) -> Outcome:
        holds = self.read.text(name).re_search(full(parameters["pattern"]))
        return self._format(name, parameters, holds)

    def length(self, name: str, parameters: Parameters) -> Outcome:
        length = self.read.text(name).length()
        low, high = (length_of(parameters.get(word)) for word in ("min", "max"))
        if low is None:
            holds = length <= high
        elif high is None:
            holds = length >= low
        else:
            holds = length.between(low, high) if low != high else length == low
        return self._format(name, parameters, holds)

    def date_format(self, name: str, parameters: Parameters) -> Outcome:
        pattern = pattern_of(parameters["format"], parameters.get("end_of_month", False))
        return self._format(name, parameters, self.read.text(name).re_search(full(pattern)))

    def range(self, name: str, parameters: Parameters) -> Outcome:
        return self.comparisons.limits(name, parameters)

    def compare(self, name: str, parameters: Parameters) -> Outcome:
        return self.comparisons.compare(name, parameters)

    def sum_equals(self, name: str, parameters: Parameters) -> Outcome:
        return self.comparisons.sum_equals(name, parameters)

    def _format(self, name: str, parameters: Parameters, holds: Any) -> Outcome:
        """A listed code needn't have the format that the other values have."""
        listed = self.read.listed(name)
        return Outcome(
            holds,
            absent=any_of(
                self.read.blank(name),
                excepted(self.read, name, parameters),
                None if listed is None else ~holds & listed,
            ),
        )


def excepted(read: Readings, name: str, parameters: Parameters) -> Any:
    """Whether the value is one of the codes that the rule itself sets apart."""
    codes = compared(parameters.get("codes"))
    return read.one_of(name, codes) if codes else None
