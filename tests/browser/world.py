"""The people and the report that the browser tests walk through."""

from dataclasses import dataclass

from synapse.accounts.models import User
from synapse.accounts.roles import Role
from synapse.cycles.models import CycleReport
from tests.factories.accounts import make_executive, make_owner, make_tester, make_user
from tests.factories.cycles import make_cycle, make_cycle_report, make_report


@dataclass(frozen=True)
class World:
    tester: User
    owner: User
    executive: User
    admin: User
    stranger: User
    cycle_report: CycleReport


def make_world() -> World:
    """A cycle with one report; its tester and owner are neither staff nor superuser."""
    owner = make_owner("olive", last_name="Owner")
    tester = make_tester("tess", last_name="Tester")
    executive = make_executive("erin", last_name="Executive")
    cycle = make_cycle(executive=executive, name="Q3 2026")
    report = make_report(owner=owner, name="FR Y-14M Schedule D.1", number="FRY14M-D1")
    return World(
        tester=tester,
        owner=owner,
        executive=executive,
        admin=make_user("ada", last_name="Admin", roles=[Role.ADMIN]),
        stranger=make_tester("sam", last_name="Stranger"),
        cycle_report=make_cycle_report(tester=tester, cycle=cycle, report=report),
    )
