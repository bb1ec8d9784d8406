"""Whole records: each account's facts and amounts put under the names of the report's fields."""

import csv
from datetime import date
from pathlib import Path

from synapse.cycles.demonstration.records.billing import billing, pricing
from synapse.cycles.demonstration.records.draws import Draws
from synapse.cycles.demonstration.records.identity import identity
from synapse.cycles.demonstration.records.money import draw_amounts, draw_rates
from synapse.cycles.demonstration.records.people import Account, draw_account, draw_customer
from synapse.cycles.demonstration.records.scores import capital, scores
from synapse.cycles.demonstration.records.status import programmes, standing
from synapse.cycles.demonstration.records.texts import Record

DICTIONARY = Path(__file__).parents[3] / "planning" / "builtin" / "fr_y14m_d1.csv"
PERIOD = date(2025, 6, 30)


def field_names() -> list[str]:
    """The names of the report's fields, in their order."""
    with DICTIONARY.open(encoding="utf-8", newline="") as file:
        return [row["technical_name"] for row in csv.DictReader(file)]


def make_records(count: int = 3_000, *, seed: int = 1, period: date = PERIOD) -> list[Record]:
    """`count` right records of one month; the same for the same seed."""
    draws = Draws(f"records {seed}")
    names = field_names()
    records: list[Record] = []
    customers = 0
    while len(records) < count:
        customers += 1
        customer = draw_customer(draws, customers)
        held = min(customer.accounts, count - len(records))
        for _ in range(held):
            account = draw_account(draws, customer, len(records) + 1, period)
            record = _record(draws, account, several=held > 1)
            records.append({name: record[name] for name in names})
    return records


def _record(draws: Draws, account: Account, *, several: bool) -> Record:
    rates = draw_rates(draws, account)
    fee_type = draws.weighted({0: 70, 1: 25, 2: 5})
    enrolled = not account.closed and draws.chance(0.05)
    active = enrolled and draws.chance(0.4)
    amounts = draw_amounts(draws, account, rates, fee_type, enrolled)
    record = (
        identity(draws, account, several=several)
        | billing(draws, account, amounts)
        | pricing(draws, rates, amounts, fee_type)
        | standing(draws, account)
        | programmes(draws, account, enrolled=enrolled, active=active)
        | scores(draws, account)
        | capital(account, amounts)
    )
    if not record["AccountCycleEndDate"]:
        # No statement in the month, so nothing is said about the status at its end.
        record["CycleEndActiveFlag"] = ""
    return record
