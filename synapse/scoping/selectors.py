"""Scopes and what is shown of them; each answer is a fixed number of queries."""

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, Sum

from synapse.cycles.models import Phase
from synapse.cycles.selectors import visible_cycle_reports
from synapse.planning.models import Plan
from synapse.scoping import submission
from synapse.scoping.models import Scope, ScopeItem
from synapse.scoping.states import JudgedBy

PEOPLE = ("created_by", "submitted_by", "decided_by")
DECIDABLE = Q(attribute__is_key=False)
SHOWN = ("decision", "reason", "score", "data quality", "advice", "CDE", "open issue", "support")
INCLUDED = DECIDABLE & Q(in_scope=True)
SORTS = {
    "line": ("attribute__position",),
    "name": ("attribute__name",),
    "score": ("score",),
    "quality": ("data_quality",),
    "decision": ("in_scope",),
}


def scopes() -> QuerySet[Scope]:
    """Scopes with all that their pages and their rules read."""
    return Scope.objects.select_related(
        "plan",
        "parent",
        "phase__cycle_report__cycle",
        "phase__cycle_report__report__owner",
        "phase__cycle_report__tester",
        *PEOPLE,
    )


def visible_scopes(user) -> QuerySet[Scope]:
    """The scopes of the cycle-reports a user takes part in; all for administrators."""
    found = scopes()
    if user.is_administrator:
        return found
    mine = visible_cycle_reports(user).order_by().values("pk")
    return found.filter(phase__cycle_report__in=mine)


def versions_of(phase: Phase) -> QuerySet[Scope]:
    return Scope.objects.filter(phase=phase).select_related(*PEOPLE).order_by("-number")


def items_of(scope: Scope, sort: str = "") -> QuerySet[ScopeItem]:
    """The rows of the list, in the order of the plan or as asked for."""
    name, descending = sort.lstrip("-"), sort.startswith("-")
    order = [
        F(column).desc(nulls_last=True) if descending else F(column).asc(nulls_last=True)
        for column in SORTS.get(name, ())
    ]
    return (
        scope.scope_items.select_related("attribute", "decided_by")
        .defer("attribute__description", "attribute__allowed_values", "attribute__quote")
        .order_by(*order, "attribute__position", "pk")
    )


def panel_item(scope: Scope, item_id: int) -> ScopeItem:
    """One item with everything its panel says."""
    item = (
        scope.scope_items.select_related("attribute__document", "decided_by")
        .prefetch_related("attribute__issues")
        .get(pk=item_id)
    )
    item.version = scope
    return item


@dataclass(frozen=True)
class Metrics:
    """The figures over a scope; keys count in none but `keys`."""

    total: int
    keys: int
    included: int
    excluded: int
    undecided: int
    overrides: int
    cdes: int
    cdes_included: int
    risk: int
    risk_included: int
    judged: int
    estimated: int
    simulated: int
    unsupported: int
    failed: int
    measured: int

    @property
    def cde_coverage(self) -> int | None:
        """Percent of the CDEs that are in scope; None if there are none."""
        return _percent(self.cdes_included, self.cdes)

    @property
    def risk_coverage(self) -> int | None:
        """Percent of all scores, summed, that is in scope; None while nothing is scored."""
        return _percent(self.risk_included, self.risk)

    @property
    def unjudged(self) -> int:
        return self.total - self.judged


def metrics_of(scope: Scope) -> Metrics:
    cde = Q(attribute__is_cde=True)
    figures = scope.scope_items.aggregate(
        total=Count("pk", filter=DECIDABLE),
        keys=Count("pk", filter=~DECIDABLE),
        included=Count("pk", filter=INCLUDED),
        excluded=Count("pk", filter=DECIDABLE & Q(in_scope=False)),
        undecided=Count("pk", filter=DECIDABLE & Q(in_scope__isnull=True)),
        overrides=Count("pk", filter=DECIDABLE & Q(is_override=True)),
        cdes=Count("pk", filter=DECIDABLE & cde),
        cdes_included=Count("pk", filter=INCLUDED & cde),
        risk=Sum("score", filter=DECIDABLE, default=0),
        risk_included=Sum("score", filter=INCLUDED, default=0),
        judged=Count("pk", filter=DECIDABLE & ~Q(judged_by=JudgedBy.NOBODY)),
        estimated=Count("pk", filter=DECIDABLE & Q(judged_by=JudgedBy.ESTIMATED)),
        simulated=Count("pk", filter=DECIDABLE & Q(simulated=True)),
        unsupported=Count("pk", filter=DECIDABLE & Q(unsupported=True)),
        failed=Count("pk", filter=DECIDABLE & ~Q(failure="")),
        measured=Count("pk", filter=DECIDABLE & Q(data_quality__isnull=False)),
    )
    return Metrics(**figures)


def newer_plan(scope: Scope) -> Plan | None:
    """The plan approved since, which makes this scope stale."""
    current = submission.approved_plan(scope.phase)
    return current if current and current.pk != scope.plan_id else None


@dataclass(frozen=True)
class Change:
    """How one attribute differs between two versions."""

    name: str
    line: str
    what: str
    before: str
    after: str


def compare(old: Scope, new: Scope) -> list[Change]:
    """What changed from one version to another, attribute by attribute, in the plan's order."""
    before = {submission.same_field(item.attribute): item for item in old.items()}
    changes = []
    for item in new.items():
        former = before.pop(submission.same_field(item.attribute), None)
        if former is None:
            changes.append(_change(item, "attribute", "", "added by the plan"))
            continue
        changes += [
            _change(item, what, was, now)
            for what, was, now in zip(SHOWN, _shown(former), _shown(item), strict=True)
            if was != now
        ]
    changes += [_change(item, "attribute", "in the plan", "removed") for item in before.values()]
    return changes


def _change(item: ScopeItem, what: str, before: str, after: str) -> Change:
    return Change(item.attribute.name, item.attribute.line, what, before, after)


def _shown(item: ScopeItem) -> tuple[str, ...]:
    words = {True: "in", False: "out"}
    return (
        "key" if item.attribute.is_key else words.get(item.in_scope, "undecided"),
        item.reason,
        "" if item.score is None else str(item.score),
        "" if item.data_quality is None else str(item.data_quality),
        words.get(item.recommended, "none"),
        "yes" if item.attribute.is_cde else "no",
        "yes" if item.attribute.has_open_issue else "no",
        "unsupported" if item.unsupported else "quoted" if item.quote else "",
    )


def _percent(part: int, whole: int) -> int | None:
    """Rounded down, so that 100 % is said only of all."""
    return part * 100 // whole if whole else None
