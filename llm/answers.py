"""Checks what the model said against the schema, and words a re-ask that names the errors."""

import re

from pydantic import BaseModel, ValidationError

from llm import fences, received

# A re-ask carries the last answer only, cut to this, so that requests don't grow.
LONGEST_QUOTE = 6000
MOST_PROBLEMS = 20
LONGEST_PROBLEM = 300
_FENCED = re.compile(r"\A\s*```(?:json)?\s*\n(.*?)\n?\s*```\s*\Z", re.DOTALL | re.IGNORECASE)


class Unfit(Exception):
    """The answer does not fit; says where."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = [problem[:LONGEST_PROBLEM] for problem in problems[:MOST_PROBLEMS]]
        super().__init__("; ".join(self.problems))


def read(content: str, schema: type[BaseModel]) -> BaseModel:
    """The validated answer, or Unfit. Nothing is repaired but a Markdown fence taken off."""
    fenced = _FENCED.match(content)
    try:
        data = received.parse(fenced[1] if fenced else content)
    except ValueError as error:
        raise Unfit([f"it is not valid JSON: {error}"]) from None
    return check(data, schema)


def check(data: object, schema: type[BaseModel]) -> BaseModel:
    """The same for data already parsed."""
    try:
        return schema.model_validate(data)
    except ValidationError as error:
        raise Unfit([_problem(detail) for detail in error.errors(include_url=False)]) from None


def _problem(detail: dict) -> str:
    place = ".".join(str(part) for part in detail["loc"]) or "the answer"
    return f"{place}: {detail['msg']}"


def reask(messages: list[dict], content: str, unfit: Unfit) -> list[dict]:
    """The first request, the answer that did not fit, and what was wrong with it.

    The problems are fenced: they name keys and may repeat values that the model took from a
    document.
    """
    quoted = content if len(content) <= LONGEST_QUOTE else content[:LONGEST_QUOTE] + " [cut]"
    return [
        *messages,
        {"role": "assistant", "content": quoted},
        {
            "role": "user",
            "content": f"That answer does not fit:\n{fences.fence('problems', unfit.problems)}\n"
            "Answer again, whole and corrected, as JSON that fits the schema.",
        },
    ]
