"""Where organizations hear of their customers' payments: kept durably before it is acknowledged.

A stage of the writer's cycle (see :mod:`salio.core.cycle`).
"""

import enum
from collections import deque
from collections.abc import Callable, Iterable, Sequence

import msgspec

from salio.core.parties.registration import Registration
from salio.core.ports import Unit


class Registering(msgspec.Struct, frozen=True):
    """A registration at the door; ``answer`` is the mark of whoever waits."""

    registration: Registration
    answer: object
    brings_urls: bool = False
    """Whether an organization registers its URLs, and what happens if nobody answers; else what is asked of
    it at all is switched.
    """

    def onto(self, before: Registration) -> Registration:
        """What is registered then. It keeps what it does not bring: that may have changed meanwhile."""
        wanted = self.registration
        if not self.brings_urls:
            return msgspec.structs.replace(before, validated=wanted.validated, instructs=wanted.instructs)
        return msgspec.structs.replace(
            before,
            default_action=wanted.default_action,
            confirmation_url=wanted.confirmation_url,
            validation_url=wanted.validation_url,
        )


class RegistrationEnd(enum.Enum):
    """What became of it."""

    KEPT = "kept"
    NOT_KEPT = "the store did not take it"
    THERE_BEFORE = "the short code has URLs already"


class Registrations:
    """What is registered, and what is on its way to the store."""

    def __init__(
        self,
        known: Iterable[Registration],
        answered: Callable[[Sequence[tuple[object, RegistrationEnd]]], None],
        *,
        once: bool = False,
    ) -> None:
        """``answered`` is told after the commit what became of each, by its mark. ``once``: URLs that are
        registered stay, as in production; in a sandbox the later replace them (Register URL).
        """
        self.once = once
        """Whether URLs are registered by production's rules."""
        self._known: dict[str, Registration] = {}
        self._answered = answered
        self._waiting: deque[Registering] = deque()
        self._shut = False
        self.take_over(known)

    def of(self, short_code: str) -> Registration:
        """What is registered for it; without anything, that payments are made and nobody is told."""
        return self._known.get(short_code) or Registration(short_code=short_code)

    def all(self) -> list[Registration]:
        """Whatever was registered, or switched on."""
        return list(self._known.values())

    def take_over(self, known: Iterable[Registration]) -> None:
        """What the store has, instead of all that was known."""
        self._known = {each.short_code: each for each in known}

    def submit(self, wanted: Registering) -> RegistrationEnd | None:
        """Takes one for the next group; says at once if nothing is kept any more."""
        if self._shut:
            return RegistrationEnd.NOT_KEPT
        self._waiting.append(wanted)
        return None

    def shut(self) -> None:
        """Keeps nothing from here on."""
        self._shut = True
        self.put_back(self.take(), RuntimeError())

    def take(self) -> Sequence[Registering]:
        """Everything that came since the last turn, but for URLs that come too late."""
        wanted = [self._waiting.popleft() for _ in range(len(self._waiting))]
        return [each for each in wanted if not self.once or self._is_first(each, wanted)]

    def _is_first(self, wanted: Registering, batch: Sequence[Registering]) -> bool:
        """Whether it brings no URLs, or the first that its short code has; who is not is told so."""
        if not wanted.brings_urls:
            return True
        short_code = wanted.registration.short_code
        rivals = [each for each in batch if each.brings_urls and each.registration.short_code == short_code]
        if rivals[0] is wanted and self.of(short_code).confirmation_url is None:
            return True
        self._answered([(wanted.answer, RegistrationEnd.THERE_BEFORE)])
        return False

    def write(self, unit: Unit, batch: Sequence[Registering]) -> None:
        """Of one short code what all of them leave."""
        unit.save_registrations(list(self._after(batch).values()))

    def settle(self, batch: Sequence[Registering]) -> None:
        """From here on payments follow it."""
        self._known.update(self._after(batch))
        self._answered([(each.answer, RegistrationEnd.KEPT) for each in batch])

    def _after(self, batch: Sequence[Registering]) -> dict[str, Registration]:
        after: dict[str, Registration] = {}
        for each in batch:
            short_code = each.registration.short_code
            after[short_code] = each.onto(after.get(short_code) or self.of(short_code))
        return after

    def spoil(self, item: Registering, error: Exception) -> None:
        """The store refused this one: whoever waits learns that nothing was kept."""
        self.put_back([item], error)

    def is_built_upon(self, item: Registering) -> bool:
        """Each stands alone."""
        del item
        return False

    def put_back(self, batch: Sequence[Registering], error: Exception) -> None:
        """The store is out of reach: nothing was kept, and the caller learns so at once."""
        del error
        self._answered([(each.answer, RegistrationEnd.NOT_KEPT) for each in batch])
