"""The month's amounts of one account, which add up among themselves; all in cents."""

from dataclasses import dataclass

from synapse.cycles.demonstration.records.draws import Draws, within
from synapse.cycles.demonstration.records.people import Account


@dataclass(frozen=True)
class Rates:
    """Yearly rates in thousandths of a percent; `margin` None for a fixed rate."""

    index: int
    margin: int | None
    cap: int | None
    purchase: int
    cash: int


@dataclass(frozen=True)
class Amounts:
    balance: int
    promotional: int
    cash: int
    penalty: int
    other: int
    average: int
    month_end: int
    minimum: int
    past_due: int
    payment_due: int
    paid: int
    interest: int
    late_fee: int
    cash_fee: int
    yearly_fee: int
    transfer_fee: int
    waiver_fee: int
    purchases: int
    cash_advances: int
    transfers: int
    checks: int
    gross_loss: int
    principal_loss: int
    recovery: int


def draw_rates(draws: Draws, account: Account) -> Rates:
    prime = 7_500
    spread = within(2_000, draws.bell(13_500 - (account.customer.score - 700) * 35, 900), 19_900)
    margin = int(spread / 10) * 10
    purchase = prime + margin
    if draws.chance(0.12):
        return Rates(0, None, None, purchase, purchase + 4_000)
    index = draws.weighted({1: 90, 12: 5, 13: 5})
    cap = None if draws.chance(0.05) else 34_990
    return Rates(index, margin, cap, purchase, min(purchase + 4_000, 34_990))


def draw_amounts(
    draws: Draws, account: Account, rates: Rates, fee_type: int, waiver: bool
) -> Amounts:
    balance = _balance(draws, account)
    late = account.days_past_due > 0
    promotional = _part(draws, balance, 0.12, 0.6) if not late else 0
    cash = _part(draws, balance - promotional, 0.1, 0.25)
    rest = balance - promotional - cash
    penalty = rest // 2 if account.days_past_due >= 60 else 0
    interest = 0 if account.charge else max(0, balance - promotional) * rates.purchase // 1_200_000
    late_fee = 2_900 if late else 0
    cash_advances = cash // 3
    cash_fee = max(1_000, cash_advances // 20) if cash_advances else 0
    yearly = {0: 0, 1: 9_500 if account.opened.month == account.period.month else 0, 2: 795, 3: 0}
    yearly_fee = 0 if account.closed else yearly[fee_type]
    transfers = promotional // 2 if promotional and draws.chance(0.2) else 0
    owed = max(0, balance)
    minimum = _minimum(owed, account, interest + late_fee)
    past_due = minimum * -(-account.days_past_due // 30) if late else 0
    return Amounts(
        balance=balance,
        promotional=promotional,
        cash=cash,
        penalty=penalty,
        other=rest - penalty,
        average=int(balance * draws.share(0.82, 1.1)),
        month_end=_month_end(draws, account, balance),
        minimum=minimum,
        past_due=past_due,
        payment_due=minimum + past_due + max(0, balance - account.limit) * bool(minimum),
        paid=_paid(draws, account, owed, minimum),
        interest=interest,
        late_fee=late_fee,
        cash_fee=cash_fee,
        yearly_fee=yearly_fee,
        transfer_fee=transfers * 3 // 100,
        waiver_fee=owed // 120 if waiver else 0,
        purchases=int(owed * draws.share(0.1, 0.6)) if account.standing == "active" else 0,
        cash_advances=cash_advances,
        transfers=transfers,
        checks=transfers // 4 if draws.chance(0.2) else 0,
        **_loss(draws, account, balance, interest + late_fee),
    )


def _balance(draws: Draws, account: Account) -> int:
    if account.standing in ("inactive", "charged off before"):
        return 0
    if account.closed and not account.days_past_due and draws.chance(0.6):
        return 0
    if not account.days_past_due and draws.chance(0.03):
        return -draws.whole(100, 15_000)
    risk = (760 - account.score_now) / 260
    use = within(0.02, draws.bell(0.3 + 0.35 * risk, 0.17), 1.04)
    if account.days_past_due:
        use = max(use, 0.4)
    return int(account.limit * use) - draws.whole(0, 99)


def _part(draws: Draws, amount: int, probability: float, share: float) -> int:
    if amount < 10_000 or not draws.chance(probability):
        return 0
    return int(amount * draws.share(0.1, share))


def _minimum(owed: int, account: Account, charges: int) -> int:
    if not owed:
        return 0
    wanted = owed if account.charge else owed // 100 + charges
    return min(owed, max(2_500, wanted))


def _month_end(draws: Draws, account: Account, balance: int) -> int:
    if account.charged_off or balance == 0:
        return 0
    return int(balance * draws.share(0.9, 1.08))


def _paid(draws: Draws, account: Account, owed: int, minimum: int) -> int:
    if account.days_past_due or not owed:
        return 0
    if account.charge or draws.chance(within(0.1, (account.score_now - 520) / 500, 0.8)):
        return int(owed * draws.share(0.7, 1.0))
    return max(minimum, int(owed * draws.share(0.02, 0.2)))


def _loss(draws: Draws, account: Account, balance: int, charges: int) -> dict[str, int]:
    gross = balance + charges if account.standing == "charged off now" else 0
    earlier = account.standing == "charged off before" and draws.chance(0.6)
    recovery = draws.whole(1_000, 40_000) if earlier else 0
    return {
        "gross_loss": gross,
        "principal_loss": min(gross, balance) if gross else 0,
        "recovery": recovery,
    }
