"""What goes wrong because somebody asked for it: faults, for the sandbox alone."""

import enum
from typing import Generic, TypeVar

import msgspec

from salio.core.requests.outcomes import Admission, Outcome
from salio.core.requests.queries import Aimed
from salio.core.transactions.states import TransactionState

T = TypeVar("T")


class Breach(enum.Enum):
    """What happens to the connection that an answer would have left by."""

    DROP = "drop"
    """It is closed without an answer, and nothing is kept."""
    RESET = "reset"
    """The same, torn down instead of closed."""
    DRIP = "drip"
    """The answer leaves a byte at a time."""


class Mishap(enum.Enum):
    """What happens to an acknowledgement after the work was done."""

    LOST = "lost"
    LATE = "late"
    OVERTAKEN = "overtaken"
    """By the callback: it leaves when that attempt has ended."""


class Provoked(msgspec.Struct, Generic[T], frozen=True):
    """What happens to a request instead of what would have, and the cause that names the fault."""

    what: T
    cause: str
    detail: str = ""
    """What the wire's text names, where it names something: a field, a rate."""
    seconds: float = 0.0
    """How late, or how slowly, where that is asked for."""


class NoFaults:
    """Fits :class:`salio.core.ports.Faults`: nothing goes wrong on purpose."""

    in_force = False

    def refusal(self, _app_number: int, _query: Aimed | None) -> Provoked[str] | None:
        """None is refused."""
        return None

    def breach(self, _app_number: int, _query: Aimed | None) -> Provoked[Breach] | None:
        """No connection breaks."""
        return None

    def admission(self, _app_number: int, _query: Aimed) -> Provoked[Admission] | None:
        """None is declined."""
        return None

    def mishap(self, _app_number: int, _query: Aimed | None) -> Provoked[Mishap] | None:
        """Every acknowledgement leaves at once."""
        return None

    def hold(self, _app_number: int, _query: Aimed) -> Provoked[int] | None:
        """None is held."""
        return None

    def holds(self, _number: int) -> bool:
        """Nothing is held."""
        return False

    def outcome(self, _app_number: int, _query: Aimed) -> Provoked[Outcome] | None:
        """None ends by force."""
        return None

    def contradiction(
        self, _app_number: int, _query: Aimed, _recorded: TransactionState
    ) -> Provoked[TransactionState] | None:
        """Every answer says what the records say."""
        return None

    def delay(self, _app_number: int, _query: Aimed) -> Provoked[None] | None:
        """None waits."""
        return None

    def loss(self, _app_number: int, _query: Aimed) -> Provoked[None] | None:
        """None loses its callback."""
        return None

    def double(self, _app_number: int, _query: Aimed) -> Provoked[None] | None:
        """None is told twice."""
        return None


NO_FAULTS = NoFaults()
