"""What people see of cycles: reads only, a fixed number of queries each."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

import llm
from synapse.accounts.models import User
from synapse.accounts.roles import Role
from synapse.common.versions import Version, VersionStatus
from synapse.cycles import rules
from synapse.cycles.gates import closed_because, completion_obstacle
from synapse.cycles.models import Assignment, CycleReport, Phase, Report, TestCycle
from synapse.cycles.phases import SKIPPABLE
from synapse.cycles.schedule import schedule_status, worst
from synapse.cycles.states import AssignmentStatus, CycleStatus, PhaseState, ScheduleStatus


def visible_cycle_reports(user) -> QuerySet[CycleReport]:
    """Mirrors `rules.can_view_cycle_report`."""
    rows = CycleReport.objects.select_related(
        "cycle__executive", "report__owner", "report__executive", "tester"
    )
    if user.is_administrator:
        return rows
    return rows.filter(
        Q(tester=user)
        | Q(report__owner=user)
        | Q(report__executive=user)
        | Q(cycle__executive=user)
    )


def visible_cycles(user) -> QuerySet[TestCycle]:
    rows = TestCycle.objects.select_related("executive").annotate(
        report_count=Count("cycle_reports", distinct=True),
        complete_count=Count(
            "cycle_reports", filter=Q(cycle_reports__completed_at__isnull=False), distinct=True
        ),
    )
    # Counting drops the order that the model has.
    rows = rows.order_by("-starts_on", "name")
    if user.is_administrator:
        return rows
    mine = visible_cycle_reports(user).order_by().values("cycle")
    return rows.filter(Q(executive=user) | Q(pk__in=mine))


def visible_reports(user) -> QuerySet[Report]:
    """Those who put reports into cycles see the whole inventory, others their own part."""
    rows = Report.objects.select_related("owner", "executive")
    if user.is_administrator or user.has_role(Role.TEST_EXECUTIVE):
        return rows
    tested = CycleReport.objects.filter(tester=user).order_by().values("report")
    return rows.filter(Q(owner=user) | Q(executive=user) | Q(pk__in=tested))


def visible_phases(user) -> QuerySet[Phase]:
    rows = Phase.objects.select_related(
        "cycle_report__cycle", "cycle_report__report", "started_by", "completed_by"
    )
    if user.is_administrator:
        return rows
    return rows.filter(cycle_report__in=visible_cycle_reports(user).order_by().values("pk"))


def visible_assignments(user) -> QuerySet[Assignment]:
    """One's own, and what waits in the cycles one leads; administrators see everybody's."""
    rows = Assignment.objects.select_related(
        "assigned_to",
        "created_by",
        "phase__cycle_report__cycle",
        "phase__cycle_report__report",
    )
    if user.is_administrator:
        return rows
    return rows.filter(Q(assigned_to=user) | Q(phase__cycle_report__cycle__executive=user))


def todo(user) -> QuerySet[Assignment]:
    """What waits for this person, the most urgent first."""
    return visible_assignments(user).filter(assigned_to=user, status=AssignmentStatus.OPEN)


def waiting_in(cycle: TestCycle, user) -> QuerySet[Assignment]:
    """What is open in a cycle, as far as the person may see it, the most urgent first."""
    rows = visible_assignments(user).filter(phase__cycle_report__cycle=cycle)
    return rows.filter(status=AssignmentStatus.OPEN).order_by("due_at", "id")


def people_with(role: str) -> QuerySet[User]:
    return User.objects.filter(is_active=True, grants__role=role)


def approved_version(model: type[Version], phase: Phase) -> Version | None:
    return model.objects.filter(phase=phase, status=VersionStatus.APPROVED).first()


@dataclass(frozen=True)
class Step:
    """One phase as the stepper shows it."""

    label: str
    url: str
    state: str
    status: str


def steps(cycle_report: CycleReport) -> list[Step]:
    """The nine phases for `components/_stepper.html`; prefetch `phases` when there are many."""
    return [
        Step(
            label=phase.get_kind_display(),
            url=phase.get_absolute_url() if phase.state != PhaseState.NOT_STARTED else "",
            state="skipped" if phase.is_skipped else phase.state,
            status="skipped" if phase.is_skipped else phase.get_state_display(),
        )
        for phase in cycle_report.phases.all()
    ]


@dataclass(frozen=True)
class PhaseOverview:
    """A phase with its schedule and what this person may do to it now."""

    phase: Phase
    schedule: ScheduleStatus
    gate: str
    can_start: bool
    can_skip: bool
    can_complete: bool
    obstacle: str
    can_reopen: bool
    can_plan: bool
    url: str


def phase_overviews(cycle_report: CycleReport, user, today: date) -> list[PhaseOverview]:
    phases = list(cycle_report.phases.all())
    runs = rules.can_run_phases(user, cycle_report)
    leads = rules.can_lead(user, cycle_report.cycle)
    active = cycle_report.cycle.status == CycleStatus.ACTIVE
    rows = []
    for phase in phases:
        gate = "" if phase.state != PhaseState.NOT_STARTED else closed_because(phase, phases)
        ready = runs and active and phase.state == PhaseState.NOT_STARTED and not gate
        open_now = phase.is_in_progress
        rows.append(
            PhaseOverview(
                phase=phase,
                schedule=schedule_status(phase, today),
                gate=gate,
                can_start=ready and phase.hooks is not None,
                can_skip=ready and phase.kind in SKIPPABLE,
                can_complete=runs and open_now,
                obstacle=completion_obstacle(phase) if runs and open_now else "",
                can_reopen=leads and phase.is_complete,
                can_plan=runs and not phase.is_complete,
                url=phase.get_absolute_url() if phase.hooks and phase.started_at else "",
            )
        )
    return rows


@dataclass(frozen=True)
class CycleReportOverview:
    """How far a cycle-report is, from its prefetched phases."""

    cycle_report: CycleReport
    current: Phase | None
    completed: int
    total: int
    schedule: ScheduleStatus


def overview(cycle_report: CycleReport, today: date | None = None) -> CycleReportOverview:
    today = today or timezone.localdate()
    phases = list(cycle_report.phases.all())
    return CycleReportOverview(
        cycle_report=cycle_report,
        current=next((phase for phase in phases if not phase.is_complete), None),
        completed=sum(phase.is_complete for phase in phases),
        total=len(phases),
        schedule=worst([schedule_status(phase, today) for phase in phases]),
    )


def tester_uses(user) -> list[str]:
    rows = CycleReport.objects.filter(tester=user, completed_at__isnull=True).exclude(
        cycle__status__in=(CycleStatus.COMPLETED, CycleStatus.CANCELLED)
    )
    return [f"the tester of {row}" for row in rows.select_related("report", "cycle")]


def owner_uses(user) -> list[str]:
    return [f"the owner of {report}" for report in user.owned_reports.filter(is_active=True)]


def report_executive_uses(user) -> list[str]:
    rows = user.overseen_reports.filter(is_active=True)
    return [f"the executive of {report}" for report in rows]


def test_executive_uses(user) -> list[str]:
    over = (CycleStatus.COMPLETED, CycleStatus.CANCELLED)
    return [f"the executive of {cycle}" for cycle in user.led_cycles.exclude(status__in=over)]


def model_scope(version: Version) -> tuple[str, str]:
    """For the model client: whose data a version holds, and the folder of its report's prompts."""
    report = Report.objects.get(cycle_reports__phases=version.phase_id)
    return f"report:{report.pk}", llm.prompt_scope(report.number, report.schedule)
