"""Balances, limits, payments, fees and rates of the cycle."""

from datetime import timedelta

from synapse.cycles.demonstration.records.draws import Draws
from synapse.cycles.demonstration.records.money import Amounts, Rates
from synapse.cycles.demonstration.records.people import Account
from synapse.cycles.demonstration.records.texts import Record, day, flag, money, rate


def billing(draws: Draws, account: Account, amounts: Amounts) -> Record:
    rewards = draws.weighted({1: 55, 2: 20, 3: 22, 4: 3})
    cycle = (
        None
        if account.standing == "inactive" and draws.chance(0.35)
        else account.period.replace(day=draws.whole(2, 28))
    )
    due = cycle + timedelta(days=25) if cycle and amounts.payment_due else None
    earned = 0 if rewards == 3 else max(0, amounts.purchases) // draws.whole(20, 100)
    return {
        "CycleEndingBalance": money(amounts.balance),
        "PromotionFlag": flag(amounts.promotional > 0),
        "CycleEndingBalancePromotional": money(amounts.promotional),
        "CycleEndingBalanceCash": money(amounts.cash),
        "CycleEndingBalancePenalty": money(amounts.penalty),
        "CycleEndingBalanceOther": money(amounts.other),
        "AverageDailyBalance": money(amounts.average),
        "TotalRewardCash": money(earned),
        "RewardType": str(rewards),
        "AccountCycleEndDate": day(cycle),
        "OriginalCreditLimit": money(account.limit_first),
        "CurrentCreditLimit": money(account.limit),
        "CurrentCashAdvanceLimit": money(account.limit // 5),
        "LineFrozenFlag": flag(account.days_past_due >= 60),
        "LineIncreaseDecreaseFlag": "" if account.closed else str(account.limit_move),
        "CreditLineChangeType": str(draws.among((1, 2))) if account.limit_move else "0",
        "CreditLimitType": "2" if account.charge else "",
        "MinimumPaymentDue": money(amounts.minimum),
        "TotalPaymentDue": money(amounts.payment_due),
        "NextPaymentDueDate": day(due),
        "ActualPaymentAmount": money(amounts.paid),
        "TotalPastDue": money(amounts.past_due),
        "GrossChargeOffInCurrentMonthAmount": money(amounts.gross_loss),
        "PrincipalChargeOffInCurrentMonthAmount": money(amounts.principal_loss),
        "RecoveryAmount": money(amounts.recovery),
        "PurchaseVolume": money(amounts.purchases),
        "CashAdvanceVolume": money(amounts.cash_advances),
        "BalanceTransferVolume": money(amounts.transfers),
        "ConvenienceCheckAmount": money(amounts.checks),
        "OtherCredits": money(draws.whole(100, 9_000) if draws.chance(0.1) else 0),
        "FinanceCharge": money(amounts.interest),
        "FeeNetLateAmount": money(amounts.late_fee),
        "FeeNetOverLimitAmount": money(0),
        "FeeNetNSFAmount": money(2_500 if amounts.late_fee and draws.chance(0.1) else 0),
        "FeeNetCashAdvanceAmount": money(amounts.cash_fee),
        "FeeNetMonthlyAnnualAmount": money(amounts.yearly_fee),
        "FeeNetDebtSuspensionAmount": money(amounts.waiver_fee),
        "FeeNetBalanceTransferAmount": money(amounts.transfer_fee),
        "FeeNetOtherAmount": money(0),
        "MonthEndingBalance": money(amounts.month_end),
    }


def pricing(draws: Draws, rates: Rates, amounts: Amounts, fee_type: int) -> Record:
    fixed = rates.index == 0
    return {
        "CycleEndingRetailAPR": rate(rates.purchase),
        "FeeTypeFlag": str(fee_type),
        "InterestRateIndex": str(rates.index),
        "InterestRateMargin": rate(rates.margin),
        "MaxAPR": rate(rates.cap),
        "RateResetFreq": "0" if fixed else str(draws.weighted({1: 85, 3: 15})),
        "PromotionalAPR": rate(draws.among((0, 1_990, 4_990))) if amounts.promotional else "",
        "CashAPR": rate(rates.cash),
    }
