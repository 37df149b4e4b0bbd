"""P5 and the locks in the auditor's own words: whose facts a result may carry, and whose password counts."""

import sqlite3
from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec

from tests.simulation.asks import BALANCE_PATH, QUERIES, Ask
from tests.simulation.tables import require

PASSWORDS_ALLOWED = 5
AFTER_THE_PASSWORD = {
    "succeeded",
    "transaction unknown",
    "parameters conflict",
    "balance insufficient",
    "amount too small",
    "amount too large",
    "day's limit exceeded",
    "balance limit exceeded",
    "product not assigned",
    "receiver unregistered",
    "receiver unknown",
    "receiver invalid",
    "original invalid",
    "already reversed",
}
"""Outcomes of whoever gave the right password."""


class Reach:
    """Who may act for whom, worked out from the tables of organizations and apps."""

    def __init__(self, environment: sqlite3.Connection, portal: sqlite3.Connection) -> None:
        self._environment = environment
        self._portal = portal
        self._parents = dict(environment.execute("SELECT short_code, parent FROM organization").fetchall())
        self._operators = {
            (row[1], row[2]): row[0]
            for row in environment.execute("SELECT number, short_code, name FROM operator")
        }

    def line(self, app: int, short_code: str) -> list[str]:
        """From a short code up to the highest above it that the app owns; empty if it owns none."""
        row = self._portal.execute("SELECT short_codes FROM app WHERE number = ?", (app,)).fetchone()
        owned = msgspec.json.decode(row[0]) if row else []
        up: list[str] = []
        reached: list[str] = []
        step: str | None = short_code
        while step is not None and step in self._parents:
            up.append(step)
            reached = list(up) if step in owned else reached
            step = self._parents[step]
        return reached

    def owns(self, app: int, short_code: str) -> bool:
        """Whether the short code itself is the app's: what is below one's own may be looked at, not spent."""
        row = self._portal.execute("SELECT short_codes FROM app WHERE number = ?", (app,)).fetchone()
        return row is not None and short_code in msgspec.json.decode(row[0])

    def initiator(self, ask: Ask) -> int | None:
        """The operator whose password the request carries; none if nobody's is compared."""
        party, name = ask.party, ask.initiator
        if ask.path not in QUERIES:
            return self._operators.get((party, name)) if self.owns(ask.app, party) else None
        if str(ask.members["IdentifierType"]) == "1":
            if ask.path == BALANCE_PATH:
                return None
            asked = self.asked_about(ask)
            if not asked:
                return None
            party = next(each for each in _parties(asked[0]) if each != party)
        return next(
            (
                self._operators[short_code, name]
                for short_code in self.line(ask.app, party)
                if (short_code, name) in self._operators
            ),
            None,
        )

    def asked_about(self, ask: Ask) -> list[dict[str, Any]]:
        """The transactions that the request names and its app may know of."""
        found: list[dict[str, Any]] = []
        for statement, member in (
            ("SELECT details FROM transaction_ WHERE receipt = ?", "TransactionID"),
            (
                "SELECT details FROM transaction_ WHERE originator_conversation_id = ?",
                "OriginalConversationID",
            ),
        ):
            for (details,) in self._environment.execute(statement, (ask.members.get(member),)):
                found.append(msgspec.json.decode(details))
        return [each for each in found if self._is_own(ask, each)]

    def check(self, ask: Ask, facts: Mapping[str, Any], before: Mapping[str, str]) -> None:
        """The facts of a success are those of the party, and the party is the app's.

        ``before``: the transactions as they stood before, for what is asked in one go with what changes it.
        """
        party = ask.party
        if facts["type"] == "status":
            told = facts["transaction"]
            earlier = before.get(told["receipt"])
            own = [each["receipt"] for each in self.asked_about(ask)]
            known = told in self.asked_about(ask) or (
                told["receipt"] in own and earlier is not None and msgspec.json.decode(earlier) == told
            )
            require(known, "P5", f"{ask.tag} got a transaction that app {ask.app} may not know")
            return
        reached = self.line(ask.app, party) if facts["type"] == "balance" else self.owns(ask.app, party)
        require(bool(reached), "P5", f"{ask.tag} got what is out of reach of app {ask.app}: {facts}")

    def _is_own(self, ask: Ask, transaction: Mapping[str, Any]) -> bool:
        party, parties = ask.members["PartyA"], _parties(transaction)
        if party not in parties:
            return False
        if str(ask.members["IdentifierType"]) == "1":
            party = next(each for each in parties if each != party)
        return bool(self.line(ask.app, party))


def _parties(transaction: Mapping[str, Any]) -> tuple[str, str]:
    return transaction["debit_party"], transaction["credit_party"]


class Locks:
    """Counts wrong passwords as the rulings say: five in a row lock, a right one forgives."""

    def __init__(self, connection: sqlite3.Connection, reach: Reach, passwords: dict[int, str]) -> None:
        """``passwords`` are the real ones, by the number of the operator; the hand keeps them up to date."""
        self._connection = connection
        self._reach = reach
        self._passwords = passwords
        self.trusting = False
        """Whether a credential that nobody can read counts as right."""
        self._wrong: dict[int, int] = {}
        self._locked: set[int] = set()
        self.blurred = False
        """Whether rows may be in the store that the platform has forgotten until its next start."""
        self._unsure: Counter[int] = Counter()
        """Operators of requests whose outcome could not be written: a password may have counted or not."""
        self.learn()

    def learn(self) -> None:
        """Takes what somebody else than the platform wrote."""
        for number, wrong, status in self._read():
            self._learn(number, wrong, status)

    def blur(self) -> None:
        """Some decision could not even be written as a failure of ours; later ones may have built upon it.

        What the platform has in memory is unsure until it starts anew.
        """
        self.blurred = True
        self._unsure.update(dict.fromkeys(self._wrong, PASSWORDS_ALLOWED))

    def concluded(self, ask: Ask, outcome: str) -> None:
        """One more request ended; in the order of the decisions."""
        operator = self._reach.initiator(ask)
        if operator is None:
            require(outcome not in {"succeeded", "password wrong"}, "P5", f"{ask.tag} succeeded for nobody")
            return
        right = self._is_right(ask, operator)
        locked = operator in self._locked
        if outcome == "internal failure" or operator in self._unsure:
            self._unsure[operator] += 1
        elif outcome == "password wrong":
            require(not right and not locked, "locks", f"{ask.tag}: {outcome}, and it was right or locked")
            self._count(operator)
        elif outcome in AFTER_THE_PASSWORD:
            require(right and not locked, "locks", f"{ask.tag}: {outcome}, and it was wrong or locked")
            self._wrong[operator] = 0
        elif outcome == "initiator locked":
            require(locked, "locks", f"{ask.tag}: {outcome}, and nobody locked it")

    def look(self) -> None:
        """The table counts as the auditor does."""
        for number, wrong, status in self._read():
            if number in self._unsure:
                most = self._wrong[number] + self._unsure[number]
                require(
                    wrong <= most, "locks", f"operator {number} stands at {wrong}, at most {most} were wrong"
                )
                self._learn(number, wrong, status)
            known = self._wrong[number], number in self._locked
            found = wrong, status == "locked"
            require(found == known, "locks", f"operator {number} stands at {found}, counted {known}")
        self._unsure.clear()
        if self.blurred:
            self._unsure.update(dict.fromkeys(self._wrong, PASSWORDS_ALLOWED))

    def died(self) -> None:
        """What the platform had in memory is gone."""
        self.blurred = False
        self._unsure.clear()

    def _is_right(self, ask: Ask, operator: int) -> bool:
        return self.trusting if ask.password is None else ask.password == self._passwords[operator]

    def _count(self, operator: int) -> None:
        self._wrong[operator] += 1
        if self._wrong[operator] >= PASSWORDS_ALLOWED:
            self._locked.add(operator)

    def _learn(self, number: int, wrong: int, status: str) -> None:
        self._wrong[number] = wrong
        self._locked.discard(number)
        if status == "locked":
            self._locked.add(number)

    def _read(self) -> list[tuple[int, int, str]]:
        return self._connection.execute("SELECT number, wrong_passwords, status FROM operator").fetchall()
