"""Rules of a run: proposed by a job from the dictionary and the records, with the caller's own."""

from synapse.cycles.phases import PhaseKind
from synapse.profiling.models import Population, RuleSet
from synapse.profiling.services.rule_imports import import_rules
from synapse.profiling.services.rule_sets import start_rule_set
from synapse.profiling.tasks.proposing import start_proposal
from synapse.sampling.pipeline.request import PipelineStopped
from synapse.sampling.pipeline.walk import Walk

Refused = list[tuple[int, str, str]]
MOST_TOLD = 10


def make_rules(walk: Walk, population: Population) -> tuple[RuleSet, Refused]:
    """The draft with its rules, and the rows of the caller's file that were not taken."""
    phase = walk.phase(PhaseKind.PROFILING)
    rule_set = start_rule_set(phase=phase, actor=walk.tester, population=population)
    builtin = None if walk.request.builtin_rules else False
    walk.follow(start_proposal(rule_set=rule_set, actor=walk.tester, builtin=builtin))
    refused = _add_own(walk, rule_set) if walk.request.rules else []
    rules = rule_set.rules
    walk.say(
        f"  {rules.count()} rules, {rules.filter(enabled=True).count()} of them switched on, "
        f"{rules.filter(needs_condition=True).count()} need a condition"
    )
    if repeated := rules.filter(rule_id="key-unique", enabled=False).first():
        walk.say(f"  The key doesn't tell records apart: {repeated.remark}")
    return rule_set, refused


def _add_own(walk: Walk, rule_set: RuleSet) -> Refused:
    """Rows that can't be taken are told; a file of nothing else ends the run."""
    file = walk.request.rules
    taken = import_rules(
        rule_set=rule_set, name=file.name, content=file.read_bytes(), actor=walk.tester
    )
    refused = [(each.row, each.rule_id, each.reason) for each in taken.refused]
    if refused and not (taken.added or taken.changed or taken.unchanged):
        row, rule_id, reason = refused[0]
        raise PipelineStopped(
            reason=f"{file.name}: none of its {len(refused)} rules can be taken; first, row {row} "
            f"({rule_id or 'without an id'}): {reason}"
        )
    counts = ", ".join(f"{count} {name}" for name, count in taken.counts.items())
    walk.say(f"  {file.name}: {counts}")
    for row, rule_id, reason in refused[:MOST_TOLD]:
        walk.say(f"  {file.name}, row {row} ({rule_id or 'without an id'}): {reason}")
    if len(refused) > MOST_TOLD:
        walk.say(f"  and {len(refused) - MOST_TOLD} more rows, in refused_rules.csv")
    return refused
