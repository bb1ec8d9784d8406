"""The work of a profile in steps: what there is to do, and how one step is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from synapse.planning.models import Attribute
from synapse.profiling import failures, rulebook, storage
from synapse.profiling.columns import names_of
from synapse.profiling.errors.profiles import PartsMissing
from synapse.profiling.models import Profile, Rule
from synapse.profiling.population.schema import Column, columns_from_json

# Columns measured together: enough for one pass to pay, few enough for the memory of a worker.
MEASURED_TOGETHER = 20
PART, WHOLE, MEASURES, SUMS = "part", "whole", "measures", "sums"


@dataclass(frozen=True)
class Step:
    """One piece of the work; `payload` is JSON."""

    key: str
    label: str
    payload: dict[str, Any]


@dataclass(frozen=True)
class Ground:
    """All that a profile reads from the database while it works, read in one burst."""

    profile: Profile
    rules: tuple[rulebook.Rule, ...]
    columns: tuple[Column, ...]
    attributes: dict[str, Attribute]
    """By column, those of the plan that the rules read."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns of the plan's key, in the key's order."""
        keys = [each for each in self.attributes.items() if each[1].is_key]
        keys.sort(key=lambda each: (each[1].key_order or 0, each[1].position))
        return tuple(column for column, _ in keys)

    @property
    def parts(self) -> list[str]:
        return self.profile.population.parts

    def failure_file(self, payload: dict[str, Any]) -> str:
        """The same name at every repetition, so that a step done twice leaves one file."""
        name = f"part-{payload['part']:05}" if payload["kind"] == PART else WHOLE
        return f"{self.profile.folder}/failures-{name}.parquet"


@dataclass(frozen=True)
class Found:
    """What one step found, to be stored."""

    counts: Sequence[rulebook.RuleCount] = ()
    file: str = ""
    measured: Sequence[rulebook.AttributeMeasures] = ()
    failing_records: int = 0


def plan(profile_id: int) -> list[Step]:
    """A step a part of the population, one for the file as a whole, some measures, the sums."""
    read = ground(profile_id)
    count = len(read.parts)
    steps = [
        Step(f"part-{part:05}", f"rules over part {part} of {count}", {"kind": PART, "part": part})
        for part in range(1, count + 1)
    ]
    if any(rule.whole_file for rule in read.rules):
        steps.append(Step(WHOLE, "rules over the file as a whole", {"kind": WHOLE}))
    columns = len(read.columns)
    for first in range(0, columns, MEASURED_TOGETHER):
        last = min(first + MEASURED_TOGETHER, columns)
        label = f"measures of columns {first + 1} to {last} of {columns}"
        payload = {"kind": MEASURES, "first": first, "last": last}
        steps.append(Step(f"measures-{first + 1:05}", label, payload))
    steps.append(Step(SUMS, "sums and data quality", {"kind": SUMS}))
    return steps


def ground(profile_id: int) -> Ground:
    profile = Profile.objects.select_related("population", "rule_set").get(pk=profile_id)
    rules = Rule.objects.filter(results__profile=profile).order_by("position", "pk")
    columns = columns_from_json(profile.population.columns)
    return Ground(
        profile=profile,
        rules=tuple(rule.as_rule() for rule in rules),
        columns=columns,
        attributes=_attributes(profile, columns),
    )


def work(read: Ground, payload: dict[str, Any]) -> Found:
    """Does one step; touches files alone, and may take minutes."""
    kind = payload["kind"]
    if kind == PART:
        return _over_part(read, payload)
    if kind == WHOLE:
        return _over_file(read, payload)
    if kind == MEASURES:
        names = [column.name for column in read.columns[payload["first"] : payload["last"]]]
        with storage.local_parts(read.profile.population) as parts:
            return Found(measured=rulebook.measure(parts, read.columns, only=names))
    return _sums(read)


def expected_files(read: Ground) -> list[str]:
    """The failure files of a profile that is done."""
    payloads = [{"kind": PART, "part": part} for part in range(1, len(read.parts) + 1)]
    if any(rule.whole_file for rule in read.rules):
        payloads.append({"kind": WHOLE})
    return sorted(map(read.failure_file, payloads))


def _over_part(read: Ground, payload: dict[str, Any]) -> Found:
    rules = [rule for rule in read.rules if not rule.whole_file]
    file = read.failure_file(payload)
    with (
        storage.local_files([read.parts[payload["part"] - 1]]) as [part],
        storage.writing(file) as out,
    ):
        counts = rulebook.evaluate_part(part, read.columns, rules, read.keys, out)
    return Found(counts=counts, file=file)


def _over_file(read: Ground, payload: dict[str, Any]) -> Found:
    rules = [rule for rule in read.rules if rule.whole_file]
    file = read.failure_file(payload)
    with (
        storage.local_parts(read.profile.population) as parts,
        storage.writing(file) as out,
    ):
        counts = rulebook.evaluate_whole(parts, read.columns, rules, read.keys, out)
    return Found(counts=counts, file=file)


def _sums(read: Ground) -> Found:
    """Counts failing records once all steps before have left their rows and files."""
    profile = Profile.objects.get(pk=read.profile.pk)
    missing = len(set(expected_files(read)) - set(profile.failure_files))
    measured = profile.attribute_profiles.count()
    missing += -(-(len(read.columns) - measured) // MEASURED_TOGETHER)
    if missing:
        raise PartsMissing(count=missing)
    with storage.local_files(profile.failure_files) as paths:
        return Found(failing_records=failures.failing_records(paths))


def _attributes(profile: Profile, columns: tuple[Column, ...]) -> dict[str, Attribute]:
    """The plan may be a later version than the one that the file was matched to."""
    matched = {column.attribute_id: column.name for column in columns if column.attribute_id}
    fields = Attribute.objects.filter(pk__in=matched).only("pk", "name")
    by_field = {each.name.casefold(): matched[each.pk] for each in fields}
    unmatched = {column.name for column in columns if not column.attribute_id}
    found = {}
    attributes = list(profile.rule_set.plan.attributes.order_by("position", "pk"))
    for attribute, planned in zip(attributes, names_of(attributes).values(), strict=True):
        column = by_field.get(attribute.name.casefold())
        if column is None and planned in unmatched:
            column = planned
        if column is not None:
            found[column] = attribute
    return found
