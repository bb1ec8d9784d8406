"""What a plan holds: its canonical form, when it is complete, how a revision takes it over."""

from pathlib import PurePath

from synapse.common.errors import DomainError
from synapse.planning.states import Support

SEALED = (
    "name", "technical_name", "line", "item_code", "format", "data_type", "length", "scale",
    "requirement", "static_dynamic", "description", "allowed_values", "is_key", "key_order",
    "is_cde", "cde_source", "has_open_issue", "source", "quote", "quote_place",
)  # fmt: skip
# Sealed only where they say something: what was approved before there were such keeps its hash.
SEALED_IF_SET = ("quote_start", "quote_line", "quote_page")
SUPPORT = ("support", "support_fault", "support_note", "noted_by_id", "noted_at")
COPIED = (
    *SEALED, *SEALED_IF_SET, *SUPPORT, "position", "remark", "document_id", "llm_call_id",
    "simulated", "dictionary_match", "dictionary_field",
)  # fmt: skip
ISSUE_FIELDS = (
    "issue_id", "description", "severity", "found_on", "status", "document_id", "source_row",
)  # fmt: skip


# Names told in one sentence, and the characters of each.
NAMED, LONGEST_NAME = 5, 80
BY_NUMBER = "No attribute is marked as key: records are told apart by their record number."


class PlanIncomplete(DomainError):
    code = "plan_incomplete"
    message = "The plan can't be submitted yet: {what}."


class Unsupported(PlanIncomplete):
    """`errors` names every attribute that its source doesn't bear out and nobody vouched for."""

    code = "unsupported_attributes"


def upload_path(document, name: str) -> str:
    """By content, so that a name from outside never chooses where a file goes."""
    suffix = PurePath(name).suffix.lower()[:10]
    return f"planning/{document.cycle_report_id}/{document.sha256}{suffix}"


def canonical_items(plan) -> list[dict]:
    """The attributes ordered by name, each with its issues: what an approval seals."""
    rows = [_canonical(attribute) for attribute in plan.attributes.prefetch_related("issues")]
    return sorted(rows, key=lambda row: row["name"].lower())


def _canonical(attribute) -> dict:
    row = {name: getattr(attribute, name) for name in SEALED}
    row |= {
        name: getattr(attribute, name)
        for name in SEALED_IF_SET
        if getattr(attribute, name) is not None
    }
    if attribute.support != Support.SUPPORTED:
        row |= {name: getattr(attribute, name) for name in SUPPORT}
    row["issues"] = [
        {"issue_id": issue.issue_id, "status": issue.status} for issue in attribute.issues.all()
    ]
    return row


def check_complete(plan) -> None:
    """A plan has attributes, and something to test beside its keys."""
    missing = missing_for_submission(plan)
    faults = [
        {"pointer": f"/attributes/{pk}", "code": "unsupported", "detail": f"“{name}”: {fault}."}
        for pk, name, fault in unsupported(plan).values_list("pk", "name", "support_fault")
    ]
    if faults:
        raise Unsupported(what="; ".join(missing), errors=faults)
    if missing:
        raise PlanIncomplete(what="; ".join(missing))


def unsupported(plan):
    """Its attributes that wait for a person's note or a right quote, in the plan's order."""
    rows = plan.attributes.filter(support=Support.UNSUPPORTED)
    return rows.order_by("position", "pk")


def missing_for_submission(plan) -> list[str]:
    attributes = plan.attributes
    if not attributes.exists():
        return ["it has no attributes; upload a dictionary, draft them or add them by hand"]
    missing = []
    if not attributes.filter(is_key=False).exists():
        missing.append("every attribute is a key, so nothing is left to test")
    names = list(unsupported(plan).values_list("name", flat=True))
    if names:
        missing.append(f"unsupported and without a person's note: {_listed(names)}")
    return missing


def _listed(names: list[str]) -> str:
    said = ", ".join(f"“{name[:LONGEST_NAME]}”" for name in names[:NAMED])
    return f"{said} and {len(names) - NAMED} more" if len(names) > NAMED else said


def carry_over(plan, new) -> None:
    """Copies attributes and issues; each copy begins its own life at lock version 1."""
    model = plan.attributes.model
    originals = list(plan.attributes.order_by("position", "pk").prefetch_related("issues"))
    copies = model.objects.bulk_create(
        [
            model(version=new, **{name: getattr(original, name) for name in COPIED})
            for original in originals
        ]
    )
    issues = [
        type(issue)(attribute=copy, **{name: getattr(issue, name) for name in ISSUE_FIELDS})
        for original, copy in zip(originals, copies, strict=True)
        for issue in original.issues.all()
    ]
    if issues:
        type(issues[0]).objects.bulk_create(issues)
