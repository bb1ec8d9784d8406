"""Historical issues of an attribute, and the flag that follows from the open ones."""

from django.db import transaction

from synapse.audit.services import record
from synapse.common.errors import Invalid
from synapse.planning.errors import IssueExists
from synapse.planning.models import Attribute, HistoricalIssue
from synapse.planning.services.plans import lock_editable
from synapse.planning.states import IssueStatus


@transaction.atomic
def add_issue(
    *,
    attribute: Attribute,
    actor,
    issue_id: str,
    description: str = "",
    severity: str = "",
    found_on: str = "",
    status: str = IssueStatus.OPEN,
) -> HistoricalIssue:
    """Notes an issue by hand."""
    plan = lock_editable(attribute.version, actor)
    issue_id = issue_id.strip()
    if not issue_id or len(issue_id) > 120:
        fault = {"pointer": "/issue_id", "code": "required", "detail": "1 to 120 characters."}
        raise Invalid(reason="An issue needs its number or name.", errors=[fault])
    if attribute.issues.filter(issue_id=issue_id).exists():
        raise IssueExists(issue=issue_id, name=attribute.name)
    issue = HistoricalIssue.objects.create(
        attribute=attribute,
        issue_id=issue_id,
        description=description.strip(),
        severity=severity.strip()[:60],
        found_on=found_on.strip()[:60],
        status=_status(status),
    )
    flag_open_issues(attribute)
    _record("issue.add", issue, actor, plan, after={"issue": issue_id, "status": issue.status})
    return issue


@transaction.atomic
def set_issue_status(*, issue: HistoricalIssue, actor, status: str) -> HistoricalIssue:
    """Opens or closes an issue; only open ones count in scoping."""
    plan = lock_editable(issue.attribute.version, actor)
    issue = HistoricalIssue.objects.select_for_update(of=("self",)).get(pk=issue.pk)
    before = {"issue": issue.issue_id, "status": issue.status}
    issue.status = _status(status)
    issue.save(update_fields=["status"])
    flag_open_issues(issue.attribute)
    _record("issue.edit", issue, actor, plan, before=before, after={"status": issue.status})
    return issue


@transaction.atomic
def delete_issue(*, issue: HistoricalIssue, actor) -> None:
    """Takes an issue off again, as when it was matched to the wrong attribute."""
    plan = lock_editable(issue.attribute.version, actor)
    attribute = issue.attribute
    _record("issue.delete", issue, actor, plan, before={"issue": issue.issue_id})
    issue.delete()
    flag_open_issues(attribute)


def flag_open_issues(attribute: Attribute) -> None:
    """The flag that scoping reads, and a new lock version for whoever has the attribute open."""
    attribute.refresh_from_db(fields=["lock_version"])
    attribute.has_open_issue = attribute.issues.filter(status=IssueStatus.OPEN).exists()
    attribute.lock_version += 1
    attribute.save(update_fields=["has_open_issue", "lock_version"])


def _status(status: str) -> str:
    if status not in IssueStatus.values:
        fault = {"pointer": "/status", "code": "unknown_choice", "detail": "Use open or closed."}
        raise Invalid(reason="The issue's status is unknown.", errors=[fault])
    return status


def _record(action: str, issue: HistoricalIssue, actor, plan, **details) -> None:
    # The trail of an issue is the trail of its attribute.
    record(
        actor=actor,
        action=action,
        obj=issue.attribute,
        cycle_report=plan.cycle_report,
        **details,
    )
