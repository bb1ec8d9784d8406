"""The columns that the rules of a plan may name, whether or not a file was read yet."""

from collections.abc import Iterable

from synapse.planning.models import Attribute
from synapse.planning.states import DataType
from synapse.profiling.columns import names_of
from synapse.profiling.population.schema import DATE, NUMBER, Column, columns_from_json

NUMBERS = (DataType.INTEGER, DataType.DECIMAL)


def columns_for(rule_set) -> tuple[Column, ...]:
    """The columns of the population, then those of attributes that it lacks."""
    attributes = list(rule_set.plan.attributes.order_by("position", "pk"))
    population = rule_set.population
    filed = columns_from_json(population.columns) if population else ()
    return with_planned(filed, attributes)


def with_planned(filed: tuple[Column, ...], attributes: Iterable[Attribute]) -> tuple[Column, ...]:
    names = {column.name for column in filed}
    return (*filed, *(each for each in planned(attributes) if each.name not in names))


def planned(attributes: Iterable[Attribute]) -> tuple[Column, ...]:
    """A column for each attribute, typed as the plan has it."""
    attributes = list(attributes)
    names = names_of(attributes)
    return tuple(
        Column(
            position=place,
            heading=names[each.pk],
            name=names[each.pk],
            attribute_id=each.pk,
            data_type=each.data_type,
            number=names[each.pk] + NUMBER if each.data_type in NUMBERS else "",
            date=names[each.pk] + DATE if each.data_type == DataType.DATE else "",
            codes=tuple(str(entry.get("code", "")) for entry in each.allowed_values or ()),
        )
        for place, each in enumerate(attributes, start=1)
    )
