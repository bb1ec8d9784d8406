"""What the page of a job says of its model calls."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from llm.models import LLMCall
from synapse.common.job_facts import of_job
from tests.factories.accounts import make_admin, make_tester
from tests.factories.jobs import make_job

pytestmark = pytest.mark.django_db


def call(job, outcome: str = "ok", **fields) -> LLMCall:
    now = timezone.now()
    return LLMCall.objects.create(
        operation="support.name_items",
        request=[],
        outcome=outcome,
        started_at=now,
        deadline=now,
        settled_at=now,
        job_id=job.pk,
        **fields,
    )


@pytest.fixture
def job(db):
    return make_job(make_tester("tess"))


def test_a_job_that_called_no_model_says_nothing_of_calls(job):
    assert of_job(job, job.owner) == []


def test_calls_tokens_and_cost_are_added_up(job):
    call(job, tokens_in=1200, tokens_out=30, cost="0.0100", simulated=True)
    call(job, "failed", tokens_in=34, tokens_out=0, cost="0.0023")
    call(job, cached=True, cost=0)
    call(make_job(job.owner), tokens_in=5)
    assert of_job(job, job.owner) == [
        (
            "Model calls",
            "2, 1 failed, 1 from the cache, 1 simulated",
            f"/model-calls/?job={job.pk}",
        ),
        ("Tokens", "1,234 in, 30 out", ""),
        ("Cost", "0.0123", ""),
    ]


def test_without_a_price_no_cost_is_told(job):
    call(job, tokens_in=1, tokens_out=1, cost=0)
    assert [label for label, _, _ in of_job(job, job.owner)] == ["Model calls", "Tokens"]


def test_whoever_sees_the_job_is_led_to_its_calls(job):
    mine = call(job, owner_id=job.owner_id)
    call(make_job(job.owner))
    url = next(url for label, _, url in of_job(job, job.owner) if label == "Model calls")
    for user in (job.owner, make_admin("ada")):
        client = Client()
        client.force_login(user)
        assert url in client.get(reverse("jobs:job_detail", args=[job.pk])).content.decode()
        assert [row.pk for row in client.get(url).context["page_obj"]] == [mine.pk]
