"""Flags from uploaded lists: matched, confirmed by the tester, applied in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction

from synapse.audit.services import record
from synapse.common.errors import Invalid
from synapse.planning.errors import WrongDocument
from synapse.planning.lists import Entry, Matches, match, read_list
from synapse.planning.models import Attribute, Document, HistoricalIssue, Plan
from synapse.planning.services.documents import content_of, upload_limit
from synapse.planning.services.plans import lock_editable
from synapse.planning.states import DocumentKind, IssueStatus

LISTS = (DocumentKind.CDE_LIST, DocumentKind.ISSUE_LIST)


@dataclass
class Flagged:
    """What a list did: rows that set something, rows that were there already, rows left over."""

    applied: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    unmatched: list[Entry] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        return {name: len(getattr(self, name)) for name in ("applied", "known", "unmatched")}


def match_list(plan: Plan, document: Document) -> Matches:
    if document.kind not in LISTS or document.cycle_report_id != plan.cycle_report.pk:
        raise WrongDocument(
            file=document.name, found=document.get_kind_display(), needed="list of CDEs or issues"
        )
    entries = read_list(content_of(document), document.name, document.kind, limit=upload_limit())
    return match(entries, list(plan.attributes.all()))


def apply_list(
    *, plan: Plan, document: Document, actor, accepted: Mapping[int, int] | None = None
) -> Flagged:
    """Flags what is matched for sure, and the suggestions accepted as row -> attribute id."""
    accepted = dict(accepted or {})
    with transaction.atomic():
        plan = lock_editable(plan, actor)
        matches = match_list(plan, document)
        pairs = [(entry, attribute) for entry, attribute, _ in matches.sure]
        pairs += _accepted(matches, accepted, plan)
        taken = {entry.row for entry, _ in pairs}
        result = Flagged(
            unmatched=[
                *[entry for entry, _, _ in matches.suggested if entry.row not in taken],
                *[entry for entry in matches.unmatched if entry.row not in taken],
            ]
        )
        flag = _flag_cde if document.kind == DocumentKind.CDE_LIST else _flag_issue
        for entry, attribute in pairs:
            fresh = Attribute.objects.select_for_update(of=("self",)).get(pk=attribute.pk)
            new = flag(fresh, entry, document)
            (result.applied if new else result.known).append(fresh.name)
        record(
            actor=actor,
            action="plan.flag",
            obj=plan,
            after=result.counts
            | {"document": document.name, "kind": document.kind, "sha256": document.sha256},
            cycle_report=plan.cycle_report,
        )
    return result


def _accepted(
    matches: Matches, accepted: dict[int, int], plan: Plan
) -> list[tuple[Entry, Attribute]]:
    """What the tester says a row means; any row that isn't sure may be given an attribute."""
    open_rows = {entry.row: entry for entry, _, _ in matches.suggested}
    open_rows |= {entry.row: entry for entry in matches.unmatched}
    attributes = plan.attributes.in_bulk(accepted.values())
    pairs = []
    for row, attribute_id in accepted.items():
        if row not in open_rows or attribute_id not in attributes:
            fault = {
                "pointer": f"/accept/{row}",
                "code": "unknown",
                "detail": "No open row, or no attribute of this plan.",
            }
            raise Invalid(reason=f"Row {row} can't be matched so.", errors=[fault])
        pairs.append((open_rows[row], attributes[attribute_id]))
    return pairs


def _flag_cde(attribute: Attribute, entry: Entry, document: Document) -> bool:
    if attribute.is_cde:
        return False
    attribute.is_cde = True
    attribute.cde_source = f"{document.name}, row {entry.row}: {entry.label}"[:400]
    attribute.lock_version += 1
    attribute.save(update_fields=["is_cde", "cde_source", "lock_version"])
    return True


def _flag_issue(attribute: Attribute, entry: Entry, document: Document) -> bool:
    """A list read again brings an issue's state up to date and adds nothing twice."""
    values = {
        "description": entry.description,
        "severity": entry.severity[:60],
        "found_on": entry.found_on[:60],
        "status": entry.status,
        "document": document,
        "source_row": entry.row,
    }
    issue_id = (entry.issue_id or f"{document.name}, row {entry.row}")[:120]
    known = attribute.issues.filter(issue_id=issue_id).first()
    if known and all(getattr(known, name) == value for name, value in values.items()):
        return False
    HistoricalIssue.objects.update_or_create(
        attribute=attribute, issue_id=issue_id, defaults=values
    )
    attribute.has_open_issue = attribute.issues.filter(status=IssueStatus.OPEN).exists()
    attribute.lock_version += 1
    attribute.save(update_fields=["has_open_issue", "lock_version"])
    return True
