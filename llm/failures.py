"""Which of our errors a provider's HTTP error is."""

import math
import random
import time
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import openai
from django.utils import timezone

from llm import received
from llm.conf import Conf
from llm.errors import (
    AuthFailed,
    LLMError,
    ModelNotFound,
    PromptTooLong,
    ProviderFailed,
    QuotaExceeded,
    RateLimited,
    Refused,
    RequestRejected,
    Timeout,
)

_QUOTA_CODES = {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"}
# The last is llama.cpp's, in place of a type: its code is the status.
_LENGTH_CODES = {
    "context_length_exceeded",
    "string_above_max_length",
    "exceed_context_size_error",
}
# vLLM and its kin give no code.
_LENGTH_WORDS = "maximum context length"
# Azure's filter refuses the request itself.
_REFUSAL_CODES = {"content_filter", "content_policy_violation"}
# Anthropic's status for too many requests of all its customers together.
_OVERLOADED = 529
_LONGEST_WAIT = 3600.0
_WAIT_WITHOUT_ADVICE = 20.0
# Who was told to come back at one moment comes within this share of the wait after it, in seconds
# at most so many.
SPREAD, MOST_SPREAD = 0.25, 10.0


def error_from_status(error: openai.APIStatusError, *, operation: str, conf: Conf) -> LLMError:
    """By status and by the code in the body, which says more where it is there."""
    status, reason = error.status_code, _reason(error, conf)
    wait = retry_after(error.response.headers)
    codes = {str(error.code), str(error.type)}
    if status == 402 or codes & _QUOTA_CODES:
        return QuotaExceeded(reason=reason)
    if status in (401, 403):
        return AuthFailed(
            status=status, reason=reason, settings=_settings(conf, "LLM_API_KEY", "key")
        )
    if status == 404:
        names = _settings(conf, "LLM_MODEL and LLM_BASE_URL", "model and base URL")
        return ModelNotFound(model=conf.model, reason=reason, settings=names)
    if status == 408:
        return Timeout(operation=operation, seconds=conf.timeout)
    if status in (429, _OVERLOADED):
        moment = in_seconds(_WAIT_WITHOUT_ADVICE if wait is None else wait)
        return RateLimited(retry_at=moment)
    if codes & _REFUSAL_CODES:
        return Refused(operation=operation, reason=reason)
    if status == 413 or codes & _LENGTH_CODES or _LENGTH_WORDS in reason.lower():
        return PromptTooLong(operation=operation, reason=reason)
    if status == 409 or status >= 500:
        moment = None if wait is None else in_seconds(wait)
        return ProviderFailed(retry_at=moment, status=status, reason=reason)
    return RequestRejected(operation=operation, status=status, reason=reason)


def _settings(conf: Conf, variables: str, fields: str) -> str:
    """What to check: of the endpoint of the settings, or of one that has a name."""
    return variables if conf.name == Conf.name else f"the {fields} of the provider {conf.name}"


def malformed_reply(reason: str) -> ProviderFailed:
    """Success by its status, but nothing a model would have said."""
    return ProviderFailed(status="unreadable reply", reason=reason)


def retry_after(headers) -> float | None:
    """Seconds the provider asks us to wait: a number, milliseconds, or a date."""
    if (milliseconds := _number(headers.get("retry-after-ms"))) is not None:
        return _bounded(milliseconds / 1000)
    raw = headers.get("retry-after", "")
    if (seconds := _number(raw)) is not None:
        return _bounded(seconds)
    if (moment := _moment(raw)) is None:
        return None
    # By the provider's clock, if it tells: ours may be wrong.
    told = _moment(headers.get("date", ""))
    return _bounded(moment - (time.time() if told is None else told))


def _moment(raw: str) -> float | None:
    try:
        return parsedate_to_datetime(raw).timestamp()
    except (TypeError, ValueError):
        return None


def _number(raw: str | None) -> float | None:
    try:
        number = float(raw or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def in_seconds(wait: float) -> datetime:
    """The moment after a wait, a little later for each caller, so they don't all come at once.

    By this process's clock: whoever waits for it measures it by the same, with `seconds_until`,
    and nobody stores it for others.
    """
    spread = random.uniform(0, min(SPREAD * wait, MOST_SPREAD))  # noqa: S311  guards nothing
    return timezone.now() + timedelta(seconds=wait + spread)


def seconds_until(moment: datetime) -> float:
    return max((moment - timezone.now()).total_seconds(), 0.0)


def clock(moment: datetime) -> str:
    """A time of day for people."""
    return timezone.localtime(moment).strftime("%H:%M:%S")


def _bounded(wait: float) -> float:
    return min(max(wait, 0.0), _LONGEST_WAIT)


def _reason(error: openai.APIStatusError, conf: Conf) -> str:
    body = error.body if isinstance(error.body, dict) else {}
    return received.keepable(str(body.get("message") or error.message), conf.api_key)[:500]
