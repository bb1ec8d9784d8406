"""Every error of the API as RFC 9457 problem+json, whatever raised it."""

import logging
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFilesSent,
)
from django.core.signals import got_request_exception
from django.db import IntegrityError
from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.views import set_rollback

from synapse.common.context import origin

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
FROZEN_SQLSTATE = "23001"
TITLES = {
    400: "Bad request",
    401: "Not logged in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    409: "Conflict",
    412: "Changed meanwhile",
    413: "Too large",
    415: "Unsupported media type",
    422: "Invalid",
    428: "Precondition required",
    429: "Too many requests",
    500: "Server error",
    503: "Not available",
}


class FieldProblemSerializer(serializers.Serializer):
    pointer = serializers.CharField(help_text="JSON pointer or row at fault.")
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer):
    """The one shape of every error."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable word for programs.")
    detail = serializers.CharField(help_text="What is wrong and the mend, for people.")
    instance = serializers.CharField()
    request_id = serializers.CharField()
    errors = FieldProblemSerializer(many=True, required=False)


def problem(
    status: int, code: str, detail: str, instance: str, errors: list | None = None
) -> dict[str, Any]:
    body = {
        "type": f"urn:synapse:problem:{code}",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "code": code,
        "detail": detail,
        "instance": instance,
        "request_id": origin.get().request_id,
    }
    return body | {"errors": errors} if errors else body


def problem_response(request: HttpRequest, status: int, code: str, detail: str) -> JsonResponse:
    """For what happens outside any API view: unknown paths, CSRF, a crash in middleware."""
    body = problem(status, code, detail, request.path)
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE)


def exception_handler(error: Exception, context: dict[str, Any]) -> Response:
    """DRF's hook; an error nobody expected is logged and answered without its text."""
    set_rollback()
    request = context["request"]
    status, code, detail, errors, headers = _describe(error)
    if status >= 500 and not hasattr(error, "code"):
        log.error("unhandled error of %s %s", request.method, request.path, exc_info=error)
        # The test client and error reporters listen to this signal.
        got_request_exception.send(sender=exception_handler, request=request._request)
    elif status == 403:
        note_refusal(request, code)
    return Response(
        problem(status, code, detail, request.path, errors),
        status=status,
        headers=headers,
        content_type=MEDIA_TYPE,
    )


def note_refusal(request: HttpRequest, code: str) -> None:
    """Who tried what they may not, for whoever watches the log."""
    person = getattr(getattr(request, "user", None), "pk", None)
    log.warning(
        "refused %s %s to user %s: %s (request %s)",
        request.method,
        request.path,
        person,
        code,
        origin.get().request_id,
    )


def _describe(error: Exception) -> tuple[int, str, str, list, dict[str, str]]:
    if isinstance(error, exceptions.APIException):
        return _describe_api_exception(error)
    if is_domain_error(error):
        errors = getattr(error, "errors", None) or []
        return error.http_status, error.code, error.message, errors, retry_header(error)
    if isinstance(error, Http404):
        return 404, "not_found", "There is nothing here that you may see.", [], {}
    if isinstance(error, PermissionDenied):
        return 403, "permission_denied", str(error) or "You may not do this.", [], {}
    if isinstance(error, RequestDataTooBig | TooManyFilesSent):
        return 413, "too_large", str(error), [], {}
    if isinstance(error, SuspiciousOperation):
        return 400, "bad_request", str(error), [], {}
    if is_frozen(error):
        return 409, "frozen", "What was submitted or decided can't be changed.", [], {}
    return 500, "server_error", "Something failed here; it was logged.", [], {}


def _describe_api_exception(error: exceptions.APIException):
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(int(error.wait) + 1)
    if isinstance(error, exceptions.ValidationError):
        errors = list(_flatten(error.detail, ""))
        return 400, "invalid", f"{len(errors)} thing(s) to mend in the request.", errors, headers
    code = getattr(error.detail, "code", error.default_code)
    return error.status_code, str(code), str(error.detail), [], headers


def _flatten(detail: Any, pointer: str):
    """DRF's nested details as one list with JSON pointers."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            step = "" if name == "non_field_errors" else f"/{name}"
            yield from _flatten(inner, pointer + step)
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            yield from _flatten(inner, f"{pointer}/{index}" if nested else pointer)
    else:
        yield {"pointer": pointer, "code": str(detail.code), "detail": str(detail)}


def retry_header(error: Exception) -> dict[str, str]:
    """Retry-After of an error that says when to come back."""
    retry_at = getattr(error, "retry_at", None)
    if retry_at is None:
        return {}
    seconds = (retry_at - timezone.now()).total_seconds()
    return {"Retry-After": str(max(1, int(seconds) + 1))}


def is_domain_error(error: Exception) -> bool:
    """Any error that carries code, message and status, of whichever package."""
    return all(hasattr(error, name) for name in ("code", "message", "http_status"))


def is_frozen(error: Exception) -> bool:
    """What a freezing trigger raised."""
    cause = getattr(error, "__cause__", None)
    return isinstance(error, IntegrityError) and getattr(cause, "sqlstate", "") == FROZEN_SQLSTATE
