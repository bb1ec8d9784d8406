"""What a kind of error is: which records it fits, and what it does to them."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from synapse.cycles.demonstration.records.draws import Draws
from synapse.cycles.demonstration.records.texts import Record


@dataclass(frozen=True)
class Kind:
    """`change` turns `records` fitting records at once, such as two whose values change places."""

    name: str
    attributes: tuple[str, ...]
    fits: Callable[[Record], bool]
    change: Callable[..., None]
    reachable: bool = True
    records: int = 1

    def spoil(self, draws: Draws, group: list[Record]) -> None:
        self.change(draws, *group)


def amount(record: Record, name: str) -> Decimal:
    """The number under `name`; a blank counts as 0."""
    return Decimal(record[name] or 0)


def put(**values: str) -> Callable[[Draws, Record], None]:
    """A change that writes the same values into every record."""

    def change(_draws: Draws, record: Record) -> None:
        record.update(values)

    return change


def any_record(_record: Record) -> bool:
    return True
