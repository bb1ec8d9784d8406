"""The JSON schema sent with a request, made from a pydantic model in the strict dialect."""

import hashlib
import json
from functools import lru_cache

from pydantic import BaseModel

from llm.errors import SchemaUnsupported

# Says nothing to the model that validation doesn't check again here.
_DROPPED = {"default", "title", "examples"}


@lru_cache(maxsize=256)
def strict_schema(model: type[BaseModel]) -> dict:
    """Every object closed and every property required, as strict structured output asks."""
    raw = model.model_json_schema()
    return _strict(raw, model.__name__)


@lru_cache(maxsize=256)
def schema_hash(model: type[BaseModel]) -> str:
    """Changes with the shape of the answer; part of the cache key."""
    text = json.dumps(strict_schema(model), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _strict(node: object, name: str) -> object:
    if isinstance(node, list):
        return [_strict(part, name) for part in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        # A reference with siblings (a description, say) is refused by some providers.
        return {"$ref": node["$ref"]}
    result = {
        key: _members(value, name) if key in ("properties", "$defs") else _strict(value, name)
        for key, value in node.items()
        if key not in _DROPPED
    }
    if "oneOf" in result:
        result["anyOf"] = result.pop("oneOf")
        result.pop("discriminator", None)
    if result.get("type") == "object":
        if result.get("additionalProperties") not in (None, False):
            raise SchemaUnsupported(schema=name, problem="it has an object with free keys")
        result["additionalProperties"] = False
        result["properties"] = result.get("properties", {})
        result["required"] = list(result["properties"])
    return result


def _members(members: dict, name: str) -> dict:
    return {key: _strict(value, name) for key, value in members.items()}
