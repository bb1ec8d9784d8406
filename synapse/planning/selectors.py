"""What people see of plans: reads only, a fixed number of queries each."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

import llm.selectors
from synapse.cycles.models import Phase
from synapse.cycles.selectors import visible_cycle_reports
from synapse.planning.models import Attribute, Document, HistoricalIssue, Plan, RejectedDraft

_PHASE = ("cycle_report__report__owner", "cycle_report__cycle", "cycle_report__tester")
SHOWN_REFUSALS = 200


def _mine(user) -> QuerySet:
    return visible_cycle_reports(user).order_by().values("pk")


def visible_plans(user) -> QuerySet[Plan]:
    attributes = Attribute.objects.filter(version=OuterRef("pk"))
    rows = Plan.objects.select_related(
        *(f"phase__{path}" for path in _PHASE), "created_by", "submitted_by", "decided_by", "parent"
    ).annotate(keyless=Exists(attributes) & ~Exists(attributes.filter(is_key=True)))
    if user.is_administrator:
        return rows
    return rows.filter(phase__cycle_report__in=_mine(user))


def visible_attributes(user) -> QuerySet[Attribute]:
    rows = Attribute.objects.select_related(
        *(f"version__phase__{path}" for path in _PHASE), "document", "noted_by"
    ).prefetch_related("issues")
    if user.is_administrator:
        return rows
    return rows.filter(version__phase__cycle_report__in=_mine(user))


def visible_documents(user) -> QuerySet[Document]:
    rows = Document.objects.select_related(
        "cycle_report__report", "cycle_report__cycle", "uploaded_by"
    )
    if user.is_administrator:
        return rows
    return rows.filter(cycle_report__in=_mine(user))


def visible_issues(user) -> QuerySet[HistoricalIssue]:
    rows = HistoricalIssue.objects.select_related(
        *(f"attribute__version__phase__{path}" for path in _PHASE)
    )
    if user.is_administrator:
        return rows
    return rows.filter(attribute__version__phase__cycle_report__in=_mine(user))


def latest_plan(phase: Phase) -> Plan | None:
    return Plan.objects.filter(phase=phase).order_by("-number").first()


def versions(plan: Plan) -> QuerySet[Plan]:
    """All versions of the plan, newest first."""
    return (
        Plan.objects.filter(phase_id=plan.phase_id)
        .select_related("created_by", "submitted_by", "decided_by")
        .order_by("-number")
    )


@dataclass(frozen=True)
class Fact:
    """A number that leads to its rows."""

    value: int
    label: str
    url: str = ""
    colour: str = ""


def facts(plan: Plan) -> list[Fact]:
    counted = plan.attributes.aggregate(
        total=Count("pk"),
        keys=Count("pk", filter=Q(is_key=True)),
        cdes=Count("pk", filter=Q(is_cde=True)),
        issues=Count("pk", filter=Q(has_open_issue=True)),
        mandatory=Count("pk", filter=Q(requirement="mandatory")),
        drafted=Count("pk", filter=Q(source="model")),
        untyped=Count("pk", filter=Q(data_type="")),
        remarks=Count("pk", filter=~Q(remark="")),
        unsupported=Count("pk", filter=Q(support="unsupported")),
        unknown=Count("pk", filter=Q(dictionary_match__in=["absent", "alike"])),
        optional_keys=Count("pk", filter=Q(is_key=True, requirement="optional")),
    )
    rows = [
        Fact(counted["total"], "attributes", "?"),
        Fact(counted["keys"], "keys", "?is_key=true", "" if counted["keys"] else "warn"),
        Fact(counted["cdes"], "critical data elements", "?is_cde=true"),
        Fact(counted["issues"], "with open issues", "?has_open_issue=true"),
        Fact(counted["mandatory"], "mandatory", "?requirement=mandatory"),
    ]
    if counted["drafted"]:
        rows.append(Fact(counted["drafted"], "drafted by model", "?source=model"))
    if counted["unsupported"]:
        rows.append(Fact(counted["unsupported"], "unsupported", "?support=unsupported", "bad"))
    if counted["unknown"]:
        rows.append(Fact(counted["unknown"], "not in the dictionary", "?unknown=true", "warn"))
    if counted["optional_keys"]:
        url = "?is_key=true&requirement=optional"
        rows.append(Fact(counted["optional_keys"], "optional keys", url, "warn"))
    if counted["untyped"]:
        rows.append(Fact(counted["untyped"], "without a type", "?untyped=true", "warn"))
    if counted["remarks"]:
        rows.append(Fact(counted["remarks"], "with remarks", "?remarks=true"))
    return rows


def visible_calls(user, ids: Iterable[int | None]) -> set[int]:
    """Those of the model calls that this person may look at; no query without any."""
    wanted = set(ids) - {None}
    if not wanted:
        return set()
    return set(llm.selectors.visible_calls(user).filter(pk__in=wanted).values_list("pk", flat=True))


def refused_drafts(plan: Plan) -> list[RejectedDraft]:
    rows = plan.rejected_drafts.select_related("document").order_by("-id")
    return list(rows[:SHOWN_REFUSALS])


def documents(plan: Plan) -> QuerySet[Document]:
    return Document.objects.filter(cycle_report_id=plan.phase.cycle_report_id).select_related(
        "uploaded_by"
    )
