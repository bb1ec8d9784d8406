"""Our way: one job whose items call the model outside any transaction."""

from pydantic import BaseModel

import llm
from jobs import JobRun, PlannedItem, task


class Echo(BaseModel):
    number: int


async def ask_model(item):
    return await llm.complete(
        "earlier.ask", {"number": item.payload}, Echo, job_id=item.job_id, item_key=item.key
    )


@task("earlier.ask", queue="llm", title="Ask the model")
def ask(run: JobRun, *, calls: int, concurrency: int, first: int = 0) -> dict:
    items = run.plan(PlannedItem(str(n), payload=first + n) for n in range(calls))
    for item, _answer in run.map(ask_model, items, concurrency=concurrency):
        with run.commit(item):
            pass  # the item's own state is the effect
    return {"calls": calls}
