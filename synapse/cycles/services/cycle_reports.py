"""Putting a report into a cycle and naming who tests it."""

from django.db import IntegrityError, transaction

from synapse.accounts.roles import Role
from synapse.audit.services import record
from synapse.common.errors import Invalid, NotAllowed, Stale
from synapse.cycles import rules
from synapse.cycles.errors import ReportInCycle, UnfitPerson, WrongState
from synapse.cycles.models import Assignment, CycleReport, Phase, Report, TestCycle
from synapse.cycles.schedule import planned_dates
from synapse.cycles.states import AssignmentKind, AssignmentStatus, CycleStatus

OVER = (CycleStatus.COMPLETED, CycleStatus.CANCELLED)


@transaction.atomic
def create_cycle_report(*, cycle: TestCycle, report: Report, tester, actor) -> CycleReport:
    """The report in the cycle, with its nine phases planned end to end from the cycle's start."""
    _require_lead(actor, cycle)
    if cycle.status in OVER:
        raise WrongState(
            what=str(cycle), state=cycle.get_status_display(), needed="it takes no more reports"
        )
    # Held, so that its owner stays somebody else than the tester.
    report = Report.objects.select_for_update(no_key=True).get(pk=report.pk)
    if not report.is_active:
        raise Invalid(reason=f"{report} is not active.")
    require_tester(tester, report)
    try:
        with transaction.atomic():
            cycle_report = CycleReport.objects.create(cycle=cycle, report=report, tester=tester)
    except IntegrityError:
        raise ReportInCycle(report=report, cycle=cycle) from None
    Phase.objects.bulk_create(
        Phase(
            cycle_report=cycle_report,
            kind=kind,
            position=position,
            planned_start=first,
            planned_end=last,
            progress=0,
        )
        for position, (kind, (first, last)) in enumerate(planned_dates(cycle.starts_on).items())
    )
    record(
        actor=actor,
        action="cyclereport.create",
        obj=cycle_report,
        after={"cycle": cycle.pk, "report": report.pk, "tester": tester.pk},
        cycle_report=cycle_report,
    )
    return cycle_report


@transaction.atomic
def assign_tester(
    *, cycle_report: CycleReport, tester, actor, reason: str = "", expected: int | None = None
) -> CycleReport:
    """Hands the work to another tester, with what is on the former one's list."""
    cycle_report = (
        CycleReport.objects.select_for_update(of=("self", "report"), no_key=True)
        .select_related("cycle", "report")
        .get(pk=cycle_report.pk)
    )
    _require_lead(actor, cycle_report.cycle)
    if expected is not None and expected != cycle_report.lock_version:
        raise Stale(what=str(cycle_report))
    require_tester(tester, cycle_report.report)
    former = cycle_report.tester
    if former == tester:
        return cycle_report
    cycle_report.tester = tester
    cycle_report.lock_version += 1
    cycle_report.save()
    Assignment.objects.filter(
        phase__cycle_report=cycle_report,
        kind=AssignmentKind.REWORK,
        status=AssignmentStatus.OPEN,
    ).update(assigned_to=tester)
    record(
        actor=actor,
        action="cyclereport.assign_tester",
        obj=cycle_report,
        before={"tester": former.pk},
        after={"tester": tester.pk},
        reason=reason.strip(),
        cycle_report=cycle_report,
    )
    return cycle_report


def require_tester(tester, report: Report) -> None:
    """A tester by role, active, and never the one who approves the work."""
    if not tester.has_role(Role.TESTER):
        raise UnfitPerson(person=tester, part="the tester", why="the tester role is missing")
    if tester.pk == report.owner_id:
        raise UnfitPerson(
            person=tester, part="the tester", why="the report's owner approves the tester's work"
        )


def _require_lead(actor, cycle: TestCycle) -> None:
    if not rules.can_lead(actor, cycle):
        raise NotAllowed(action="change this cycle; its executive does")
