"""What a draw stands on: the approved scope, the population, its profile, and the columns."""

from dataclasses import dataclass

from synapse.planning.models import Attribute
from synapse.profiling.models import Population, Profile
from synapse.profiling.population.schema import Column, columns_from_json
from synapse.profiling.selectors.populations import current_population
from synapse.sampling.errors import (
    KeysUnmatched,
    NothingInPopulation,
    PopulationMissing,
    ProfileMissing,
    ScopeMissing,
)
from synapse.sampling.states import Method
from synapse.sampling.submission import approved_scope
from synapse.scoping.attributes import same_field
from synapse.scoping.models import Scope

MOST_NAMED = 5


@dataclass(frozen=True)
class Ground:
    """What is approved and imported now; a profile only where one is finished."""

    scope: Scope
    population: Population
    profile: Profile | None

    def as_json(self) -> dict[str, int | None]:
        """What it is, to be told from other ground."""
        return {
            "scope": self.scope.pk,
            "population": self.population.pk,
            "profile": self.profile and self.profile.pk,
        }

    def require_for(self, method: str) -> None:
        if method == Method.RISK and self.profile is None:
            raise ProfileMissing(population=self.population)


@dataclass(frozen=True)
class ScopedField:
    """An attribute in scope with its column in the population."""

    attribute: Attribute
    column: Column
    score: int | None


@dataclass(frozen=True)
class Fields:
    """The columns that matter to a draw; `absent` are attributes in scope without a column."""

    keys: list[Column]
    scoped: list[ScopedField]
    absent: list[str]

    @property
    def key_names(self) -> list[str]:
        return [column.name for column in self.keys]

    @property
    def shown(self) -> list[str]:
        """The columns a sample keeps: the key, then what is in scope."""
        return list(dict.fromkeys([*self.key_names, *(field.column.name for field in self.scoped)]))


def ground_of(phase) -> Ground:
    """Refused with what is missing, and where it is to be had."""
    scope = approved_scope(phase)
    if scope is None:
        raise ScopeMissing()
    population = current_population(phase.cycle_report)
    if population is None:
        raise PopulationMissing()
    return Ground(scope, population, finished_profile(population))


def finished_profile(population: Population) -> Profile | None:
    """The newest profile of this very population that came to its end."""
    return (
        Profile.objects.filter(population=population, finished_at__isnull=False)
        .order_by("-number", "-pk")
        .first()
    )


def fields_of(scope: Scope, population: Population) -> Fields:
    """Key and scoped attributes by their columns; refused where records can't be told apart.

    Without a key in the plan, records go by their number.
    """
    columns = _columns_by_field(population)
    items = list(scope.scope_items.select_related("attribute").order_by("attribute__position"))
    keys = _key_columns(items, columns, population)
    scoped, absent = [], []
    for item in items:
        attribute = item.attribute
        if attribute.is_key or not item.in_scope:
            continue
        column = columns.get(same_field(attribute))
        if column:
            scoped.append(ScopedField(attribute, column, item.score))
        else:
            absent.append(attribute.name)
    if not scoped:
        raise NothingInPopulation(population=population, names=_listed(absent))
    return Fields(keys, scoped, absent)


def _key_columns(items: list, columns: dict[str, Column], population: Population) -> list[Column]:
    keys = sorted(
        (item.attribute for item in items if item.attribute.is_key),
        key=lambda attribute: (attribute.key_order or 0, attribute.position),
    )
    unmatched = [key.name for key in keys if same_field(key) not in columns]
    if unmatched:
        raise KeysUnmatched(population=population, keys=_listed(unmatched))
    return [columns[same_field(key)] for key in keys]


def _columns_by_field(population: Population) -> dict[str, Column]:
    """Columns by the field they hold; the plan matched may be another version."""
    matched = {
        column.attribute_id: column
        for column in columns_from_json(population.columns)
        if column.attribute_id
    }
    attributes = Attribute.objects.filter(pk__in=matched).only("pk", "name")
    return {same_field(attribute): matched[attribute.pk] for attribute in attributes}


def _listed(names: list[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
