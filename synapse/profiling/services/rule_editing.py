"""Writing, changing and switching single rules of a draft."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Q

from synapse.audit.models import Entry
from synapse.audit.services import changes, record
from synapse.profiling import rulebook
from synapse.profiling.errors.rule_sets import NoRuleSelected, RuleExists, StaleRule, UnknownRules
from synapse.profiling.models import Rule, RuleSet
from synapse.profiling.rule_columns import columns_for
from synapse.profiling.rule_states import RuleSource
from synapse.profiling.services.rule_sets import lock_rule_set_of

EDITABLE = (
    "rule_id", "kind", "attributes", "parameters", "severity", "enabled", "description", "remark",
)  # fmt: skip
MEANING = {"kind", "attributes", "parameters"}


@transaction.atomic
def add_rule(*, rule_set: RuleSet, actor, **fields: Any) -> Rule:
    """A rule written by hand, at the end of the list."""
    rule_set = lock_rule_set_of(actor, rule_set.pk)
    made = _made(rule_set, {"source": RuleSource.MANUAL, **_known(fields)})
    _refuse_taken(rule_set, made.rule_id, None)
    rule = Rule.objects.create(
        version=rule_set, position=next_position(rule_set), **columns_of_row(made)
    )
    _record("add", rule, actor, after=made.to_dict())
    return rule


@transaction.atomic
def edit_rule(*, rule: Rule, actor, lock_version: int | None, **fields: Any) -> Rule:
    """Saves the changes if nobody changed the rule since it was read at `lock_version`."""
    rule = _locked(rule, actor, lock_version)
    before, after = changes(rule, _known(fields))
    if not after:
        return rule
    if rule.needs_condition and after.keys() & MEANING and "remark" not in after:
        # It says why the rule that was there needs a condition.
        before["remark"], after["remark"] = rule.remark, ""
    made = _made(rule.version, rule.as_rule().to_dict() | after)
    _refuse_taken(rule.version, made.rule_id, rule)
    for name, value in columns_of_row(made).items():
        setattr(rule, name, value)
    if after.keys() & MEANING:
        # What was counted was counted of another rule.
        rule.evidence, rule.needs_condition = {}, False
    elif after.get("enabled"):
        rule.needs_condition = False
    rule.lock_version += 1
    rule.save()
    _record("edit", rule, actor, before=before, after=after)
    return rule


@transaction.atomic
def delete_rule(*, rule: Rule, actor, lock_version: int | None) -> None:
    """Takes a rule out of the draft; approved versions keep theirs."""
    rule = _locked(rule, actor, lock_version)
    _record("delete", rule, actor, before=rule.canonical())
    rule.delete()


@transaction.atomic
def switch_rules(*, rule_set: RuleSet, actor, rule_ids: Iterable[int], enabled: bool) -> int:
    """Switches several rules on or off, all or none; how many are other than before."""
    rule_set = lock_rule_set_of(actor, rule_set.pk)
    wanted = {*rule_ids}
    if not wanted:
        raise NoRuleSelected()
    rules = rule_set.rules.filter(pk__in=wanted)
    if missing := len(wanted) - rules.count():
        raise UnknownRules(count=missing)
    turned = list(rules.exclude(enabled=enabled).values_list("rule_id", flat=True))
    new = {"enabled": enabled, "lock_version": F("lock_version") + 1}
    if enabled:
        # Who switches it on has judged that it needs none.
        new["needs_condition"] = False
    rules.exclude(enabled=enabled).update(**new)
    if turned:
        record(
            actor=actor,
            action="ruleset.switch",
            obj=rule_set,
            after={"enabled": enabled, "rules": sorted(turned)},
            cycle_report=rule_set.cycle_report,
        )
    return len(turned)


def columns_of_row(rule: rulebook.Rule) -> dict[str, Any]:
    """A rule of the rule book as the columns of its row."""
    told = rule.to_dict()
    return told | {"is_inferred": told["source"] == RuleSource.INFERRED}


def next_position(rule_set: RuleSet) -> int:
    return (rule_set.rules.aggregate(last=Max("position"))["last"] or 0) + 1


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: fields[name] for name in EDITABLE if name in fields}


def _made(rule_set: RuleSet, data: dict[str, Any]) -> rulebook.Rule:
    """The rule in its one shape; InvalidRule points at each fault."""
    made = rulebook.Rule.from_dict(data)
    rulebook.check(made, columns_for(rule_set))
    return made


def _locked(rule: Rule, actor, lock_version: int | None) -> Rule:
    rule_set = lock_rule_set_of(actor, rule.version_id)
    fresh = Rule.objects.select_for_update(of=("self",)).get(pk=rule.pk)
    fresh.version = rule_set
    if lock_version is not None and fresh.lock_version != lock_version:
        raise _stale(fresh)
    return fresh


def _stale(rule: Rule) -> StaleRule:
    """Tells who changed the rule last, when, and what."""
    named = [rule.rule_id]
    own = Q(content_type__model="rule", object_id=str(rule.pk))
    among_others = Q(content_type__model="ruleset", object_id=str(rule.version_id)) & (
        Q(action="ruleset.switch", after__rules__contains=named)
        | Q(action="ruleset.import", after__renewed__contains=named)
    )
    trail = Entry.objects.filter(own | among_others, content_type__app_label="profiling")
    entry = trail.order_by("-id").first()
    if entry is None:
        return StaleRule(rule_id=rule.rule_id, who="somebody", when="some time", what="unknown")
    return StaleRule(
        rule_id=rule.rule_id,
        who=entry.actor_label,
        when=f"{entry.at:%H:%M}",
        what=_what_changed(entry),
    )


def _what_changed(entry: Entry) -> str:
    after = entry.after or {}
    if entry.action == "ruleset.switch":
        return f"switched {'on' if after['enabled'] else 'off'}"
    if entry.action == "ruleset.import":
        return f"imported from {after['file']}"
    return ", ".join(name.replace("_", " ") for name in after) or entry.action


def _refuse_taken(rule_set: RuleSet, rule_id: str, rule: Rule | None) -> None:
    same = rule_set.rules.filter(rule_id=rule_id)
    if rule is not None:
        same = same.exclude(pk=rule.pk)
    if same.exists():
        fault = RuleExists(rule_id=rule_id)
        fault.errors = [{"pointer": "/rule_id", "code": fault.code, "detail": fault.message}]
        raise fault


def _record(action: str, rule: Rule, actor, **details: Any) -> None:
    record(
        actor=actor,
        action=f"rule.{action}",
        obj=rule,
        cycle_report=rule.version.cycle_report,
        **details,
    )
