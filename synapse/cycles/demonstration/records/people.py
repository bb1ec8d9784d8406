"""Customers, and the account each card hangs on, before any of the month's figures."""

from dataclasses import dataclass
from datetime import date, timedelta

from synapse.cycles.demonstration.records.draws import Draws, within

# Two digits that billing ZIP codes of each place begin with.
PLACES = {
    "AL": "35", "AK": "99", "AZ": "85", "AR": "72", "CA": "94", "CO": "80", "CT": "06", "DE": "19",
    "DC": "20", "FL": "33", "GA": "30", "HI": "96", "ID": "83", "IL": "60", "IN": "46", "IA": "50",
    "KS": "66", "KY": "40", "LA": "70", "ME": "04", "MD": "21", "MA": "02", "MI": "48", "MN": "55",
    "MS": "39", "MO": "63", "MT": "59", "NE": "68", "NV": "89", "NH": "03", "NJ": "07", "NM": "87",
    "NY": "10", "NC": "27", "ND": "58", "OH": "44", "OK": "73", "OR": "97", "PA": "17", "RI": "02",
    "SC": "29", "SD": "57", "TN": "37", "TX": "75", "UT": "84", "VT": "05", "VA": "22", "WA": "98",
    "WV": "25", "WI": "53", "WY": "82", "PR": "00", "AP": "96",
}  # fmt: skip
CROWDED = {"CA": 11, "TX": 9, "FL": 7, "NY": 6, "PA": 4, "IL": 4, "OH": 4, "GA": 3, "NC": 3}
ABROAD = "NU"
KINDS_OF_CARD = {1: 80, 2: 8, 3: 8, 4: 3, 5: 1}
STANDINGS = {
    "active": 78, "inactive": 10, "closed by borrower": 4, "closed by bank": 2,
    "deceased": 0.6, "charged off now": 2, "charged off before": 1.5,
}  # fmt: skip
NOT_ACQUIRED = date(1900, 1, 2)
ACQUIRED_UNKNOWN = date(1900, 1, 1)


@dataclass(frozen=True)
class Customer:
    customer_id: str
    state: str
    zip_code: str
    income: int
    score: int
    accounts: int


@dataclass(frozen=True)
class Account:
    """What is settled about an account before the month's amounts are drawn; money in cents."""

    customer: Customer
    reference: str
    period: date
    card: int
    charge: bool
    secured: bool
    opened: date
    acquired: date
    purchased: bool
    joint: bool
    standing: str
    days_past_due: int
    score_now: int
    limit_first: int
    limit: int
    limit_move: int

    @property
    def closed(self) -> bool:
        return self.standing not in ("active", "inactive")

    @property
    def charged_off(self) -> bool:
        return self.standing.startswith("charged off")

    @property
    def business(self) -> bool:
        return self.card in (3, 4)


def draw_customer(draws: Draws, number: int) -> Customer:
    abroad = draws.chance(0.015)
    state = ABROAD if abroad else draws.weighted({place: 1 for place in PLACES} | CROWDED)
    nine = draws.chance(0.7)
    zip_code = "" if abroad else PLACES[state] + draws.digits(7 if nine else 3)
    score = int(within(480, draws.bell(715, 60), 845))
    income = int(within(14_000, draws.bell(20_000 + (score - 450) * 190, 21_000), 260_000))
    accounts = draws.weighted({1: 84, 2: 13, 3: 3})
    return Customer(f"C{number:09d}{draws.digits(6)}", state, zip_code, income, score, accounts)


def draw_account(draws: Draws, customer: Customer, number: int, period: date) -> Account:
    card = draws.weighted(KINDS_OF_CARD)
    opened = draws.day(period - timedelta(days=365 * 14), period - timedelta(days=95))
    purchased = draws.chance(0.05)
    acquired = NOT_ACQUIRED
    if purchased or draws.chance(0.06):
        unknown = not purchased and draws.chance(0.2)
        acquired = ACQUIRED_UNKNOWN if unknown else draws.day(opened, period)
    risk = (760 - customer.score) / 100
    standing = draws.weighted(
        STANDINGS
        | {
            "charged off now": within(0.4, 1 + 2 * risk, 6),
            "closed by bank": within(1, 2 + risk, 5),
        }
    )
    days = _days_past_due(draws, standing, risk)
    score_now = int(within(320, draws.bell(customer.score, 22) - days * 0.9, 850))
    first = _limit(draws, customer, card)
    move = draws.weighted({0: 92, 2: 5, 1: 3}) if standing in ("active", "inactive") else 0
    limit = first if draws.chance(0.5) else _hundreds(first * draws.share(1.0, 1.8))
    limit = {0: limit, 2: _hundreds(limit * 1.25), 1: _hundreds(limit * 0.8)}[move]
    return Account(
        customer=customer,
        reference=f"R{number:08d}{draws.digits(9)}",
        period=period,
        card=card,
        charge=draws.chance(0.07),
        secured=customer.score < 620 and draws.chance(0.4),
        opened=opened,
        acquired=acquired,
        purchased=purchased,
        # A closed account counts no card users any more, so it shows no joint holder either.
        joint=standing in ("active", "inactive") and card not in (3, 4) and draws.chance(0.13),
        standing=standing,
        days_past_due=days,
        score_now=score_now,
        limit_first=first,
        limit=limit,
        limit_move=move,
    )


def _days_past_due(draws: Draws, standing: str, risk: float) -> int:
    if standing == "charged off now":
        return draws.whole(150, 179)
    if standing not in ("active", "closed by bank") or not draws.chance(
        within(0.01, 0.06 + risk * 0.05, 0.3)
    ):
        return 0
    return draws.whole(1, draws.weighted({29: 60, 59: 22, 89: 11, 149: 7}))


def _limit(draws: Draws, customer: Customer, card: int) -> int:
    share = within(0.03, draws.bell(0.12 + (customer.score - 680) / 1500, 0.04), 0.45)
    factor = 2.2 if card in (3, 4) else 1.0
    return _hundreds(within(300, customer.income * share * factor, 90_000) * 100)


def _hundreds(cents: float) -> int:
    """Limits are granted in whole hundreds of dollars."""
    return max(1, round(cents / 10_000)) * 10_000
