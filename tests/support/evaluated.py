"""How the operation of the tests is evaluated: a line of the source is a case."""

from pydantic import BaseModel, ConfigDict

from llm.evaluation.marks import Mark
from llm.evaluation.registry import Case, Evaluated, register
from tests.llm.asking import OPERATION, Items


class ExpectedItem(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    score: int


def cut(source, fields):
    lines = source.content.decode().splitlines()
    missing = {each.name for each in fields} - {word for line in lines for word in line.split()}
    if missing:
        raise ValueError(f"the text has no {', '.join(sorted(missing))}")
    return [
        Case(
            key=f"line-{number}",
            label=line,
            payload=line,
            fields=tuple(each for each in fields if each.name in line.split()),
        )
        for number, line in enumerate(lines, start=1)
    ]


async def ask(case, complete):
    variables = {"wanted": case.payload.split(), "text": case.payload}
    return (await complete(OPERATION, variables, Items)).parsed.items


def score(fields, answers):
    said = {item.name: item.score for items in answers for item in items}
    known = {each.name: each.score for each in fields}
    names = {name: Mark(name in known, name in said, name in known and name in said)
             for name in [*known, *said]}  # fmt: skip
    scores = {
        name: Mark(True, name in said, said.get(name) == score) for name, score in known.items()
    }
    return {"names": names, "scores": scores}


register(
    Evaluated(
        operation=OPERATION,
        field=ExpectedItem,
        identity=lambda field: field.name,
        cut=cut,
        ask=ask,
        score=score,
    )
)
