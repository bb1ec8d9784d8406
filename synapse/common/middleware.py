"""What every request passes: its id, the size limit, and refusals told to people."""

import re
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from synapse.common.context import Origin, origin
from synapse.common.errors import UploadTooLarge
from synapse.common.problems import is_domain_error, problem_response
from synapse.common.refusals import refuse

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
API_PREFIX = "/api/"


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith(API_PREFIX)


class OriginMiddleware:
    """Gives the request an id (the caller's own if it sent one) for logs, audit and answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sent = request.headers.get("X-Request-ID", "")
        request_id = sent if REQUEST_ID.fullmatch(sent) else uuid.uuid4().hex
        token = origin.set(Origin(request_id, request.META.get("REMOTE_ADDR") or None))
        try:
            response = self.get_response(request)
        finally:
            origin.reset(token)
        response["X-Request-ID"] = request_id
        # The same address answers with a page or with its part.
        patch_vary_headers(response, ["HX-Request"])
        return response


class RefusalMiddleware:
    """Turns a refused request of a page into a message; the API has its own handler.

    It stands before CSRF's, so that an upload over the limit is refused before it is parsed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs) -> HttpResponse | None:
        length = request.META.get("CONTENT_LENGTH") or "0"
        size = int(length) / 2**20 if length.isdecimal() else 0
        if size <= settings.UPLOAD_MAX_MB:
            return None
        error = UploadTooLarge(size=f"{size:.1f}", limit=settings.UPLOAD_MAX_MB)
        if is_api(request):
            return problem_response(request, error.http_status, error.code, error.message)
        return refuse(request, error)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if is_domain_error(error) and not is_api(request):
            return refuse(request, error)
        return None
