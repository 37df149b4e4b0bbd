"""Whoever holds a phone that rings, in the simulated world."""

from collections.abc import Callable
from functools import partial
from itertools import cycle
from typing import Protocol

from salio.core.requests.prompts import CustomerWord, Prompt
from salio.platform.environment import Environment
from tests.simulation.auditor import Auditor
from tests.simulation.outside import EventLog
from tests.simulation.sabotage import Sabotage

WORDS = (*[CustomerWord.PIN_RIGHT] * 5, *CustomerWord)
"""Most know their PIN."""


class Ending(Protocol):
    """A world that comes to rest."""

    environment: Environment

    def do(self, what: str, action: Callable[[], None]) -> None:
        """One step."""
        ...

    def run_dry(self) -> None:
        """Turns until nothing but phones waits for anything."""
        ...


class Hands:
    """Answers prompts of one platform after another; the auditor is told what was really done."""

    def __init__(self, log: EventLog, auditor: Auditor, sabotage: Sabotage) -> None:
        self._log = log
        self._auditor = auditor
        self._hears = sabotage.hears

    def answer_one(self, environment: Environment, place: int, word: CustomerWord) -> None:
        """One of those whose phones ring answers, if there is any."""
        ringing = self._ringing(environment)
        if ringing:
            self._answer(environment, ringing[place % len(ringing)], word)

    def answer_all(self, world: Ending, *, sure: bool) -> None:
        """Whoever is still asked answers; ``sure``: nothing was forgotten that a start would find."""
        for word in cycle(WORDS):
            ringing = self._ringing(world.environment)
            if sure:
                self._auditor.phones.rings(ringing)
            if not ringing:
                return
            world.do("the end: a phone", partial(self._answer, world.environment, ringing[0], word))
            world.run_dry()

    def _ringing(self, environment: Environment) -> list[int]:
        """The requests whose prompts are shown, oldest first."""
        waiting = environment.processor.waiting_for_words()
        return [each.accepted.request.number for each in waiting if isinstance(each.question, Prompt)]

    def _answer(self, environment: Environment, number: int, word: CustomerWord) -> None:
        """Enters a PIN, or cancels."""
        self._log.note(f"  at the phone of {number}: {word.said}")
        assert environment.validations.hear(number, self._hears or word, "phone")
        self._auditor.phones.answered(number, word.value)
