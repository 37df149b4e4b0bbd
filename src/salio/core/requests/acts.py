"""Acts by hand: what waits for a turn of the processor, how each is carried out, and who is told.

They follow the decisions of their turn, and precede those of later ones.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence

from salio.core.ledger.ledger import Ledger
from salio.core.parties.acts import ActRefusal, OperatorAct, carry_out
from salio.core.parties.changes import Changes
from salio.core.parties.directory import Directory
from salio.core.parties.operators import Operator, OperatorRules
from salio.core.ports import Clock, Vault
from salio.core.requests import abroad, funds
from salio.core.requests.writing import Done

AnyAct = OperatorAct | funds.FundsAct | abroad.AbroadAct
ActEnd = Operator | funds.FundsMoved | funds.FundsRefused | ActRefusal
ActAnswered = Callable[[Sequence[tuple[object, ActEnd]]], None]
"""Told after the commit, by the mark of each: what the act left, or why it was not done."""


class Acts:
    """Owned by the processor, upon whose directory and book they act."""

    def __init__(
        self,
        *,
        clock: Clock,
        vault: Vault,
        directory: Directory,
        ledger: Ledger,
        changes: Changes,
        rules: OperatorRules,
        answered: ActAnswered,
    ) -> None:
        self._clock = clock
        self._vault = vault
        self._directory = directory
        self._ledger = ledger
        self._changes = changes
        self._rules = rules
        self._answered = answered
        self._waiting: deque[AnyAct] = deque()
        self._shut = False

    def submit(self, act: AnyAct) -> ActRefusal | None:
        """Takes an act for the next turn; says at once why it is not taken, if it is not."""
        if self._shut:
            return ActRefusal.NOT_KEPT
        self._waiting.append(act)
        return None

    def shut(self) -> None:
        """Takes no more of them: whoever waits for one or wants one later learns that nothing was kept."""
        self._shut = True
        self.refuse_waiting()

    def are_waiting(self) -> bool:
        """Whether there are any for the next turn."""
        return bool(self._waiting)

    def take(self) -> Iterator[Done]:
        """One upon each operator, so that none has built upon another that the store may refuse.

        Of those that move money, what is built upon one that is refused is refused with it.
        """
        acts, self._waiting = self._waiting, deque()
        taken: set[tuple[str, str]] = set()
        for wanted in acts:
            if not isinstance(wanted, OperatorAct):
                yield self._move(wanted)
                continue
            if (wanted.short_code, wanted.name) in taken:
                self._waiting.append(wanted)
                continue
            taken.add((wanted.short_code, wanted.name))
            done = carry_out(wanted, self._directory.operator(wanted.name, [wanted.short_code]))
            if done.changed is not None:
                self._changes.make(done.changed)
                self._vault.forget(done.changed)
            yield done

    def _move(self, wanted: funds.FundsAct | abroad.AbroadAct) -> funds.FundsCarriedOut:
        now = self._clock.now()
        if isinstance(wanted, funds.FundsAct):
            return funds.carry_out(wanted, self._directory, self._ledger, self._rules, now)
        return abroad.carry_out(wanted, self._directory, self._ledger, now)

    def settle(self, done: Sequence[Done]) -> None:
        """They are durable."""
        if done:
            self._answered([(each.wanted.answer, each.outcome) for each in done])

    def refuse(self, done: Sequence[Done]) -> None:
        """Nothing of these was kept: whoever waits for one learns so."""
        if done:
            self._answered([(each.wanted.answer, ActRefusal.NOT_KEPT) for each in done])

    def refuse_waiting(self) -> None:
        """Nothing will be kept of those that nobody has begun."""
        waiting, self._waiting = self._waiting, deque()
        self._answered([(each.answer, ActRefusal.NOT_KEPT) for each in waiting])
