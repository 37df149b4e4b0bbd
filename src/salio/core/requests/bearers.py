"""Who bears the charges of an organization's payments, changed by hand: durable before it holds.

A stage of the writer's cycle (see :mod:`salio.core.cycle`), and no act of the processor's: nothing that is
decided in the same turn has to be taken back if the store does not take it.
"""

import enum
from collections import deque
from collections.abc import Callable, Sequence

import msgspec

from salio.core.parties.directory import Directory
from salio.core.parties.organizations import ChargeBearer, Organization
from salio.core.ports import Unit


class Bearing(msgspec.Struct, frozen=True, kw_only=True):
    """Who is to bear them from now on; ``answer`` is the mark of whoever waits."""

    short_code: str
    bearer: ChargeBearer
    answer: object


class BearingRefusal(enum.Enum):
    """Why nothing was changed."""

    ORGANIZATION_UNKNOWN = "no organization has the short code"
    NOT_KEPT = "the store did not take it"


class Bearers:
    """What is on its way to the store. What holds is in the directory."""

    def __init__(
        self,
        directory: Directory,
        answered: Callable[[Sequence[tuple[object, Organization | BearingRefusal]]], None],
    ) -> None:
        """``answered`` is told after the commit, by the mark, how the organization is since."""
        self._directory = directory
        self._answered = answered
        self._waiting: deque[Bearing] = deque()
        self._shut = False

    def submit(self, wanted: Bearing) -> BearingRefusal | None:
        """Takes one for the next group; says at once why not."""
        if self._shut:
            return BearingRefusal.NOT_KEPT
        if self._directory.organization(wanted.short_code) is None:
            return BearingRefusal.ORGANIZATION_UNKNOWN
        self._waiting.append(wanted)
        return None

    def shut(self) -> None:
        """Keeps nothing from here on: whoever waits, and whoever comes later, is told so."""
        self._shut = True
        self._refuse(self.take())

    def take(self) -> Sequence[Bearing]:
        """Everything that came since the last turn."""
        return [self._waiting.popleft() for _ in range(len(self._waiting))]

    def write(self, unit: Unit, batch: Sequence[Bearing]) -> None:
        """Of one organization the last."""
        unit.save_charge_bearers({each.short_code: each.bearer for each in batch})

    def settle(self, batch: Sequence[Bearing]) -> None:
        """From here on payments are decided by it."""
        ends = []
        for each in batch:
            before = self._directory.organization(each.short_code)
            assert before is not None  # noqa: S101 - organizations stay
            after = msgspec.structs.replace(before, charges_borne_by=each.bearer)
            self._directory.put_organization(after)
            ends.append((each.answer, after))
        self._answered(ends)

    def spoil(self, item: Bearing, error: Exception) -> None:
        """The store refused this one: whoever waits learns that nothing was kept."""
        self.put_back([item], error)

    def is_built_upon(self, item: Bearing) -> bool:
        """Each stands alone."""
        del item
        return False

    def put_back(self, batch: Sequence[Bearing], error: Exception) -> None:
        """The store is out of reach: nothing was kept, and whoever waits learns so at once."""
        del error
        self._refuse(batch)

    def _refuse(self, batch: Sequence[Bearing]) -> None:
        self._answered([(each.answer, BearingRefusal.NOT_KEPT) for each in batch])
