"""What the auditor makes of what organizations set by hand: nothing changes but as somebody wanted it."""

from collections import defaultdict
from collections.abc import Mapping

from tests.simulation.tables import Tables, require

BEARER, INSTRUCTS = "who bears charges", "whether it instructs"
Place = tuple[str, str]
"""What is set, and whose."""


class Switches:
    """Everything that was ever wanted of each, in the order of asking."""

    def __init__(self) -> None:
        self._wanted: defaultdict[Place, list[object]] = defaultdict(list)
        self._told: list[tuple[Place, int]] = []

    def asked(self, what: str, short_code: str, value: object) -> int:
        """Somebody wants it set so; the number is its place among all such wishes."""
        wanted = self._wanted[what, short_code]
        wanted.append(value)
        return len(wanted) - 1

    def told(self, what: str, short_code: str, place: int) -> None:
        """Somebody was told that it is set."""
        self._told.append(((what, short_code), place))

    def look(self, before: Tables, now: Tables) -> None:
        """What changed, somebody wanted; what was told holds, or what somebody wanted later."""
        if (before.bearers, before.registrations) != (now.bearers, now.registrations):
            earlier = _standing(before)
            for place, value in _standing(now).items() - earlier.items():
                new = place not in earlier and not value  # a registration begins without
                require(new or value in self._wanted[place], "P4", f"{place} is {value}, nobody wanted it")
        while self._told:
            self._look_for(*self._told.pop(), now)

    def _look_for(self, place: Place, number: int, now: Tables) -> None:
        later, found = self._wanted[place][number:], _standing(now).get(place)
        require(found in later, "P1", f"{place} was told as {later[0]}, and is {found}")


def _standing(tables: Tables) -> Mapping[Place, object]:
    instructing = {(INSTRUCTS, each): bool(row[3]) for each, row in tables.registrations.items()}
    return instructing | {(BEARER, each): value for each, value in tables.bearers.items()}
