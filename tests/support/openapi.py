"""Holds every API answer of the suite against the OpenAPI document; undocumented ones fail."""

import json
from functools import cache

from django.http import RawPostDataException
from openapi_core import Config, OpenAPI
from openapi_core.contrib.django import DjangoOpenAPIRequest, DjangoOpenAPIResponse
from openapi_core.exceptions import OpenAPIError

PREFIX = "/api/v1/"
DOCUMENT_ITSELF = ("/api/v1/schema/", "/api/v1/docs/")


class UndocumentedAnswer(AssertionError):
    """The API said something that its own document does not promise."""


class AnsweredRequest(DjangoOpenAPIRequest):
    """A request whose form data was read as a stream has no body left to look at."""

    @property
    def body(self) -> bytes:
        try:
            return super().body
        except RawPostDataException:
            return b""


def _text(body: bytes, **parameters: str) -> str:
    return body.decode(parameters.get("charset", "utf-8"))


@cache
def document() -> OpenAPI:
    from drf_spectacular.generators import SchemaGenerator

    readers = {"application/problem+json": json.loads, "text/csv": _text}
    config = Config(extra_media_type_deserializers=readers)
    return OpenAPI.from_dict(SchemaGenerator().get_schema(request=None, public=True), config)


def check(request, response) -> None:
    """Raise UndocumentedAnswer unless path, method, status, type and body are documented."""
    try:
        document().validate_response(AnsweredRequest(request), DjangoOpenAPIResponse(response))
    except OpenAPIError as error:
        cause = error.__cause__ or error
        details = "; ".join(
            f"{'/'.join(map(str, each.absolute_path))}: {each.message}"
            for each in getattr(cause, "schema_errors", [])
        )
        raise UndocumentedAnswer(
            f"{request.method} {request.path} -> {response.status_code} "
            f"{response.headers.get('Content-Type')}: {error} {cause} {details}\n"
            f"{response.content[:600]!r}"
        ) from error


class DocumentedAnswersMiddleware:
    """First in the list, so that it sees what the client would see."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.path.startswith(PREFIX) and request.path not in DOCUMENT_ITSELF:
            route = request.resolver_match
            # Addresses that do not exist are no operation; their 404 is tested by itself.
            # Nor is a method that an address does not have.
            if route is not None and not response.streaming and response.status_code != 405:
                check(request, response)
        return response
