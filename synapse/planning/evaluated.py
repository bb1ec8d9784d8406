"""How drafting is evaluated: against the fields that are known to stand in a specification."""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

import llm
from llm.evaluation.marks import Mark, Marks
from llm.evaluation.registry import Case, Complete, Evaluated, Source, register
from synapse.planning.dictionary.text import comparable, folded
from synapse.planning.errors import UnreadableDocument
from synapse.planning.quotes import occurs
from synapse.planning.schemas import DraftedAttribute
from synapse.planning.services.drafting import OPERATION, answers_for
from synapse.planning.services.texts import text_in
from synapse.planning.specification import PART_CHARACTERS, Part, cut


class ExpectedField(BaseModel):
    """One field that the text defines. None: the text doesn't decide it, so it isn't counted.

    An empty requirement, or an empty list of codes: the text has none, so none is to be drafted.
    """

    model_config = ConfigDict(extra="forbid")

    name: str
    line_number: int = Field(ge=1, description="line of the source, from 1, where it is defined")
    data_type: Literal["string", "integer", "decimal", "date", "boolean"] | None = None
    requirement: Literal["mandatory", "conditional", "optional", ""] | None = None
    allowed_values: list[str] | None = None

    @field_validator("name")
    @classmethod
    def has_letters(cls, name: str) -> str:
        if not comparable(name):
            raise ValueError("give the field's name as the text has it")
        return name

    @property
    def key(self) -> str:
        return comparable(self.name)


Answered = list[tuple[Part, llm.Answer]]


def cut_into_cases(source: Source, fields: Sequence[ExpectedField]) -> list[Case]:
    """Parts as drafting asks about, but of a size that no measured answer changes."""
    try:
        text = text_in(source.content, source.name, lambda page, pages: None)
    except UnreadableDocument as error:
        raise ValueError(error.message) from error
    parts = cut(text, source.size or PART_CHARACTERS)
    cases = [
        Case(
            key=f"part-{place:03d}",
            label=part.label,
            payload=part,
            fields=tuple(
                each for each in fields if part.first_line <= each.line_number <= part.last_line
            ),
        )
        for place, part in enumerate(parts, start=1)
    ]
    placed = {each.key for case in cases for each in case.fields}
    for number, each in enumerate(fields):
        if each.key not in placed:
            raise ValueError(
                f"fields[{number}].line_number is {each.line_number}, and the text has nothing "
                "there; give the line that defines the field"
            )
    return cases


async def ask(case: Case, complete: Complete) -> Answered:
    return await answers_for(case.payload, complete)


def score(fields: Sequence[ExpectedField], answers: Sequence[Answered]) -> Marks:
    """Names that are in no field, or that were drafted before, count as said wrongly."""
    said, beside = _paired(fields, answers)
    marks: Marks = {
        "names": {each.key: Mark(True, each.key in said, each.key in said) for each in fields},
        "data types": {},
        "requirement": {},
        "allowed values": {},
        "quotes": {},
    }
    for field in fields:
        part, draft = said.get(field.key, (None, None))
        for measure, known, drafted in _details(field, draft):
            if known is not None:
                right = bool(known) and known == drafted
                marks[measure][field.key] = Mark(bool(known), bool(drafted), right)
        marks["quotes"][field.key] = _quote(part, draft, wanted=True)
    for key, (part, draft) in beside.items():
        marks["names"][key] = Mark(False, True, False)
        marks["quotes"][key] = _quote(part, draft, wanted=False)
    return marks


Said = dict[str, tuple[Part, DraftedAttribute]]


def _paired(fields: Sequence[ExpectedField], answers: Sequence[Answered]) -> tuple[Said, Said]:
    """The first draft of each field, and the other drafts, under names that none of them has."""
    known = {field.key for field in fields}
    said: Said = {}
    beside: Said = {}
    drafts = [
        (part, draft)
        for answered in answers
        for part, answer in answered
        for draft in answer.parsed.attributes
    ]
    for part, draft in drafts:
        key = comparable(draft.name)
        if key in known and key not in said:
            said[key] = part, draft
            continue
        number = 1
        while f"{key} #{number}" in beside:
            number += 1
        beside[f"{key} #{number}"] = part, draft
    return said, beside


def _details(field: ExpectedField, draft: DraftedAttribute | None):
    """(measure, what is known, what was drafted); codes are right when all of them are."""
    codes = None if field.allowed_values is None else {*field.allowed_values}
    drafted = {folded(each.code) for each in draft.allowed_values} if draft else set()
    yield "data types", field.data_type, draft.data_type if draft else ""
    yield "requirement", field.requirement, draft.requirement if draft else ""
    yield "allowed values", codes, drafted


def _quote(part: Part | None, draft: DraftedAttribute | None, *, wanted: bool) -> Mark:
    given = bool(draft and draft.quote.strip())
    return Mark(wanted, given, given and occurs(part.text, draft.quote))


register(
    Evaluated(
        operation=OPERATION,
        field=ExpectedField,
        identity=lambda field: field.key,
        cut=cut_into_cases,
        ask=ask,
        score=score,
    )
)
