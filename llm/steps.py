"""The database steps around an attempt, each short and run on a connection of its own.

Each statement commits by itself: the steps must never show up as idle in a transaction, and a
process that dies between two of them leaves a row, a lease or a probe that lapses.
"""

from dataclasses import dataclass

from llm import breaker, budgets, cache, calls, drift, rates, switch
from llm.breaker import Permit
from llm.budgets import Hold
from llm.cache import Hit, Lease
from llm.calls import Settlement
from llm.conf import Conf
from llm.errors import LLMError, RateLimited
from llm.failures import in_seconds
from llm.models import LLMCall
from llm.provider import Reply
from llm.rates import Taken
from llm.request import Links, Request
from llm.timing import Stopwatch, Times

# Before the circuit opens: seconds until a provider that is away is looked for again.
OUTAGE_WAIT = 5.0
NOT_SENT = Times()


@dataclass(frozen=True)
class Attempt:
    """One HTTP attempt about to be made: its audit row, its lease, its permit, its tokens."""

    call_id: int
    lease: Lease
    permit: Permit
    hold: Hold | None
    taken: Taken | None
    conf: Conf

    def settle(self, settlement: Settlement) -> LLMCall:
        """Completes the row, and counts what was used where it was reserved."""
        reply = settlement.reply
        known = reply.tokens_in is not None and reply.tokens_out is not None
        spent = reply.tokens_in + reply.tokens_out if known else None
        call = calls.settle(self.call_id, settlement, self.conf)
        budgets.settle(self.hold, 0 if spent is None and settlement.unpaid else spent)
        rates.correct(self.taken, spent, self.conf)
        drift.watch(call)
        return call


@dataclass(frozen=True)
class Cached:
    """An earlier answer, and the row that records its use."""

    answer: dict
    call: LLMCall


def begin(
    request: Request, links: Links, conf: Conf, fresh: bool, watch: Stopwatch
) -> Cached | Attempt | None:
    """A cached answer, the first attempt, or None while the same is being asked elsewhere."""
    found = cache.claim(request.key, conf, holder=links.holder, fresh=fresh)
    if isinstance(found, Hit):
        call = calls.record_cached(
            request,
            links,
            conf,
            answer=found.answer,
            source=found.call_id,
            queue_ms=watch.lap(),
        )
        return Cached(found.answer, call)
    if found is None:
        return None
    return _admit(request, links, conf, found, request.messages, 1)


def begin_again(
    request: Request, links: Links, conf: Conf, unfit: Attempt, messages: list, number: int
) -> Attempt:
    """A re-ask of what did not fit: the circuit is asked again, the lease goes on."""
    cache.renew(unfit.lease, conf)
    return _admit(request, links, conf, unfit.lease, messages, number, reask_of=unfit.call_id)


def _admit(
    request: Request,
    links: Links,
    conf: Conf,
    lease: Lease,
    messages: list,
    number: int,
    reask_of: int | None = None,
) -> Attempt:
    permit = hold = None
    tokens = request.most_tokens(messages)
    try:
        switch.require_on()
        permit = breaker.admit(conf)
        hold = budgets.reserve(links, tokens, conf)
        taken = rates.take(tokens, conf)
        call_id = calls.open_call(
            request, links, conf, messages=messages, attempt=number, reask_of=reask_of
        )
    except BaseException:
        cache.release(lease)
        budgets.settle(hold, 0)
        if permit:
            breaker.release(permit)
        raise
    return Attempt(call_id, lease, permit, hold, taken, conf)


def finish(attempt: Attempt, settlement: Settlement, answer: dict) -> LLMCall:
    """A valid answer: row, circuit and cache together."""
    call = attempt.settle(settlement)
    cache.store(attempt.lease, answer, attempt.call_id, attempt.conf)
    breaker.succeeded(attempt.permit)
    return call


def fail(attempt: Attempt, settlement: Settlement, error: LLMError | None, last: bool) -> Lease:
    """An attempt that gave no valid answer; `last`: no re-ask follows, so the lease ends."""
    attempt.settle(settlement)
    if error is not None and error.counts_as_failure:
        breaker.failed(attempt.permit, error, attempt.conf)
        _say_when(error, attempt.permit, away=error.is_outage and not settlement.reply.broken_off)
    else:
        breaker.succeeded(attempt.permit)
    if isinstance(error, RateLimited):
        breaker.hold(attempt.permit, error)
    if last:
        cache.release(attempt.lease)
    return attempt.lease


def _say_when(error: LLMError, permit: Permit, away: bool) -> None:
    """Tells the caller to wait where no call can succeed now: that costs its job no attempt.

    A probe that got through and failed may have failed by what it asked, so it does cost one.
    """
    wait = breaker.open_for(permit)
    if error.retry_at is None and (away or (wait is not None and not permit.probe)):
        error.retry_at = in_seconds(OUTAGE_WAIT if wait is None else wait)


def abandon(attempt: Attempt | Cached | None, times: Times = NOT_SENT) -> None:
    """The caller was cancelled: whatever the provider does with the call, nobody reads it."""
    if not isinstance(attempt, Attempt):
        return
    settlement = Settlement(
        outcome=LLMCall.Outcome.CANCELLED,
        reply=Reply(simulated=attempt.conf.simulated),
        times=times,
        error_code="llm_cancelled",
        error="The caller was cancelled before the answer came.",
    )
    attempt.settle(settlement)
    breaker.release(attempt.permit)
    cache.release(attempt.lease)
