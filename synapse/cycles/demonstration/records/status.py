"""Whether the account is open, late, charged off, or in a programme, told in the report's codes."""

from datetime import timedelta

from synapse.cycles.demonstration.records.draws import Draws
from synapse.cycles.demonstration.records.people import Account

CLOSED_AS = {
    "closed by borrower": 1,
    "closed by bank": 2,
    "deceased": 3,
    "charged off now": 4,
    "charged off before": 4,
}
REASONS = {1: 75, 2: 15, 3: 5, 6: 5}


def standing(draws: Draws, account: Account) -> dict[str, str]:
    """Statuses at month end and at cycle end, and how late the account is."""
    active = "2" if account.closed else {"active": "0", "inactive": "1"}[account.standing]
    closed = CLOSED_AS.get(account.standing, 0)
    # Charged off after the statement was cut: at cycle end the account was still open.
    closed_then = account.closed and account.standing != "charged off now"
    days = account.days_past_due
    cycles = -(-days // 30)
    reason = draws.weighted(REASONS) if account.charged_off else 0
    late_once = days >= 60 or account.charged_off or draws.chance(0.04)
    return {
        "MonthEndActiveFlag": active,
        "MonthEndClosedRevokedFlag": str(closed),
        "CycleEndActiveFlag": "2" if closed_then else ("0" if account.closed else active),
        "CycleEndClosedRevokedFlag": str(closed) if closed_then else "0",
        "DaysPastDue": str(days),
        "Account60PlusDPDLastThreeYearsFlag": "1" if late_once else "0",
        "AccountCycleEndDelinquency": str(cycles),
        "AccountMonthEndDelinquency": str(cycles),
        "ChargeOffReasonCode": str(reason) if reason else "",
        "BankruptcyFlag": "1" if reason == 2 else "0",
        "AccountSoldFlag": "1" if not account.closed and draws.chance(0.01) else "0",
        "FraudFlag": "1" if reason == 6 or draws.chance(0.004) else "2",
    }


def programmes(draws: Draws, account: Account, *, enrolled: bool, active: bool) -> dict[str, str]:
    """Debt waiver, skipped payments, workouts and re-ageing."""
    workout = draws.chance(0.35) if account.days_past_due >= 30 and not account.closed else False
    kind = draws.weighted({1: 30, 2: 25, 3: 25, 4: 20}) if workout else 0
    aged = account.days_past_due and draws.chance(0.1)
    served = not account.closed and draws.chance(0.02)
    return {
        "DebtWaiverProgramEnrolFlag": "1" if enrolled else "0",
        "DebtWaiverProgramActiveFlag": "1" if active else "0",
        "SkipaPaymentFlag": "1" if not account.closed and draws.chance(0.01) else "0",
        "WorkoutProgramFlag": "1" if workout else "0",
        "WorkoutProgramType": str(kind) if workout else "",
        "WorkOutProgramPerformanceStatus": str(draws.weighted({1: 70, 2: 20, 3: 10}))
        if workout
        else "",
        "SettlementPortionForgivenAmount": f"{draws.whole(50, 900)}.00" if kind == 4 else "",
        "CollectionReageDate": _before(draws, account) if aged else "",
        "CustomerServiceReageDate": _before(draws, account) if served else "",
    }


def _before(draws: Draws, account: Account) -> str:
    first = max(account.opened, account.period - timedelta(days=700))
    return f"{draws.day(first, account.period):%Y%m%d}"
