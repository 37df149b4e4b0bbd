"""Faults on demand: what goes wrong, at which requests, how often. Each touch is named in the log."""

import enum
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any

import msgspec

from salio.core.ports import Clock
from salio.core.requests.outcomes import Admission, Outcome
from salio.core.requests.provoked import Provoked
from salio.core.requests.queries import BalanceQuery, Query
from salio.wire.refusals import Refusal

MOST_FAULTS = 100
"""In force at once: every request looks at all of them."""


class Kind(enum.Enum):
    """Where a fault takes hold; the value is its member in the control's JSON."""

    __hash__ = object.__hash__  # one object for each member: Enum hashes its name anew each time

    REFUSE = "refuse"
    """An HTTP refusal instead of an acknowledgement; nothing is kept."""
    DECLINE = "decline"
    """An acknowledgement whose ResponseCode is not 0; nothing is kept."""
    END = "end"
    """The request is accepted, and ends like this."""
    LOSE = "lose"
    """The result is not posted: its one attempt is recorded as lost."""


REFUSALS: Mapping[str, str] = {
    each.name.lower(): each.name for each in Refusal if not each.name.startswith("OAUTH_")
}
ADMISSIONS: Mapping[str, Admission] = {
    each.name.lower(): each for each in Admission if each not in {Admission.ACCEPTED, Admission.DUPLICATE}
}
OUTCOMES: Mapping[str, Outcome] = {
    each.name.lower(): each for each in Outcome if each is not Outcome.SUCCEEDED
}
_WORDS: Mapping[Kind, Mapping[str, Any]] = {
    Kind.REFUSE: REFUSALS,
    Kind.DECLINE: ADMISSIONS,
    Kind.END: OUTCOMES,
    Kind.LOSE: {"result": None},
}


class FaultError(Exception):
    """A fault that cannot be; the text says what could."""


class Fault(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A fault as the control is told it: one of the four kinds, the aim, and how long."""

    refuse: str | None = None
    """A name of :data:`REFUSALS`."""
    decline: str | None = None
    """A name of :data:`ADMISSIONS`."""
    end: str | None = None
    """A name of :data:`OUTCOMES`."""
    lose: str | None = None
    """``result``."""
    detail: str = ""
    """What the refusal's text names: a field, a rate."""
    app: int | None = None
    """Only requests of the app with this number."""
    short_code: str | None = None
    """Only requests about this PartyA."""
    api: str | None = None
    """``balance`` or ``status``; both if not given."""
    next: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """So many requests, then never again."""
    share: Annotated[float, msgspec.Meta(gt=0, le=1)] = 1.0
    """Of the requests that it is aimed at."""
    since: Annotated[datetime, msgspec.Meta(tz=True)] | None = msgspec.field(default=None, name="from")
    until: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class Standing(msgspec.Struct, kw_only=True):
    """A fault in force: its number, and how many requests it has touched."""

    number: int
    kind: Kind
    word: str
    fault: Fault
    touched: int = 0

    @property
    def spent(self) -> bool:
        """Whether its count is used up."""
        return self.fault.next is not None and self.touched >= self.fault.next


class Faults:
    """Fits :class:`salio.core.ports.Faults`. The first fault that is aimed at a request touches it."""

    def __init__(self, clock: Clock, chance: Callable[[], float]) -> None:
        """``chance`` draws from 0 up to 1, for shares."""
        self._clock = clock
        self._chance = chance
        self._highest = 0
        self._by_kind: dict[Kind, list[Standing]] = {kind: [] for kind in Kind}

    def add(self, fault: Fault) -> Standing:
        """Puts a fault in force; raises :class:`FaultError`."""
        kind, word = kind_of(fault)
        if len(self.standing()) >= MOST_FAULTS:
            raise FaultError(f"{MOST_FAULTS} faults are in force: take some away first")
        self._highest += 1
        standing = Standing(number=self._highest, kind=kind, word=word, fault=fault)
        self._by_kind[kind].append(standing)
        return standing

    def remove(self, number: int) -> Standing:
        """Takes a fault away; raises :class:`FaultError` for one that is not there."""
        for standing in self.standing():
            if standing.number == number:
                self._by_kind[standing.kind].remove(standing)
                return standing
        raise FaultError(f"there is no fault {number}")

    def clear(self) -> None:
        """Takes all away."""
        for some in self._by_kind.values():
            some.clear()

    def standing(self) -> list[Standing]:
        """All that are listed, spent ones too, in the order of their numbers."""
        return sorted(
            (each for some in self._by_kind.values() for each in some), key=lambda each: each.number
        )

    def refusal(self, app_number: int, query: Query) -> Provoked[str] | None:
        """The name of the refusal that the request gets."""
        return self._provoked(Kind.REFUSE, app_number, query)

    def admission(self, app_number: int, query: Query) -> Provoked[Admission] | None:
        """What the core says at its door."""
        return self._provoked(Kind.DECLINE, app_number, query)

    def outcome(self, app_number: int, query: Query) -> Provoked[Outcome] | None:
        """How the request ends."""
        return self._provoked(Kind.END, app_number, query)

    def loss(self, app_number: int, query: Query) -> Provoked[None] | None:
        """Whether the result is lost on its way."""
        return self._provoked(Kind.LOSE, app_number, query)

    def _provoked(self, kind: Kind, app_number: int, query: Query) -> Provoked[Any] | None:
        for standing in self._by_kind[kind]:
            if not standing.spent and self._aimed(standing.fault, app_number, query):
                standing.touched += 1
                cause = f"fault {standing.number}: {kind.value} {standing.word}"
                return Provoked(_WORDS[kind][standing.word], cause, standing.fault.detail)
        return None

    def _aimed(self, fault: Fault, app_number: int, query: Query) -> bool:
        if fault.app not in (None, app_number) or fault.short_code not in (None, query.party):
            return False
        if fault.api not in (None, "balance" if isinstance(query, BalanceQuery) else "status"):
            return False
        if fault.since is not None or fault.until is not None:
            now = self._clock.now()
            if (fault.since is not None and now < fault.since) or (
                fault.until is not None and now >= fault.until
            ):
                return False
        return fault.share >= 1 or self._chance() < fault.share


def kind_of(fault: Fault) -> tuple[Kind, str]:
    """The fault's kind and word; raises :class:`FaultError` for what no fault can be."""
    given = [(kind, word) for kind in Kind if (word := getattr(fault, kind.value)) is not None]
    if len(given) != 1:
        raise FaultError(f"a fault is one of {', '.join(f'`{kind.value}`' for kind in Kind)}")
    [(kind, word)] = given
    if fault.api not in (None, "balance", "status"):
        raise FaultError("`api` is `balance` or `status`")
    if word not in _WORDS[kind]:
        raise FaultError(f"`{kind.value}` is one of {', '.join(_WORDS[kind])}")
    return kind, word
