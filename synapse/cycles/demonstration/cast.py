"""The people of the demonstration, and the report in a cycle that they work on."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from synapse.accounts.models import User
from synapse.accounts.roles import Role
from synapse.accounts.services.tokens import create_token
from synapse.accounts.services.users import create_user, set_password
from synapse.cycles.models import CycleReport, Report
from synapse.cycles.services.cycle_reports import create_cycle_report
from synapse.cycles.services.cycles import create_cycle, update_cycle
from synapse.cycles.services.reports import create_report
from synapse.cycles.states import CycleStatus

PARTS = {
    "demo.tester": ("Demo", "Tester", Role.TESTER),
    "demo.owner": ("Demo", "Owner", Role.REPORT_OWNER),
    "demo.executive": ("Demo", "Executive", Role.TEST_EXECUTIVE),
}
NUMBER = "DEMO-Y14M-D1"
DAYS = 60


@dataclass
class Cast:
    """Who plays; all with one password, made for this run."""

    admin: User
    tester: User
    owner: User
    executive: User
    password: str

    def token(self, user: User) -> str:
        return create_token(user=user, name="demonstration", days=1)[1]

    @property
    def logins(self) -> list[tuple[str, str]]:
        return [
            (user.username, ", ".join(user.role_labels))
            for user in (self.tester, self.owner, self.executive, self.admin)
        ]


def gather() -> Cast:
    """The cast with a fresh password; people of an earlier demonstration play again."""
    password = secrets.token_urlsafe(9)
    admin = User.objects.filter(username="demo.admin").first()
    if admin is None:
        admin = User.objects.create_superuser("demo.admin", "demo.admin@example.org", password)
    people = {"demo.admin": set_password(user=admin, password=password, actor=admin)}
    for name, (first, last, role) in PARTS.items():
        person = User.objects.filter(username=name).first()
        if person is None:
            person = create_user(
                actor=admin,
                username=name,
                email=f"{name}@example.org",
                first_name=first,
                last_name=last,
                roles=[role],
            )
        people[name] = set_password(user=person, password=password, actor=admin)
    fresh = {name: User.objects.get(pk=user.pk) for name, user in people.items()}
    return Cast(
        admin=fresh["demo.admin"],
        tester=fresh["demo.tester"],
        owner=fresh["demo.owner"],
        executive=fresh["demo.executive"],
        password=password,
    )


def stage(cast: Cast) -> CycleReport:
    """FR Y-14M D.1 in a new cycle, tested by the tester, owned by the owner."""
    report = Report.objects.filter(number=NUMBER).first() or create_report(
        actor=cast.admin,
        owner=cast.owner,
        number=NUMBER,
        name="Capital Assessments and Stress Testing, monthly",
        regulation="FR Y-14M",
        schedule="D.1 Domestic Credit Card",
    )
    today = timezone.localdate()
    cycle = create_cycle(
        actor=cast.executive,
        name=f"Demonstration {timezone.localtime():%Y-%m-%d %H:%M:%S}",
        starts_on=today,
        ends_on=today + timedelta(days=DAYS),
    )
    cycle = update_cycle(cycle=cycle, actor=cast.executive, status=CycleStatus.ACTIVE)
    return create_cycle_report(cycle=cycle, report=report, tester=cast.tester, actor=cast.executive)
