"""The migrations that gave calls their public ids: old rows get theirs, and stay as they were."""

from importlib import import_module

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from llm.models import LLMCall

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("no_model_calls"),
]
BEFORE, COLUMNS, NAMED = "0007_unanswered", "0008_audit_columns", "0009_public_ids"
ADD = """
INSERT INTO llm_llmcall (operation, prompt_version, prompt_hash, schema_hash, cache_key, provider,
    model_asked, model_returned, parameters, request, attempt, outcome, error_code, error, cached,
    simulated, item_key, provider_request_id, started_at, deadline, settled_at)
SELECT 'support.name_items', '1', '', '', '', 'p', 'm', '', '{}', '[]', 1,
    CASE WHEN number > 1 THEN 'ok' ELSE 'open' END, '', '', false, false, '', '', now(), now(),
    CASE WHEN number > 1 THEN now() END
FROM generate_series(1, 7) AS number
"""


def migrate(name: str) -> None:
    MigrationExecutor(connection).migrate([("llm", name)])


def execute(statement: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def rows() -> list[dict]:
    """All that was there before, of each call."""
    return [row for (row,) in execute(
        "SELECT to_jsonb(call) - ARRAY['uuid', 'masked', 'queue_ms'] FROM llm_llmcall AS call "
        "ORDER BY id"
    )]  # fmt: skip


@pytest.fixture
def old_calls():
    """The first is still open; the newest migrations are back when the test is over."""
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes("llm")
    migrate(BEFORE)
    execute(ADD)
    yield rows()
    MigrationExecutor(connection).migrate(newest)


def test_each_old_call_gets_an_id_of_its_own_in_small_steps(old_calls, monkeypatch):
    monkeypatch.setattr(import_module(f"llm.migrations.{NAMED}"), "ROWS", 3)
    migrate(NAMED)
    assert rows() == old_calls
    assert len({call.uuid for call in LLMCall.objects.all()}) == 7
    assert {(call.masked, call.queue_ms) for call in LLMCall.objects.all()} == {(None, None)}
    settled = LLMCall.objects.exclude(outcome="open")
    with pytest.raises(DatabaseError, match="can't change"), transaction.atomic():
        execute("UPDATE llm_llmcall SET uuid = gen_random_uuid()")
    with pytest.raises(DatabaseError), transaction.atomic():
        execute(f"INSERT INTO llm_llmcall SELECT * FROM llm_llmcall WHERE id = {settled[0].pk}")


def test_a_run_that_was_broken_off_is_taken_up(old_calls):
    migrate(COLUMNS)
    first = execute("UPDATE llm_llmcall SET uuid = DEFAULT WHERE id = "
                    "(SELECT min(id) FROM llm_llmcall) RETURNING id, uuid")  # fmt: skip
    execute("CREATE UNIQUE INDEX llm_call_uuid ON llm_llmcall (uuid)")
    migrate(NAMED)
    assert rows() == old_calls
    assert [(call.pk, call.uuid) for call in LLMCall.objects.order_by("id")[:1]] == first


def test_between_the_two_a_call_without_an_id_can_be_given_one_and_nothing_else(old_calls):
    migrate(COLUMNS)
    execute("UPDATE llm_llmcall SET uuid = DEFAULT, error = 'another', tokens_in = 7")
    assert rows() == old_calls
    with pytest.raises(DatabaseError, match="can't change"), transaction.atomic():
        execute("UPDATE llm_llmcall SET uuid = DEFAULT")


def test_between_the_two_workers_of_before_go_on(old_calls):
    migrate(COLUMNS)
    execute("UPDATE llm_llmcall SET outcome = 'ok', settled_at = now() WHERE outcome = 'open'")
    execute(ADD)
    assert execute("SELECT count(*), count(uuid) FROM llm_llmcall") == [(14, 7)]
