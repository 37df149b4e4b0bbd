"""The delivery of a result: one attempt, recorded before and after."""

from datetime import datetime

import msgspec

from salio.core.requests.outcomes import ConfirmationFacts, Decision, Outcome
from salio.core.requests.queries import Request


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """A POST about to be made: the bytes that leave, and leave again if the platform dies meanwhile.

    ``resent`` marks the second and last attempt, after the platform's own death. ``reason`` leaves beside the
    bytes, where an environment tells it; it is not kept with them, for the conclusion has it.
    """

    number: int
    url: str
    body: bytes
    started_at: datetime
    resent: bool = False
    reason: str | None = None
    copy: bool = False
    """The same bytes once more, because somebody asked for it: neither kept nor recorded as an attempt."""
    asks: bool = False
    """Whether the receiver's answer is wanted: a question, neither kept nor recorded as an attempt."""


class AttemptEnd(msgspec.Struct, frozen=True, kw_only=True):
    """How a POST ended: the receiver's HTTP status, or the fault that kept one from coming."""

    number: int
    ended_at: datetime
    status: int | None = None
    fault: str | None = None
    copy: bool = False
    """Of the copy of an attempt: the delivery ends with the attempt itself."""
    asked: bool = False
    """Of a question, which is no delivery."""
    answer: bytes = b""
    """What a question was answered with, as far as an answer may be long."""

    @property
    def delivered(self) -> bool:
        """Any 2xx within the time limit (rulings, Results)."""
        return self.fault is None and self.status is not None and 200 <= self.status <= 299


class OpenDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that a crash left open: not begun (no attempt), or interrupted once or twice.

    With an attempt come the conclusion's outcome and cause, which say again what was told beside its bytes.
    """

    number: int
    attempt: Attempt | None = None
    outcome: Outcome = Outcome.SUCCEEDED
    cause: str = ""


INTERRUPTED = "interrupted by the platform's own death, twice"
"""The fault of a delivery that ends undelivered without anybody knowing whether it arrived (P3)."""


UNREGISTERED = "nobody is told: no ConfirmationURL is registered"
"""The fault of a customer's payment that was made all the same (C2B, How It Works 7)."""
UNTOLD = "nobody is told of a payment that was not made"
"""The fault of one that was not."""


def address(request: Request, decision: Decision) -> str:
    """Where the end of a request is told: QueueTimeOutURL when it waited too long, else ResultURL.

    A customer's payment is confirmed where the organization registered; empty if nobody is told.
    """
    if isinstance(decision.facts, ConfirmationFacts):
        return decision.facts.url or ""
    timed_out = decision.outcome is Outcome.QUEUE_TIMED_OUT
    return request.query.queue_time_out_url if timed_out else request.query.result_url
