"""One token for all who ask: how long it is good, when it is renewed, and whose attempt failed.

Lifetimes are monotonic: a clock that is set, or was wrong all along, changes nothing. Reading needs no lock;
who writes holds the shell's.
"""

from collections.abc import Callable

import msgspec

from salio.client.errors import SalioError
from salio.wire.answers import Grant

USUAL_LIFETIME = 3599
"""Seconds, for an answer that does not say it readably (Authorization, Response Body)."""
SHORTEST_EARLINESS = 0.1
"""The largest part of a token's life that is given up by renewing it early."""
PAUSE_AFTER_FAILURE = 10.0
"""Seconds in which a token that is still good is not renewed early again, once that has failed."""


class _Held(msgspec.Struct, frozen=True):
    token: str
    renew_at: float
    ends_at: float


class Tokens:
    """The token that is held, if any."""

    def __init__(self, monotonic: Callable[[], float], renew_early: float) -> None:
        self._monotonic = monotonic
        self._renew_early = renew_early
        self._held: _Held | None = None
        self._failure: SalioError | None = None
        self.attempts = 0
        """How many attempts at a token are over, well or badly."""

    def fresh(self, refused: str | None = None) -> str | None:
        """The token, unless it is time to renew it, or it is the one that was refused."""
        held = self._held
        if held is None or held.token == refused or self._monotonic() >= held.renew_at:
            return None
        return held.token

    def good(self, refused: str | None) -> str | None:
        """The token while it lives, even if it should be renewed; not the one that was refused."""
        held = self._held
        if held is None or held.token == refused or self._monotonic() >= held.ends_at:
            return None
        return held.token

    def keep(self, grant: Grant, asked_at: float) -> str:
        """Holds a new token. Its life began, at the earliest, when it was asked for."""
        lifetime = USUAL_LIFETIME if grant.lifetime is None else grant.lifetime
        early = min(self._renew_early, lifetime * SHORTEST_EARLINESS)
        self._held = _Held(grant.access_token, asked_at + lifetime - early, asked_at + lifetime)
        self._failure = None
        self.attempts += 1
        return grant.access_token

    def fail(self, failure: SalioError) -> None:
        """Notes that none was to be had; a token that is still good is left in peace for a while."""
        self._failure = failure
        self.attempts += 1
        if self._held is not None:
            later = min(self._held.ends_at, self._monotonic() + PAUSE_AFTER_FAILURE)
            self._held = msgspec.structs.replace(self._held, renew_at=later)

    def failure_since(self, seen: int) -> SalioError | None:
        """The failure of an attempt that ended after `seen` of them were over: whoever waited shares it."""
        return self._failure if self.attempts > seen else None
