"""The parties of a transaction, for every kind."""

import pytest

from salio.core.transactions.kinds import TransactionKind
from tests.builders import MSISDN, OTHER_SHORT_CODE, SHORT_CODE, a_transaction


@pytest.mark.parametrize(
    ("kind", "debit", "credit"),
    [
        pytest.param(TransactionKind.C2B, MSISDN, SHORT_CODE, id="C2B"),
        pytest.param(TransactionKind.B2C, SHORT_CODE, MSISDN, id="B2C"),
        pytest.param(TransactionKind.B2B, SHORT_CODE, OTHER_SHORT_CODE, id="B2B"),
        pytest.param(TransactionKind.REVERSAL, SHORT_CODE, MSISDN, id="Reversal"),
        pytest.param(TransactionKind.IMT, SHORT_CODE, MSISDN, id="IMT"),
    ],
)
def test_parties(kind: TransactionKind, debit: str, credit: str) -> None:
    """Both parties are involved, each is the other's other, and nobody else is."""
    transaction = a_transaction(kind=kind, debit_party=debit, credit_party=credit)
    assert transaction.involves(debit)
    assert transaction.involves(credit)
    assert not transaction.involves("600999")
    assert (transaction.other_than(debit), transaction.other_than(credit)) == (credit, debit)
