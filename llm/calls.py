"""The audit trail of model calls: opened before the attempt, settled once after it.

Its times are the database's, so that no host takes another's open call for lost.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models.functions import Now
from psycopg.types.json import Jsonb

from llm.conf import Conf
from llm.models import LLMCall
from llm.provider import Reply
from llm.request import Links, Request
from llm.timing import Times

# A process that still waited this long after the deadline is gone.
LOST_AFTER = timedelta(seconds=60)

# One round trip for the row and what became of it.
SETTLE = """
UPDATE llm_llmcall SET outcome = %(outcome)s, error_code = %(error_code)s, error = %(error)s,
    problems = %(problems)s::text[], http_status = %(http_status)s, response = %(response)s,
    model_returned = %(model_returned)s, cost = %(cost)s, queue_ms = %(queue_ms)s,
    latency_ms = %(latency_ms)s, simulated = %(simulated)s,
    provider_request_id = %(provider_request_id)s, tokens_in = %(tokens_in)s,
    tokens_out = %(tokens_out)s, settled_at = statement_timestamp()
WHERE id = %(id)s AND settled_at IS NULL RETURNING *
"""

UNPAID = {
    LLMCall.Outcome.RATE_LIMITED,
    LLMCall.Outcome.QUOTA,
    LLMCall.Outcome.AUTH,
    LLMCall.Outcome.REJECTED,
    LLMCall.Outcome.UNREACHABLE,
    LLMCall.Outcome.FAILED,
}


@dataclass(frozen=True)
class Settlement:
    """How an attempt ended."""

    outcome: str
    reply: Reply
    times: Times
    error_code: str = ""
    error: str = ""
    problems: list[str] = field(default_factory=list)  # where the answer does not fit

    @property
    def unpaid(self) -> bool:
        """Whether the provider refused before any token was made, as far as one can know."""
        begun = self.reply.broken_off or self.reply.http_status == 200
        return self.outcome in UNPAID and not begun


def open_call(
    request: Request,
    links: Links,
    conf: Conf,
    *,
    messages: list,
    attempt: int,
    reask_of: int | None = None,
) -> int:
    """Writes the row before anything is sent; returns its id."""
    return LLMCall.objects.create(
        **_identity(request, links, conf),
        request=messages,
        attempt=attempt,
        reask_of=reask_of,
        simulated=conf.simulated,
        started_at=Now(),
        deadline=Now() + timedelta(seconds=conf.timeout),
    ).pk


def settle(call_id: int, settlement: Settlement, conf: Conf) -> LLMCall:
    """Completes the row; a second settlement changes nothing."""
    reply = settlement.reply
    tokens = {"tokens_in": reply.tokens_in, "tokens_out": reply.tokens_out}
    known = None not in tokens.values()
    values = {
        "id": call_id,
        "outcome": str(settlement.outcome),
        "error_code": settlement.error_code,
        "error": settlement.error,
        "problems": settlement.problems,
        "http_status": reply.http_status,
        "response": None if reply.raw is None else Jsonb(reply.raw),
        "model_returned": reply.model[:200],
        "cost": conf.cost(**tokens) if known else None,
        "queue_ms": settlement.times.queue_ms,
        "latency_ms": settlement.times.latency_ms,
        "simulated": reply.simulated,
        "provider_request_id": reply.request_id[:200],
        **tokens,
    }
    settled = [*LLMCall.objects.raw(SETTLE, values)]
    return settled[0] if settled else LLMCall.objects.get(pk=call_id)


def record_cached(
    request: Request, links: Links, conf: Conf, *, answer: dict, source: int, queue_ms: int
) -> LLMCall:
    """A row for an answer that cost nothing, naming the call that paid for it."""
    paid = LLMCall.objects.filter(pk=source).first()
    call = LLMCall.objects.create(
        **_identity(request, links, conf),
        request=request.messages,
        response=answer,
        outcome=LLMCall.Outcome.OK,
        model_returned=paid.model_returned if paid else "",
        simulated=paid.simulated if paid else conf.simulated,
        cached=True,
        cached_from=source,
        tokens_in=0,
        tokens_out=0,
        cost=0,
        queue_ms=queue_ms,
        latency_ms=0,
        started_at=Now(),
        deadline=Now(),
        settled_at=Now(),
    )
    call.refresh_from_db(fields=["started_at", "deadline", "settled_at"])
    return call


def settle_lost() -> int:
    """Settles rows whose process died before it could."""
    return LLMCall.objects.filter(settled_at=None, deadline__lt=Now() - LOST_AFTER).update(
        outcome=LLMCall.Outcome.LOST,
        error_code="llm_call_lost",
        error="The process that waited for the answer ended before it came.",
        settled_at=Now(),
    )


def _identity(request: Request, links: Links, conf: Conf) -> dict:
    return {
        "operation": request.operation,
        "prompt_version": request.prompt.version,
        "prompt_hash": request.prompt.hash,
        "prompt_scope": request.prompt.scope,
        "schema_hash": request.schema_hash,
        "schema_name": request.schema.__name__[:100],
        "cache_key": request.key,
        "provider": conf.provider,
        "model_asked": conf.model,
        "parameters": request.parameters,
        "masked": request.masked,
        "data_owner": request.data_owner,
        "items": request.items,
        "job_id": links.job_id,
        "item_key": links.item_key,
        "owner_id": links.owner_id,
    }
