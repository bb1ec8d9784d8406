"""The vocabulary as a JSON schema, for clients, for files and for a model's answers."""

from typing import Any

from synapse.profiling.rulebook.shape import LONGEST_ID, ONE_ATTRIBUTE
from synapse.profiling.rulebook.value_shape import LONGEST_PATTERN, LONGEST_TEXT, MOST_VALUES
from synapse.profiling.rulebook.vocabulary import KINDS, OPERATORS, SEVERITIES, SOURCES

Schema = dict[str, Any]
TEXT = {"type": "string", "minLength": 1}
NAME = {"type": "string", "pattern": r"\S"}
NAMES = {"type": "array", "items": NAME, "minItems": 1}
NUMBER = {"type": ["number", "string"], "pattern": r"^\s*[+-]?(\d+(\.\d*)?|\.\d+)\s*$"}
VALUES = {
    "type": "array",
    "items": {"type": ["string", "number"], "minLength": 1},
    "minItems": 1,
    "maxItems": MOST_VALUES,
}
CODES = {**VALUES, "minItems": 0, "description": "values that the rule sets apart"}
LENGTH = {"type": ["integer", "null"], "minimum": 0, "maximum": LONGEST_TEXT}
DATE_FORMAT = {
    "type": "string",
    "minLength": 4,
    "maxLength": 40,
    "description": "YYYY, MM, DD, HH, MI, SS and signs between them",
}
# The last day of a month is asked only of a format that has the day.
LAST_DAY = {
    "if": {"properties": {"end_of_month": {"const": True}}, "required": ["end_of_month"]},
    "then": {"properties": {"format": {"pattern": "[Dd]{2}"}}},
}
NO_FACTOR_OF_MONTHS = {
    "not": {
        "properties": {"unit": {"const": "month"}, "factor": {"not": {"type": "null"}}},
        "required": ["unit", "factor"],
    }
}


def rule_schema() -> Schema:
    """JSON Schema 2020-12 of one rule; its parameters follow from its kind."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rule",
        "type": "object",
        "properties": {
            "rule_id": {**NAME, "maxLength": LONGEST_ID},
            "kind": {"enum": [*KINDS]},
            "attributes": {**NAMES, "uniqueItems": True},
            "parameters": {"type": "object"},
            "severity": {"enum": [*SEVERITIES]},
            "source": {"enum": [*SOURCES]},
            "enabled": {"type": "boolean"},
            "description": {"type": "string"},
            "remark": {"type": "string"},
        },
        "required": ["rule_id", "kind", "attributes"],
        "additionalProperties": False,
        "allOf": [_of_kind(kind) for kind in KINDS],
        "$defs": {"operand": _operand(), "limit": _limit(), "condition": _condition()},
    }


def _of_kind(kind: str) -> Schema:
    parameters = _parameters()[kind]
    then: Schema = {"properties": {"parameters": parameters}}
    if parameters.get("required") or parameters.get("anyOf"):
        then["required"] = ["parameters"]
    if kind in ONE_ATTRIBUTE:
        then["properties"]["attributes"] = {"maxItems": 1}
    return {"if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]}, "then": then}


def _parameters() -> dict[str, Schema]:
    coded = {"codes": CODES}
    condition = {"$ref": "#/$defs/condition"}
    limits = _one_limit(_limits() | coded)
    return {
        "not_blank": _object({}),
        "in_set": _object({"values": VALUES}, "values"),
        "regex": _object({"pattern": _pattern()} | coded, "pattern"),
        "range": limits,
        "length": _one_limit({"min": LENGTH, "max": LENGTH} | coded),
        "date_format": _object(_date_format() | coded, "format") | LAST_DAY,
        "compare": _object(_comparison() | coded, "op", "right") | NO_FACTOR_OF_MONTHS,
        "sum_equals": _object(
            {
                "parts": NAMES,
                "tolerance": _or_null(NUMBER),
                "blank_as_zero": {"type": "boolean"},
            }
            | coded,
            "parts",
        ),
        "if_then": _object({"if": condition, "then": condition}, "if", "then"),
        "unique": _object({"within": _or_null({**NAMES, "minItems": 0})}),
        "constant": _object({}),
    }


def _condition() -> Schema:
    each = {"$ref": "#/$defs/condition"}
    many = {"type": "array", "items": each, "minItems": 1}
    return {
        "oneOf": [
            _object({"all": many}, "all"),
            _object({"any": many}, "any"),
            _object({"not": each}, "not"),
            _atom(("blank", "not_blank"), {}),
            _atom(("in", "not_in"), {"values": VALUES}, "values"),
            _atom(("matches",), {"pattern": _pattern()}, "pattern"),
            _one_limit(_atom(("between",), _limits())["properties"], "attribute", "is"),
            _one_limit(
                _atom(("length",), {"min": LENGTH, "max": LENGTH})["properties"], "attribute", "is"
            ),
            _atom(("date_format",), _date_format(), "format") | LAST_DAY,
            _atom(("compare",), _comparison(), "op", "right") | NO_FACTOR_OF_MONTHS,
        ]
    }


def _atom(words: tuple[str, ...], properties: Schema, *required: str) -> Schema:
    said = {"attribute": NAME, "is": {"enum": [*words]}}
    return _object(said | properties, "attribute", "is", *required)


def _comparison() -> Schema:
    return {
        "op": {"enum": [*OPERATORS]},
        "right": {"$ref": "#/$defs/operand"},
        "factor": _or_null(NUMBER),
        "offset": _or_null(NUMBER),
        "unit": {"enum": ["month", None]},
    }


def _limits() -> Schema:
    limit = {"anyOf": [{"$ref": "#/$defs/limit"}, {"type": "null"}]}
    return {"min": limit, "max": limit}


def _date_format() -> Schema:
    return {"format": DATE_FORMAT, "end_of_month": {"type": "boolean"}}


def _pattern() -> Schema:
    return {**TEXT, "maxLength": LONGEST_PATTERN, "description": "RE2, matched in full"}


def _limit() -> Schema:
    value = {"type": ["string", "number"], "minLength": 1}
    return {
        "anyOf": [
            {"type": "number"},
            NAME,
            _object({"column": NAME}, "column"),
            _object({"value": value}, "value"),
        ]
    }


def _operand() -> Schema:
    return {"anyOf": [{"$ref": "#/$defs/limit"}, _object({"sum": NAMES}, "sum")]}


def _one_limit(properties: Schema, *required: str) -> Schema:
    given = {"not": {"type": "null"}}
    either = [{"required": [word], "properties": {word: given}} for word in ("min", "max")]
    return _object(properties, *required) | {"anyOf": either}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _object(properties: Schema, *required: str) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": [*required],
        "additionalProperties": False,
    }
