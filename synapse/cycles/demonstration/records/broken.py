"""Errors in keys, codes, balances and standing that break what the report says of its fields."""

from synapse.cycles.demonstration.records.broken_terms import CONTRADICTED
from synapse.cycles.demonstration.records.changes import (
    filled,
    more,
    over_limit,
    same,
    same_reference,
    times,
)
from synapse.cycles.demonstration.records.kinds import Kind, amount, any_record, put

ONTIME = same(MonthEndActiveFlag="0", DaysPastDue="0")

UNBALANCED = (
    Kind(
        "R01 reference number used twice",
        ("ReferenceNumber",),
        any_record,
        same_reference,
        records=2,
    ),
    Kind("R02 not the last day of the month", ("PeriodId",), any_record, put(PeriodId="20250629")),
    Kind("R04 no such state", ("AccountState",), filled("AccountZipCode"), put(AccountState="ZZ")),
    Kind(
        "R05 ZIP code of four digits",
        ("AccountZipCode",),
        filled("AccountZipCode"),
        put(AccountZipCode="1234"),
    ),
    Kind("R06 code outside the list", ("ProductType",), any_record, put(ProductType="9")),
    Kind(
        "R07 consumer card lent as business",
        ("CreditCardType", "LendingType"),
        same(CreditCardType="1", LendingType="1"),
        put(LendingType="3"),
    ),
    Kind(
        "R08 charge card that revolves",
        ("LendingType", "RevolveFlag"),
        same(RevolveFlag="0"),
        put(RevolveFlag="1"),
    ),
    Kind(
        "R09 private label on a card network",
        ("CreditCardType", "NetworkId"),
        same(CreditCardType="2"),
        put(NetworkId="1"),
    ),
    Kind(
        "R10 parts miss the balance",
        ("CycleEndingBalance", "CycleEndingBalanceOther"),
        ONTIME,
        more("CycleEndingBalanceOther", "CycleEndingBalanceOther", 37),
    ),
    Kind(
        "R11 promotion without a balance",
        ("PromotionFlag", "CycleEndingBalancePromotional"),
        same(PromotionFlag="0"),
        put(PromotionFlag="1"),
    ),
    Kind(
        "R12 cash balance without a rate",
        ("CycleEndingBalanceCash", "CashAPR"),
        lambda r: amount(r, "CycleEndingBalanceCash") > 0,
        put(CashAPR=""),
    ),
    Kind(
        "R13 balance far over the limit",
        ("CycleEndingBalance", "CycleEndingBalanceOther", "CurrentCreditLimit"),
        ONTIME,
        over_limit,
    ),
    Kind(
        "R14 cash limit over the limit",
        ("CurrentCashAdvanceLimit", "CurrentCreditLimit"),
        any_record,
        times("CurrentCashAdvanceLimit", "CurrentCreditLimit", "1.5"),
    ),
    Kind(
        "R15 negative limit",
        ("CurrentCreditLimit",),
        any_record,
        times("CurrentCreditLimit", "CurrentCreditLimit", "-1"),
    ),
    Kind(
        "R16 minimum payment over the total",
        ("MinimumPaymentDue", "TotalPaymentDue"),
        filled("NextPaymentDueDate"),
        more("MinimumPaymentDue", "TotalPaymentDue", 15),
    ),
    Kind(
        "R17 past due on time", ("TotalPastDue", "DaysPastDue"), ONTIME, put(TotalPastDue="50.00")
    ),
    Kind(
        "R18 late but never 60 days",
        ("DaysPastDue", "Account60PlusDPDLastThreeYearsFlag"),
        lambda r: int(r["DaysPastDue"]) >= 60,
        put(Account60PlusDPDLastThreeYearsFlag="0"),
    ),
    Kind(
        "R19 cycles late on time",
        ("DaysPastDue", "AccountCycleEndDelinquency"),
        ONTIME,
        put(AccountCycleEndDelinquency="4"),
    ),
    Kind(
        "R20 charged off without a reason",
        ("MonthEndClosedRevokedFlag", "ChargeOffReasonCode"),
        lambda r: (
            amount(r, "GrossChargeOffInCurrentMonthAmount") == 0 and r["ChargeOffReasonCode"] != ""
        ),
        put(ChargeOffReasonCode=""),
    ),
    Kind(
        "R21 principal loss over the gross loss",
        ("PrincipalChargeOffInCurrentMonthAmount", "GrossChargeOffInCurrentMonthAmount"),
        lambda r: amount(r, "GrossChargeOffInCurrentMonthAmount") > 0,
        more("PrincipalChargeOffInCurrentMonthAmount", "GrossChargeOffInCurrentMonthAmount", 100),
    ),
    Kind(
        "R22 closed and not closed",
        ("MonthEndActiveFlag", "MonthEndClosedRevokedFlag"),
        same(MonthEndClosedRevokedFlag="1"),
        put(MonthEndClosedRevokedFlag="0"),
    ),
    Kind(
        "R23 closed and not closed at cycle end",
        ("CycleEndActiveFlag", "CycleEndClosedRevokedFlag"),
        same(CycleEndActiveFlag="2"),
        put(CycleEndClosedRevokedFlag="0"),
    ),
    Kind(
        "R24 closed with card users",
        ("MonthEndActiveFlag", "AuthorizedUsers"),
        same(MonthEndActiveFlag="2"),
        put(AuthorizedUsers="1"),
    ),
)

BREAKING = (*UNBALANCED, *CONTRADICTED)
