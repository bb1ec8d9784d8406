"""What the scoping pages show around their rows: facts, commands and the reasons against them."""

from urllib.parse import urlencode

from synapse.audit.models import Entry
from synapse.common.errors import DomainError
from synapse.cycles import rules as cycle_rules
from synapse.cycles.selectors import steps
from synapse.cycles.states import REVISABLE
from synapse.scoping import rules, selectors, tasks
from synapse.scoping.forms import DecisionForm, PolicyForm
from synapse.scoping.models import Scope, ScopeItem
from synapse.scoping.passages import passage_of
from synapse.scoping.scoring import COMPONENT_MAX, COMPONENTS, FLAG_POINTS, QUALITY_POINTS
from synapse.scoping.services import recommendation
from synapse.scoping.states import Decision

LABELS = dict(
    zip(
        COMPONENTS,
        ("Regulatory impact", "Data complexity", "Common errors", "Downstream use"),
        strict=True,
    )
)


def frame(phase) -> dict:
    """Where one is: for `layouts/phase.html`."""
    cycle_report = phase.cycle_report
    return {"phase": phase, "cycle_report": cycle_report, "steps": steps(cycle_report)}


def can_start(phase, user) -> bool:
    return phase.is_in_progress and cycle_rules.can_work_on(user, phase.cycle_report)


def review(scope: Scope, user) -> dict:
    """Everything of the review beside its rows."""
    metrics = selectors.metrics_of(scope)
    newer = selectors.newer_plan(scope)
    can_edit = rules.can_edit_scope(user, scope)
    return {
        **frame(scope.phase),
        "metrics": metrics,
        "facts": facts(scope, metrics),
        "newer_plan": newer,
        "live_job": shown_job(scope),
        "can_edit": can_edit,
        "can_decide": rules.can_decide_scope(user, scope),
        "can_revise": scope.status in REVISABLE and can_start(scope.phase, user),
        "can_withdraw": scope.is_pending and rules.can_work_on_scope(user, scope),
        "blocker": blocker(scope) if can_edit else "",
        "lacking": recommendation.lacking(scope) if can_edit else 0,
        "source": tasks.default_label(),
        "policy": PolicyForm(initial={"threshold": scope.threshold, "top_n": scope.top_n}),
        "decisions": Decision.choices,
        "other_version": scope.number > 1,
    }


def blocker(scope: Scope) -> str:
    """Why the draft can't be submitted now, in words; empty when it can."""
    try:
        scope.check_submittable()
    except DomainError as error:
        return error.message
    return ""


def shown_job(scope: Scope):
    """The recommendation job while it lives, and afterwards if something of it failed."""
    job = tasks.latest_recommendation(scope)
    if job is None or job.is_live:
        return job
    return job if scope.is_draft and (job.failed or job.status != "succeeded") else None


def facts(scope: Scope, metrics: selectors.Metrics) -> list[dict]:
    """The figures, each leading to its rows."""
    rows = [
        _fact(scope, metrics.included, "in scope", included="on"),
        _fact(scope, _percent(metrics.cde_coverage), "CDE coverage", cde="on"),
        _fact(scope, _percent(metrics.risk_coverage), "risk coverage", sort="-score"),
        _fact(scope, metrics.overrides, "overrides", overridden="on"),
        _fact(
            scope,
            metrics.undecided,
            "undecided",
            colour="warn" if metrics.undecided else "ok",
            undecided="on",
        ),
        _fact(scope, scope.threshold, "threshold", min_score=scope.threshold),
        _fact(scope, metrics.keys, "keys", key="on"),
    ]
    if metrics.measured:
        rows.append(_fact(scope, metrics.measured, "with data quality", sort="quality"))
    if metrics.unsupported:
        rows.append(
            _fact(scope, metrics.unsupported, "unsupported", colour="warn", unsupported="on")
        )
    if metrics.failed:
        rows.append(_fact(scope, metrics.failed, "failed", colour="bad", failed="on"))
    return rows


def panel(scope: Scope, item: ScopeItem, user, form: DecisionForm | None = None) -> dict:
    """One attribute explained, and what may be decided of it."""
    attribute = item.attribute
    points = [
        (LABELS[name], getattr(item, name), COMPONENT_MAX) for name in COMPONENTS if item.judged_by
    ]
    if item.judged_by:
        points.append(("CDE", FLAG_POINTS * attribute.is_cde, FLAG_POINTS))
        points.append(("Open issue", FLAG_POINTS * attribute.has_open_issue, FLAG_POINTS))
    if item.judged_by and item.data_quality is not None:
        points.append((f"Data quality {item.data_quality}", quality_points(item), QUALITY_POINTS))
    return {
        "scope": scope,
        "item": item,
        "attribute": attribute,
        "points": points,
        "issues": list(attribute.issues.all()),
        "passage": passage_of(item),
        "call_id": tasks.kept_call_id(item),
        "can_edit_item": not attribute.is_key and rules.can_edit_scope(user, scope),
        "form": form
        or DecisionForm(
            item=item, initial={"reason": item.reason, "lock_version": item.lock_version}
        ),
    }


def quality_points(item: ScopeItem) -> str:
    """What poor data adds, to one decimal."""
    tenths = 100 - item.data_quality
    return f"{tenths // 10}.{tenths % 10}"


def history(scope: Scope, item: ScopeItem) -> dict:
    """The model call behind an item and every trace of its decisions."""
    trail = Entry.objects.filter(content_type__app_label="scoping").select_related("actor")
    own = trail.filter(content_type__model="scopeitem", object_id=str(item.pk))
    bulk = trail.filter(
        content_type__model="scope",
        object_id=str(scope.pk),
        action="scope.decide_many",
        after__items__contains=item.pk,
    )
    call = tasks.call_of(item)
    return {
        "version": scope,
        "item": item,
        "attribute": item.attribute,
        "call": call,
        "job": tasks.job_of(call) if call else None,
        "entries": (own | bulk).order_by("-id"),
    }


def _fact(scope: Scope, value, label: str, colour: str = "", **filters) -> dict:
    address = f"{scope.get_absolute_url()}?{urlencode(filters)}"
    return {"value": value, "label": label, "url": address, "colour": colour}


def _percent(value: int | None) -> str:
    return "none" if value is None else f"{value} %"
