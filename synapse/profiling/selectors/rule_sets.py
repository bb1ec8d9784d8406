"""What people see of rule sets and their rules: reads only, a fixed number of queries each."""

from django.db.models import Count, Q, QuerySet

from synapse.cycles.selectors import visible_cycle_reports
from synapse.profiling.models import Rule, RuleSet
from synapse.profiling.rule_states import RuleSource

_PHASE = ("cycle_report__report__owner", "cycle_report__cycle", "cycle_report__tester")


def visible_rule_sets(user) -> QuerySet[RuleSet]:
    """The rule sets of the cycle-reports a user takes part in; all for administrators."""
    rows = RuleSet.objects.select_related(
        *(f"phase__{path}" for path in _PHASE),
        "plan",
        "population",
        "parent",
        "created_by",
        "submitted_by",
        "decided_by",
    )
    if user.is_administrator:
        return rows
    return rows.filter(phase__cycle_report__in=_mine(user))


def visible_rules(user) -> QuerySet[Rule]:
    rows = Rule.objects.select_related(*(f"version__phase__{path}" for path in _PHASE))
    if user.is_administrator:
        return rows
    return rows.filter(version__phase__cycle_report__in=_mine(user))


def rule_sets_of(phase) -> QuerySet[RuleSet]:
    """All versions of a phase, newest first, with how many rules they have."""
    return (
        RuleSet.objects.filter(phase=phase)
        .select_related("plan", "population", "created_by", "submitted_by", "decided_by")
        .annotate(
            rule_count=Count("rules"), enabled_count=Count("rules", filter=Q(rules__enabled=True))
        )
        .order_by("-number")
    )


def counts(rule_set: RuleSet) -> dict[str, int]:
    """How many rules there are of each sort; `on` and `off` are all of them."""
    return rule_set.rules.aggregate(
        total=Count("pk"),
        on=Count("pk", filter=Q(enabled=True)),
        off=Count("pk", filter=Q(enabled=False)),
        unconditioned=Count("pk", filter=Q(needs_condition=True)),
        inferred=Count("pk", filter=Q(is_inferred=True)),
        manual=Count("pk", filter=Q(source=RuleSource.MANUAL)),
        weighty=Count("pk", filter=Q(severity__in=("critical", "high"), enabled=True)),
    )


def _mine(user) -> QuerySet:
    return visible_cycle_reports(user).order_by().values("pk")
