"""A decision ready to be written, and how a request ends that no rules decided."""

from datetime import datetime

import msgspec

from salio.core.ledger.ledger import Moved, Movement
from salio.core.parties.operators import Operator
from salio.core.ports import AcceptedRequest
from salio.core.requests.asking import Identified
from salio.core.requests.outcomes import Conclusion, Decision, Outcome
from salio.core.requests.queries import Request
from salio.core.transactions.transaction import Transaction

Judged = tuple[Decision, Identified | None, Movement | None]
"""What the rules say: the end, what the checks found of the initiator, and what it does to the books."""


class Decided(msgspec.Struct, frozen=True):
    """A decision ready to be written, with what the checks found of the initiator."""

    accepted: AcceptedRequest
    conclusion: Conclusion
    identified: Identified | None = None
    movement: Movement | None = None
    """What it does to the books."""
    moved: Moved | None = None
    """The same, carried out."""

    @property
    def opened(self) -> Transaction | None:
        """The transaction that waited for this end, as the store has it; None of what never waited."""
        return self.movement.before if self.movement is not None else None

    @property
    def before(self) -> Operator | None:
        """The operator as the decision found it."""
        return self.identified.before if self.identified is not None else None

    @property
    def changed(self) -> Operator | None:
        """The operator's new state, if the decision changed it."""
        identified = self.identified
        return (
            identified.after if identified is not None and identified.after is not identified.before else None
        )


def conclude(request: Request, decision: Decision, now: datetime) -> Conclusion:
    """The end of a request, with that decision."""
    return Conclusion(number=request.number, decided_at=now, decision=decision)


def failure(error: Exception) -> Decision:
    """The end of a request that could not be decided or kept."""
    return Decision(Outcome.INTERNAL_FAILURE, f"{type(error).__name__}: {error}")
