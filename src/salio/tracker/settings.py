"""How patient a tracker is, where callbacks go, and which of them are believed."""

import msgspec

from salio.client.errors import UnusableSetting
from salio.receiver.app import Limits
from salio.receiver.arrivals import Kind
from salio.receiver.doors import Door
from salio.receiver.keys import ENDPOINT, Keys
from salio.wire import urls
from salio.wire.asked import Callbacks


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds everywhere. With these, a request without any result is a person's after about an hour."""

    result: float = 60
    """After the acknowledgement, or after asking again, until a result is late."""
    unknown: float = 15
    """The same if it is not known whether the request was accepted."""
    acknowledgement: float = 120
    """Longer than any call of a client takes; whoever has asked and said nothing since then is dead."""
    growth: float = 2
    """Each time that is asked again is waited so much longer."""
    askings: int = 6
    """In all, the first among them."""
    handling: float = 5
    """After a handler failed until it runs again, longer by `growth` each time."""
    handlings: int = 8
    """Attempts of the handler at one end."""

    def pause(self, first: float, number: int, chance: float) -> float:
        """After so many vain attempts; up to a tenth longer, so that not all come back at once."""
        return first * self.growth**number * (1 + chance / 10)


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """Where the receiver is, and whom it believes."""

    url: str
    """Where it is mounted, as the platform reaches it."""
    per_request: bool = True
    """Each request has an address of its own, which nobody else knows; else all share one."""
    allowed: tuple[str, ...] = ()
    """Networks that callbacks come from, as `salio.receiver.doors.SAFARICOM`; empty: all."""
    confirm_payments: bool = True
    """A customer's payment is believed when a status query confirms it; at an address that all share, the
    success of a prompt when its query does.
    """
    limits: Limits = Limits()

    def check(self) -> None:
        """Raises UnusableSetting for what is no address, and no network."""
        problem = urls.problem(self.url)
        if problem:
            raise UnusableSetting(f"where the receiver is: {problem}")
        if "?" in self.url:
            raise UnusableSetting("where the receiver is: the address has a query")
        try:
            Door(self.allowed)
        except ValueError as error:
            raise UnusableSetting(f"the networks that callbacks may come from: {error}") from None

    def callbacks(self, keys: Keys, nonce: bytes = ENDPOINT) -> Callbacks:
        """The two addresses of a nonce; those that all share, unless one is given."""
        base, key = self.url.rstrip("/"), keys.key(nonce)
        return Callbacks(f"{base}/{Kind.RESULT.value}/{key}", f"{base}/{Kind.NOTICE.value}/{key}")
