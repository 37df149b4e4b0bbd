"""What a test breaks on purpose, to see whether the auditor notices."""

from dataclasses import dataclass

from salio.core.requests.prompts import CustomerWord
from tests.simulation.crashes import SimulatedUnit
from tests.simulation.network import SimulatedCourier


@dataclass(frozen=True)
class Sabotage:
    """A platform that is broken in one way."""

    unit_type: type[SimulatedUnit] = SimulatedUnit
    courier_type: type[SimulatedCourier] = SimulatedCourier
    recovers: bool = True
    lies: bool = False
    """The door says *accepted* whatever became of the request."""
    hears: CustomerWord | None = None
    """What the platform takes whatever is done at a phone for."""
    accepts: bool | None = None
    """What the platform takes every instruction for."""
