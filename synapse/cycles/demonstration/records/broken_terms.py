"""Errors in dates, scores, terms and programmes that another field of the record contradicts."""

from synapse.cycles.demonstration.records.changes import filled, more, same
from synapse.cycles.demonstration.records.kinds import Kind, any_record, put

CONTRADICTED = (
    Kind(
        "R25 line changed by nobody",
        ("LineIncreaseDecreaseFlag", "CreditLineChangeType"),
        lambda r: r["LineIncreaseDecreaseFlag"] in ("1", "2"),
        put(CreditLineChangeType="0"),
    ),
    Kind(
        "R27 opened after the period",
        ("AccountOriginationDate", "PeriodId"),
        same(AcqDate="19000102"),
        put(AccountOriginationDate="20250715"),
    ),
    Kind(
        "R28 purchased and not acquired",
        ("LoanChannel", "AcqDate"),
        same(LoanChannel="4"),
        put(AcqDate="19000102"),
    ),
    Kind(
        "R29 score off the scale",
        ("RefreshedCreditScorePrimaryBorrower",),
        filled("RefreshedCreditScorePrimaryBorrower"),
        put(RefreshedCreditScorePrimaryBorrower="905"),
    ),
    Kind(
        "R30 first score without a version",
        ("OriginalCreditScorePrimaryBorrower", "OriginalCreditScoreVersion"),
        filled("OriginalCreditScorePrimaryBorrower"),
        put(OriginalCreditScoreVersion=""),
    ),
    Kind(
        "R31 new score without a day",
        ("RefreshedCreditScorePrimaryBorrower", "CreditScoreRefreshDate"),
        filled("RefreshedCreditScorePrimaryBorrower"),
        put(CreditScoreRefreshDate=""),
    ),
    Kind(
        "R32 internal score missing",
        ("InternalOrigScoreFlag", "InternalOrigScoreValue"),
        same(InternalOrigScoreFlag="2"),
        put(InternalOrigScoreFlag="1"),
    ),
    Kind(
        "R33 behavioural score of no model",
        ("BehavioralScore", "BehavioralScoreNameVersion"),
        filled("BehavioralScore"),
        put(BehavioralScoreNameVersion=""),
    ),
    Kind(
        "R34 variable rate without a margin",
        ("InterestRateIndex", "InterestRateMargin"),
        same(InterestRateIndex="1"),
        put(InterestRateMargin=""),
    ),
    Kind(
        "R35 rate over its cap",
        ("CycleEndingRetailAPR", "MaxAPR"),
        filled("MaxAPR"),
        more("CycleEndingRetailAPR", "MaxAPR", 1, 3),
    ),
    Kind(
        "R36 contract without a shared loss",
        ("LossShare", "LossShareId"),
        same(LossShare="0"),
        put(LossShareId="LS00099"),
    ),
    Kind(
        "R37 company behind a private card",
        ("CreditCardType", "CorporateID"),
        same(CreditCardType="1"),
        put(CorporateID="K00000001"),
    ),
    Kind("R38 probability over one", ("Basel2PD",), any_record, put(Basel2PD="1.35000")),
    Kind(
        "R39 workout of no type",
        ("WorkoutProgramFlag", "WorkoutProgramType"),
        same(WorkoutProgramFlag="0"),
        put(WorkoutProgramFlag="1"),
    ),
    Kind(
        "R40 waiver active but not enrolled",
        ("DebtWaiverProgramEnrolFlag", "DebtWaiverProgramActiveFlag"),
        same(DebtWaiverProgramEnrolFlag="0"),
        put(DebtWaiverProgramActiveFlag="1"),
    ),
    Kind(
        "R41 fraud flag of the other kind", ("FraudFlag",), same(FraudFlag="2"), put(FraudFlag="0")
    ),
    Kind("R42 no such kind of limit", ("CreditLimitType",), any_record, put(CreditLimitType="7")),
    Kind(
        "R43 rewards where none are paid",
        ("RewardType", "TotalRewardCash"),
        same(RewardType="3"),
        put(TotalRewardCash="18.25"),
    ),
    Kind(
        "R44 yearly fee on a free card",
        ("FeeTypeFlag", "FeeNetMonthlyAnnualAmount"),
        same(FeeTypeFlag="0"),
        put(FeeNetMonthlyAnnualAmount="95.00"),
    ),
    Kind(
        "R45 joint account of one user",
        ("JointAccount", "AuthorizedUsers"),
        same(JointAccount="1"),
        put(AuthorizedUsers="1"),
    ),
    Kind(
        "R46 payment due on no day",
        ("NextPaymentDueDate", "TotalPaymentDue"),
        filled("NextPaymentDueDate"),
        put(NextPaymentDueDate=""),
    ),
    Kind(
        "R47 national bank without a number",
        ("EntityType", "NationalBankRSSDID"),
        same(EntityType="1"),
        put(NationalBankRSSDID=""),
    ),
)
