"""The pages of model calls: what went well, what was asked again, what failed, what it cost."""

from datetime import timedelta

from django.utils import timezone

from jobs.states import Status
from synapse.scoping.models import ScopeItem
from tests.browser.world import World, seen
from tests.factories.cycles import make_report
from tests.factories.jobs import make_items, make_job
from tests.factories.llm import make_call, make_prompt_version

OPERATION = "scoping.judge"
PROBLEMS = ["judgements.3.rationale: this sentence is longer than 400 characters", "judgements: 9"]


def call_pages(world: World) -> dict:
    tester, scope = world.tester, world.scoped
    # As long as real ones are: one of the choices of a filter.
    make_report(name="Capital Assessments and Stress Testing, monthly, of all credit cards")
    make_prompt_version(operation=OPERATION)
    done = {
        "status": Status.SUCCEEDED,
        "seen_at": timezone.now(),
        "subject": scope,
        "subject_label": str(scope),
    }
    job = make_job(tester, title="Recommend scope", **done)
    make_items(job, done=2)
    common = {
        "operation": OPERATION,
        "job_id": job.pk,
        "owner_id": tester.pk,
        "data_owner": f"report:{scope.cycle_report.report_id}",
        "schema_name": "Judgements",
        "items": 10,
        "http_status": 200,
    }
    for day in range(1, 9):
        make_call(age=timedelta(days=day), item_key="item-0", **common)
    first = make_call(outcome="invalid", problems=PROBLEMS, item_key="item-1", **common)
    call = make_call(
        attempt=2, reask_of=first.pk, item_key="item-1", masked=True, queue_ms=310, **common
    )
    judged = scope.scope_items.filter(attribute__is_key=False)[:10]
    ScopeItem.objects.filter(pk__in=[item.pk for item in judged]).update(llm_call_id=call.pk)
    make_call(cached=True, cached_from=call.pk, cost=0, latency_ms=0, **common)
    other = common | {"operation": "planning.draft_attributes", "model_returned": "small-2"}
    changed = make_call(simulated=True, **other)
    make_call(outcome="open", **common | {"item_key": "item-2"})
    limited = common | {"http_status": 429, "model_returned": "", "response": None}
    failed = make_call(
        outcome="rate_limited",
        error_code="llm_rate_limited",
        error="models.example asks to wait for 20 s.",
        **limited,
    )
    return {
        "llm:call_list": seen(tester),
        "llm:call_list filtered": seen(world.admin, query="?outcome=unanswered&user=tess"),
        "llm:call_list nothing": seen(tester, query="?search=nothing&started_from=soon"),
        "llm:call_list empty": seen(world.stranger),
        "llm:call_detail": seen(tester, call.pk),
        "llm:call_detail invalid": seen(world.admin, first.pk),
        "llm:call_detail failed": seen(tester, failed.pk),
        "llm:call_detail changed": seen(tester, changed.pk),
        "llm:call_prompt": seen(tester, call.pk),
        "llm:cost_report": seen(tester),
        "llm:cost_report by operation": seen(world.admin, query="?by=operation"),
        "llm:cost_report empty": seen(world.stranger),
    }
