"""One attribute judged wrongly among others: it alone is asked for again, and pays for it alone."""

import pytest

from jobs.testing import run_pending
from synapse.scoping.tasks import latest_recommendation, start_recommendation
from tests.factories.scoping import item_named
from tests.scoping import answering

pytestmark = pytest.mark.django_db(transaction=True)
ALL = ["Balance", "Rate", "Opened On", "Remark"]
KNOWN_ISSUES = {"rationale": "It has known issues with its sign and its decimals."}
RIGHT = {"rationale": "Signs and decimals of such amounts are easily confused."}


@pytest.fixture
def model(settings, no_model_calls):
    with answering.serving() as model:
        settings.LLM = model.settings
        yield model


def recommend(scope):
    start_recommendation(scope=scope, actor=scope.cycle_report.tester)
    run_pending()
    return latest_recommendation(scope)


@pytest.mark.parametrize(
    "wrong",
    [
        KNOWN_ISSUES,
        {"rationale": "It is a critical data element of this bank."},
        {"rationale": "Because."},
        {"rationale": "The regulatory impact is low, being a remark.", "regulatory_impact": 15},
        {"data_complexity": 16},
        {"common_errors": 0},
        {"quote": "The rate of the account."},
        {"quote": "a remark"},
        {"quote": ""},
    ],
)
def test_what_can_not_be_is_asked_for_again_alone(scope, model, wrong):
    model.say("Remark", wrong, RIGHT)
    job = recommend(scope)
    assert model.asked == [ALL, ["Remark"]]
    item = item_named(scope, "Remark")
    assert (job.status, item.rationale, item.unsupported) == (
        "succeeded",
        RIGHT["rationale"],
        False,
    )


def test_a_history_made_up_again_and_again_fails_visibly(scope, model):
    model.say("Remark", KNOWN_ISSUES)
    model.say("Rate", KNOWN_ISSUES)
    job = recommend(scope)
    assert model.asked == [ALL, ["Remark"], ["Remark"]], "Rate has an open issue: it is borne out"
    assert (job.status, job.failed) == ("failed", 1)
    failed = scope.scope_items.exclude(failure="").get()
    assert (failed.attribute.name, failed.failure_code) == ("Remark", "wrong_answer")
    assert 'claims what is not flagged, open historical issue: "known issues"' in failed.failure
    assert not failed.judged_by
    assert scope.scope_items.filter(judged_by="model", unsupported=False).count() == 3


def test_one_without_its_quote_is_marked_and_the_others_are_not(scope, model):
    model.say("Remark", {"quote": "The remark of the customer."})
    job = recommend(scope)
    assert model.asked == [ALL, ["Remark"], ["Remark"]]
    assert job.status == "succeeded"
    marked = scope.scope_items.get(unsupported=True)
    assert (marked.attribute.name, marked.quote) == ("Remark", "The remark of the customer.")
    assert scope.scope_items.filter(quote_field="description").count() == 3


def test_a_mistake_made_twice_is_not_answered_from_the_cache_with_itself(scope, model):
    model.say("Remark", {"quote": "Not there at all."}, {"quote": "Not there at all."}, {})
    recommend(scope)
    assert model.asked == [ALL, ["Remark"], ["Remark"]]
    assert not item_named(scope, "Remark").unsupported
