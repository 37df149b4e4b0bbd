"""What goes wrong at the door because somebody asked for it; :mod:`salio.sandbox.faults` decides at whose."""

from collections.abc import Awaitable, Callable
from typing import Protocol

import msgspec

from salio.core.access.apps import App
from salio.core.ports import Faults
from salio.core.requests.outcomes import Admission
from salio.core.requests.provoked import NO_FAULTS, Breach, Mishap, Provoked
from salio.core.requests.queries import Aimed
from salio.gateway.http import CONNECTION, Receive, Scope
from salio.gateway.refused import Refused, Unanswered
from salio.wire.refusals import Refusal


class SpoilableConnection(Protocol):
    """What a sandbox's server lets be done to the connection that a request came by."""

    def drop(self) -> None:
        """Closes it without an answer."""
        ...

    def reset(self) -> None:
        """Tears it down without an answer."""
        ...

    def drip(self, seconds: float) -> None:
        """Lets the answer leave a byte at a time, so many seconds apart."""
        ...


async def _no_pause(_seconds: float, _receive: Receive) -> None:
    """Time does not matter."""


async def _told(_number: int, _receive: Receive) -> bool:
    """Everybody was told."""
    return True


class OnDemand(msgspec.Struct, frozen=True, kw_only=True):
    """The faults, and what it takes to obey them; by default there are none."""

    faults: Faults = NO_FAULTS
    pause: Callable[[float, Receive], Awaitable[None]] = _no_pause
    """Waits for so many seconds of the environment's clock; raises ClientGoneError."""
    until_told: Callable[[int, Receive], Awaitable[bool]] = _told
    """Waits until the callback of that request has ended; ``False`` if it took too long or was let go.
    Raises ClientGoneError.
    """

    def before(self, app: App, query: Aimed | None, scope: Scope) -> str:
        """A request that would be taken: it may be refused or cut off by an exception, or its answer drips.

        The cause of what happens to a request that is taken all the same; empty if nothing does.
        """
        if not self.faults.in_force:
            return ""
        refusal = self.faults.refusal(app.number, query)
        if refusal is not None:
            raise Refused(Refusal[refusal.what], refusal.cause, detail=refusal.detail, app=app)
        breach = self.faults.breach(app.number, query)
        if breach is None:
            return ""
        if breach.what is not Breach.DRIP:
            raise Unanswered(breach.what, breach.cause, app=app)
        connection_of(scope).drip(breach.seconds)
        return breach.cause

    def instead(self, app: App, query: Aimed) -> Provoked[Admission] | None:
        """What somebody wants the core to say at its door, without being asked."""
        return self.faults.admission(app.number, query) if self.faults.in_force else None

    def after(self, app: App, query: Aimed | None) -> Provoked[Mishap] | None:
        """What happens to the acknowledgement of a request that was taken."""
        return self.faults.mishap(app.number, query) if self.faults.in_force else None

    async def wait(self, mishap: Provoked[Mishap], number: int, receive: Receive) -> bool:
        """Until the acknowledgement of the request of that number may leave, if it does at all; ``False``
        if what it waited for did not come in time. Raises ClientGoneError when nobody waits for it any more.
        """
        match mishap.what:
            case Mishap.LATE:
                await self.pause(mishap.seconds, receive)
            case Mishap.OVERTAKEN:
                return await self.until_told(number, receive)
            case Mishap.LOST:
                pass
        return True


NOTHING = OnDemand()
"""Where nobody may ask for faults."""


def connection_of(scope: Scope) -> SpoilableConnection:
    """The request's connection."""
    connection: SpoilableConnection = scope["extensions"][CONNECTION]
    return connection


def cut(scope: Scope, breach: Breach) -> None:
    """Ends the request's connection without an answer."""
    if breach is Breach.RESET:
        connection_of(scope).reset()
    else:
        connection_of(scope).drop()
