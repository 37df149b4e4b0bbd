"""Whoever a payment waits for in the simulated world: who holds a phone that rings, and who instructs."""

from collections.abc import Callable
from functools import partial
from itertools import cycle
from typing import Protocol

from salio.core.requests.prompts import CustomerWord, Prompt
from salio.core.requests.validation import Instruction, ValidatorWord
from salio.platform.environment import Environment
from tests.simulation.auditor import Auditor
from tests.simulation.outside import EventLog, Time
from tests.simulation.sabotage import Sabotage

WORDS = (*[CustomerWord.PIN_RIGHT] * 5, *CustomerWord)
"""Most know their PIN."""


class Ending(Protocol):
    """A world that comes to rest."""

    environment: Environment
    time: Time

    def do(self, what: str, action: Callable[[], None]) -> None:
        """One step."""
        ...

    def run_dry(self) -> None:
        """Turns until nothing but people is waited for."""
        ...


class Hands:
    """Answer and instruct one platform after another; the auditor is told what was really done."""

    def __init__(self, log: EventLog, auditor: Auditor, sabotage: Sabotage) -> None:
        self._log = log
        self._auditor = auditor
        self._hears = sabotage.hears
        self._accepts = sabotage.accepts

    def answer_one(self, environment: Environment, place: int, word: CustomerWord) -> None:
        """One of those whose phones ring answers, if there is any."""
        ringing = self._ringing(environment)
        if ringing:
            self._answer(environment, ringing[place % len(ringing)], word)

    def do_all(self, world: Ending, *, sure: bool) -> None:
        """Whoever is still waited for does something, or lets the time pass; ``sure``: nothing was forgotten
        that a start would find.
        """
        self._answer_all(world, sure=sure)
        self._instruct_all(world, sure=sure)

    def _answer_all(self, world: Ending, *, sure: bool) -> None:
        for word in cycle(WORDS):
            ringing = self._ringing(world.environment)
            if sure:
                self._auditor.phones.rings(ringing)
            if not ringing:
                return
            world.do("the end: a phone", partial(self._answer, world.environment, ringing[0], word))
            world.run_dry()

    def instruct_one(self, environment: Environment, place: int, *, accepts: bool) -> None:
        """One of those whose payments wait for it, if there is any, says what becomes of it."""
        pending = self._pending(environment)
        if pending:
            self._instruct(environment, pending[place % len(pending)], accepts=accepts)

    def _instruct_all(self, world: Ending, *, sure: bool) -> None:
        """Whatever still waits for an instruction gets one, or the hour passes."""
        for accepts in cycle((True, False, None)):
            pending = self._pending(world.environment)
            if sure:
                self._auditor.payments.instructions.wait(pending)
            if not pending:
                return
            if accepts is None:
                world.do("the end: an hour passes", partial(world.time.advance, 3_700.0))
            else:
                instruct = partial(self._instruct, world.environment, pending[0], accepts=accepts)
                world.do("the end: an instruction", instruct)
            world.run_dry()

    def _pending(self, environment: Environment) -> list[int]:
        """The requests that wait for an instruction, oldest first."""
        waiting = environment.processor.waiting_for_words()
        return [each.accepted.request.number for each in waiting if isinstance(each.question, Instruction)]

    def _instruct(self, environment: Environment, number: int, *, accepts: bool) -> None:
        """Accepts a payment, or rejects it."""
        said = "accepted" if accepts else "rejected"
        self._log.note(f"  {number} is {said} by its organization")
        heard = accepts if self._accepts is None else self._accepts
        word = ValidatorWord(accepts=heard, said=said)
        assert environment.validations.hear(number, word, "instruction")
        self._auditor.payments.instructions.told(number, accepts=accepts)

    def _ringing(self, environment: Environment) -> list[int]:
        """The requests whose prompts are shown, oldest first."""
        waiting = environment.processor.waiting_for_words()
        return [each.accepted.request.number for each in waiting if isinstance(each.question, Prompt)]

    def _answer(self, environment: Environment, number: int, word: CustomerWord) -> None:
        """Enters a PIN, or cancels."""
        self._log.note(f"  at the phone of {number}: {word.said}")
        assert environment.validations.hear(number, self._hears or word, "phone")
        self._auditor.phones.answered(number, word.value)
