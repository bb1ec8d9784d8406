"""What a rule set must be before it is submitted, and what a new version of it starts with."""

from synapse.planning.models import Plan
from synapse.profiling import rulebook
from synapse.profiling.errors.rule_sets import NoRules, RulesReadOldPlan, RulesUnfit
from synapse.profiling.rule_columns import columns_for

COPIED = (
    "rule_id", "position", "kind", "attributes", "parameters", "severity", "source", "enabled",
    "needs_condition", "is_inferred", "description", "remark", "evidence",
)  # fmt: skip


def approved_plan(phase) -> Plan | None:
    """The plan of the phase's cycle-report that is approved now."""
    return Plan.objects.filter(
        phase__cycle_report_id=phase.cycle_report_id, status=Plan.Status.APPROVED
    ).first()


def check(rule_set) -> None:
    """Raises the first thing that stands in the way of submitting."""
    current = approved_plan(rule_set.phase)
    if current and current.pk != rule_set.plan_id:
        raise RulesReadOldPlan(read=rule_set.plan.number, current=current.number)
    enabled = list(rule_set.rules.filter(enabled=True).order_by("position", "pk"))
    if not enabled:
        raise NoRules()
    unfit = unfit_rules(rule_set, enabled)
    if unfit:
        raise RulesUnfit(
            count=len(unfit),
            first=unfit[0][1],
            errors=[
                {"pointer": f"/rules/{rule.rule_id}", "code": "rule_unfit", "detail": reason}
                for rule, reason in unfit
            ],
        )


def unfit_rules(rule_set, rules) -> list[tuple]:
    """Rules that could not be evaluated, each with the reason."""
    columns, found = columns_for(rule_set), []
    for rule in rules:
        try:
            rulebook.check(rule.as_rule(), columns)
        except rulebook.InvalidRule as error:
            found.append((rule, error.message))
    return found


def carry_over(old, new) -> None:
    """Copies the rules for a new draft, which reads the plan that is approved now."""
    current = approved_plan(new.phase)
    if current and current.pk != new.plan_id:
        new.plan = current
        new.save(update_fields=["plan"])
    model = old.rules.model
    model.objects.bulk_create(
        [
            model(version=new, **{name: getattr(rule, name) for name in COPIED})
            for rule in old.rules.order_by("position", "pk")
        ],
        batch_size=500,
    )
