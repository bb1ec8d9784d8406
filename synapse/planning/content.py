"""What a plan holds: its canonical form, when it is complete, how a revision takes it over."""

from pathlib import PurePath

from synapse.common.errors import DomainError

SEALED = (
    "name", "technical_name", "line", "item_code", "format", "data_type", "length", "scale",
    "requirement", "static_dynamic", "description", "allowed_values", "is_key", "key_order",
    "is_cde", "cde_source", "has_open_issue", "source", "quote", "quote_place",
)  # fmt: skip
COPIED = (*SEALED, "position", "remark", "document_id", "llm_call_id", "simulated")
ISSUE_FIELDS = (
    "issue_id", "description", "severity", "found_on", "status", "document_id", "source_row",
)  # fmt: skip


BY_NUMBER = "No attribute is marked as key: records are told apart by their record number."


class PlanIncomplete(DomainError):
    code = "plan_incomplete"
    message = "The plan can't be submitted yet: {what}."


def upload_path(document, name: str) -> str:
    """By content, so that a name from outside never chooses where a file goes."""
    suffix = PurePath(name).suffix.lower()[:10]
    return f"planning/{document.cycle_report_id}/{document.sha256}{suffix}"


def canonical_items(plan) -> list[dict]:
    """The attributes ordered by name, each with its issues: what an approval seals."""
    attributes = plan.attributes.prefetch_related("issues")
    rows = [
        {name: getattr(attribute, name) for name in SEALED}
        | {
            "issues": [
                {"issue_id": issue.issue_id, "status": issue.status}
                for issue in attribute.issues.all()
            ]
        }
        for attribute in attributes
    ]
    return sorted(rows, key=lambda row: row["name"].lower())


def check_complete(plan) -> None:
    """A plan has attributes, and something to test beside its keys."""
    missing = missing_for_submission(plan)
    if missing:
        raise PlanIncomplete(what="; ".join(missing))


def missing_for_submission(plan) -> list[str]:
    attributes = plan.attributes
    if not attributes.exists():
        return ["it has no attributes; upload a dictionary, draft them or add them by hand"]
    if not attributes.filter(is_key=False).exists():
        return ["every attribute is a key, so nothing is left to test"]
    return []


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
