"""What the auditor makes of payments that wait for an instruction, Pending Authorized: an hour, no longer."""

from collections.abc import Collection, Mapping

import msgspec

from tests.simulation.tables import Tables, require

HOUR = 3_600_000_000
"""Microseconds within which somebody at the organization may say what becomes of it."""
WAITS = "Pending Authorized"
PAID, CANCELLED, EXPIRED, OURS = "succeeded", "payment cancelled", "payment expired", "internal failure"
FULL = "balance limit exceeded"
"""The end of what an organization accepts and has no room for."""
STATES = {PAID: "Completed", CANCELLED: "Cancelled", EXPIRED: "Expired", OURS: "Declined", FULL: "Declined"}
"""By outcome the state of a transaction that waited."""


class Instructions:
    """Goes by the transactions that stand as Pending Authorized."""

    def __init__(self) -> None:
        self._words: dict[int, bool] = {}
        """By request whether this process heard that it is accepted."""
        self.waiting: dict[int, str] = {}
        """By request the receipt of the payment."""
        self.ended: set[int] = set()
        """Requests that waited for an instruction, and ended since the last look."""

    # --- what it witnesses -------------------------------------------------------------------------------

    def told(self, number: int, *, accepts: bool) -> None:
        """Somebody at the organization said what becomes of it, and the platform took it."""
        require(number in self.waiting, "P1", f"{number} is instructed, and does not wait for it")
        require(number not in self._words, "P2", f"{number} is instructed twice")
        self._words[number] = accepts

    def died(self) -> None:
        """Words that nothing has come of are forgotten."""
        self._words.clear()

    def wait(self, numbers: Collection[int]) -> None:
        """When all is quiet, these wait for somebody: all that have not ended."""
        known = self.waiting.keys()
        require(set(numbers) == known, "P2", f"{sorted(numbers)} wait to be instructed, not {sorted(known)}")

    # --- what it finds -----------------------------------------------------------------------------------

    def look(
        self,
        before: Tables,
        now: Tables,
        by_conversation: Mapping[str, int],
        unanswered: Collection[int],
    ) -> None:
        """``unanswered``: requests whose organization was asked in this life, and said nothing."""
        self.ended = self.waiting.keys() & (now.conclusions.keys() - before.conclusions.keys())
        for number in self.ended:
            self._check_end(number, now)
        for receipt, details in now.transactions.items():
            if before.transactions.get(receipt) != details and WAITS in details:
                self._begin(receipt, before, details, by_conversation, unanswered)
        for number, receipt in self.waiting.items():
            waits = WAITS in now.transactions[receipt]
            require(waits, "P2", f"{number} waits for an instruction, and is {now.transactions[receipt]}")

    def _begin(
        self,
        receipt: str,
        before: Tables,
        details: str,
        by_conversation: Mapping[str, int],
        unanswered: Collection[int],
    ) -> None:
        transaction = msgspec.json.decode(details)
        number = by_conversation[transaction["conversation_id"]]
        earlier = before.transactions.get(receipt, "")
        require("Authorized" in earlier, "P2", f"{number} waits for an instruction, and was {earlier}")
        registered = before.registrations[transaction["credit_party"]]
        require(bool(registered[3]), "P2", f"{number} waits for one who does not instruct")
        require(number in unanswered, "P2", f"{number} waits, and its organization has answered")
        self.waiting[number] = receipt

    def _check_end(self, number: int, now: Tables) -> None:
        decided_at, outcome, _ = now.conclusions[number]
        receipt, said = self.waiting.pop(number), self._words.pop(number, None)
        state = msgspec.json.decode(now.transactions[receipt])["state"]
        require(state == STATES.get(outcome), "P2", f"{number} is {outcome}, and its transaction is {state}")
        if outcome == OURS:
            return
        if said is None:
            over = decided_at - now.requests[number][3] >= HOUR
            require(over and outcome == EXPIRED, "P2", f"{number} is {outcome}, and nobody said anything")
            return
        wanted = {PAID, FULL} if said else {CANCELLED}
        require(outcome in wanted, "P2", f"{number} is {outcome}, instructed was {wanted}")

    # --- when all is done ----------------------------------------------------------------------------------

    def rest(self) -> None:
        """Nothing waits any more."""
        require(not self.waiting, "P2", f"still waiting to be instructed: {sorted(self.waiting)}")
