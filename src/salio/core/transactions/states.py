"""The seven states of a transaction and the steps between them (TS, FAQ 3)."""

import enum
from collections.abc import Mapping


class TransactionState(enum.Enum):
    """A state by the word that ``TransactionStatus`` carries."""

    INITIATED = "Initiated"
    """Pending revalidation."""
    AUTHORIZED = "Authorized"
    """Approved; the credit party's validation is still to come."""
    PENDING_AUTHORIZED = "Pending Authorized"
    """Waits for the partner's instruction, its validation being out of reach."""
    COMPLETED = "Completed"
    CANCELLED = "Cancelled"
    DECLINED = "Declined"
    EXPIRED = "Expired"


STEPS: Mapping[TransactionState, frozenset[TransactionState]] = {
    TransactionState.INITIATED: frozenset(
        {
            TransactionState.AUTHORIZED,
            TransactionState.PENDING_AUTHORIZED,
            TransactionState.COMPLETED,
            TransactionState.CANCELLED,
            TransactionState.DECLINED,
            TransactionState.EXPIRED,
        }
    ),
    TransactionState.AUTHORIZED: frozenset(
        {
            TransactionState.PENDING_AUTHORIZED,
            TransactionState.COMPLETED,
            TransactionState.CANCELLED,
            TransactionState.DECLINED,
            TransactionState.EXPIRED,
        }
    ),
    TransactionState.PENDING_AUTHORIZED: frozenset(
        {
            TransactionState.COMPLETED,
            TransactionState.CANCELLED,
            TransactionState.DECLINED,
            TransactionState.EXPIRED,
        }
    ),
    TransactionState.COMPLETED: frozenset(),
    TransactionState.CANCELLED: frozenset(),
    TransactionState.DECLINED: frozenset(),
    TransactionState.EXPIRED: frozenset(),
}
"""Which state may follow which; a final state has no successor."""


def is_final(state: TransactionState) -> bool:
    """Whether nothing can follow."""
    return not STEPS[state]
