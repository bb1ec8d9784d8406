"""Test cycles: created, changed and moved by their executive."""

from typing import Any

from django.db import IntegrityError, transaction

from synapse.accounts.roles import Role
from synapse.audit.services import changes, record
from synapse.common.errors import Invalid, NotAllowed, Stale
from synapse.cycles import rules
from synapse.cycles.errors import UnfitPerson, WrongState
from synapse.cycles.models import TestCycle
from synapse.cycles.states import CYCLE_MOVES, CycleStatus


@transaction.atomic
def create_cycle(*, actor, executive=None, **fields: Any) -> TestCycle:
    """A planned cycle, led by its creator unless an administrator names somebody."""
    if not rules.can_create_cycles(actor):
        raise NotAllowed(action="create test cycles; a test executive does")
    executive = executive or actor
    _require_executive(executive, actor)
    cycle = _save(TestCycle(executive=executive, **fields))
    record(
        actor=actor,
        action="testcycle.create",
        obj=cycle,
        after={"name": cycle.name, "executive": executive.pk, "starts_on": cycle.starts_on},
    )
    return cycle


@transaction.atomic
def update_cycle(
    *, cycle: TestCycle, actor, expected: int | None = None, **fields: Any
) -> TestCycle:
    """Changes name, dates, executive or status; a finished cycle stays as it is."""
    cycle = TestCycle.objects.select_for_update().get(pk=cycle.pk)
    if not rules.can_lead(actor, cycle):
        raise NotAllowed(action="change this cycle; its executive does")
    if expected is not None and expected != cycle.lock_version:
        raise Stale(what=str(cycle))
    before, after = changes(cycle, fields)
    if not after:
        return cycle
    if not CYCLE_MOVES[cycle.status]:
        raise WrongState(
            what=str(cycle), state=cycle.get_status_display(), needed="it can't be changed"
        )
    if "executive" in after:
        _require_executive(fields["executive"], actor)
    if "status" in after:
        _require_move(cycle, fields["status"])
    for name in after:
        setattr(cycle, name, fields[name])
    cycle.lock_version += 1
    _save(cycle)
    record(actor=actor, action="testcycle.update", obj=cycle, before=before, after=after)
    return cycle


def _require_executive(executive, actor) -> None:
    if executive == actor and actor.is_administrator:
        return
    if not executive.has_role(Role.TEST_EXECUTIVE):
        raise UnfitPerson(
            person=executive, part="the executive", why="the test executive role is missing"
        )


def _require_move(cycle: TestCycle, status: str) -> None:
    if status not in CYCLE_MOVES[cycle.status]:
        raise WrongState(
            what=str(cycle),
            state=cycle.get_status_display(),
            needed=f"it can't become {CycleStatus(status).label}",
        )
    unfinished = cycle.cycle_reports.filter(completed_at__isnull=True).count()
    if status == CycleStatus.COMPLETED and unfinished:
        raise WrongState(
            what=str(cycle),
            state=cycle.get_status_display(),
            needed=f"{unfinished} of its reports are not complete",
        )


def _save(cycle: TestCycle) -> TestCycle:
    if cycle.ends_on < cycle.starts_on:
        raise Invalid(
            reason="The cycle ends before it starts.",
            errors=[{"pointer": "/ends_on", "code": "before_start", "detail": "Before the start."}],
        )
    try:
        with transaction.atomic():
            cycle.save()
    except IntegrityError:
        raise Invalid(
            reason=f"There is a cycle named {cycle.name} already.",
            errors=[{"pointer": "/name", "code": "unique", "detail": "Taken already."}],
        ) from None
    return cycle
