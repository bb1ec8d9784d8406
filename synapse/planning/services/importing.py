"""A dictionary into a plan: compared first, then taken over in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from synapse.audit.services import record
from synapse.common.rewriting import rewrite
from synapse.planning.dictionary.fields import Field
from synapse.planning.dictionary.reading import Dictionary, first_look, read_dictionary
from synapse.planning.dictionary.text import same_name
from synapse.planning.errors import WrongDocument
from synapse.planning.joining import join
from synapse.planning.models import Attribute, Document, Plan
from synapse.planning.services.comparing import TAKEN, Comparison, compare
from synapse.planning.services.documents import content_of, upload_limit
from synapse.planning.services.plans import lock_editable
from synapse.planning.states import DocumentKind, Source, Support

# What a dictionary says takes the place of all that a model had drafted of the field.
NO_LONGER_DRAFTED = {
    "source": Source.DICTIONARY, "quote": "", "quote_start": None, "quote_line": None,
    "quote_page": None, "support": Support.SUPPORTED, "support_fault": "", "support_note": "",
    "noted_by": None, "noted_at": None, "dictionary_match": "", "dictionary_field": "",
    "llm_call_id": None, "simulated": False,
}  # fmt: skip


@dataclass(frozen=True)
class Choices:
    """How the tester wants the file read; empty means as proposed."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    sheet: str = ""
    schedule: str = ""
    keys: Sequence[str] | None = None


def read(document: Document, choices: Choices, *, look: bool = False) -> Dictionary:
    """`look` shows a first schedule where an import would ask for one."""
    if document.kind != DocumentKind.DICTIONARY:
        raise WrongDocument(
            file=document.name, found=document.get_kind_display(), needed="data dictionary"
        )
    reader = first_look if look else read_dictionary
    return reader(
        content_of(document),
        document.name,
        mapping=choices.mapping or None,
        sheet=choices.sheet,
        schedule=choices.schedule,
        limit=upload_limit(),
    )


def import_dictionary(
    *, plan: Plan, document: Document, actor, choices: Choices | None = None
) -> Comparison:
    """Takes the dictionary's fields into the draft; all or none. Attributes it lacks stay."""
    choices = choices or Choices()
    if document.cycle_report_id != plan.cycle_report.pk:
        raise WrongDocument(file=document.name, found="stranger", needed="data dictionary")
    dictionary = read(document, choices)
    with transaction.atomic():
        plan = lock_editable(plan, actor)
        result = compare(plan, dictionary)
        _add(plan, document, result.added)
        _change(result.changed, document)
        _join_drafted(plan, dictionary)
        _mark_keys(plan, dictionary, choices.keys)
        record(
            actor=actor,
            action="plan.import",
            obj=plan,
            after=result.counts
            | {
                "document": document.name,
                "sha256": document.sha256,
                "left_out": len(dictionary.left_out),
                "columns": {
                    column.role: column.heading for column in dictionary.columns if column.role
                },
            },
            cycle_report=plan.cycle_report,
        )
    return result


def _add(plan: Plan, document: Document, fields: list[Field]) -> None:
    last = plan.attributes.order_by("-position").values_list("position", flat=True).first() or 0
    Attribute.objects.bulk_create(
        Attribute(
            version=plan,
            position=last + place,
            source=Source.DICTIONARY,
            document=document,
            quote_place=f"row {entry.row}",
            is_cde=entry.is_cde,
            cde_source=f"{document.name}, row {entry.row}" if entry.is_cde else "",
            remark="; ".join(entry.notes)[:300],
            **{name: getattr(entry, name) for name in TAKEN},
        )
        for place, entry in enumerate(fields, start=1)
    )


def _change(changed: list[tuple[Attribute, Field, list[str]]], document: Document) -> None:
    for attribute, entry, _ in changed:
        for name in TAKEN:
            setattr(attribute, name, getattr(entry, name))
        attribute.document = document
        attribute.quote_place = f"row {entry.row}"
        attribute.remark = "; ".join(entry.notes)[:300]
        attribute.lock_version += 1
        if attribute.source == Source.MODEL:
            for name, value in NO_LONGER_DRAFTED.items():
                setattr(attribute, name, value)
    if changed:
        rewrite(
            [attribute for attribute, _, _ in changed],
            [*TAKEN, *NO_LONGER_DRAFTED, "document", "quote_place", "remark", "lock_version"],
        )


def _join_drafted(plan: Plan, dictionary: Dictionary) -> None:
    """Tells of each attribute that is still as drafted whether the dictionary has its name."""
    drafted = list(plan.attributes.filter(source=Source.MODEL))
    names = [(attribute.name, attribute.technical_name) for attribute in drafted]
    for attribute, joined in zip(drafted, join(names, dictionary.fields), strict=True):
        attribute.dictionary_match, attribute.dictionary_field = joined.match, joined.field
    rewrite(drafted, ["dictionary_match", "dictionary_field"])


def _mark_keys(plan: Plan, dictionary: Dictionary, chosen: Sequence[str] | None) -> None:
    """Keys as chosen; without a choice the proposed ones, but only in a plan that has none yet."""
    if chosen is None:
        if plan.attributes.filter(is_key=True).exists():
            return
        chosen = dictionary.proposed_keys
    wanted = [same_name(name) for name in chosen]
    present = {same_name(attribute.name): attribute for attribute in plan.attributes.all()}
    keys = [present[name] for name in dict.fromkeys(wanted) if name in present]
    order = {attribute.pk: place for place, attribute in enumerate(keys, start=1)}
    turned = [each for each in present.values() if each.key_order != order.get(each.pk)]
    for attribute in turned:
        attribute.key_order = order.get(attribute.pk)
        attribute.is_key = attribute.key_order is not None
        # Whoever has the attribute open would save the former flag.
        attribute.lock_version += 1
    rewrite(turned, ["is_key", "key_order", "lock_version"])
