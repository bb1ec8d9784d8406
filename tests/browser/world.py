"""The people and the report that the browser tests walk through."""

from dataclasses import dataclass

from jobs.models import Job
from jobs.states import Status
from synapse.accounts.models import User
from synapse.accounts.roles import Role
from synapse.cycles.models import CycleReport, Phase
from synapse.cycles.services.phases import complete_phase, start_phase
from synapse.scoping.models import Scope
from tests.factories.accounts import make_executive, make_owner, make_tester, make_user
from tests.factories.cycles import make_cycle, make_cycle_report, make_report
from tests.factories.scoping import make_scope, schedule_d1
from tests.support.workers import wait_for


@dataclass(frozen=True)
class World:
    tester: User
    owner: User
    executive: User
    admin: User
    stranger: User
    cycle_report: CycleReport
    scoped: Scope | None = None
    """A draft scope over the 118 attributes of Schedule D.1, if asked for."""


def make_world(*, scoped: bool = False) -> World:
    """A cycle with one report; its tester and owner are neither staff nor superuser."""
    owner = make_owner("olive", last_name="Owner")
    tester = make_tester("tess", last_name="Tester")
    executive = make_executive("erin", last_name="Executive")
    cycle = make_cycle(executive=executive, name="Q3 2026")
    report = make_report(owner=owner, name="FR Y-14M Schedule D.1", number="FRY14M-D1")
    cycle_report = make_cycle_report(tester=tester, cycle=cycle, report=report)
    return World(
        tester=tester,
        owner=owner,
        executive=executive,
        admin=make_user("ada", last_name="Admin", roles=[Role.ADMIN]),
        stranger=make_tester("sam", last_name="Stranger"),
        cycle_report=cycle_report,
        scoped=make_scope(rows=schedule_d1(), cycle_report=cycle_report) if scoped else None,
    )


def another(world: World, name: str) -> CycleReport:
    """One more report of the same people."""
    first = world.cycle_report
    report = make_report(owner=world.owner, name=f"FR Y-14M Schedule {name}")
    return make_cycle_report(tester=world.tester, cycle=first.cycle, report=report)


def phase_of(cycle_report: CycleReport, kind: str) -> Phase:
    return cycle_report.phases.get(kind=kind)


def started(cycle_report: CycleReport, kind: str, *, after: str | None = None) -> Phase:
    """The phase in progress, once the one before it is completed."""
    if after:
        complete_phase(phase=phase_of(cycle_report, after), actor=cycle_report.tester)
    return start_phase(phase=phase_of(cycle_report, kind), actor=cycle_report.tester)


def seen(user, *args, query: str = "") -> tuple:
    """Who looks at a page, and what its address holds."""
    return user, args, query


def status(job: Job) -> str:
    return Job.objects.get(pk=job.pk).status


def finished(job: Job) -> None:
    """Waits until workers have done the job well."""
    wait_for(lambda: status(job) == Status.SUCCEEDED, 90, f"{job.title} ends")
