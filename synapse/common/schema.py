"""What the OpenAPI document says of every operation: its errors, and how to repeat it safely."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from synapse.common.problems import MEDIA_TYPE, TITLES

ALWAYS = (400, 401, 403, 404, 406, 429, 500)
ON_WRITE = (409, 413, 415, 422)
ON_MATCH = (412, 428)
WRITES = {"post", "put", "patch", "delete"}

# For operations that call require_match.
IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="The ETag that was read. Without it 428; if somebody changed it since, 412.",
)
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "maxLength": 128},
    "description": "Repeats of the request with this key take effect once, for 48 h.",
}
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable word for programs."},
        "detail": {"type": "string", "description": "What is wrong and the mend."},
        "instance": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {
                    "pointer": {"type": "string"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


def add_problems(result: dict[str, Any], generator, request, public) -> dict[str, Any]:
    """drf-spectacular's hook: every operation with the errors it may answer."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path in result["paths"].values():
        for method, operation in path.items():
            if isinstance(operation, dict) and "responses" in operation:
                _complete(method, operation, content)
    return result


def _complete(method: str, operation: dict[str, Any], content: dict[str, Any]) -> None:
    codes = list(ALWAYS)
    parameters = operation.setdefault("parameters", [])
    if method in WRITES:
        codes += ON_WRITE
        parameters.append(IDEMPOTENCY_KEY)
    if any(parameter["name"] == "If-Match" for parameter in parameters):
        codes += ON_MATCH
    for code in codes:
        problem = {"description": TITLES[code], "content": content}
        operation["responses"].setdefault(str(code), problem)
