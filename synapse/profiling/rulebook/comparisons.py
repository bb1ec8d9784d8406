"""Numbers, dates and texts set against each other: limits, comparisons and sums."""

import functools
import operator
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import ibis
from ibis.expr.types import BooleanValue, Value

from synapse.profiling.rulebook.literals import SPACE, compared, date_of, decimal_of, moved
from synapse.profiling.rulebook.logic import Outcome, any_of
from synapse.profiling.rulebook.operands import Operand, operand_of
from synapse.profiling.rulebook.readings import Readings
from synapse.profiling.rulebook.senses import sense_of_comparison, sense_of_limits

COMPARE = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}


class Comparisons:
    """Outcomes of relations; the sense (number, date, text) follows from columns and values."""

    def __init__(self, read: Readings) -> None:
        self.read = read

    def limits(self, name: str, parameters: Mapping[str, Any]) -> Outcome:
        sense = sense_of_limits(self.read.columns, name, parameters)
        value, holds, others = self._column(name, sense), [], []
        for word, compare in (("min", operator.ge), ("max", operator.le)):
            if parameters.get(word) is not None:
                limit = operand_of(parameters[word])
                holds.append(compare(value, self._operand(limit, sense)))
                others += limit.columns
        return self._outcome(ibis.and_(*holds), [name, *others], sense, parameters)

    def compare(self, name: str, parameters: Mapping[str, Any]) -> Outcome:
        sense = sense_of_comparison(self.read.columns, name, parameters)
        right = operand_of(parameters["right"])
        left = self._column(name, sense)
        if parameters.get("unit") == "month":
            left = _month(left)
        if sense == "number" and right.literal is not None:
            other = exact(moved(right.literal, parameters))
        else:
            other = _moved(self._operand(right, sense), sense, parameters)
        holds = COMPARE[parameters["op"]](left, other)
        return self._outcome(holds, [name, *right.columns], sense, parameters)

    def sum_equals(self, name: str, parameters: Mapping[str, Any]) -> Outcome:
        parts, as_zero = parameters["parts"], parameters.get("blank_as_zero", False)
        numbers = [self.read.number(part) for part in parts]
        if as_zero:
            numbers = [
                ibis.cases((self.read.blank(part), exact(Decimal(0))), else_=number)
                for part, number in zip(parts, numbers, strict=True)
            ]
        difference = self.read.number(name) - functools.reduce(operator.add, numbers)
        tolerance = decimal_of(parameters.get("tolerance") or 0)
        holds = difference.between(exact(-tolerance), exact(tolerance))
        optional = {*parts} - {name} if as_zero else set()
        return self._outcome(holds, [name, *parts], "number", parameters, optional)

    def _outcome(
        self,
        holds: BooleanValue,
        names: list[str],
        sense: str,
        parameters: Mapping[str, Any],
        optional: set[str] = frozenset(),
    ) -> Outcome:
        """Absent where a value is blank or a code; unreadable where one is neither nor the sense.

        A blank of the `optional` columns stands for zero and is no absence.
        """
        absent, unreadable = [], []
        codes = compared(parameters.get("codes"))
        if self.read.careful:
            holds = attempted(holds)
            unreadable.append(holds.isnull())
        for name in dict.fromkeys(names):
            blank = self.read.blank(name)
            if name not in optional:
                absent.append(blank)
            if codes:
                absent.append(self.read.one_of(name, codes).fill_null(False))
            if sense == "text":
                continue
            unread = self._column(name, sense).isnull()
            unreadable.append(unread & ~blank if name in optional else unread)
            if (listed := self.read.listed(name)) is not None:
                absent.append(unread & listed.fill_null(False))
        return Outcome(holds, any_of(*absent), any_of(*unreadable))

    def _column(self, name: str, sense: str) -> Value:
        if sense == "number":
            return self.read.number(name)
        return self.read.date(name) if sense == "date" else self.read.value(name)

    def _operand(self, operand: Operand, sense: str) -> Value:
        if operand.literal is None:
            values = [self._column(name, sense) for name in operand.columns]
            return functools.reduce(operator.add, values) if operand.is_sum else values[0]
        if sense == "number":
            return exact(decimal_of(operand.literal))
        if sense == "date":
            return ibis.literal(date_of(operand.literal))
        return ibis.literal(operand.literal.strip(SPACE))


@ibis.udf.scalar.builtin(name="TRY")
def attempted(holds: bool) -> bool:
    """The same, NULL for a record whose numbers are too large for the engine's."""


def exact(number: Decimal) -> Value:
    """A number as a decimal of just its own digits, so that products stay within the engine's."""
    _, digits, exponent = number.as_tuple()
    scale = max(0, -exponent)
    precision = max(len(digits) + max(exponent, 0), scale + 1)
    return ibis.literal(number, type=f"decimal({precision}, {scale})")


def _month(day: Value) -> Value:
    """Months since year 0, so that neighbours differ by one."""
    return day.year() * 12 + day.month()


def _moved(value: Value, sense: str, parameters: Mapping[str, Any]) -> Value:
    factor, offset = (decimal_of(parameters.get(word)) for word in ("factor", "offset"))
    if parameters.get("unit") == "month":
        return _month(value) + int(offset or 0)
    if sense == "date":
        return value + ibis.interval(days=int(offset)) if offset else value
    if factor is not None:
        value = value * exact(factor)
    return value if offset is None else value + exact(offset)
