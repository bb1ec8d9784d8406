"""What a scope must be before it is submitted, and what a new version of it starts with."""

from synapse.planning.models import Plan
from synapse.scoping.advice import refresh_advice
from synapse.scoping.attributes import facts_of, same_field
from synapse.scoping.errors import (
    NothingInScope,
    PlanSuperseded,
    ReasonsMissing,
    Undecided,
    UnsupportedUnexplained,
)
from synapse.scoping.quality import measured_quality

JUDGEMENT = (
    "regulatory_impact",
    "data_complexity",
    "common_errors",
    "downstream_dependencies",
    "rationale",
    "quote",
    "quote_field",
    "quote_start",
    "unsupported",
    "judged_by",
    "judged_at",
    "judged_facts",
    "simulated",
    "llm_call_id",
    "failure",
    "failure_code",
    "score",
    "recommended",
    "recommendation_reason",
)
MOST_NAMED = 3
DECISION = ("in_scope", "reason", "decided_by_id", "decided_at")


def approved_plan(phase) -> Plan | None:
    """The plan of the phase's cycle-report that is approved now."""
    return Plan.objects.filter(
        phase__cycle_report_id=phase.cycle_report_id, status=Plan.Status.APPROVED
    ).first()


def check(scope) -> None:
    """Raises the first thing that stands in the way of submitting."""
    current = approved_plan(scope.phase)
    if current and current.pk != scope.plan_id:
        raise PlanSuperseded(read=scope.plan.number, current=current.number)
    decidable = scope.scope_items.filter(attribute__is_key=False)
    undecided = decidable.filter(in_scope__isnull=True).count()
    if undecided:
        raise Undecided(count=undecided)
    bare = list(decidable.filter(reason="").select_related("attribute").order_by("pk"))
    unexplained = [item for item in bare if item.differs_from_advice or item.drops_cde]
    if unexplained:
        raise ReasonsMissing(count=len(unexplained), first=unexplained[0].attribute.name)
    unsupported = [item for item in bare if item.unsupported]
    if unsupported:
        raise _unsupported(unsupported)
    if not decidable.filter(in_scope=True).exists():
        raise NothingInScope()


def _unsupported(items: list) -> UnsupportedUnexplained:
    names = [item.attribute.name for item in items]
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return UnsupportedUnexplained(
        attributes=", ".join(names[:MOST_NAMED]) + more,
        count=len(names),
        errors=[
            {
                "pointer": f"/items/{item.pk}",
                "code": "reason_required",
                "detail": f"{item.attribute.name} was judged without a quote that occurs",
            }
            for item in items
        ],
    )


def carry_over(old, new) -> None:
    """Items for a new draft from the plan approved now.

    Judgement and decision come along where the plan says the same of the attribute as before;
    an attribute that is new or was changed starts undecided.
    """
    current = approved_plan(new.phase)
    if current and current.pk != new.plan_id:
        new.plan = current
        new.save(update_fields=["plan"])
    fill(new, list(old.items()))


def fill(scope, former: list) -> None:
    """Gives a draft without items one for each attribute of its plan."""
    known = {same_field(item.attribute): item for item in former}
    quality = measured_quality(scope.phase.cycle_report)
    model = scope.scope_items.model
    items = []
    for attribute in scope.plan.attributes.order_by("position", "pk"):
        measured = quality.get(same_field(attribute))
        item = model(version=scope, attribute=attribute, data_quality=measured)
        before = known.get(same_field(attribute))
        if before and facts_of(before.attribute).fingerprint == facts_of(attribute).fingerprint:
            for name in JUDGEMENT + DECISION:
                setattr(item, name, getattr(before, name))
        items.append(item)
    model.objects.bulk_create(items, batch_size=500)
    refresh_advice(scope)
