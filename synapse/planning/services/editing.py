"""Changing a draft's attributes one by one, so that nobody overwrites what they have not seen."""

from typing import Any

from django.db import transaction
from django.db.models import Max

from synapse.audit.models import Entry
from synapse.audit.services import changes as differences
from synapse.audit.services import record
from synapse.common.errors import Invalid
from synapse.planning.errors import AttributeExists, StaleAttribute
from synapse.planning.models import Attribute, Plan
from synapse.planning.services.plans import lock_editable
from synapse.planning.states import DataType, Requirement, Source

EDITABLE = (
    "name", "technical_name", "line", "item_code", "format", "data_type", "length", "scale",
    "requirement", "static_dynamic", "description", "allowed_values", "is_key", "is_cde",
    "cde_source",
)  # fmt: skip
BY_HAND = "set by hand"


@transaction.atomic
def add_attribute(*, plan: Plan, actor, **fields: Any) -> Attribute:
    """A field written by hand, at the end of the list."""
    plan = lock_editable(plan, actor)
    values = _checked(plan, None, fields)
    last = plan.attributes.aggregate(last=Max("position"))["last"] or 0
    if values.get("is_key"):
        values["key_order"] = _next_key(plan)
    if values.get("is_cde") and not values.get("cde_source"):
        values["cde_source"] = BY_HAND
    attribute = Attribute.objects.create(
        version=plan, position=last + 1, source=Source.MANUAL, **values
    )
    record_attribute("add", attribute, actor, after={name: values[name] for name in values})
    return attribute


@transaction.atomic
def edit_attribute(
    *, attribute: Attribute, actor, lock_version: int | None, reason: str = "", **fields: Any
) -> Attribute:
    """Saves the changes if nobody changed the attribute since it was read at `lock_version`."""
    plan, attribute = lock_attribute(attribute, actor, lock_version)
    before, after = differences(attribute, _checked(plan, attribute, fields))
    if not after:
        return attribute
    if "is_key" in after:
        attribute.key_order = _next_key(plan) if after["is_key"] else None
    if "is_cde" in after and "cde_source" not in after:
        after["cde_source"] = BY_HAND if after["is_cde"] else ""
    for name, value in after.items():
        setattr(attribute, name, value)
    attribute.lock_version += 1
    attribute.save()
    record_attribute("edit", attribute, actor, before=before, after=after, reason=reason)
    return attribute


@transaction.atomic
def delete_attribute(
    *, attribute: Attribute, actor, lock_version: int | None, reason: str = ""
) -> None:
    """Takes an attribute out of the draft; approved versions keep theirs."""
    _, attribute = lock_attribute(attribute, actor, lock_version)
    before = {"name": attribute.name, "line": attribute.line, "source": attribute.source}
    record_attribute("delete", attribute, actor, before=before, reason=reason)
    attribute.delete()


def lock_attribute(attribute: Attribute, actor, lock_version: int | None) -> tuple[Plan, Attribute]:
    """Both as they are now, their rows locked; refused if the attribute is no longer that read."""
    plan = lock_editable(attribute.version, actor)
    fresh = Attribute.objects.select_for_update(of=("self",)).get(pk=attribute.pk)
    fresh.version = plan
    if lock_version is not None and fresh.lock_version != lock_version:
        raise stale(fresh)
    return plan, fresh


def stale(attribute: Attribute) -> StaleAttribute:
    """Tells who changed the attribute last, when, and what."""
    entry = (
        Entry.objects.filter(
            content_type__app_label="planning",
            content_type__model="attribute",
            object_id=str(attribute.pk),
        )
        .order_by("-id")
        .first()
    )
    if entry is None:
        return StaleAttribute(name=attribute.name, how="since you read it")
    what = ", ".join(name.replace("_", " ") for name in (entry.after or {})) or entry.action
    how = f"by {entry.actor_label} at {entry.at:%H:%M} UTC ({what})"
    return StaleAttribute(name=attribute.name, how=how)


def _checked(plan: Plan, attribute: Attribute | None, fields: dict[str, Any]) -> dict[str, Any]:
    """The editable values, in shape; faults name their field."""
    faults = []
    values = {name: fields[name] for name in EDITABLE if name in fields}
    for name, value in values.items():
        if isinstance(value, str):
            values[name] = value.strip()
    if "name" in values or attribute is None:
        name = " ".join(values.get("name", "").split())
        values["name"] = name
        if not name:
            faults.append(_fault("name", "required", "A name is needed."))
    for name, choices in (("data_type", DataType), ("requirement", Requirement)):
        if values.get(name) and values[name] not in choices.values:
            detail = f"Use one of {', '.join(choices.values)}, or leave it empty."
            faults.append(_fault(name, "unknown_choice", detail))
    for name in ("name", "technical_name", "line", "item_code", "format", "cde_source"):
        longest = Attribute._meta.get_field(name).max_length
        if len(values.get(name, "")) > longest:
            faults.append(_fault(name, "too_long", f"At most {longest} characters."))
    if values.get("static_dynamic") not in (None, "", "static", "dynamic"):
        faults.append(_fault("static_dynamic", "unknown_choice", "Use static or dynamic."))
    if "allowed_values" in values and not _are_codes(values["allowed_values"]):
        faults.append(
            _fault("allowed_values", "wrong_shape", "A list of objects with code and meaning.")
        )
    if faults:
        raise Invalid(reason="The attribute can't be saved.", errors=faults)
    if "name" in values:
        _refuse_taken(plan, attribute, values["name"])
    return values


def _refuse_taken(plan: Plan, attribute: Attribute | None, name: str) -> None:
    same = plan.attributes.filter(name__iexact=name)
    if attribute is not None:
        same = same.exclude(pk=attribute.pk)
    if same.exists():
        fault = AttributeExists(name=name)
        fault.errors = [_fault("name", "attribute_exists", fault.message)]
        raise fault


def _are_codes(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(entry, dict)
        and set(entry) == {"code", "meaning"}
        and all(isinstance(part, str) for part in entry.values())
        for entry in value
    )


def _fault(name: str, code: str, detail: str) -> dict[str, str]:
    return {"pointer": f"/{name}", "code": code, "detail": detail}


def _next_key(plan: Plan) -> int:
    return (plan.attributes.aggregate(last=Max("key_order"))["last"] or 0) + 1


def record_attribute(action: str, attribute: Attribute, actor, **details: Any) -> None:
    record(
        actor=actor,
        action=f"attribute.{action}",
        obj=attribute,
        cycle_report=attribute.version.cycle_report,
        **details,
    )
