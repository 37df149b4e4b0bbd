"""What the auditor makes of money that people move by hand: as they asked, as often, and told truly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.simulation.moves import OWED, WORKING, Moves, Rules, State
from tests.simulation.tables import require

SETTLE, WITHDRAW, RECEIVE, CLEAR = "settle", "withdraw", "receive", "clear"
ABROAD = "IMT"
"""The kind of transaction that receives and clears."""


@dataclass(frozen=True)
class Act:
    """What somebody does; ``holder`` has the money before or afterwards."""

    kind: str
    holder: str
    cents: int = 0
    through: str = ""
    """Who brings it from abroad."""


class Acts:
    """What was asked for and nobody has seen done, and what people were told since the last look."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._open: list[Act] = []
        self._done: list[str] = []
        self._undone: list[tuple[Act, str]] = []
        """With why nothing was moved; empty: nothing was left to do."""

    # --- what it witnesses -------------------------------------------------------------------------------

    def asked(self, act: Act) -> None:
        """Somebody wants it."""
        self._open.append(act)

    def told(self, receipt: str) -> None:
        """Somebody was told that it was done."""
        self._done.append(receipt)

    def told_nothing(self, act: Act, why: str) -> None:
        """Somebody was told that nothing moved."""
        self._undone.append((act, why))

    # --- what it finds -----------------------------------------------------------------------------------

    def moves(self, transaction: Mapping[str, Any], held: State) -> Moves:
        """What the act that has become this transaction must have moved; it is done now."""
        act = _act(transaction)
        require(act in self._open, "P4", f"nobody wanted {transaction}")
        self._open.remove(act)
        wanted = self._wanted(act, held)
        if act.kind == CLEAR:
            told, cleared = transaction["cents"], self._rules.uncleared(act.holder, held)
            require(told == cleared, "P4", f"{told} of {act.holder} are cleared, {cleared} were not clear")
        return wanted

    def look(self, held: Sequence[State], transactions: Mapping[str, str]) -> None:
        """``held``: what everybody held since the store changed last, posting by posting."""
        for receipt in self._done:
            require(receipt in transactions, "P1", f"{receipt} was told as done and is not kept")
        self._done.clear()
        while self._undone:
            act, why = self._undone.pop()
            fits = any(self._is_reason(act, why, each) for each in held)
            require(fits, "P4", f"{act} was not done: {why or 'nothing was left to do'}")

    def _wanted(self, act: Act, held: State) -> Moves:
        match act.kind:
            case "settle":
                return self._rules.settled(act.holder, held)
            case "withdraw":
                return self._rules.withdrawn(act.holder, act.cents)
            case "receive":
                return self._rules.arrived(act.holder, act.cents)
            case _:
                return self._rules.cleared(act.holder, held)

    def _is_reason(self, act: Act, why: str, held: State) -> bool:
        """Whether nothing could be done, for that reason, while everybody held that."""
        reasons = {
            "": act.kind in (SETTLE, CLEAR) and not self._wanted(act, held),
            "charges owed": act.kind == WITHDRAW and _held(held, act.holder, OWED) < 0,
            "balance insufficient": self._is_short(act, held),
            "holder unknown": act.kind in (RECEIVE, CLEAR)
            and self._rules.home(act.holder) not in held.accounts(),
            "limit exceeded": self._rules.is_bounded(act.holder, withdraws=act.kind == WITHDRAW),
            "not kept": True,
        }
        return reasons.get(why, False)

    def _is_short(self, act: Act, held: State) -> bool:
        if act.kind == WITHDRAW:
            return _held(held, act.holder, WORKING) < act.cents
        return act.kind == SETTLE and self._rules.lacks(act.holder, held)


def _held(held: State, holder: str, kind: str) -> int:
    return held.cents.get(((holder, kind), "available"), 0)


def _act(transaction: Mapping[str, Any]) -> Act:
    debit, credit, cents = (transaction[each] for each in ("debit_party", "credit_party", "cents"))
    if transaction["kind"] == ABROAD:
        clears = transaction["reason_type"].startswith("Clearing")
        return Act(CLEAR, credit) if clears else Act(RECEIVE, credit, cents, through=debit)
    return Act(SETTLE, debit) if debit == credit else Act(WITHDRAW, debit, cents)
