"""Results out of the inbox of a platform of ours, for whoever has no receiver of their own.

For a sandbox: `client.attach(InboxFollower(url))`.
The inbox is asked again and again; whoever knows its name can read it.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from salio.client.errors import ResultLate, SalioError
from salio.client.outside import Outside
from salio.client.settings import Options
from salio.client.steps import Failure, Request, Response
from salio.wire.answers import Acknowledgement
from salio.wire.asked import Asked, Callbacks
from salio.wire.callbacks import Result, read_result
from salio.wire.errors import UnreadableBody

if TYPE_CHECKING:
    import httpx2

PAUSE = 0.1
"""Seconds between two looks; a result usually takes some milliseconds."""


class _Listed(msgspec.Struct):
    body: msgspec.Raw


class InboxFollower:
    """Lets callbacks go to an inbox, and finds them there."""

    def __init__(
        self,
        url: str,
        *,
        options: Options = Options(),  # noqa: B008  # frozen
        transport: "httpx2.BaseTransport | None" = None,
        outside: Outside = Outside(),  # noqa: B008  # frozen
    ) -> None:
        self.callbacks = Callbacks(url, url)
        self.options = options
        self.transport = transport
        self.outside = outside

    def follow(self, asked: Asked) -> "InboxFollowed":  # noqa: ARG002  # a Follower has it
        """One request whose result comes to the inbox."""
        return InboxFollowed(self)


class InboxFollowed:
    """Fits :class:`salio.client.following.Followed`."""

    def __init__(self, inbox: InboxFollower) -> None:
        self.callbacks = inbox.callbacks
        self._inbox = inbox
        self._conversation_id: str | None = None

    def acknowledged(self, acknowledgement: Acknowledgement) -> None:
        """By its conversation the result is known."""
        self._conversation_id = acknowledgement.conversation_id

    def failed(self, error: SalioError) -> None:
        """There is nothing to wait for."""

    def result(self, timeout: float | None) -> Result:
        """The first callback of the conversation. Raises ResultLate."""
        from salio.client import transport  # httpx2 is imported when it is used, not before

        monotonic, began = self._inbox.outside.monotonic, self._inbox.outside.monotonic()
        request = Request("GET", f"{self.callbacks.result_url}?format=json", {})
        with transport.open_client(self._inbox.options, self._inbox.transport) as http:
            while True:
                told = transport.exchange(http, request)
                found = None if isinstance(told, Failure) else result_in(told.body, self._conversation_id)
                if found is not None:
                    return found
                if timeout is not None and monotonic() - began >= timeout:
                    raise ResultLate(f"no result came in {timeout:g} s{_why(told)}; it may still come")
                self._inbox.outside.pause(PAUSE)


def result_in(listing: bytes, conversation_id: str | None) -> Result | None:
    """The first result of that conversation in an inbox's JSON; None if it holds none."""
    return next(
        (each for each in _results(listing) if conversation_id and each.conversation_id == conversation_id),
        None,
    )


def _results(listing: bytes) -> Iterator[Result]:
    """The oldest first; what is no result is passed over."""
    try:
        listed = msgspec.json.decode(listing, type=list[_Listed])
    except (msgspec.DecodeError, RecursionError):
        return
    for each in reversed(listed):
        with suppress(UnreadableBody):
            yield read_result(bytes(each.body))


def _why(told: Response | Failure) -> str:
    if isinstance(told, Failure):
        return f", for the inbox cannot be read ({told.why})"
    return "" if told.status == 200 else f", for the inbox answers HTTP {told.status}"
