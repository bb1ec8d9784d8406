"""Who holds the account, where, and what kind of card it is."""

from synapse.cycles.demonstration.records.draws import Draws
from synapse.cycles.demonstration.records.people import Account
from synapse.cycles.demonstration.records.texts import Record, day, flag

FILER, BANK = "1026609", "476413"


def identity(draws: Draws, account: Account, *, several: bool) -> Record:
    customer = account.customer
    business = account.business
    network = 5 if account.card == 2 else draws.weighted({1: 48, 2: 38, 3: 6, 4: 8})
    shared = draws.chance(0.02)
    return {
        "ReferenceNumber": account.reference,
        "CustomerId": customer.customer_id,
        "BankId": FILER,
        "PeriodId": day(account.period),
        "AccountState": customer.state,
        "AccountZipCode": customer.zip_code,
        "CreditCardType": str(account.card),
        "ProductType": str(draws.weighted({5: 70, 1: 18, 3: 6, 2: 2, 4: 3, 6: 1})),
        "LendingType": str((3 if business else 1) + account.charge),
        "RevolveFlag": flag(not account.charge),
        "NetworkId": str(network),
        "CreditCardSecuredFlag": flag(account.secured),
        "LoanChannel": "4" if account.purchased else str(draws.among((0, 1, 2, 3, 5))),
        "PCDFlag": flag(account.purchased and draws.chance(0.1)),
        "AccountOriginationDate": day(account.opened),
        "AcqDate": day(account.acquired),
        "MultipleBankingRelationshipFlag": str(draws.weighted({0: 55, 1: 25, 3: 6, 5: 5, 8: 9})),
        "MultipleCardRelationshipFlag": flag(several),
        "JointAccount": flag(account.joint),
        "AuthorizedUsers": ""
        if account.closed
        else str(1 + account.joint + draws.weighted({0: 80, 1: 15, 2: 5})),
        "SecuritizedFlag": flag(draws.chance(0.08)),
        "BorrowerIncome": str(customer.income * (6 if business else 1)),
        "BorrowerIncomeType": "3" if business else str(draws.weighted({1: 70, 2: 30})),
        "CorporateID": f"K{int(customer.customer_id[1:10]):08d}" if account.card == 4 else "",
        "LossShare": flag(shared),
        "LossShareId": draws.among(("LS00017", "LS00042")) if shared else "",
        "LossShareRate": "0.20800" if shared else "0.00000",
        "EntityType": "1",
        "NationalBankRSSDID": BANK,
    }
