"""What the auditor makes of prompts: who is asked, and whether each ended as the hand on the phone had it."""

from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from tests.simulation.asks import EXPRESS_PATH, Ask
from tests.simulation.tables import Tables, require

MINUTE = 60_000_000
"""Microseconds that a prompt is shown."""
OURS, UNREACHABLE = "internal failure", "phone unreachable"
RIGHT = "right_pin"
ENDS = {
    "wrong_pin": "PIN wrong",
    "locked_pin": "PIN locked",
    "cancel": "prompt cancelled",
    "no_answer": UNREACHABLE,
}
"""By what the customer did; after the right PIN it is paid, or cannot be."""
PAID = "succeeded"
SHORT = ("balance insufficient", "day's limit exceeded", "balance limit exceeded")
AT_ONCE = (
    "subscriber locked",
    "rule limited",
    "amount too small",
    "amount too large",
    "product not assigned",
    "party not own",
    "receiver unknown",
    "queue timed out",
    UNREACHABLE,
    OURS,
)
"""How a request ends that no phone showed."""
STATES = {PAID: "Completed", "prompt cancelled": "Cancelled", UNREACHABLE: "Expired"}
"""By outcome the state of a transaction that waited for a customer; all others are declined."""


class Phones:
    """Goes by the transactions that stand as Initiated: each is on a phone."""

    def __init__(self) -> None:
        self._words: dict[int, list[str]] = {}
        """By request what this process heard."""
        self.shown: dict[int, str] = {}
        """By request the phone that shows its prompt."""
        self._receipts: dict[int, str] = {}
        self.waited: set[int] = set()
        """Requests whose prompt was shown, and that ended since the last look."""

    # --- what it witnesses -------------------------------------------------------------------------------

    def answered(self, number: int, word: str) -> None:
        """Somebody entered a PIN, or cancelled, and the platform took it."""
        require(number in self.shown, "P1", f"{number} is answered, and no phone shows it")
        require(number not in self._words, "P2", f"{number} is answered twice")
        self._words[number] = [word]

    def died(self) -> None:
        """Words that nothing has come of are forgotten."""
        self._words.clear()

    def rings(self, numbers: Collection[int]) -> None:
        """When all is quiet, these wait for a customer: all that have not ended."""
        require(set(numbers) == self.shown.keys(), "P2", f"{sorted(numbers)} ring, not {sorted(self.shown)}")

    # --- what it finds -----------------------------------------------------------------------------------

    def look(self, before: Tables, now: Tables, by_conversation: Mapping[str, int], *, sure: bool) -> None:
        """Every prompt that ended did so by somebody's word, or after its minute; ``sure``: none is lost."""
        new = now.conclusions.keys() - before.conclusions.keys()
        self.waited = self.shown.keys() & new
        for number in self.waited:
            self._check_end(number, now)
            del self.shown[number]
        for receipt in now.transactions.keys() - before.transactions.keys():
            self._begin(receipt, now, by_conversation, sure=sure)
        for number in self.shown:
            state = _state(now, self._receipts[number])
            require(state == "Initiated", "P2", f"{number} is on a phone, and its transaction is {state}")

    def concluded(self, number: int, ask: Ask, outcome: str) -> None:
        """Of a request that no phone showed."""
        if ask.path == EXPRESS_PATH and number not in self.waited:
            require(outcome in AT_ONCE, "P2", f"{number} is {outcome}, and no phone showed it")

    def _begin(self, receipt: str, now: Tables, by_conversation: Mapping[str, int], *, sure: bool) -> None:
        transaction = msgspec.json.decode(now.transactions[receipt])
        number = by_conversation.get(transaction["conversation_id"])
        if transaction["state"] != "Initiated" or number is None:
            return
        query = msgspec.json.decode(now.requests[number][4])
        require(query["type"] == "express", "P2", f"{receipt} is Initiated, and nobody is prompted: {query}")
        alone = query["phone"] not in self.shown.values() or not sure
        require(alone, "P2", f"{number}: the phone {query['phone']} shows two of {self.shown}")
        self.shown[number], self._receipts[number] = query["phone"], receipt

    def _check_end(self, number: int, now: Tables) -> None:
        decided_at, outcome, _ = now.conclusions[number]
        said = self._words.pop(number, [])
        state = _state(now, self._receipts[number])
        wanted = STATES.get(outcome, "Declined")
        require(state == wanted, "P2", f"{number} is {outcome}, and its transaction is {state}")
        if outcome == OURS:
            return
        allowed = {ENDS[each] for each in said if each != RIGHT}
        if RIGHT in said:
            allowed.update((PAID, *SHORT))
        if not said and decided_at - now.requests[number][3] >= MINUTE:
            allowed.add(UNREACHABLE)
        require(outcome in allowed, "P2", f"{number} is {outcome}, its customer did {said}")

    # --- when all is done ----------------------------------------------------------------------------------

    def rest(self) -> None:
        """No phone shows anything."""
        require(not self.shown, "P2", f"still on a phone: {sorted(self.shown)}")


def _state(tables: Tables, receipt: str) -> Any:
    return msgspec.json.decode(tables.transactions[receipt])["state"]
