"""What of a model's drafts goes into the plan, and what is kept beside it with the reason."""

from collections.abc import Sequence

from synapse.planning.dictionary.text import same_name
from synapse.planning.drafts import PLACE_LIMIT, Checked, Draft, Refused
from synapse.planning.joining import Joined, KnownField, join
from synapse.planning.models import Attribute, Plan, RejectedDraft
from synapse.planning.services.plans import lock_editable
from synapse.planning.states import DictionaryMatch, Source, Support


def store(
    version_id: int,
    document_id: int,
    job_id: int,
    actor,
    checked: Checked,
    dictionary: Sequence[KnownField] = (),
) -> None:
    """In the caller's transaction: new attributes, and what was refused, for the tester to see."""
    plan = lock_editable(Plan.objects.get(pk=version_id), actor)
    known = {same_name(name): name for name in plan.attributes.values_list("name", flat=True)}
    names = [(draft.values["name"], draft.values["technical_name"]) for draft in checked.drafts]
    fresh, refused = [], list(checked.refused)
    for draft, joined in zip(checked.drafts, join(names, dictionary), strict=True):
        name = draft.values["name"]
        reason = _taken(name, joined, known)
        if reason:
            refused.append(Refused(name, draft.quote, draft.place, reason, draft.call_id))
            continue
        known[same_name(name)] = name
        fresh.append(_attribute(plan, document_id, draft, joined))
    Attribute.objects.bulk_create(fresh)
    RejectedDraft.objects.bulk_create(
        RejectedDraft(
            version=plan,
            document_id=document_id,
            job_id=job_id,
            place=entry.place[:PLACE_LIMIT],
            name=entry.name,
            quote=entry.quote,
            reason=entry.reason,
            llm_call_id=entry.call_id,
        )
        for entry in refused
    )


def _taken(name: str, joined: Joined, known: dict[str, str]) -> str:
    """Why the plan has this field already, by this name or the one its dictionary gives it."""
    if same_name(name) in known:
        return "the plan already has this name"
    if joined.match == DictionaryMatch.FOUND and same_name(joined.field) in known:
        return f"the plan already has it, as “{known[same_name(joined.field)][:200]}”"
    return ""


def _attribute(plan: Plan, document_id: int, draft: Draft, joined: Joined) -> Attribute:
    return Attribute(
        version=plan,
        position=draft.line_number,
        source=Source.MODEL,
        quote=draft.quote,
        quote_place=draft.place[:PLACE_LIMIT],
        quote_start=draft.start,
        quote_line=draft.line_number,
        quote_page=draft.page,
        support=Support.UNSUPPORTED if draft.fault else Support.SUPPORTED,
        support_fault=draft.fault,
        dictionary_match=joined.match,
        dictionary_field=joined.field,
        remark=draft.remark,
        document_id=document_id,
        llm_call_id=draft.call_id,
        simulated=draft.simulated,
        **draft.values,
    )


def summary(version_id: int, document_id: int, job_id: int) -> dict[str, int]:
    drafted = Attribute.objects.filter(
        version_id=version_id, document_id=document_id, source=Source.MODEL
    )
    return {
        "attributes": drafted.count(),
        "unsupported": drafted.filter(support=Support.UNSUPPORTED).count(),
        "refused": RejectedDraft.objects.filter(version_id=version_id, job_id=job_id).count(),
    }
