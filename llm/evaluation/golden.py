"""Reads a golden file: the source of the cases, and what is known to be right about it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from llm.evaluation.errors import GoldenUnusable
from llm.evaluation.registry import Case, Evaluated, Source, named


class SourceEntry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    path: str = ""
    text: str = ""

    @model_validator(mode="after")
    def one_of_both(self):
        if bool(self.path) == bool(self.text):
            raise ValueError("give its path, from the folder of this file on, or its text")
        return self


class Envelope(BaseModel):
    """The file, but for its fields, whose shape is the operation's."""

    model_config = ConfigDict(extra="forbid")

    operation: str
    name: str = Field(min_length=1, max_length=150)
    source: SourceEntry
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    scope: str = ""
    size: int = Field(0, ge=0, description="Characters of a case, for a model of short answers")
    fields: list[dict] = Field(min_length=1)


@dataclass(frozen=True)
class Golden:
    """Cases that don't change: `hash` is of the source and of all that is known about it."""

    evaluated: Evaluated
    name: str
    scope: str  # report, or report/schedule, of its prompt
    hash: str
    cases: list[Case]


def read(path: Path, operation: str) -> Golden:
    """GoldenUnusable says what is wrong, where, and what to do; NotEvaluable, what there is."""
    evaluated = named(operation)
    envelope = _envelope(path)
    if envelope.operation != operation:
        problem = f"these cases are for {envelope.operation}, not for {operation}"
        raise _unusable(path, "operation", problem)
    source = _source(path, envelope)
    fields = _fields(path, envelope, evaluated)
    try:
        cases = evaluated.cut(source, fields)
    except ValueError as error:
        raise _unusable(path, "fields", str(error)) from None
    return Golden(evaluated, envelope.name, envelope.scope, _hash(envelope, fields), cases)


def some_of(cases: Sequence[Case], most: int) -> list[Case]:
    """At most so many, spread evenly over the source; the same ones each time."""
    if most >= len(cases):
        return list(cases)
    return [cases[place * len(cases) // most] for place in range(most)]


def _unusable(path: Path, place: str, problem: str) -> GoldenUnusable:
    return GoldenUnusable(file=path.name, place=place, problem=problem)


def _envelope(path: Path) -> Envelope:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        problem = f"can't be read ({error.strerror}); name a golden file with --golden"
        raise _unusable(path, str(path.parent), problem) from None
    except UnicodeDecodeError as error:
        problem = "it is not UTF-8; save it as UTF-8"
        raise _unusable(path, f"byte {error.start}", problem) from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise _unusable(path, place, f"it is not JSON: {error.msg}") from None
    if not isinstance(data, dict):
        raise _unusable(path, "the file", "it is no JSON object")
    try:
        return Envelope.model_validate(data)
    except ValidationError as error:
        raise _unusable(path, *_first(error, "the file")) from None


def _source(path: Path, envelope: Envelope) -> Source:
    if envelope.source.text:
        source = Source(f"{envelope.name}.md", envelope.source.text.encode(), envelope.size)
    else:
        place = path.parent / envelope.source.path
        try:
            source = Source(place.name, place.read_bytes(), envelope.size)
        except OSError as error:
            problem = f"{place} can't be read ({error.strerror}); put the source there"
            raise _unusable(path, "source.path", problem) from None
    found = hashlib.sha256(source.content).hexdigest()
    if found != envelope.sha256:
        problem = (
            f"the source is not the one these cases were made from: its SHA-256 is {found}. Bring "
            "back the text of then, or check the fields against this one and write its hash here"
        )
        raise _unusable(path, "sha256", problem)
    return source


def _fields(path: Path, envelope: Envelope, evaluated: Evaluated) -> list[BaseModel]:
    fields, seen = [], {}
    for number, entry in enumerate(envelope.fields):
        try:
            field = evaluated.field.model_validate(entry)
        except ValidationError as error:
            raise _unusable(path, *_first(error, f"fields[{number}]")) from None
        identity = evaluated.identity(field)
        if identity in seen:
            problem = f"it is the same as fields[{seen[identity]}]; leave one of them out"
            raise _unusable(path, f"fields[{number}]", problem)
        seen[identity] = number
        fields.append(field)
    return fields


def _first(error: ValidationError, place: str) -> tuple[str, str]:
    detail = error.errors(include_url=False)[0]
    inner = ".".join(str(part) for part in detail["loc"])
    if place != "the file":
        inner = f"{place}.{inner}" if inner else place
    return inner or place, detail["msg"].removeprefix("Value error, ")


def _hash(envelope: Envelope, fields: Sequence[BaseModel]) -> str:
    known = [field.model_dump(mode="json") for field in fields]
    parts = [envelope.operation, envelope.sha256, envelope.scope, envelope.size, known]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
