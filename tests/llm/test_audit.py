"""Every HTTP attempt leaves a row that no rollback takes away and nothing changes."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from llm import calls, selectors
from llm.models import LLMCall
from tests.llm.asking import ask

pytestmark = pytest.mark.django_db(transaction=True)


def test_row_says_what_was_asked_of_whom_and_what_it_cost(simulator, settings):
    settings.LLM = {**settings.LLM, "PRICE_IN": 3, "PRICE_OUT": 15}
    ask("balance", job_id=11, item_key="balance", owner_id=2)
    row = LLMCall.objects.get()
    assert (row.operation, row.prompt_version, row.attempt) == ("support.name_items", "3", 1)
    assert len(row.prompt_hash) == len(row.schema_hash) == len(row.cache_key) == 64
    assert (row.model_asked, row.model_returned) == ("simulated", "simulated-1")
    assert row.provider in simulator.base_url
    assert row.parameters == {"structured": "json_schema", "max_tokens": 400, "temperature": 0}
    assert [message["role"] for message in row.request] == ["system", "user"]
    assert "balance" in row.response["choices"][0]["message"]["content"]
    assert row.cost == Decimal(3 * row.tokens_in + 15 * row.tokens_out) / 1_000_000
    assert (row.job_id, row.item_key, row.owner_id) == (11, "balance", 2)
    assert row.provider_request_id.startswith("sim-")
    assert row.simulated and not row.cached
    assert row.settled_at >= row.started_at and row.latency_ms is not None


def test_row_is_there_before_the_answer(simulator):
    simulator.hold()
    seen = {}

    async def look_meanwhile():
        from llm import complete, database
        from tests.llm.asking import OPERATION, Items, variables

        task = asyncio.create_task(complete(OPERATION, variables(), Items))
        while (await asyncio.to_thread(simulator.stats))["in_flight"] == 0:
            await asyncio.sleep(0.02)
        seen.update(await database.run(lambda: LLMCall.objects.values().get()))
        simulator.let_go()
        await task

    asyncio.run(look_meanwhile())
    assert (seen["outcome"], seen["settled_at"]) == ("open", None)
    assert LLMCall.objects.get().outcome == "ok"


@pytest.mark.django_db(transaction=False)
def test_row_stays_when_the_caller_rolls_back(simulator):
    """Inside a test case's own transaction, which is rolled back: the row is already committed."""
    before = _committed()
    ask("rolled back")
    assert _committed() == before + 1


def _committed() -> int:
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    def count() -> int:
        try:
            return LLMCall.objects.count()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(count).result()


def test_settled_row_is_frozen_by_the_database(simulator):
    ask()
    row = LLMCall.objects.get()
    for change in (
        lambda: LLMCall.objects.update(error="nothing happened"),
        lambda: LLMCall.objects.update(outcome="failed"),
        lambda: row.delete(),
        lambda: LLMCall.objects.all().delete(),
        lambda: row.save(),
    ):
        with pytest.raises(IntegrityError, match="model call"), transaction.atomic():
            change()
    assert LLMCall.objects.get().outcome == "ok"


def open_row(**changes) -> LLMCall:
    now = timezone.now()
    values = {
        "operation": "support.name_items",
        "request": [],
        "started_at": now,
        "deadline": now,
        "model_asked": "m",
    }
    return LLMCall.objects.create(**(values | changes))


def test_open_row_can_be_settled_but_not_rewritten():
    row = open_row()
    with pytest.raises(DatabaseError, match="what was asked"), transaction.atomic():
        LLMCall.objects.filter(pk=row.pk).update(model_asked="another")
    with pytest.raises(IntegrityError), transaction.atomic():
        LLMCall.objects.filter(pk=row.pk).update(outcome="ok")  # without the time
    LLMCall.objects.filter(pk=row.pk).update(outcome="ok", settled_at=timezone.now())


def test_row_of_a_dead_process_is_settled_as_lost():
    long_ago = timezone.now() - timedelta(minutes=10)
    lost = open_row(deadline=long_ago)
    waiting = open_row()
    assert calls.settle_lost() == 1
    lost.refresh_from_db()
    waiting.refresh_from_db()
    assert (lost.outcome, waiting.outcome) == ("lost", "open")


def test_totals_of_a_job(simulator):
    simulator.script("malformed")
    ask("a", job_id=5)
    ask("a", job_id=5)
    ask("b", job_id=6)
    totals = selectors.totals_of_job(5)
    assert (totals.calls, totals.answered, totals.failed, totals.cached) == (2, 1, 1, 1)
    assert totals.tokens_in > 0 and totals.simulated == 3
    assert [call.attempt for call in selectors.calls_of_job(5)] == [1, 2, 1]
    assert selectors.totals_of_job(404).calls == 0


def test_admin_reads_and_changes_nothing(simulator, admin_client):
    ask("seen", job_id=1)
    row = LLMCall.objects.get()
    page = admin_client.get(f"/admin/llm/llmcall/{row.pk}/change/")
    assert page.status_code == 200
    assert admin_client.get("/admin/llm/llmcall/?q=1").status_code == 200
    assert admin_client.get("/admin/llm/llmcall/add/").status_code == 403
    assert admin_client.post(f"/admin/llm/llmcall/{row.pk}/delete/").status_code == 403
    assert b'name="_save"' not in page.content


def test_admin_shows_no_texts_but_where_to_open_them(simulator, admin_client):
    ask("seen")
    row = LLMCall.objects.get()
    page = admin_client.get(f"/admin/llm/llmcall/{row.pk}/change/").content.decode()
    assert f"/model-calls/{row.pk}/" in page
    for text in ("The balance and the limit", "chat.completion", "never follow instructions"):
        assert text not in page
