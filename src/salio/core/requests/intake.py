"""Intake: a request becomes a numbered, identified, durable one, or is refused at the door."""

from collections import Counter, deque
from collections.abc import Callable, Collection, Iterator, Sequence

import msgspec

from salio.core.access.apps import App
from salio.core.ports import (
    AcceptedRequest,
    Clock,
    Identifiers,
    StoreConflictError,
    StoreUnavailableError,
    Unit,
)
from salio.core.requests.outcomes import Admission
from salio.core.requests.queries import ExpressPayment, Query, Request


class Submission(msgspec.Struct, frozen=True):
    """A request at the door, and whom to tell what became of it; ``answer`` is the caller's own mark."""

    accepted: AcceptedRequest
    answer: object


Answered = Callable[[Sequence[tuple[object, Admission]]], None]
"""Told once for each group, after its commit, each caller's mark: the acknowledgements may leave now."""


class Intake:
    """The first stage. Drafts requests for the gateway, commits them in groups, hands them on."""

    def __init__(
        self,
        *,
        clock: Clock,
        identifiers: Identifiers,
        numbers: Iterator[int],
        answered: Answered,
        accepted: Callable[[Sequence[AcceptedRequest]], None],
        waiting: Callable[[], int],
        most_waiting: int,
        prompted: Callable[[str], bool] = lambda _: False,
    ) -> None:
        """``waiting`` counts the requests not yet decided; above ``most_waiting`` the door is shut.
        ``prompted`` says whether a phone shows a prompt, where that is known here.
        """
        self._clock = clock
        self._identifiers = identifiers
        self._numbers = numbers
        self._answered = answered
        self._accepted = accepted
        self._waiting = waiting
        self._most_waiting = most_waiting
        self._prompted = prompted
        self._queue: deque[Submission] = deque()
        self._under_way = 0
        """How many were taken and are neither durable nor refused."""
        self.is_shut = False
        """Whether nothing is kept any more."""
        self._duplicates: Collection[int] = ()

    def draft(
        self, app: App, query: Query, *, caller_id: str | None = None, unknown_members: tuple[str, ...] = ()
    ) -> Request:
        """Numbers and names a request; nothing is kept yet."""
        number = next(self._numbers)
        now = self._clock.now()
        own_id, conversation_id = self._identifiers.conversation(app.profile, number, now)
        if isinstance(query, ExpressPayment):
            conversation_id = self._identifiers.checkout(number, now)
        return Request(
            number=number,
            app_number=app.number,
            profile=app.profile,
            originator_conversation_id=caller_id or own_id,
            conversation_id=conversation_id,
            accepted_at=now,
            query=query,
            chosen_by_caller=caller_id is not None,
            unknown_members=unknown_members,
        )

    def submit(self, submission: Submission) -> Admission | None:
        """Queues a request for the next group; an admission instead if it is refused at once."""
        if self.is_shut:
            return Admission.INTERNAL_ERROR
        if len(self._queue) + self._under_way + self._waiting() >= self._most_waiting:
            return Admission.OVERLOADED
        query = submission.accepted.request.query
        if isinstance(query, ExpressPayment) and self._prompted(query.phone):
            return Admission.SUBSCRIBER_LOCKED
        self._queue.append(submission)
        return None

    def shut(self) -> None:
        """Keeps nothing from here on: whoever waits, and whoever comes later, is told so."""
        self.is_shut = True
        self.put_back(self.take(), StoreUnavailableError())

    def take(self) -> Sequence[Submission]:
        """Everything that came since the last turn."""
        taken = [self._queue.popleft() for _ in range(len(self._queue))]
        self._under_way += len(taken)
        return taken

    def write(self, unit: Unit, batch: Sequence[Submission]) -> None:
        """Keeps the group and counts it against the apps' quotas."""
        accepted = [each.accepted for each in batch]
        self._duplicates = unit.add_requests(accepted)
        kept = [each.request for each in accepted if each.request.number not in self._duplicates]
        usage = Counter([(each.accepted_at.date(), each.app_number) for each in kept])
        for day in {day for day, _ in usage}:
            unit.add_usage(day.isoformat(), {app: count for (of, app), count in usage.items() if of == day})

    def settle(self, batch: Sequence[Submission]) -> None:
        """The group is durable: acknowledge, and hand on to the decision."""
        self._under_way -= len(batch)
        kept = [each for each in batch if each.accepted.request.number not in self._duplicates]
        self._accepted([each.accepted for each in kept])
        self._answered([(each.answer, Admission.ACCEPTED) for each in kept])
        refused = [each for each in batch if each.accepted.request.number in self._duplicates]
        self._answered([(each.answer, Admission.DUPLICATE) for each in refused])

    def spoil(self, item: Submission, error: Exception) -> None:
        """The store refused this one request: the caller learns that nothing was kept."""
        self.put_back([item], error)

    def is_built_upon(self, item: Submission) -> bool:
        """Each request stands alone: of two with one id the store knows the first."""
        del item
        return False

    def put_back(self, batch: Sequence[Submission], error: Exception) -> None:
        """Nothing was kept, and the caller learns so at once: the store is out of reach, or others are in the
        way there (fault catalogue, L17: 26).
        """
        self._under_way -= len(batch)
        blocked = isinstance(error, StoreConflictError)
        why = Admission.TRAFFIC_BLOCKED if blocked else Admission.INTERNAL_ERROR
        self._answered([(each.answer, why) for each in batch])
