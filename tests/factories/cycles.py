"""Reports, cycles and cycle-reports as the services make them."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from synapse.cycles.models import CycleReport, Phase, Report, TestCycle
from synapse.cycles.phases import PhaseKind
from synapse.cycles.services.cycle_reports import create_cycle_report
from synapse.cycles.services.phases import start_phase
from synapse.cycles.states import CycleStatus
from tests.factories.accounts import make_executive, make_owner, make_tester

_numbers = count(1)


def make_report(*, owner=None, **fields) -> Report:
    number = next(_numbers)
    fields.setdefault("number", f"R-{number}")
    fields.setdefault("name", f"Report {number}")
    fields.setdefault("regulation", "FR Y-14M")
    fields.setdefault("schedule", "D.1")
    return Report.objects.create(owner=owner or make_owner(), **fields)


def make_cycle(*, executive=None, **fields) -> TestCycle:
    """An active cycle that began today."""
    today = timezone.now().date()
    fields.setdefault("name", f"Cycle {next(_numbers)}")
    fields.setdefault("starts_on", today)
    fields.setdefault("ends_on", today + timedelta(days=90))
    fields.setdefault("status", CycleStatus.ACTIVE)
    return TestCycle.objects.create(executive=executive or make_executive(), **fields)


def make_cycle_report(*, tester=None, owner=None, cycle=None, report=None) -> CycleReport:
    """A report in an active cycle, its nine phases planned, none started."""
    cycle = cycle or make_cycle()
    return create_cycle_report(
        cycle=cycle,
        report=report or make_report(owner=owner),
        tester=tester or make_tester(),
        actor=cycle.executive,
    )


def make_phase(kind: str = PhaseKind.PLANNING, *, cycle_report=None, started=True) -> Phase:
    """A phase in progress (its earlier ones complete), or not yet started."""
    cycle_report = cycle_report or make_cycle_report()
    phase = cycle_report.phases.get(kind=kind)
    finish_phases_before(phase)
    return start_phase(phase=phase, actor=cycle_report.tester) if started else phase


def finish_phases_before(phase: Phase) -> None:
    """Marks the earlier phases complete without doing their work."""
    now = timezone.now()
    phase.cycle_report.phases.filter(position__lt=phase.position).update(
        state=Phase.State.COMPLETE,
        started_at=now,
        started_by=phase.cycle_report.tester,
        completed_at=now,
        completed_by=phase.cycle_report.tester,
        progress=100,
    )
