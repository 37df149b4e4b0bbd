"""What is told of each request to whoever follows it: a receiver that waits for its result, a record of it.

A follower is asked before the first byte leaves, so that a result that comes before the acknowledgement finds
somebody who knows of it, and so that nothing that was sent is unknown to a record.
"""

from typing import NoReturn, Protocol

from salio.client.errors import NoReceiver, SalioError, UnusableSetting
from salio.wire.answers import Acknowledgement
from salio.wire.asked import AT_ONCE, Asked, Callbacks
from salio.wire.callbacks import Result, read_at_once

NOWHERE = Callbacks("", "")
NOBODY = "nothing is attached that could wait for a result: client.attach(...)"


class Followed(Protocol):
    """One request, before and after it was sent. Exactly one of the first two methods is called."""

    @property
    def callbacks(self) -> Callbacks:
        """Where its callbacks shall go: an address of its own, if the follower wants that."""

    def acknowledged(self, acknowledgement: Acknowledgement) -> None:
        """It was accepted."""

    def failed(self, error: SalioError) -> None:
        """It was refused or not sent; or, with OutcomeUnknown, nobody knows."""

    def result(self, timeout: float | None) -> Result:
        """Waits for its result. Raises ResultLate after so many seconds."""


class Follower(Protocol):
    """Follows requests that are sent from threads."""

    def follow(self, asked: Asked) -> Followed:
        """Takes note of a request that is about to be sent."""


class AsyncFollowed(Protocol):
    """The same for tasks."""

    @property
    def callbacks(self) -> Callbacks:
        """Where its callbacks shall go."""

    async def acknowledged(self, acknowledgement: Acknowledgement) -> None:
        """It was accepted."""

    async def failed(self, error: SalioError) -> None:
        """It was refused or not sent; or, with OutcomeUnknown, nobody knows."""

    async def result(self, timeout: float | None) -> Result:  # noqa: ASYNC109  # the follower's own deadline
        """Waits for its result. Raises ResultLate after so many seconds."""


class AsyncFollower(Protocol):
    """Follows requests that are sent from tasks."""

    async def follow(self, asked: Asked) -> AsyncFollowed:
        """Takes note of a request that is about to be sent."""


class _Alone:
    """A request that nobody follows."""

    def __init__(self, callbacks: Callbacks) -> None:
        self.callbacks = callbacks


class Unfollowed(_Alone):
    """In a thread."""

    def acknowledged(self, acknowledgement: Acknowledgement) -> None:
        """Nobody notes it."""

    def failed(self, error: SalioError) -> None:
        """Nobody notes it."""

    def result(self, timeout: float | None) -> NoReturn:  # noqa: ARG002  # a Followed has it
        """Nobody waits."""
        raise NoReceiver(NOBODY)


class AsyncUnfollowed(_Alone):
    """In a task."""

    async def acknowledged(self, acknowledgement: Acknowledgement) -> None:
        """Nobody notes it."""

    async def failed(self, error: SalioError) -> None:
        """Nobody notes it."""

    async def result(self, timeout: float | None) -> NoReturn:  # noqa: ARG002, ASYNC109  # an AsyncFollowed has it
        """Nobody waits."""
        raise NoReceiver(NOBODY)


class NoFollower:
    """Follows nothing: every callback goes to the same two addresses."""

    def __init__(self, callbacks: Callbacks | None) -> None:
        self._callbacks = callbacks

    def follow(self, asked: Asked) -> Unfollowed:
        """Where the answer goes, and no more."""
        return Unfollowed(_addresses(asked, self._callbacks))


class NoAsyncFollower:
    """The same for tasks."""

    def __init__(self, callbacks: Callbacks | None) -> None:
        self._callbacks = callbacks

    async def follow(self, asked: Asked) -> AsyncUnfollowed:
        """Where the answer goes, and no more."""
        return AsyncUnfollowed(_addresses(asked, self._callbacks))


def _addresses(asked: Asked, callbacks: Callbacks | None) -> Callbacks:
    if asked.api in AT_ONCE:
        return NOWHERE
    if callbacks is None:
        raise UnusableSetting("nobody said where the answer goes: give callbacks")
    return callbacks


class Acknowledged(Acknowledgement, frozen=True, kw_only=True):
    """An acknowledgement, and the way to the result."""

    followed: Followed

    def result(self, timeout: float | None = None) -> Result:
        """Waits for the result, unless it is there at once: what `Result.code` says is the caller's to judge.

        Raises:
            NoReceiver: no receiver is attached to the client.
            ResultLate: none came in so many seconds; it may still come.
        """
        return read_at_once(self.raw) or self.followed.result(timeout)


class AsyncAcknowledged(Acknowledgement, frozen=True, kw_only=True):
    """The same for tasks."""

    followed: AsyncFollowed

    async def result(self, timeout: float | None = None) -> Result:  # noqa: ASYNC109  # see AsyncFollowed
        """Waits for the result. Raises NoReceiver, ResultLate."""
        return read_at_once(self.raw) or await self.followed.result(timeout)
