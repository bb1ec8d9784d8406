"""Sample sets and what is shown of them; each answer is a fixed number of queries."""

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from synapse.cycles.models import Phase
from synapse.cycles.selectors import visible_cycle_reports
from synapse.sampling.models import Sample, SampleSet
from synapse.sampling.states import Category, Decision, Selection, Source

PEOPLE = ("created_by", "submitted_by", "decided_by")
SORTS = {
    "record": ("record_no",),
    "key": ("key",),
    "category": ("category",),
    "risk": ("risk_score",),
    "decision": ("decision",),
}


def sample_sets() -> QuerySet[SampleSet]:
    """Sample sets with all that their pages and their rules read."""
    return SampleSet.objects.select_related(
        "scope",
        "population",
        "profile",
        "parent",
        "phase__cycle_report__cycle",
        "phase__cycle_report__report__owner",
        "phase__cycle_report__tester",
        *PEOPLE,
    )


def visible_sample_sets(user) -> QuerySet[SampleSet]:
    """The sets of the cycle-reports a user takes part in; all for administrators."""
    found = sample_sets()
    if user.is_administrator:
        return found
    mine = visible_cycle_reports(user).order_by().values("pk")
    return found.filter(phase__cycle_report__in=mine)


def versions_of(phase: Phase) -> QuerySet[SampleSet]:
    return SampleSet.objects.filter(phase=phase).select_related(*PEOPLE).order_by("-number")


def samples_of(sample_set: SampleSet, sort: str = "") -> QuerySet[Sample]:
    """The rows of the list, by record number or as asked for."""
    name, descending = sort.lstrip("-"), sort.startswith("-")
    order = [
        F(column).desc(nulls_last=True) if descending else F(column).asc(nulls_last=True)
        for column in SORTS.get(name, ())
    ]
    return sample_set.samples.select_related("decided_by").order_by(*order, "record_no", "pk")


@dataclass(frozen=True)
class Counts:
    """The figures over a sample set."""

    total: int
    anomaly: int
    boundary: int
    clean: int
    random: int
    targeted: int
    manual: int
    approved: int
    rejected: int
    undecided: int


def counts_of(sample_set: SampleSet) -> Counts:
    figures = {"total": Count("pk"), "undecided": Count("pk", filter=Q(decision__isnull=True))}
    for category in Category:
        figures[category.value] = Count("pk", filter=Q(category=category))
    for selection in Selection:
        figures[selection.value] = Count("pk", filter=Q(selection=selection))
    for decision in Decision:
        figures[decision.value] = Count("pk", filter=Q(decision=decision))
    return Counts(**sample_set.samples.aggregate(**figures))


def drawn_of(sample_set: SampleSet) -> QuerySet[Sample]:
    """The samples that a new draw would replace: all that nobody added by hand."""
    return sample_set.samples.exclude(source=Source.MANUAL)


@dataclass(frozen=True)
class Change:
    """How one record differs between two versions."""

    record_no: int
    key: str
    what: str
    before: str
    after: str


def compare(old: SampleSet, new: SampleSet) -> list[Change]:
    """What changed from one version to another, record by record, told apart by their key."""
    before = {sample.key: sample for sample in old.items()}
    changes = []
    for sample in new.items():
        former = before.pop(sample.key, None)
        if former is None:
            changes.append(_change(sample, "record", "", "added"))
            continue
        changes += [
            _change(sample, what, was, now)
            for what, was, now in zip(
                ("decision", "reason", "category", "reasons", "values"),
                _shown(former),
                _shown(sample),
                strict=True,
            )
            if was != now
        ]
    return changes + [_change(each, "record", "chosen", "left out") for each in before.values()]


def _change(sample: Sample, what: str, before: str, after: str) -> Change:
    return Change(sample.record_no, sample.key, what, before, after)


def _shown(sample: Sample) -> tuple[str, ...]:
    return (
        sample.get_decision_display() if sample.decision else "undecided",
        sample.reason,
        sample.category,
        sample.rationale,
        f"hash {sample.row_hash[:12]}",
    )
