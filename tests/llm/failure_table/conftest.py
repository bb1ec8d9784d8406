"""A counted simulator, and a small job that asks one question an item."""

import pytest

from jobs import PlannedItem, enqueue, execution, registry
from llm import complete
from tests.llm.asking import OPERATION, Items, variables
from tests.llm.failure_table.counting import PLENTY, Counter


@pytest.fixture
def counted(simulator, settings) -> Counter:
    """The simulator, with a budget that is only there to count what is spent."""
    settings.LLM = simulator.settings | {"BUDGET_DAY": PLENTY}
    return Counter(simulator)


@pytest.fixture
def limits(counted, settings):
    """Changes settings of the client for one test."""

    def change(**values) -> None:
        settings.LLM = settings.LLM | values

    return change


class Questions:
    """Jobs of `count` items; `stored` are the items that took effect, each as often as it did."""

    def __init__(self) -> None:
        self.stored: list[str] = []
        self.task = registry.task("tests.questions", queue="llm")(self.work)

    def start(self, count: int, prefix: str = "field"):
        return enqueue(self.task, count=count, prefix=prefix)

    def work(self, run, *, count: int, prefix: str) -> None:
        items = run.plan([PlannedItem(f"{prefix}_{number}") for number in range(count)])
        for item, _answer in run.map(self.ask, items, concurrency=8):
            with run.commit(item):
                self.stored.append(item.key)

    async def ask(self, item):
        return await complete(
            OPERATION, variables(item.key), Items, job_id=item.job_id, item_key=item.key, items=1
        )


@pytest.fixture
def questions(transactional_db):
    yield Questions()
    registry.forget("tests.questions")
    execution.resume()
