"""What the domain refuses, as errors with a stable code and a text a person can act on."""

from datetime import datetime
from typing import Any


class DomainError(Exception):
    """The base of every refusal; anything that answers a request judges it by its attributes.

    `message` is a `str.format` template over the keyword arguments it is raised with; `errors`
    lists the single fields or rows at fault as `{"pointer", "code", "detail"}`.
    """

    code: str = "refused"
    message: str = "This can't be done."
    http_status: int = 409
    retryable: bool = False
    retry_at: datetime | None = None
    stops_job: bool = False

    def __init__(self, *, errors: list[dict[str, str]] | None = None, **details: Any) -> None:
        self.details = details
        self.errors = errors or []
        self.message = type(self).message.format(**details)
        super().__init__(self.message)


class NotAllowed(DomainError):
    code = "not_allowed"
    message = "You may not {action}."
    http_status = 403


class Invalid(DomainError):
    """Input whose shape is right and whose content is not; `errors` says where."""

    code = "invalid"
    message = "{reason}"
    http_status = 422


class ReasonRequired(DomainError):
    code = "reason_required"
    message = "Give a reason: {why}."
    http_status = 422


class Stale(DomainError):
    """Somebody else changed the row since it was read."""

    code = "stale"
    message = "{what} was changed by somebody else since you opened it. Reload it and try again."
    http_status = 412


class PreconditionRequired(DomainError):
    code = "precondition_required"
    message = "Send If-Match with the ETag you read, so that nobody's change is overwritten."
    http_status = 428


class UploadTooLarge(DomainError):
    code = "upload_too_large"
    message = "The upload has {size} MB; the limit is {limit} MB. Split it or raise the limit."
    http_status = 413


def require_reason(reason: str, why: str) -> str:
    """The reason without surrounding space; an empty one is refused."""
    reason = (reason or "").strip()
    if not reason:
        raise ReasonRequired(why=why)
    return reason
