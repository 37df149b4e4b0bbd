"""The seven states and the steps between them (TS, FAQ 3), for every kind of transaction."""

from itertools import product

import pytest

from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.states import STEPS, TransactionState, is_final

INITIATED, AUTHORIZED = TransactionState.INITIATED, TransactionState.AUTHORIZED
PENDING, COMPLETED = TransactionState.PENDING_AUTHORIZED, TransactionState.COMPLETED
CANCELLED, DECLINED, EXPIRED = TransactionState.CANCELLED, TransactionState.DECLINED, TransactionState.EXPIRED
FINALS = {CANCELLED, DECLINED, COMPLETED, EXPIRED}

ALLOWED = {
    *product([INITIATED], [AUTHORIZED, PENDING, *FINALS]),
    *product([AUTHORIZED], [PENDING, *FINALS]),
    *product([PENDING], FINALS),
}


def test_the_kinds_are_the_documents() -> None:
    """TS, Good to Know: the five kinds by name."""
    assert [kind.value for kind in TransactionKind] == ["C2B", "B2C", "B2B", "Reversal", "IMT"]


def test_the_states_are_the_documents() -> None:
    """TS, FAQ 3: the seven states by name."""
    assert [state.value for state in TransactionState] == [
        "Initiated",
        "Authorized",
        "Pending Authorized",
        "Completed",
        "Cancelled",
        "Declined",
        "Expired",
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(before, after, id=f"{before.value} to {after.value}")
        for before, after in product(TransactionState, TransactionState)
    ],
)
def test_steps(before: TransactionState, after: TransactionState) -> None:
    """Of all pairs of states exactly these may follow one another."""
    assert (after in STEPS[before]) == ((before, after) in ALLOWED)


@pytest.mark.parametrize("state", list(TransactionState), ids=lambda state: state.value)
def test_finals(state: TransactionState) -> None:
    """Nothing follows a final state; from every other one a final state is one step away."""
    assert is_final(state) == (state in FINALS)
    assert is_final(state) or FINALS & STEPS[state]
