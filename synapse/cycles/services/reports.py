"""The inventory of reports."""

from typing import Any

from django.db import IntegrityError, transaction

from synapse.accounts.roles import Role
from synapse.audit.services import changes, record
from synapse.common.errors import Invalid, NotAllowed, Stale
from synapse.cycles import rules
from synapse.cycles.errors import UnfitPerson
from synapse.cycles.models import Assignment, Report
from synapse.cycles.states import AssignmentKind, AssignmentStatus


@transaction.atomic
def create_report(*, actor, owner, **fields: Any) -> Report:
    _require_manager(actor)
    require_owner(owner)
    _require_executive(fields.get("executive"))
    report = _save(Report(owner=owner, **fields))
    after = changes(Report(owner=owner), {"number": report.number, "name": report.name})[1]
    record(actor=actor, action="report.create", obj=report, after=after | {"owner": owner.pk})
    return report


@transaction.atomic
def update_report(*, report: Report, actor, expected: int | None = None, **fields: Any) -> Report:
    """Changes the inventory entry; a new owner takes over the approvals that wait."""
    _require_manager(actor)
    report = Report.objects.select_for_update(no_key=True).get(pk=report.pk)
    if expected is not None and expected != report.lock_version:
        raise Stale(what=str(report))
    before, after = changes(report, fields)
    if not after:
        return report
    if "owner" in after:
        _require_takeover(report, fields["owner"])
    if "executive" in after:
        _require_executive(fields["executive"])
    for name in after:
        setattr(report, name, fields[name])
    report.lock_version += 1
    _save(report)
    if "owner" in after:
        Assignment.objects.filter(
            phase__cycle_report__report=report,
            kind=AssignmentKind.APPROVAL,
            status=AssignmentStatus.OPEN,
        ).update(assigned_to=report.owner)
    record(actor=actor, action="report.update", obj=report, before=before, after=after)
    return report


def require_owner(owner) -> None:
    if not owner.has_role(Role.REPORT_OWNER):
        raise UnfitPerson(person=owner, part="the owner", why="the report owner role is missing")


def _require_executive(executive) -> None:
    if executive is not None and not executive.has_role(Role.REPORT_EXECUTIVE):
        raise UnfitPerson(
            person=executive,
            part="the report's executive",
            why="the report executive role is missing",
        )


def _require_takeover(report: Report, owner) -> None:
    require_owner(owner)
    if report.cycle_reports.filter(tester=owner, completed_at__isnull=True).exists():
        raise UnfitPerson(person=owner, part="the owner", why="they test this report in a cycle")


def _save(report: Report) -> Report:
    try:
        with transaction.atomic():
            report.save()
    except IntegrityError:
        raise Invalid(
            reason=f"There is a report numbered {report.number} already.",
            errors=[{"pointer": "/number", "code": "unique", "detail": "Taken already."}],
        ) from None
    return report


def _require_manager(actor) -> None:
    if not rules.can_manage_reports(actor):
        raise NotAllowed(action="change the inventory of reports; an administrator does")
