"""The people that a command works as, and the report in a cycle that they work on."""

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

PARTS = {"tester": Role.TESTER, "owner": Role.REPORT_OWNER, "executive": Role.TEST_EXECUTIVE}
DAYS = 60


@dataclass
class Cast:
    """Who plays; without a password nobody can log in as one of them until one is set."""

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


def gather(prefix: str, *, password: str = "") -> Cast:
    """The cast under `prefix`; people of an earlier run play again, with the new password."""
    username = f"{prefix}.admin"
    admin = User.objects.filter(username=username).first()
    if admin is None:
        address = f"{username}@example.org"
        admin = User.objects.create_superuser(username, address, password or None)
    people = {"admin": admin}
    for part, role in PARTS.items():
        username = f"{prefix}.{part}"
        people[part] = User.objects.filter(username=username).first() or create_user(
            actor=admin,
            username=username,
            email=f"{username}@example.org",
            first_name=prefix.capitalize(),
            last_name=part.capitalize(),
            roles=[role],
        )
    if password:
        for user in people.values():
            set_password(user=user, password=password, actor=admin)
    fresh = {part: User.objects.get(pk=user.pk) for part, user in people.items()}
    return Cast(**fresh, password=password)


def stage(cast: Cast, *, cycle: str, number: str, **report: str) -> CycleReport:
    """The report of this number in a new cycle, tested by the tester, owned by the owner."""
    found = Report.objects.filter(number=number).first() or create_report(
        actor=cast.admin, owner=cast.owner, number=number, **report
    )
    today = timezone.localdate()
    made = create_cycle(
        actor=cast.executive,
        name=f"{cycle} {timezone.localtime():%Y-%m-%d %H:%M:%S}",
        starts_on=today,
        ends_on=today + timedelta(days=DAYS),
    )
    made = update_cycle(cycle=made, actor=cast.executive, status=CycleStatus.ACTIVE)
    return create_cycle_report(cycle=made, report=found, tester=cast.tester, actor=cast.executive)
