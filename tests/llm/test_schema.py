"""The schema sent is in the strict dialect whatever the pydantic model says."""

from enum import StrEnum
from typing import Literal

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel, Field

from llm.errors import SchemaUnsupported
from llm.schema import schema_hash, strict_schema


class Kind(StrEnum):
    ONE = "one"
    TWO = "two"


class Part(BaseModel):
    title: str = Field(description="A property called like a keyword.")
    kind: Kind = Field(default=Kind.ONE, description="Which.")


class Whole(BaseModel):
    parts: list[Part]
    first: Part = Field(description="A reference with a sibling.")
    note: str | None = None
    way: Literal["a", "b"] = "a"


def test_every_object_is_closed_and_every_property_required():
    schema = strict_schema(Whole)
    Draft202012Validator.check_schema(schema)
    assert schema["required"] == ["parts", "first", "note", "way"]
    assert schema["additionalProperties"] is False
    part = schema["$defs"]["Part"]
    assert part["required"] == ["title", "kind"] and part["additionalProperties"] is False
    assert part["properties"]["kind"] == {"$ref": "#/$defs/Kind"}
    assert schema["properties"]["first"] == {"$ref": "#/$defs/Part"}
    assert "default" not in str(schema)


def test_free_keys_are_refused():
    class Free(BaseModel):
        scores: dict[str, int]

    with pytest.raises(SchemaUnsupported) as caught:
        strict_schema(Free)
    assert "free keys" in caught.value.message


def test_hash_follows_the_shape():
    class Other(Whole):
        more: int

    assert schema_hash(Whole) != schema_hash(Other)
