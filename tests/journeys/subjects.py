"""What the journeys ask about: the test data's transactions, found by kind and state."""

from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.states import TransactionState
from salio.core.transactions.transaction import Transaction
from salio.sandbox.testdata import parties, transactions

BALANCE_SHORT_CODE = "600000"
PAYING_SHORT_CODE = "600997"
"""A B2C short code, with money in its Working Account too; its initiator is testapi."""
BILLING_SHORT_CODE = "600992"
"""A paybill that is paid."""

_NAMES = {each.short_code: each.name for each in parties.organizations()} | {
    each.msisdn: each.name for each in parties.customers()
}
TRANSACTIONS: tuple[Transaction, ...] = transactions.transactions(_NAMES)
ORGANIZATIONS = {each.short_code: each for each in parties.organizations()}


def transaction(kind: TransactionKind, state: TransactionState) -> Transaction:
    """The test data's own transaction of that kind in that state, not one of the documents' two."""
    return next(
        each
        for each in TRANSACTIONS
        if (each.kind, each.state) == (kind, state) and each.receipt not in {"MBN31H462N", "NEF61H8J60"}
    )


def organization_of(of: Transaction) -> str:
    """The short code that may ask about it: the paying one, if both are organizations."""
    return of.debit_party if of.debit_party in ORGANIZATIONS else of.credit_party


def initiator_of(short_code: str) -> str:
    """The initiator that works there."""
    return {"600000": "testapiuser", "600782": "testapiuser", "600772": "Testapi772"}.get(
        short_code, "testapi"
    )


C2B_RECEIPT = transaction(TransactionKind.C2B, TransactionState.COMPLETED).receipt
"""A customer's payment to 600000."""
