"""Stories: what became of each request, from its acceptance to its receiver's answer."""

import enum

import msgspec

from salio.core.audit.notes import Note
from salio.core.requests.deliveries import Attempt, AttemptEnd
from salio.core.requests.outcomes import Conclusion, Outcome
from salio.core.requests.queries import Request


class Step(enum.Enum):
    """A state of a request (design, 1): ``accepted → decided | timed_out → delivered | undelivered``."""

    ACCEPTED = "accepted"
    DECIDED = "decided"
    TIMED_OUT = "timed_out"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """One request and whatever followed so far."""

    request: Request
    conclusion: Conclusion | None = None
    attempt: Attempt | None = None
    """The last one: ``resent`` marks that there was one before it."""
    end: AttemptEnd | None = None
    notes: tuple[Note, ...] = ()
    """What was done to it on purpose, or found out beside its way; oldest first."""

    @property
    def steps(self) -> tuple[Step, ...]:
        """The states that the request has been in, in their order."""
        steps = [Step.ACCEPTED]
        if self.conclusion is not None:
            timed_out = self.conclusion.decision.outcome is Outcome.QUEUE_TIMED_OUT
            steps.append(Step.TIMED_OUT if timed_out else Step.DECIDED)
        if self.end is not None:
            steps.append(Step.DELIVERED if self.end.delivered else Step.UNDELIVERED)
        return tuple(steps)

    @property
    def is_over(self) -> bool:
        """Whether nothing can follow."""
        return self.end is not None
