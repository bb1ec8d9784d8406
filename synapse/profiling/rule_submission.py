"""What a rule set must be before it is submitted, and what a new version of it starts with."""

from synapse.planning.models import Plan
from synapse.profiling.errors.rule_sets import NoRules, RulesReadOldPlan

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
    if not rule_set.rules.filter(enabled=True).exists():
        raise NoRules()


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
