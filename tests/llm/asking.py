"""One operation that the tests of the client ask for, and its answer's shape."""

import asyncio

from pydantic import BaseModel, Field

from llm import Answer, complete

OPERATION = "support.name_items"


class Item(BaseModel):
    name: str
    score: int = Field(ge=1, le=15)
    quote: str


class Items(BaseModel):
    items: list[Item]


def variables(*wanted: str) -> dict:
    return {"wanted": list(wanted or ["balance", "limit"]), "text": "The balance and the limit."}


def ask(*wanted: str, **options) -> Answer:
    """One call, from outside any event loop."""
    return asyncio.run(complete(OPERATION, variables(*wanted), Items, **options))


def ask_all(*groups: tuple[str, ...], **options) -> list[Answer | Exception]:
    """Calls at once; failures are returned in their places."""

    async def gather():
        calls = [complete(OPERATION, variables(*group), Items, **options) for group in groups]
        return await asyncio.gather(*calls, return_exceptions=True)

    return asyncio.run(gather())
