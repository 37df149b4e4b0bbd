"""What an earlier process left undecided: decided with care, for one of these may be what it died of.

A decision that raises ends its request as an internal failure. One that kills the whole process, in a library
written in C or for want of memory, leaves nothing behind and would do the same at every start. So each
recovered request is named before it is decided, where the next process finds the name; a request that the
platform died over too often is not decided any more.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager

from salio.core.ports import AcceptedRequest, Clock, Deaths
from salio.core.requests.outcomes import Decision, Outcome
from salio.core.requests.queries import Request

MOST_DEATHS = 3
"""One death may be anybody's, even a ``kill -9`` at that very moment; three over one request are its own."""
CALM_WITHIN = 15.0
"""Seconds that a suspect waits for the others and their deliveries, each of which may take ten: a death would
interrupt them, and an attempt that is interrupted twice is not made again.
"""
LOOK_AGAIN = 0.5
"""Seconds between looks whether it is calm."""


class NoDeaths:
    """Fits :class:`salio.core.ports.Deaths`: nobody died over anything."""

    def keep(self, _conversation_ids: Collection[str]) -> None:
        """Nothing is known."""

    def over(self, _conversation_id: str) -> int:
        """None."""
        return 0

    def take_in_hand(self, _conversation_id: str) -> None:
        """Nobody asks later."""

    def put_down(self) -> None:
        """Nobody asked."""


NO_DEATHS = NoDeaths()


class Recovery:
    """The recovered requests that have no durable conclusion yet."""

    def __init__(self, deaths: Deaths, *, clock: Clock, calm: Callable[[], bool]) -> None:
        """``calm`` says whether no delivery would be interrupted by a death."""
        self._deaths = deaths
        self._clock = clock
        self._calm = calm
        self._open: set[str] = set()
        self._resting: set[str] = set()
        """Those of the open ones that wait for somebody's word: nothing is decided of them meanwhile."""
        self._suspects: deque[AcceptedRequest] = deque()
        self._waiting_since = 0.0

    @property
    def under_way(self) -> bool:
        """Whether any is left that may be decided at any time."""
        return bool(self._open)

    def rest(self, requests: Iterable[Request]) -> None:
        """These wait for somebody's word from now on."""
        resting = self._open.intersection(each.conversation_id for each in requests)
        self._open -= resting
        self._resting |= resting

    def resume(self, requests: Iterable[Request]) -> None:
        """These may be decided again."""
        resumed = self._resting.intersection(each.conversation_id for each in requests)
        self._resting -= resumed
        self._open |= resumed

    def begin(self, accepted: Sequence[AcceptedRequest]) -> list[AcceptedRequest]:
        """Those that may be decided at once; whoever the platform died over waits for :meth:`release`."""
        self._open = {each.request.conversation_id for each in accepted}
        self._deaths.keep(self._open)
        suspects = [each for each in accepted if 0 < self._over(each.request) < MOST_DEATHS]
        self._suspects = deque(sorted(suspects, key=lambda each: self._over(each.request)))
        self._waiting_since = self._clock.monotonic()
        return [each for each in accepted if each not in suspects]

    def waiting(self) -> int:
        """How many suspects wait."""
        return len(self._suspects)

    def patience(self) -> float | None:
        """Seconds until the next look; ``None`` with no suspect."""
        return LOOK_AGAIN if self._suspects else None

    def release(self) -> list[AcceptedRequest]:
        """The next suspect, when all others are durable and it is calm; or when it waited long enough."""
        now = self._clock.monotonic()
        alone = len(self._open) == len(self._suspects)
        if not (alone and self._calm()) and now - self._waiting_since < CALM_WITHIN:
            return []
        self._waiting_since = now
        return [self._suspects.popleft()]

    def given_up(self, request: Request) -> Decision | None:
        """How a request ends that is not to be decided any more."""
        deaths = self._over(request)
        if deaths < MOST_DEATHS:
            return None
        return Decision(Outcome.INTERNAL_FAILURE, f"the platform died {deaths} times while it decided this")

    def may_be_looked_at(self, request: Request) -> bool:
        """Whether what a request left may be cleared up: not once the platform has died over that, too."""
        return self._over(request) <= MOST_DEATHS

    @contextmanager
    def in_hand(self, request: Request) -> Iterator[None]:
        """Should the process die inside the block, the next one knows over what."""
        if request.conversation_id not in self._open:
            yield
            return
        self._deaths.take_in_hand(request.conversation_id)
        try:
            yield
        finally:
            self._deaths.put_down()

    def concluded(self, requests: Iterable[Request]) -> None:
        """These are durable; when all are, nothing needs to be known of deaths any more."""
        done = {each.conversation_id for each in requests}
        self._open -= done
        self._resting -= done
        if not self._open and not self._resting:
            self._deaths.keep(())

    def _over(self, request: Request) -> int:
        return self._deaths.over(request.conversation_id)
