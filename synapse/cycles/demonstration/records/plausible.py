"""Errors that agree with everything else in the file: only the source system shows them."""

from decimal import Decimal

from synapse.cycles.demonstration.records.draws import Draws
from synapse.cycles.demonstration.records.kinds import Kind, amount
from synapse.cycles.demonstration.records.people import ABROAD, PLACES
from synapse.cycles.demonstration.records.texts import Record

BALANCES = (
    "CycleEndingBalance", "CycleEndingBalancePromotional", "CycleEndingBalanceCash",
    "CycleEndingBalancePenalty", "CycleEndingBalanceOther", "AverageDailyBalance",
    "MonthEndingBalance", "MinimumPaymentDue", "TotalPaymentDue", "ActualPaymentAmount",
    "FinanceCharge",
)  # fmt: skip


def _swap(*names: str):
    """Two records' values under `names` change places, as after a mix-up of keys."""

    def change(_draws: Draws, one: Record, other: Record) -> None:
        for name in names:
            one[name], other[name] = other[name], one[name]

    return change


def _tenfold(_draws: Draws, record: Record) -> None:
    for name in BALANCES:
        record[name] = f"{amount(record, name) * 10:.2f}"


def _stale_score(_draws: Draws, record: Record) -> None:
    """The refresh never ran: the score of the opening stands, with its day."""
    record["RefreshedCreditScorePrimaryBorrower"] = record["OriginalCreditScorePrimaryBorrower"]
    record["CreditScoreRefreshDate"] = record["AccountOriginationDate"]


def _income_typo(_draws: Draws, record: Record) -> None:
    """The first two different neighbouring digits change places."""
    digits = list(record["BorrowerIncome"])
    for index in range(len(digits) - 1):
        if digits[index] != digits[index + 1] and digits[index + 1] != "0":
            digits[index], digits[index + 1] = digits[index + 1], digits[index]
            break
    record["BorrowerIncome"] = "".join(digits)


def _wrong_place(draws: Draws, record: Record) -> None:
    """The address before the last move: another state with a ZIP code of its own."""
    state = draws.among([place for place in PLACES if place != record["AccountState"]])
    record["AccountState"] = state
    record["AccountZipCode"] = PLACES[state] + draws.digits(3)


def _year_early(_draws: Draws, record: Record) -> None:
    opened = record["AccountOriginationDate"]
    record["AccountOriginationDate"] = f"{int(opened[:4]) - 1}{opened[4:]}"


def _old_rate(_draws: Draws, record: Record) -> None:
    """The rate before the index last moved."""
    for name in ("CycleEndingRetailAPR", "CashAPR"):
        record[name] = f"{amount(record, name) - Decimal('0.250'):.3f}"


PLAUSIBLE = (
    Kind(
        "balance ten times the right one",
        BALANCES,
        lambda r: (
            Decimal(50) < amount(r, "CycleEndingBalance")
            and amount(r, "CycleEndingBalance") * 10 < amount(r, "CurrentCreditLimit")
            and r["MonthEndActiveFlag"] == "0"
            and r["DaysPastDue"] == "0"
        ),
        _tenfold,
        reachable=False,
    ),
    Kind(
        "customers swapped",
        ("CustomerId",),
        lambda r: r["MultipleCardRelationshipFlag"] == "0" and not r["CorporateID"],
        _swap("CustomerId"),
        reachable=False,
        records=2,
    ),
    Kind(
        "payments swapped",
        ("ActualPaymentAmount",),
        lambda r: amount(r, "ActualPaymentAmount") > 0,
        _swap("ActualPaymentAmount"),
        reachable=False,
        records=2,
    ),
    Kind(
        "stale credit score",
        ("RefreshedCreditScorePrimaryBorrower", "CreditScoreRefreshDate"),
        lambda r: bool(r["RefreshedCreditScorePrimaryBorrower"]),
        _stale_score,
        reachable=False,
    ),
    Kind(
        "income mistyped",
        ("BorrowerIncome",),
        lambda r: r["BorrowerIncome"][0] != r["BorrowerIncome"][1] != "0",
        _income_typo,
        reachable=False,
    ),
    Kind(
        "address of another customer",
        ("AccountState", "AccountZipCode"),
        lambda r: r["AccountState"] != ABROAD,
        _wrong_place,
        reachable=False,
    ),
    Kind(
        "opened a year too early",
        ("AccountOriginationDate",),
        lambda r: not r["AccountOriginationDate"].endswith("0229"),
        _year_early,
        reachable=False,
    ),
    Kind(
        "rate of last month",
        ("CycleEndingRetailAPR", "CashAPR"),
        lambda r: r["InterestRateIndex"] == "1",
        _old_rate,
        reachable=False,
    ),
)
