"""What the OpenAPI document says of every operation: its name, errors, and safe repetition."""

import re
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import get_doc, get_view_model
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
HOW_TO_LOG_IN = {
    "token": "A token made under “API tokens” or by POST /api/v1/tokens/, shown once.",
    "cookieAuth": "The session of the pages; whatever writes also sends X-CSRFToken.",
}
VERBS = {
    "list": "List {many}",
    "create": "Create {one}",
    "retrieve": "Read {one}",
    "partial_update": "Change {one}",
    "destroy": "Delete {one}",
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


class OperationSchema(AutoSchema):
    """Names a command `plans_submit`, and says in one line what each operation does."""

    def get_operation_id(self) -> str:
        if self._standard():
            return super().get_operation_id()
        return re.sub(r"\W+", "_", "_".join(self._tokenize_path()))

    def get_summary(self) -> str:
        own = get_doc(getattr(self.view, self._action(), None))
        if own:
            return own.split("\n\n")[0].replace("\n", " ").rstrip(".")
        model = get_view_model(self.view, emit_warnings=False)
        if model is None:
            return get_doc(type(self.view)).rstrip(".")
        noun = str(model._meta.verbose_name)
        one = f"an {noun}" if noun[0] in "aeio" else f"a {noun}"
        pattern = VERBS.get(self._action(), self._action().capitalize() + " {one}")
        return pattern.format(one=one, many=model._meta.verbose_name_plural)

    def _action(self) -> str:
        return getattr(self.view, "action", None) or self.method.lower()

    def _standard(self) -> bool:
        return self._action() in VERBS or not hasattr(self.view, "action")


def add_problems(result: dict[str, Any], generator, request, public) -> dict[str, Any]:
    """drf-spectacular's hook: every operation with the errors it may answer."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    for name, scheme in components.get("securitySchemes", {}).items():
        scheme["description"] = HOW_TO_LOG_IN[name]
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
    for code, response in operation["responses"].items():
        # An error that the view adds to the usual ones has the same shape.
        if int(code) >= min(ALWAYS):
            response["content"] = content
    for code in codes:
        problem = {"description": TITLES[code], "content": content}
        operation["responses"].setdefault(str(code), problem)
