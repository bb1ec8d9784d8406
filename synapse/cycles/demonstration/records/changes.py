"""How the errors look for a fitting record, and what they write into it."""

from decimal import Decimal

from synapse.cycles.demonstration.records.draws import Draws
from synapse.cycles.demonstration.records.kinds import amount
from synapse.cycles.demonstration.records.texts import Record


def same(**values: str):
    return lambda record: all(record[name] == value for name, value in values.items())


def filled(*names: str):
    return lambda record: all(record[name] for name in names)


def same_reference(_draws: Draws, one: Record, other: Record) -> None:
    one["ReferenceNumber"] = other["ReferenceNumber"]


def times(name: str, of: str, factor: str):
    """`name` becomes `factor` times the amount of `of`."""

    def change(_draws: Draws, record: Record) -> None:
        record[name] = f"{amount(record, of) * Decimal(factor):.2f}"

    return change


def over_limit(_draws: Draws, record: Record) -> None:
    """Far over the limit, with parts that still add up."""
    balance = amount(record, "CurrentCreditLimit") * Decimal("2.5")
    other = amount(record, "CycleEndingBalanceOther") + balance
    record["CycleEndingBalanceOther"] = f"{other - amount(record, 'CycleEndingBalance'):.2f}"
    record["CycleEndingBalance"] = f"{balance:.2f}"


def more(name: str, of: str, extra: int, places: int = 2):
    """`name` becomes the amount of `of` and `extra`."""

    def change(_draws: Draws, record: Record) -> None:
        record[name] = f"{amount(record, of) + extra:.{places}f}"

    return change
