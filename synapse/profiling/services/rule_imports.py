"""A rule file into a draft: what can be read is taken, the rest told row by row."""

from dataclasses import dataclass, field

from django.db import transaction
from rest_framework.exceptions import ParseError

from synapse.audit.services import record
from synapse.common import parsing
from synapse.common.rewriting import rewrite
from synapse.planning.services.documents import clean_name, upload_limit
from synapse.profiling import rulebook
from synapse.profiling.columns import Names
from synapse.profiling.models import Rule, RuleSet
from synapse.profiling.proposing.equality import sense
from synapse.profiling.rule_columns import columns_for
from synapse.profiling.rulefiles.entries import Entries, Refused
from synapse.profiling.rulefiles.parameters import Unread
from synapse.profiling.rulefiles.rows import RuleRow, read_rows
from synapse.profiling.services.rule_editing import columns_of_row, next_position
from synapse.profiling.services.rule_sets import lock_rule_set_of

WRITTEN = ("kind", "attributes", "parameters", "severity", "source", "enabled", "description",
           "remark", "is_inferred")  # fmt: skip


@dataclass
class Imported:
    """What an import did, by rule id, and the rows that were not taken."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    """Proposals that said the same as a rule of the file, and gave way to it."""
    refused: list[Refused] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        names = ("added", "changed", "unchanged", "replaced", "refused")
        return {name: len(getattr(self, name)) for name in names}


def import_rules(*, rule_set: RuleSet, name: str, content: bytes, actor) -> Imported:
    """Takes the readable rules into the draft. A rule whose id is there already is renewed."""
    rows = read_rows(content, clean_name(name), limit=upload_limit())
    with transaction.atomic():
        rule_set = lock_rule_set_of(actor, rule_set.pk)
        result = Imported()
        rules = _readable(rule_set, rows, result)
        _store(rule_set, rules, result)
        record(
            actor=actor,
            action="ruleset.import",
            obj=rule_set,
            after=result.counts | {"file": clean_name(name), "renewed": sorted(result.changed)},
            cycle_report=rule_set.cycle_report,
        )
    return result


def _readable(rule_set: RuleSet, rows: list[RuleRow], result: Imported) -> list[rulebook.Rule]:
    columns = columns_for(rule_set)
    names = Names(list(rule_set.plan.attributes.order_by("position", "pk")))
    extra = tuple(each.name for each in columns if each.attribute_id is None)
    entries, found = Entries(names, columns, extra), {}
    for row in rows:
        try:
            for rule in entries.read(row):
                _require_storable(rule)
                if rule.rule_id in found:
                    first = found[rule.rule_id][0]
                    raise Unread(f"its id stands in row {first} already")
                found[rule.rule_id] = (row.number, rule)
        except Unread as error:
            named, reason = _speakable(row.text("rule_id")[:120]), _speakable(str(error))
            result.refused.append(Refused(row.number, named, reason))
    return [rule for _, rule in found.values()]


def _require_storable(rule: rulebook.Rule) -> None:
    """JSON may write what PostgreSQL can't keep: NUL, half a character, a number without end."""
    try:
        parsing.check(rule.to_dict())
    except ParseError as error:
        raise Unread(f"it can't be kept. {error.detail}") from error


def _speakable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _store(rule_set: RuleSet, rules: list[rulebook.Rule], result: Imported) -> None:
    present = {rule.rule_id: rule for rule in rule_set.rules.all()}
    position, new, renewed = next_position(rule_set), [], []
    for rule in rules:
        told = columns_of_row(rule)
        row = present.get(rule.rule_id)
        if row is None:
            new.append(Rule(version=rule_set, position=position + len(new), **told))
            result.added.append(rule.rule_id)
        elif all(getattr(row, name) == told[name] for name in WRITTEN):
            result.unchanged.append(rule.rule_id)
        else:
            _renew(row, told)
            renewed.append(row)
            result.changed.append(rule.rule_id)
    said = {sense(rule) for rule in rules}
    taken = {rule.rule_id for rule in rules}
    giving_way = [
        row
        for row in present.values()
        if row.rule_id not in taken
        and row.lock_version == 1
        and row.evidence
        and sense(row.as_rule()) in said
    ]
    result.replaced = [row.rule_id for row in giving_way]
    rule_set.rules.filter(pk__in=[row.pk for row in giving_way]).delete()
    Rule.objects.bulk_create(new, batch_size=500)
    rewrite(renewed, [*WRITTEN, "evidence", "needs_condition", "lock_version"])


def _renew(row: Rule, told: dict) -> None:
    if any(getattr(row, name) != told[name] for name in ("kind", "attributes", "parameters")):
        row.evidence, row.needs_condition = {}, False
    if told["enabled"]:
        row.needs_condition = False
    for name in WRITTEN:
        setattr(row, name, told[name])
    row.lock_version += 1
