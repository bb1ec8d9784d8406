"""Rules over the whole file as tables of the records that break them."""

import functools
import itertools
import operator
from collections.abc import Iterator

import ibis
from ibis.expr.types import Table

from synapse.profiling.rulebook.readings import Readings
from synapse.profiling.rulebook.rule import Rule


def present(read: Readings, rule: Rule) -> Table:
    """The records that a whole-file rule is about: none of its attributes is blank."""
    absent = [read.blank(name) for name in rule.attributes]
    return read.table.filter(~functools.reduce(operator.or_, absent))


def failing(read: Readings, rule: Rule) -> Table:
    return repeated(read, rule) if rule.kind == "unique" else deviating(read, rule)


def repeated(read: Readings, rule: Rule) -> Table:
    """Every record whose values stand in another record too, the first of them included."""
    keyed, keys, count = _keyed(
        read, rule, *rule.attributes, *(rule.parameters.get("within") or ())
    )
    groups = keyed.group_by(keys).aggregate(keyed.count().name(count))
    return keyed.semi_join(groups.filter(groups[count] > 1), keys)


def deviating(read: Readings, rule: Rule) -> Table:
    """Every record with another value than the most frequent (of equals, the least text)."""
    keyed, keys, count = _keyed(read, rule, *rule.attributes)
    groups = keyed.group_by(keys).aggregate(keyed.count().name(count))
    usual = groups.order_by([ibis.desc(count), *keys]).limit(1)
    return keyed.anti_join(usual, keys)


def free_names(table: Table) -> Iterator[str]:
    """Names that no column of a table has, whatever its case."""
    taken = {name.casefold() for name in table.columns}
    names = (f"made_{number}" for number in itertools.count())
    return (name for name in names if name not in taken)


def _keyed(read: Readings, rule: Rule, *names: str) -> tuple[Table, list[str], str]:
    """The records with the values to group by, a blank as a group of its own.

    Answers the names of these values too, and one for a count: none that the file has.
    """
    free = free_names(read.table)
    keys = {next(free): read.value(name).fill_null("") for name in dict.fromkeys(names)}
    return present(read, rule).mutate(**keys), [*keys], next(free)
