"""Rules proposed for a plan, tried on its population part by part, and stored in the draft."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from synapse.audit.services import record
from synapse.common.rewriting import rewrite
from synapse.common.workfolders import work_folder
from synapse.profiling import rulebook, storage
from synapse.profiling.builtin_rules import Fit, best_fit
from synapse.profiling.errors.rule_sets import NothingToPropose, RulesChanged
from synapse.profiling.models import Population, Rule, RuleSet
from synapse.profiling.population.schema import Column, Reading, columns_from_json
from synapse.profiling.proposing.candidates import Candidate, Filed, candidates
from synapse.profiling.proposing.equality import sense
from synapse.profiling.proposing.evidence import Count, Judged, judge, judge_known
from synapse.profiling.rule_columns import planned
from synapse.profiling.services.rule_editing import columns_of_row, next_position
from synapse.profiling.services.rule_sets import lock_rule_set

PART, WHOLE, STORE = "part", "whole", "store"
COUNTED = ("checked", "failed", "not_applicable", "error", "message")


@dataclass(frozen=True)
class Step:
    """One piece of the work; `payload` is JSON."""

    key: str
    label: str
    payload: dict[str, Any]


@dataclass(frozen=True)
class Proposal:
    """A candidate with what is known of it before it is tried."""

    candidate: Candidate
    is_known: bool = False
    """From a shipped rule set: trusted more than a guess from the dictionary."""
    needs_condition: bool = False


@dataclass(frozen=True)
class Ground:
    """All that proposing reads from the database, in one burst."""

    rule_set: RuleSet
    columns: tuple[Column, ...]
    proposals: tuple[Proposal, ...]
    absent: frozenset[str] = field(default_factory=frozenset)
    """Columns of the plan that the file lacks."""

    @property
    def folder(self) -> str:
        return f"rule-sets/{self.rule_set.cycle_report.pk}/{self.rule_set.pk}"

    @property
    def parts(self) -> list[str]:
        return self.rule_set.population.parts if self.rule_set.population else []

    def counts_file(self, payload: dict[str, Any]) -> str:
        """The same name at every repetition, so that a step done twice counts once."""
        return f"{self.folder}/counts-{payload.get('part', 0):05}.json"


def plan(rule_set_id: int, builtin: bool | None) -> list[Step]:
    """A step a part of the population, one for the file as a whole, one that stores."""
    read = ground(rule_set_id, builtin)
    if not read.proposals:
        raise NothingToPropose()
    asked = {"plan": read.rule_set.plan_id, "population": read.rule_set.population_id}
    count = len(read.parts)
    steps = [
        Step(
            f"part-{part:05}",
            f"{len(read.proposals)} rules over part {part} of {count}",
            asked | {"kind": PART, "part": part},
        )
        for part in range(1, count + 1)
    ]
    if steps:
        steps.append(Step(WHOLE, "rules over the file as a whole", asked | {"kind": WHOLE}))
    return [*steps, Step(STORE, "rules into the draft", asked | {"kind": STORE})]


def ground(rule_set_id: int, builtin: bool | None) -> Ground:
    rule_set = RuleSet.objects.select_related(
        "plan", "population", "phase__cycle_report__report", "phase__cycle_report__cycle"
    ).get(pk=rule_set_id)
    attributes = list(rule_set.plan.attributes.order_by("position", "pk"))
    columns = planned(attributes)
    absent: frozenset[str] = frozenset()
    if rule_set.population:
        names = {column.name for column in columns}
        columns = columns_from_json(rule_set.population.columns)
        absent = frozenset(names - {column.name for column in columns})
    names = {column.attribute_id: column.name for column in planned(attributes)}
    fit = None if builtin is False else best_fit(attributes)
    found = candidates(attributes, names, _filed(rule_set.population, columns))
    return Ground(rule_set, columns, tuple(_together(found, fit)), absent)


def _filed(population: Population | None, columns: tuple[Column, ...]) -> Filed:
    """From the beginning of the file as it was confirmed."""
    if population is None:
        return Filed()
    reading = Reading.from_json(population.reading)
    dates = {
        column.attribute_id: tuple(
            row[column.position - 1] for row in reading.sample if len(row) >= column.position
        )
        for column in columns
        if column.date and column.attribute_id
    }
    return Filed(reading.decimal, dates)


def _together(found: list[Candidate], fit: Fit | None) -> list[Proposal]:
    """The shipped rules first in name: a candidate that says the same as one of them is dropped."""
    known = fit.rules() if fit else []
    said = {sense(rule) for rule, _ in known}
    taken = {rule.rule_id for rule, _ in known}
    proposals = [
        Proposal(one)
        for one in found
        if sense(one.rule) not in said and one.rule.rule_id not in taken
    ]
    return proposals + [
        Proposal(Candidate(rule, rule.source == "inferred"), True, needs_condition)
        for rule, needs_condition in known
    ]


def work(read: Ground, payload: dict[str, Any]) -> str:
    """Tries the rules over one part or the whole file; touches files alone."""
    rules = [
        each.candidate.rule
        for each in read.proposals
        if read.absent.isdisjoint(rulebook.columns_of(each.candidate.rule))
    ]
    with (
        storage.local_parts(read.rule_set.population) as parts,
        work_folder("propose") as folder,
    ):
        out = folder / "failures.parquet"
        if payload["kind"] == PART:
            rules = [rule for rule in rules if not rule.whole_file]
            part = parts[payload["part"] - 1]
            counts = rulebook.evaluate_part(part, read.columns, rules, (), out)
        else:
            rules = [rule for rule in rules if rule.whole_file]
            counts = rulebook.evaluate_whole(parts, read.columns, rules, (), out)
    told = {each.rule_id: [getattr(each, name) for name in COUNTED] for each in counts}
    name = read.counts_file(payload)
    storage.write_part(name, json.dumps(told).encode())
    return name


def gather(read: Ground) -> dict[str, Count]:
    """What all steps counted, added up rule by rule."""
    if not read.parts:
        return {}
    names = [read.counts_file({"part": part}) for part in range(len(read.parts) + 1)]
    sums: dict[str, Count] = {}
    with storage.local_files(names) as paths:
        for path in paths:
            for rule_id, told in json.loads(path.read_text()).items():
                sums[rule_id] = _added(sums.get(rule_id), Count(*told))
    return sums


def store(read: Ground, payload: dict[str, Any], counts: dict[str, Count], *, actor) -> None:
    """Adds the proposals to the draft; a rule that somebody wrote or changed stays as it is."""
    rule_set = lock_rule_set(read.rule_set.pk)
    if [rule_set.plan_id, rule_set.population_id] != [payload["plan"], payload["population"]]:
        raise RulesChanged(what="it reads another plan or population")
    present = {rule.rule_id: rule for rule in rule_set.rules.all()}
    said = {sense(rule.as_rule()): rule for rule in present.values()}
    position = next_position(rule_set)
    new, renewed = [], []
    for proposal in read.proposals:
        judged = _judged(proposal, counts, read)
        rule = proposal.candidate.rule
        same = present.get(rule.rule_id) or said.get(sense(rule))
        if same is None:
            new.append(_row(rule_set, judged, position + len(new), proposal))
        elif same.rule_id == rule.rule_id and _is_untouched(same):
            _renew(same, judged, proposal)
            renewed.append(same)
    Rule.objects.bulk_create(new, batch_size=500)
    rewrite(renewed, [*RENEWED, "needs_condition", "is_inferred", "evidence"])
    record(
        actor=actor,
        action="ruleset.propose",
        obj=rule_set,
        after={
            "added": len(new),
            "renewed": len(renewed),
            "switched_on": sum(rule.enabled for rule in new + renewed),
            "population": rule_set.population_id,
        },
        cycle_report=rule_set.cycle_report,
    )


RENEWED = ("kind", "attributes", "parameters", "severity", "source", "enabled", "description",
           "remark")  # fmt: skip


def summary(rule_set_id: int) -> dict[str, int]:
    rules = Rule.objects.filter(version=rule_set_id)
    return {
        "rules": rules.count(),
        "switched_on": rules.filter(enabled=True).count(),
        "needs_condition": rules.filter(needs_condition=True).count(),
    }


def clean_up(read: Ground) -> None:
    """The counts are in the rules now."""
    storage.delete_folder(read.folder)


def _judged(proposal: Proposal, counts: dict[str, Count], read: Ground) -> Judged:
    candidate = proposal.candidate
    rule = candidate.rule
    lacking = sorted(read.absent.intersection(rulebook.columns_of(rule)))
    if lacking:
        return Judged(candidate, False, remark=f"the population has no column {lacking[0]}"[:500])
    count = counts.get(rule.rule_id)
    if proposal.is_known:
        return judge_known(candidate, count, enabled=rule.enabled, remark=rule.remark)
    return judge(candidate, count)


def _row(rule_set: RuleSet, judged: Judged, position: int, proposal: Proposal) -> Rule:
    row = Rule(version=rule_set, position=position)
    row.rule_id = judged.candidate.rule.rule_id
    _renew(row, judged, proposal)
    return row


def _renew(row: Rule, judged: Judged, proposal: Proposal) -> None:
    told = columns_of_row(judged.candidate.rule)
    for name in RENEWED:
        setattr(row, name, told[name])
    row.enabled, row.remark = judged.enabled, judged.remark[:500]
    row.needs_condition = judged.needs_condition or proposal.needs_condition
    row.is_inferred = judged.candidate.inferred
    row.evidence = judged.evidence or {}


def _is_untouched(rule: Rule) -> bool:
    return rule.lock_version == 1 and rule.source != "manual"


def _added(sum_: Count | None, more: Count) -> Count:
    if sum_ is None:
        return more
    numbers: Sequence[int] = [
        getattr(sum_, name) + getattr(more, name) for name in COUNTED if name != "message"
    ]
    return Count(*numbers, sum_.message or more.message)
