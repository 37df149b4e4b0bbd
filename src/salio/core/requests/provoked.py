"""What goes wrong because somebody asked for it: faults, for the sandbox alone."""

from typing import Generic, TypeVar

import msgspec

from salio.core.requests.outcomes import Admission, Outcome
from salio.core.requests.queries import Query

T = TypeVar("T")


class Provoked(msgspec.Struct, Generic[T], frozen=True):
    """What happens to a request instead of what would have, and the cause that names the fault."""

    what: T
    cause: str
    detail: str = ""
    """What the wire's text names, where it names something: a field, a rate."""


class NoFaults:
    """Fits :class:`salio.core.ports.Faults`: nothing goes wrong on purpose."""

    def refusal(self, _app_number: int, _query: Query) -> Provoked[str] | None:
        """None is refused."""
        return None

    def admission(self, _app_number: int, _query: Query) -> Provoked[Admission] | None:
        """None is declined."""
        return None

    def outcome(self, _app_number: int, _query: Query) -> Provoked[Outcome] | None:
        """None ends by force."""
        return None

    def loss(self, _app_number: int, _query: Query) -> Provoked[None] | None:
        """None loses its callback."""
        return None


NO_FAULTS = NoFaults()
