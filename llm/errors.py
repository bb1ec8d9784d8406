"""What can go wrong with a model call, each told apart and classed for a job engine."""

from datetime import datetime


class LLMError(Exception):
    """Base: a stable code, a text for people, and whether trying again can help.

    `retryable`: the same call may succeed later, at `retry_at` when that is known.
    `stops_job`: no other call can succeed now either, so other items are not worth trying.
    `outcome`: how the audit row of the attempt is settled.
    """

    code = "llm_error"
    message = "The model call failed."
    http_status = 502
    retryable = False
    stops_job = False
    outcome = "failed"
    counts_as_failure = False  # of the provider, for the circuit breaker

    is_outage = False  # the provider isn't there at all: whoever asks, and whatever for

    def __init__(self, *, retry_at: datetime | None = None, **details) -> None:
        self.retry_at = retry_at
        self.details = details
        self.errors: list[dict] = []
        self.message = type(self).message.format(**{k: _within(v) for k, v in details.items()})
        super().__init__(self.message)

    def __reduce__(self):
        return (_rebuild, (type(self), self.retry_at, self.details))


def _within(value: object) -> object:
    """A sentence of others as part of ours, which has a stop of its own."""
    if isinstance(value, str) and value.endswith(".") and not value.endswith(".."):
        return value[:-1]
    return value


def _rebuild(kind: type[LLMError], retry_at: datetime | None, details: dict) -> LLMError:
    return kind(retry_at=retry_at, **details)


class NotConfigured(LLMError):
    code = "llm_not_configured"
    message = (
        "No language model is configured. Set LLM_BASE_URL and LLM_MODEL, or approve a route to a "
        "provider of the admin."
    )
    http_status = 503
    stops_job = True


class NoSuchProvider(LLMError):
    code = "llm_no_such_provider"
    message = "No model provider is named {name!r}, or it is switched off. There are: {names}."
    http_status = 503
    stops_job = True


class CalledInTransaction(LLMError):
    code = "llm_called_in_transaction"
    message = (
        "The model was called for {operation} while a database transaction is open "
        "on connection {alias!r}. Ask first, then open the transaction."
    )
    http_status = 500
    stops_job = True


class PromptInvalid(LLMError):
    code = "llm_prompt_invalid"
    message = "The prompt {operation} can't be used: {problem}."
    http_status = 500
    stops_job = True


class NotAllowedOut(LLMError):
    code = "llm_not_allowed_out"
    message = (
        "{operation} may not send {what} to a model: it isn't on the list of what may leave. "
        "Nothing was sent."
    )
    http_status = 422
    stops_job = True


class SecretInPrompt(LLMError):
    code = "llm_secret_in_prompt"
    message = (
        "What {operation} would send to a model holds a secret of this installation ({name}). "
        "Nothing was sent: take it out of the document, and change the secret."
    )
    http_status = 422


class SchemaUnsupported(LLMError):
    code = "llm_schema_unsupported"
    message = "The answer schema {schema} can't be sent: {problem}."
    http_status = 500
    stops_job = True


class Refused(LLMError):
    code = "llm_refused"
    message = "The model refused to answer {operation}: {reason}."
    outcome = "refused"


class Truncated(LLMError):
    code = "llm_truncated"
    message = (
        "The model's answer to {operation} was cut at {limit} tokens. "
        "Ask for less at a time, or raise what limits it: max_output_tokens in the prompt, or the "
        "provider's output tokens."
    )
    outcome = "truncated"


class PromptTooLong(LLMError):
    code = "llm_prompt_too_long"
    message = "The request for {operation} is longer than the model can read: {reason}."
    outcome = "rejected"


class InvalidAnswer(LLMError):
    code = "llm_invalid_answer"
    message = "The model's answer to {operation} did not fit after {attempts} attempts: {problems}."
    outcome = "invalid"


class RequestRejected(LLMError):
    code = "llm_request_rejected"
    message = "The provider rejected the request for {operation} ({status}): {reason}."
    outcome = "rejected"


class ModelNotFound(LLMError):
    code = "llm_model_not_found"
    message = "The provider has no model {model!r}: {reason}. Check {settings}."
    http_status = 503
    stops_job = True
    outcome = "rejected"


class AuthFailed(LLMError):
    code = "llm_auth_failed"
    message = "The provider refused our key ({status}): {reason}. Check {settings}."
    http_status = 503
    stops_job = True
    outcome = "auth"


class QuotaExceeded(LLMError):
    code = "llm_quota_exceeded"
    message = "The account at the provider has no budget left: {reason}."
    http_status = 503
    stops_job = True
    outcome = "quota"


class RateLimited(LLMError):
    code = "llm_rate_limited"
    message = "The provider asks us to slow down."
    http_status = 503
    retryable = True
    stops_job = True
    outcome = "rate_limited"


class Timeout(LLMError):
    code = "llm_timeout"
    message = "The model did not answer {operation} within {seconds:g} s."
    http_status = 504
    retryable = True
    outcome = "timeout"
    counts_as_failure = True


class ProviderUnreachable(LLMError):
    code = "llm_provider_unreachable"
    is_outage = True
    message = "The model endpoint {provider} can't be reached: {reason}."
    http_status = 503
    retryable = True
    outcome = "unreachable"
    counts_as_failure = True


class ProviderFailed(LLMError):
    code = "llm_provider_failed"
    message = "The provider failed ({status}): {reason}."
    retryable = True
    counts_as_failure = True

    @property
    def is_outage(self) -> bool:
        """What stands before it says that it is gone; 500 may be due to the request."""
        return self.details["status"] in (502, 503, 504)


class EmptyAnswer(ProviderFailed):
    """Success by its status, and not a word in it."""

    code = "llm_empty_answer"


class CircuitOpen(LLMError):
    code = "llm_circuit_open"
    message = "The model endpoint {provider} is failing, and is left alone for a while."
    http_status = 503
    retryable = True
    stops_job = True


class BudgetSpent(LLMError):
    code = "llm_budget_spent"
    message = (
        "The token budget of {whose} ({ceiling}) has no room for another call of up to {tokens}. "
        "An operator may raise it in the settings."
    )
    http_status = 503
    stops_job = True


class DayBudgetSpent(BudgetSpent):
    code = "llm_day_budget_spent"
    message = (
        "The token budget of {whose} ({ceiling}) has no room for another call of up to {tokens}; "
        "it goes on at {retry_time}."
    )
    retryable = True


class Stopped(LLMError):
    code = "llm_stopped"
    message = "Model calls are switched off ({reason})."
    http_status = 503
    retryable = True
    stops_job = True


class DeadlinePassed(LLMError):
    code = "llm_deadline"
    message = "{operation} had no answer after {seconds:g} s, all attempts and waits counted."
    http_status = 504
    retryable = True
    outcome = "timeout"


class InvalidFilter(LLMError):
    code = "invalid_filter"
    message = "The filter in the address can't be read: {reason}"
    http_status = 400
