"""The faults in force: which request each touches, how often. Each touch is named in the log."""

from collections.abc import Callable
from typing import Any

import msgspec

from salio.core.ports import Clock
from salio.core.requests.outcomes import Admission, Outcome
from salio.core.requests.provoked import Breach, Mishap, Provoked
from salio.core.requests.queries import Aimed
from salio.core.transactions.states import TransactionState
from salio.sandbox.aims import api_of, is_aimed, is_over, is_time
from salio.sandbox.fault import Fault, FaultError, apis_of, kind_of, seconds_of
from salio.sandbox.kinds import EFFECTS, Effect, Kind, Place

MOST_FAULTS = 100
"""In force at once: every request looks at all of them."""

Chance = Callable[[], float]
"""Draws from 0 up to 1."""


class Standing(msgspec.Struct, kw_only=True):
    """A fault in force: its number, what it does and to whom, and how many requests it has touched."""

    number: int
    kind: Kind
    word: str
    fault: Fault
    apis: frozenset[str]
    chance: Chance
    touched: int = 0

    @property
    def effect(self) -> Effect:
        """What its word means."""
        return EFFECTS[self.kind][self.word]

    @property
    def spent(self) -> bool:
        """Whether its count is used up."""
        return self.fault.next is not None and self.touched >= self.fault.next

    @property
    def cause(self) -> str:
        """What the log says of whom it touches: ``fault 3: delay result, 5 s``."""
        seconds = "" if self.fault.seconds is None else f", {self.fault.seconds:g} s"
        return f"fault {self.number}: {self.kind.value} {self.word}{seconds}"

    def touch(self) -> Provoked[Any]:
        """Counts one more."""
        self.touched += 1
        return Provoked(self.effect.what, self.cause, self.fault.detail, seconds_of(self.fault))


class Faults:
    """Fits :class:`salio.core.ports.Faults`. The first fault that is aimed at a request touches it."""

    def __init__(self, clock: Clock, chance: Callable[[int], Chance]) -> None:
        """``chance`` gives each fault, by its number, what it draws its share from."""
        self._clock = clock
        self._chance = chance
        self._highest = 0
        self._at: dict[Place, list[Standing]] = {place: [] for place in Place}
        self.in_force = False
        """Whether there are any, spent ones too."""

    def add(self, fault: Fault) -> Standing:
        """Puts a fault in force; raises :class:`FaultError`."""
        kind, word = kind_of(fault)
        if len(self.standing()) >= MOST_FAULTS:
            raise FaultError(f"{MOST_FAULTS} faults are in force: take some away first")
        self._highest += 1
        number = self._highest
        apis, chance = apis_of(fault), self._chance(number)
        standing = Standing(number=number, kind=kind, word=word, fault=fault, apis=apis, chance=chance)
        self._at[standing.effect.place].append(standing)
        self.in_force = True
        return standing

    def remove(self, number: int) -> Standing:
        """Takes a fault away; raises :class:`FaultError` for one that is not there."""
        for standing in self.standing():
            if standing.number == number:
                self._at[standing.effect.place].remove(standing)
                self.in_force = bool(self.standing())
                return standing
        raise FaultError(f"there is no fault {number}")

    def clear(self) -> None:
        """Takes all away."""
        for some in self._at.values():
            some.clear()
        self.in_force = False

    def standing(self) -> list[Standing]:
        """All that are listed, spent ones too, in the order of their numbers."""
        return sorted((each for some in self._at.values() for each in some), key=lambda each: each.number)

    def refusal(self, app_number: int, query: Aimed | None) -> Provoked[str] | None:
        """The name of the refusal that the request gets."""
        return self._provoked(Place.REFUSAL, app_number, query)

    def breach(self, app_number: int, query: Aimed | None) -> Provoked[Breach] | None:
        """What happens to the connection."""
        return self._provoked(Place.BREACH, app_number, query)

    def admission(self, app_number: int, query: Aimed) -> Provoked[Admission] | None:
        """What the core says at its door."""
        return self._provoked(Place.ADMISSION, app_number, query)

    def mishap(self, app_number: int, query: Aimed | None) -> Provoked[Mishap] | None:
        """What happens to the acknowledgement."""
        return self._provoked(Place.MISHAP, app_number, query)

    def hold(self, app_number: int, query: Aimed) -> Provoked[int] | None:
        """The number of the fault that holds the request."""
        touching = self._touching(Place.QUEUE, app_number, query)
        return None if touching is None else Provoked(touching.number, touching.touch().cause)

    def holds(self, number: int) -> bool:
        """Whether that fault is still there, and its last moment has not come; a spent one holds on."""
        now = self._clock.now()
        return any(each.number == number and not is_over(each.fault, now) for each in self._at[Place.QUEUE])

    def outcome(self, app_number: int, query: Aimed) -> Provoked[Outcome] | None:
        """How the request ends."""
        return self._provoked(Place.OUTCOME, app_number, query)

    def contradiction(
        self, app_number: int, query: Aimed, recorded: TransactionState
    ) -> Provoked[TransactionState] | None:
        """What the answer claims; a fault that would claim the truth touches nothing."""
        touching = self._touching(Place.FACTS, app_number, query, apart_from=recorded)
        return None if touching is None else touching.touch()

    def delay(self, app_number: int, query: Aimed) -> Provoked[None] | None:
        """How long the result waits."""
        return self._provoked(Place.DELAY, app_number, query)

    def loss(self, app_number: int, query: Aimed) -> Provoked[None] | None:
        """Whether the result is lost on its way."""
        return self._provoked(Place.LOSS, app_number, query)

    def double(self, app_number: int, query: Aimed) -> Provoked[None] | None:
        """Whether the result is posted twice."""
        return self._provoked(Place.COPY, app_number, query)

    def _provoked(self, place: Place, app_number: int, query: Aimed | None) -> Provoked[Any] | None:
        if not self._at[place]:
            return None
        touching = self._touching(place, app_number, query)
        return None if touching is None else touching.touch()

    def _touching(
        self, place: Place, app_number: int, query: Aimed | None, *, apart_from: object = None
    ) -> Standing | None:
        """The first that is aimed at the request, and whose effect is another than that."""
        return next(
            (each for each in self._at[place] if self._touches(each, app_number, query, apart_from)), None
        )

    def _touches(self, standing: Standing, app_number: int, query: Aimed | None, apart_from: object) -> bool:
        fault = standing.fault
        if standing.spent or api_of(query) not in standing.apis or not is_aimed(fault, app_number, query):
            return False
        if apart_from is not None and standing.effect.what is apart_from:
            return False
        return is_time(fault, self._clock.now()) and (fault.share >= 1 or standing.chance() < fault.share)
