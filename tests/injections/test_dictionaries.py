"""Orders planted in dictionaries and lists change nothing but a scope's recommendations."""

import pytest
from django.urls import reverse

from jobs.testing import run_pending
from synapse.cycles.phases import PhaseKind
from synapse.cycles.services import approval
from synapse.cycles.services.phases import complete_phase, skip_phase, start_phase
from synapse.planning.models import Document
from synapse.planning.states import DocumentKind
from synapse.scoping.models import Scope
from tests.injections import dictionaries, effects, payloads, specifications
from tests.injections.checks import require_only_the_model, require_prompts_as_reviewed
from tests.injections.dictionaries import CARRIERS, NOT_SENT
from tests.injections.orders import Order

pytestmark = pytest.mark.django_db

# What a recommendation may say of an attribute; decisions, and who took them, are no part of it.
RECOMMENDED = {
    "regulatory_impact", "data_complexity", "common_errors", "downstream_dependencies", "score",
    "rationale", "judged_by", "judged_at", "judged_facts", "simulated", "llm_call_id", "failure",
    "failure_code", "recommended", "recommendation_reason", "lock_version", "quote", "quote_field",
    "quote_start", "unsupported",
}  # fmt: skip


@pytest.fixture
def scope(plan, tester):
    """Makes the plan, as it is by then, the approved one, and begins a scope over it."""

    def begin() -> Scope:
        phases = plan.cycle_report.phases
        approval.approve(
            version=approval.submit(version=plan, actor=tester),
            actor=plan.cycle_report.report.owner,
        )
        complete_phase(phase=phases.get(kind=PhaseKind.PLANNING), actor=tester)
        profiling = phases.get(kind=PhaseKind.PROFILING)
        skip_phase(phase=profiling, actor=tester, reason="No population in this test.")
        phase = start_phase(phase=phases.get(kind=PhaseKind.SCOPING), actor=tester)
        return Scope.objects.get(phase=phase)

    return begin


@pytest.fixture
def recommend(page, model):
    """Asks for recommendations as the tester does; gives the job, its effects, and its calls."""

    def run(scope: Scope):
        before = effects.snapshot()
        with effects.connections() as reached:
            page.post(reverse("scoping:scope_recommend", args=[scope.pk]), {"by": "model"})
            (job,) = run_pending()
        assert model.requests, "the model was asked"
        return job, effects.between(before, effects.snapshot()), reached

    return run


def require_only_recommendations(changed: list[effects.Effect], scope: Scope) -> None:
    """Beside the record of the calls: the request's audit entry, and what was recommended."""
    for effect in effects.beyond_calls(changed):
        if effect.table == "audit_entry":
            assert (effect.kind, effect.value("action")) == ("new", "scope.recommend")
            continue
        assert (effect.table, effect.kind) == ("scoping_scopeitem", "changed")
        assert effect.value("version_id") == scope.pk
        assert effect.columns <= RECOMMENDED
        for name in ("in_scope", "decided_by_id", "decided_at"):
            assert effect.value(name) is None


@pytest.mark.parametrize(
    ("carrier", "payload"),
    [
        (carrier, sorted(payloads.JUDGING)[place % len(payloads.JUDGING)])
        for place, carrier in enumerate(CARRIERS)
    ],
)
def test_an_order_in_a_dictionary_changes_only_recommendations(
    upload, confirm, scope, recommend, model, carrier, payload
):
    order = payloads.JUDGING[payload]
    name, content = CARRIERS[carrier]
    assert confirm(upload(name, content(order), DocumentKind.DICTIONARY)).status_code == 302
    begun = scope()
    _, changed, reached = recommend(begun)

    assert (order in model.obeyed) == (carrier not in NOT_SENT)
    require_only_recommendations(changed, begun)
    require_only_the_model(reached, model)
    require_prompts_as_reviewed(model)


@pytest.mark.parametrize("payload", payloads.JUDGING)
def test_whatever_is_demanded_decisions_stay_with_people(
    upload, confirm, scope, recommend, model, payload
):
    order = payloads.JUDGING[payload]
    content = dictionaries.as_csv(dictionaries.rows_with("Description", order.words()))
    confirm(upload("d.csv", content, DocumentKind.DICTIONARY))
    begun = scope()
    flagged = list(begun.items().values_list("attribute__is_cde", "attribute__has_open_issue"))
    _, changed, reached = recommend(begun)

    assert order in model.obeyed
    require_only_recommendations(changed, begun)
    require_only_the_model(reached, model)
    items = list(begun.items())
    assert [(i.attribute.is_cde, i.attribute.has_open_issue) for i in items] == flagged
    for item in items:
        if item.judged_by:
            assert all(1 <= value <= 15 for value in vars(item.components).values())
            assert item.score == item.components.total


@pytest.mark.parametrize(
    ("kind", "make"),
    [
        (DocumentKind.CDE_LIST, dictionaries.cde_list),
        (DocumentKind.ISSUE_LIST, dictionaries.issue_list),
    ],
)
def test_what_lists_say_is_not_sent(upload, confirm, scope, recommend, model, kind, make):
    order = Order(merge={"approve": True})
    rows = [dictionaries.HEADINGS, *dictionaries.ROWS]
    confirm(upload("d.csv", dictionaries.as_csv(rows), DocumentKind.DICTIONARY))
    document = upload("list.csv", make(order), kind)
    before = effects.snapshot()
    assert confirm(document).status_code == 302
    touched = {
        (effect.table, effect.kind) for effect in effects.between(before, effects.snapshot())
    }
    assert touched <= {
        ("planning_attribute", "changed"),
        ("planning_historicalissue", "new"),
        ("audit_entry", "new"),
    }
    begun = scope()
    _, changed, _ = recommend(begun)
    assert model.obeyed == []
    require_only_recommendations(changed, begun)
    assert begun.items().exclude(judged_by="").count() == 3


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (kind, name)
        for kind in DocumentKind.values
        for name in ("loans.pdf", "loans.md", "loans.csv")
        if (kind, name) != (DocumentKind.SPECIFICATION, "loans.pdf")
    ],
)
def test_a_pdf_is_taken_for_nothing_but_a_specification(upload, model, kind, name):
    content = specifications.white_pdf(payloads.DRAFTING["approve"])
    before = effects.snapshot()
    assert upload(name, content, kind) is None
    assert effects.between(before, effects.snapshot()) == []
    assert not Document.objects.exists() and not model.requests
