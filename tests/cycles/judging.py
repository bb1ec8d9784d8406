"""A second reading of what D.1 says of its fields, written without the product's rules."""

import re
from collections import Counter
from datetime import date
from decimal import Decimal

STATES = set(
    re.findall(
        "[A-Z]+",
        "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH "
        "NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY PR GU VI AS MP NU AP",
    )
)
CODES = {
    "CreditCardType": "12345", "ProductType": "123456", "LendingType": "1234", "RevolveFlag": "01",
    "NetworkId": "12345", "CreditCardSecuredFlag": "01", "LoanChannel": "0123456", "PCDFlag": "01",
    "PromotionFlag": "01", "RewardType": "1234", "MultipleBankingRelationshipFlag": "0123456789",
    "MultipleCardRelationshipFlag": "01", "JointAccount": "01", "SecuritizedFlag": "01",
    "BorrowerIncomeType": "123", "LineFrozenFlag": "01", "FeeTypeFlag": "0123",
    "MonthEndActiveFlag": "012", "MonthEndClosedRevokedFlag": "01234", "AccountSoldFlag": "01",
    "BankruptcyFlag": "01", "LossShare": "01", "RateResetFreq": "0123456", "EntityType": "0123456",
    "SkipaPaymentFlag": "01", "WorkoutProgramFlag": "01",
}  # fmt: skip


def judge(records: list[dict[str, str]]) -> set[tuple[int, str]]:
    """(record number, rule) of all that is wrong."""
    seen = Counter((r["ReferenceNumber"], r["BankId"], r["PeriodId"]) for r in records)
    period = Counter(r["PeriodId"] for r in records).most_common(1)[0][0]
    found = set()
    for number, record in enumerate(records, start=1):
        key = (record["ReferenceNumber"], record["BankId"], record["PeriodId"])
        right = _statements(record) | {
            "R01": seen[key] == 1 and 0 < len(record["ReferenceNumber"]) <= 18,
            "R02": record["PeriodId"] == period == "20250630",
        }
        found |= {(number, rule) for rule, holds in right.items() if not holds}
    return found


def _statements(record: dict[str, str]) -> dict[str, bool]:
    r = record

    def n(name: str) -> Decimal:
        return Decimal(r[name] or 0)

    def score(name: str) -> bool:
        return not r[name] or 300 <= int(r[name]) <= 850

    loss = n("GrossChargeOffInCurrentMonthAmount")
    late, closed = int(r["DaysPastDue"]), r["MonthEndActiveFlag"] == "2"
    balance, limit = n("CycleEndingBalance"), n("CurrentCreditLimit")
    parts = ("Promotional", "Cash", "Penalty", "Other")
    charges = n("FinanceCharge") + sum(n(name) for name in r if name.startswith("FeeNet"))
    promo = n("CycleEndingBalancePromotional") > 0
    fixed = r["InterestRateIndex"] == "0"
    cycle_closed = r["CycleEndClosedRevokedFlag"] in "1234"
    known = r["OriginalCreditScorePrimaryBorrower"], r["RefreshedCreditScorePrimaryBorrower"]
    expected = -(-late // 30)
    moved = r["LineIncreaseDecreaseFlag"]
    return {
        "R04": r["AccountState"] in STATES,
        "R05": bool(re.fullmatch(r"\d{5}(\d{4})?", r["AccountZipCode"]))
        != (r["AccountState"] == "NU" and r["AccountZipCode"] == ""),
        "R06": all(r[name] and r[name] in codes for name, codes in CODES.items()),
        "R07": r["CreditCardType"] not in "34" or r["LendingType"] in "34",
        "R07b": r["CreditCardType"] not in "12" or r["LendingType"] in "12",
        "R08": r["LendingType"] not in "24" or r["RevolveFlag"] == "0",
        "R09": r["CreditCardType"] != "2" or r["NetworkId"] == "5",
        "R10": abs(sum(n(f"CycleEndingBalance{part}") for part in parts) - balance)
        <= Decimal("0.01"),
        "R11": (r["PromotionFlag"] == "1") == promo and (not promo or r["PromotionalAPR"] != ""),
        "R12": n("CycleEndingBalanceCash") <= 0 or r["CashAPR"] != "",
        "R13": balance <= limit * Decimal("1.2"),
        "R14": n("CurrentCashAdvanceLimit") <= limit,
        "R15": min(limit, n("OriginalCreditLimit"), n("CurrentCashAdvanceLimit")) >= 0,
        "R16": n("MinimumPaymentDue") <= min(n("TotalPaymentDue"), max(balance, 0) + charges),
        "R17": (n("TotalPastDue") > 0) == (late > 0),
        "R18": late < 60 or r["Account60PlusDPDLastThreeYearsFlag"] == "1",
        "R19": abs(n("AccountCycleEndDelinquency") - expected) <= 1
        and abs(n("AccountMonthEndDelinquency") - expected) <= 1,
        "R20": (r["ChargeOffReasonCode"] != "") == (r["MonthEndClosedRevokedFlag"] == "4"),
        "R21": n("PrincipalChargeOffInCurrentMonthAmount") <= loss
        and (loss <= 0 or r["ChargeOffReasonCode"] != ""),
        "R22": closed == (r["MonthEndClosedRevokedFlag"] in "1234"),
        "R23": (r["CycleEndActiveFlag"] == "2") == cycle_closed
        and (r["AccountCycleEndDate"] != "" or r["CycleEndActiveFlag"] == ""),
        "R24": not closed or r["AuthorizedUsers"] == moved == "",
        "R25": r["CreditLineChangeType"] in {"1": "123", "2": "123", "0": "0", "": "0"}[moved],
        "R27": _dates(r),
        "R28": r["LoanChannel"] != "4" or r["AcqDate"] != "19000102",
        "R29": all(score(name) for name in r if "CreditScorePrimary" in name or "Coborr" in name),
        "R30": not known[0]
        or (r["OriginalCreditScoreName"] in "123" and r["OriginalCreditScoreVersion"] != ""),
        "R31": not known[1]
        or (r["RefreshedCreditScoreName"] in "123" and "" not in
            (r["RefreshedCreditScoreVersion"], r["CreditScoreRefreshDate"])),
        "R32": all(r[f"Internal{one}ScoreFlag"] != "1" or r[f"Internal{one}ScoreValue"] != ""
                   for one in ("Orig", "Refr")),
        "R33": r["BehavioralScore"] == "" or r["BehavioralScoreNameVersion"] != "",
        "R34": fixed == (r["RateResetFreq"] == "0") and fixed == (r["InterestRateMargin"] == "")
        and (not fixed or r["MaxAPR"] == ""),
        "R35": 0 <= n("CycleEndingRetailAPR") <= (n("MaxAPR") or 36),
        "R36": (r["LossShare"] == "1") == (r["LossShareId"] != "")
        and (r["LossShare"] == "1" or n("LossShareRate") == 0),
        "R37": (r["CreditCardType"] == "4") == (r["CorporateID"] != ""),
        "R38": all(0 <= n(f"Basel2{name}") <= 1 and r[f"Basel2{name}"] for name in
                   ("PD", "LGD", "ELGD")),
        "R39": (r["WorkoutProgramFlag"] == "1") == (r["WorkoutProgramType"] != "")
        and (r["WorkoutProgramType"] == "4") == (r["SettlementPortionForgivenAmount"] != ""),
        "R40": r["DebtWaiverProgramActiveFlag"] != "1" or r["DebtWaiverProgramEnrolFlag"] == "1",
        "R41": r["FraudFlag"] in ("1", "2"),
        "R42": r["CreditLimitType"] in ("", "1", "2"),
        "R43": r["RewardType"] != "3" or n("TotalRewardCash") == 0,
        "R44": r["FeeTypeFlag"] != "0" or n("FeeNetMonthlyAnnualAmount") == 0,
        "R45": (r["JointAccount"] != "1" or n("AuthorizedUsers") >= 2)
        and (r["OriginalCreditScoreCoborrower"] == "" or r["JointAccount"] == "1"),
        "R46": (r["NextPaymentDueDate"] == "") == (n("TotalPaymentDue") == 0),
        "R47": r["EntityType"] != "1" or r["NationalBankRSSDID"] != "",
    }  # fmt: skip


def _dates(r: dict[str, str]) -> bool:
    period = r["PeriodId"]
    for name in ("AccountOriginationDate", "AcqDate", "CreditScoreRefreshDate"):
        if r[name]:
            date(int(r[name][:4]), int(r[name][4:6]), int(r[name][6:]))
    return (
        r["AccountOriginationDate"] <= period
        and (r["AcqDate"].startswith("1900") or r["AcqDate"] <= period)
        and r["CreditScoreRefreshDate"] <= period
        and r["AccountCycleEndDate"][:6] in ("", period[:6])
    )
