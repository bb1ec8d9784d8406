"""Credit scores, and the risk parameters that follow from them."""

from datetime import timedelta

from synapse.cycles.demonstration.records.draws import Draws, within
from synapse.cycles.demonstration.records.money import Amounts
from synapse.cycles.demonstration.records.people import Account
from synapse.cycles.demonstration.records.texts import Record, day, money, rate

VERSIONS = {1: ("FICO 8", "FICO 9", "FICO NextGen 2"), 2: ("VantageScore 3.0", "VantageScore 4.0")}


def scores(draws: Draws, account: Account) -> Record:
    """Bureau scores, and the behavioural score that goes with them."""
    first = draws.chance(0.96)
    now = first and draws.chance(0.98)
    names = draws.weighted({1: 85, 2: 15}), draws.weighted({1: 80, 2: 20})
    versions = [draws.among(VERSIONS[name]) for name in names]
    internal = [first and draws.chance(0.03), now and draws.chance(0.03)]
    drawn = account.period - timedelta(days=draws.whole(0, 85))
    behaviour = draws.chance(0.97)
    other_holder = account.joint and draws.chance(0.8)
    added = other_holder and draws.chance(0.3)
    return {
        "OriginalCreditScorePrimaryBorrower": str(account.customer.score) if first else "",
        "OriginalCreditScoreCoborrower": str(int(within(400, draws.bell(710, 50), 850)))
        if other_holder
        else "",
        "CoBorrowerAddDate": day(draws.day(account.opened, account.period)) if added else "",
        "RefreshedCreditScorePrimaryBorrower": str(account.score_now) if now else "",
        "CreditScoreRefreshDate": day(drawn) if now else "",
        "BehavioralScore": f"{account.score_now + draws.share(-40, 40):.6f}" if behaviour else "",
        "BehavioralScoreNameVersion": "Account Behaviour 4.2" if behaviour else "",
        "OriginalCreditScoreName": str(names[0]) if first else "4",
        "RefreshedCreditScoreName": str(names[1]) if now else "4",
        "OriginalCreditScoreVersion": versions[0] if first else "",
        "RefreshedCreditScoreVersion": versions[1] if now else "",
        "InternalOrigScoreFlag": ("1" if internal[0] else "2") if first else "",
        "InternalOrigScoreValue": rate(draws.whole(300_000, 800_000)) if internal[0] else "",
        "InternalRefrScoreFlag": ("1" if internal[1] else "2") if now else "",
        "InternalRefrScoreValue": rate(draws.whole(300_000, 800_000)) if internal[1] else "",
    }


def capital(account: Account, amounts: Amounts) -> Record:
    """Risk parameters of the segment that the score falls into; an advanced filer has them all."""
    segment = within(0, (account.score_now - 320) // 50, 10)
    default = within(0.003, 0.28 - 0.027 * segment, 0.3) * (1 + account.days_past_due / 60)
    lost = 0.85 - 0.02 * segment
    drawn = max(0, amounts.balance) + (
        0 if account.closed else max(0, account.limit - amounts.balance) // 2
    )
    return {
        "Basel2PD": f"{within(0, default, 1):.5f}",
        "Basel2LGD": f"{lost:.5f}",
        "Basel2ELGD": f"{lost * 0.9:.5f}",
        "Basel2EAD": money(drawn),
        "Basel2EADid": str(1_000 + int(segment)),
    }
