"""What the sampling pages show around their rows: facts, commands and the reasons against them."""

from urllib.parse import urlencode

from synapse.audit.models import Entry
from synapse.common.errors import DomainError
from synapse.cycles import rules as cycle_rules
from synapse.cycles.selectors import steps
from synapse.cycles.states import REVISABLE
from synapse.sampling import ground, rules, selectors, submission, tasks
from synapse.sampling.forms import DecisionForm
from synapse.sampling.models import Sample, SampleSet
from synapse.sampling.records import in_order
from synapse.sampling.states import BulkDecision, Category, Method


def frame(phase) -> dict:
    """Where one is: for `layouts/phase.html`."""
    cycle_report = phase.cycle_report
    return {"phase": phase, "cycle_report": cycle_report, "steps": steps(cycle_report)}


def can_start(phase, user) -> bool:
    return phase.is_in_progress and cycle_rules.can_work_on(user, phase.cycle_report)


def standing(phase) -> dict:
    """What there is to draw from, or why nothing can be drawn yet."""
    try:
        found = ground.ground_of(phase)
        fields = ground.fields_of(found.scope, found.population)
    except DomainError as error:
        return {"obstacle": error.message}
    return {"ground": found, "fields": fields}


def review(sample_set: SampleSet, user) -> dict:
    """Everything of the review beside its rows."""
    counts = selectors.counts_of(sample_set)
    can_edit = rules.can_edit_sample_set(user, sample_set)
    job = shown_job(sample_set)
    return {
        **frame(sample_set.phase),
        "counts": counts,
        "facts": facts(sample_set, counts),
        "balance": balance(sample_set),
        "stale": stale(sample_set),
        "live_job": job,
        "in_work": bool(job and job.is_live),
        "can_edit": can_edit,
        "can_decide": rules.can_decide_sample_set(user, sample_set),
        "can_revise": sample_set.status in REVISABLE and can_start(sample_set.phase, user),
        "can_withdraw": sample_set.is_pending and rules.can_work_on_sample_set(user, sample_set),
        "blocker": blocker(sample_set) if can_edit else "",
        "decisions": BulkDecision.choices,
        "other_version": sample_set.number > 1,
    }


def blocker(sample_set: SampleSet) -> str:
    """Why the draft can't be submitted now, in words; empty when it can."""
    try:
        sample_set.check_submittable()
    except DomainError as error:
        return error.message
    return ""


def stale(sample_set: SampleSet) -> str:
    """What came since the draw and is not in it; only of interest while it may still change."""
    if not (sample_set.is_open or sample_set.is_approved):
        return ""
    try:
        submission.check_ground(sample_set)
    except DomainError as error:
        return error.message
    return ""


def shown_job(sample_set: SampleSet):
    """What works on the samples, and afterwards what went wrong or is still to be decided."""
    job = tasks.latest_job(sample_set)
    if job is None or job.is_live:
        return job
    if not sample_set.is_draft:
        return None
    if job.failed or job.status != "succeeded":
        return job
    added = (job.result or {}).get("sample")
    return job if sample_set.samples.filter(pk=added, decision=None).exists() else None


def facts(sample_set: SampleSet, counts: selectors.Counts) -> list[dict]:
    """The figures, each leading to its rows."""
    rows = [_fact(sample_set, counts.total, "samples")]
    rows += [
        _fact(sample_set, getattr(counts, category), category.label, **{category.value: "on"})
        for category in Category
    ]
    rows += [
        _fact(sample_set, counts.random, "at random", random="on"),
        _fact(sample_set, counts.manual, "by hand", manual="on"),
        _fact(sample_set, counts.approved, "in", included="on"),
        _fact(sample_set, counts.rejected, "out", excluded="on"),
        _fact(
            sample_set,
            counts.undecided,
            "undecided",
            colour="warn" if counts.undecided else "ok",
            undecided="on",
        ),
    ]
    return rows


def balance(sample_set: SampleSet) -> list[dict]:
    """Asked for and got, a line a category; nothing where the draw has no mix."""
    if sample_set.method != Method.RISK:
        return []
    return [
        {"label": Category(row["category"]).label, **row}
        for row in sample_set.report.get("categories", [])
    ]


def panel(sample_set: SampleSet, sample: Sample, user, form: DecisionForm | None = None) -> dict:
    """One record explained, and what may be decided of it."""
    told = {reason["attribute"] for reason in sample.reasons}
    can_edit = rules.can_edit_sample_set(user, sample_set)
    return {
        "sample_set": sample_set,
        "sample": sample,
        "key_rows": [
            (name, sample.key_values[name])
            for name in sample_set.key_columns
            if name in sample.key_values
        ],
        "value_rows": [
            {"name": name, "value": sample.row[name], "told": name in told}
            for name in in_order(sample_set, sample.row)
            if name not in sample.key_values
        ],
        "can_edit_sample": can_edit,
        "can_remove": can_edit and sample.is_manual,
        "form": form
        or DecisionForm(initial={"reason": sample.reason, "lock_version": sample.lock_version}),
    }


def history(sample_set: SampleSet, sample: Sample) -> dict:
    """Every trace of what was decided of a record."""
    trail = Entry.objects.filter(content_type__app_label="sampling").select_related("actor")
    own = trail.filter(content_type__model="sample", object_id=str(sample.pk))
    bulk = trail.filter(
        content_type__model="sampleset",
        object_id=str(sample_set.pk),
        action="sampleset.decide_many",
        after__items__contains=sample.pk,
    )
    return {
        "version": sample_set,
        "sample_set": sample_set,
        "sample": sample,
        "entries": (own | bulk).order_by("-id"),
    }


def _fact(sample_set: SampleSet, value, label: str, colour: str = "", **filters) -> dict:
    query = f"?{urlencode(filters)}" if filters else ""
    address = f"{sample_set.get_absolute_url()}{query}"
    return {"value": value, "label": label, "url": address, "colour": colour}
