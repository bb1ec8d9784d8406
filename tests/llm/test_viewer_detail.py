"""The page of one call: its attempts, what came of it, its prompt, and its texts on demand."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from llm import surroundings
from llm.models import LLMCall
from synapse.audit.models import Entry
from synapse.planning.models import Attribute
from tests.factories.accounts import make_admin, make_executive, make_tester
from tests.factories.jobs import make_items, make_job
from tests.factories.llm import make_call, make_prompt_version
from tests.factories.planning import make_plan
from tests.factories.scoping import make_scope

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_model_calls")]
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;"


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(call, page: str = "detail") -> str:
    return reverse(f"llm:call_{page}", args=[call.pk])


def page_of(user, call) -> str:
    response = client_of(user).get(address(call))
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def admin():
    return make_admin("ada")


@pytest.fixture
def scope():
    return make_scope()


def job_about(version, **fields):
    return make_job(make_tester(), subject=version, subject_label=str(version), **fields)


def test_the_page_says_all_that_was_recorded(admin):
    make_prompt_version()
    job = make_job(admin)
    make_items(job, done=1)
    call = make_call(job_id=job.pk, item_key="item-0", owner_id=admin.pk, http_status=200,
                     items=10, provider_request_id="req-7", masked=True, queue_ms=310)  # fmt: skip
    page = page_of(admin, call)
    for part in ("Example, ", "Item 0", str(admin), "models.example", "small-1", "req-7",
                 "1,200 in, 80 out", "0.0123", "2.50 s", "Items", "max_tokens=400",
                 "timeout=90 s", "0.31 s", "Numbers of persons or accounts", str(call.uuid),
                 reverse("jobs:job_detail", args=[job.pk]), address(call, "prompt")):  # fmt: skip
        assert part in page, part


def test_texts_are_hidden_until_they_are_asked_for(admin):
    call = make_call()
    assert "alert(1)" not in page_of(admin, call)
    assert client_of(admin).get(address(call, "payload")).status_code == 405
    assert not Entry.objects.filter(action="model_call.payload_opened").exists()
    response = client_of(admin).post(address(call, "payload"))
    page = response.content.decode()
    assert ESCAPED in page and "<script>alert" not in page
    assert "The &lt;b&gt;balance&lt;/b&gt; &amp; the rate." in page
    assert response.headers["Cache-Control"] == "no-store"
    entry = Entry.objects.get(action="model_call.payload_opened")
    assert (entry.actor, entry.object_id) == (admin, str(call.pk))


def test_texts_are_not_for_who_lacks_the_permission():
    tess = make_tester("tess")
    call = make_call(owner_id=tess.pk)
    assert "Show the texts" not in page_of(tess, call)
    assert client_of(tess).post(address(call, "payload")).status_code == 403
    assert not Entry.objects.filter(action="model_call.payload_opened").exists()


def test_what_was_wrong_is_said_in_words(admin):
    call = make_call(outcome="invalid", problems=["items.0.score: 99 is <too> high"],
                     error_code="llm_invalid_answer", error="Nothing fits.")  # fmt: skip
    page = page_of(admin, call)
    assert "does not fit its schema" in page
    assert "items.0.score: 99 is &lt;too&gt; high" in page


def test_attempts_of_an_answer_stand_together(admin):
    job = make_job(admin)
    common = {"job_id": job.pk, "item_key": "a"}
    first = make_call(outcome="invalid", problems=["no JSON"], **common)
    second = make_call(outcome="invalid", attempt=2, reask_of=first.pk, **common)
    third = make_call(attempt=3, reask_of=second.pk, **common)
    again = make_call(**common)
    for call in (first, second, third):
        response = client_of(admin).get(address(call))
        attempts = response.context["chain"].attempts
        assert [each.pk for each in attempts] == [first.pk, second.pk, third.pk]
    assert client_of(admin).get(address(again)).context["chain"].attempts == [again]


def test_attempts_outside_a_job_are_found_too(admin):
    first = make_call(outcome="invalid")
    second = make_call(attempt=2, reask_of=first.pk)
    chain = client_of(admin).get(address(first)).context["chain"]
    assert [each.pk for each in chain.attempts] == [first.pk, second.pk]


def test_a_cached_answer_leads_to_the_call_that_paid(admin):
    paid = make_call()
    page = page_of(admin, make_call(cached=True, cached_from=paid.pk, cost=0))
    assert "nothing was sent" in page and address(paid) in page


def test_the_prompt_is_shown_as_it_was(admin):
    call = make_call()
    assert client_of(admin).get(address(call, "prompt")).status_code == 404
    make_prompt_version(text="# System\nNo <b>names</b>.\n# User\n{{ text }}\n")
    page = client_of(admin).get(address(call, "prompt")).content.decode()
    assert "No &lt;b&gt;names&lt;/b&gt;." in page and "{{ text }}" in page
    other = make_call(prompt_hash="00" * 32)  # changed without a new version
    assert client_of(admin).get(address(other, "prompt")).status_code == 404


def test_a_changed_model_is_told(admin):
    before = make_call(model_returned="small-1")
    after = make_call(model_returned="small-2")
    assert "has changed" not in page_of(admin, before)
    assert "small was small-1 until it became small-2" in page_of(admin, after)


def test_the_call_leads_back_to_what_came_of_it(scope):
    cycle_report = scope.cycle_report
    item = scope.scope_items.last()
    call = make_call(data_owner=f"report:{cycle_report.report_id}")
    scope.scope_items.filter(pk=item.pk).update(llm_call_id=call.pk)
    page = page_of(cycle_report.tester, call)
    assert item.attribute.name in page and item.get_absolute_url() in page


def test_attributes_of_a_plan_lead_back_too():
    plan = make_plan()
    attribute = plan.attributes.last()
    call = make_call(data_owner=f"report:{plan.cycle_report.report_id}")
    Attribute.objects.filter(pk=attribute.pk).update(llm_call_id=call.pk)
    page = page_of(plan.cycle_report.tester, call)
    assert attribute.get_absolute_url().replace("&", "&amp;") in page


def test_everybody_at_the_report_sees_the_calls_of_its_jobs(scope):
    cycle_report = scope.cycle_report
    call = make_call(job_id=job_about(scope).pk)
    for user in (cycle_report.tester, cycle_report.report.owner, cycle_report.cycle.executive):
        assert client_of(user).get(address(call)).status_code == 200


def test_the_right_outlives_the_job(scope):
    """Calls are kept for longer than jobs: what came of one still leads to it."""
    call = make_call(job_id=987_654)
    tester = scope.cycle_report.tester
    assert client_of(tester).get(address(call)).status_code == 404
    scope.scope_items.update(llm_call_id=call.pk)
    assert "no longer kept" in page_of(tester, call)


def test_a_foreign_call_is_not_found(scope, admin):
    make_prompt_version()
    call = make_call(job_id=job_about(scope).pk, owner_id=admin.pk,
                     data_owner=f"report:{scope.cycle_report.report_id}")  # fmt: skip
    for user in (make_tester("sam"), make_executive("eve")):
        client = client_of(user)
        assert client.get(address(call)).status_code == 404
        assert client.get(address(call, "prompt")).status_code == 404
        assert client.post(address(call, "payload")).status_code == 404
    assert Client().get(address(call)).status_code == 302
    assert LLMCall.objects.filter(pk=call.pk).exists()


def test_many_results_take_no_more_queries_than_few(scope):
    call = make_call(data_owner=f"report:{scope.cycle_report.report_id}")
    client, counts = client_of(scope.cycle_report.tester), []
    for count in (1, 4):
        few = [item.pk for item in scope.scope_items.order_by("pk")[:count]]
        scope.scope_items.filter(pk__in=few).update(llm_call_id=call.pk)
        client.get(address(call))  # what a process remembers is remembered
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get(address(call)).context["results"]) == count
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20


def test_without_a_project_around_it_only_staff_see_calls(admin, monkeypatch):
    tess = make_tester("tess")
    call = make_call(owner_id=tess.pk)
    monkeypatch.setattr(surroundings, "_current", surroundings.Surroundings())
    assert str(call.pk) in page_of(admin, call)
    assert client_of(tess).get(address(call)).status_code == 404
