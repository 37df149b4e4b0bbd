"""What the auditor makes of every payment: each ended once, moved what it should, and told the truth."""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from tests.simulation.acts import Acts
from tests.simulation.asks import Ask
from tests.simulation.instructions import CANCELLED, EXPIRED, FULL, OURS, PAID, Instructions
from tests.simulation.moves import (
    CUSTOMER,
    Charge,
    Journal,
    Moves,
    Posted,
    Rules,
    State,
    netted,
    require_moves,
)
from tests.simulation.tables import Tables, require

MOST = 1_000_000_000_00
"""Cents that an organization's receipts may come to."""
DONE, UNPAID = PAID, (CANCELLED, EXPIRED, OURS, FULL)
FACTS = {
    "balance": "balance",
    "status": "status",
    "c2b": "confirmation",
    "express": "prompt",
    "b2c": "payment",
    "b2b": "b2b",
    "tax": "b2b",
    "reversal": "reversal",
}
"""By type of request that of what a success is told."""
DEFAULTS = {"Completed": DONE, "Cancelled": CANCELLED}


class Payments:
    """The naive ledger at work; see the module."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._rules = Rules(connection)
        self._journal = Journal(connection)
        self._moved: defaultdict[str, Moves] = defaultdict(dict)
        """By receipt what its postings came to."""
        for posted in self._journal.news():
            self._moved[posted.receipt or ""] = self._altogether(posted)
        self._now = self._journal.balances()
        self._beginning = self._now
        self._held = [self._now]
        """What everybody held since the last look, posting by posting."""
        self._after: dict[str, State] = {}
        """By receipt what everybody held when it had moved."""
        self._number_of: dict[str, int] = {}
        """By receipt the request that moved it."""
        self._aside: dict[str, Moves] = {}
        """By receipt what is set aside."""
        self._agreed: dict[str, Charge] = {}
        """By receipt what it will cost."""
        self._at = datetime(2026, 1, 1, tzinfo=UTC)
        """Of the last posting; charges go by the day."""
        self.begun: list[int] = []
        """Requests whose amount was set aside since the last look."""
        self.waited: set[int] = set()
        """Requests that waited for a word, and ended since then."""
        self._defaults: defaultdict[str, set[str]] = defaultdict(set)
        """By short code what was ever registered for when nobody answers."""
        self._instructing: set[str] = set()
        """Short codes that decide by hand where they could not be asked, before the last look."""
        self._reversed: set[str] = set()
        self.acts = Acts(self._rules)
        self.instructions = Instructions()
        self._words: defaultdict[int, list[bool | None]] = defaultdict(list)
        """By request what organizations told this process."""

    # --- what it witnesses -------------------------------------------------------------------------------

    def asked_whether(self, receipt: str) -> None:
        """An organization is asked about a payment."""
        require(receipt in self._aside, "P4", f"somebody is asked about {receipt}, and nothing is set aside")

    def heard(self, number: int, status: int | None, answer: bytes) -> None:
        """What came of asking."""
        self._words[number].append(_word(status, answer))

    def died(self) -> None:
        """Words are forgotten."""
        self._words.clear()
        self.instructions.died()

    def is_aside(self, receipt: str | None) -> bool:
        """Whether the amount of that payment is set aside."""
        return receipt in self._aside

    # --- what it finds -----------------------------------------------------------------------------------

    def look(self, before: Tables, now: Tables, by_conversation: Mapping[str, int]) -> None:
        """Every posting has its cause; every end its posting."""
        self.begun.clear()
        self._rules.bearers = before.bearers
        self._instructing = {each for each, row in before.registrations.items() if row[3]}
        unanswered = {number for number, said in self._words.items() if None in said}
        self.instructions.look(before, now, by_conversation, unanswered)
        new = now.conclusions.keys() - before.conclusions.keys()
        ended = {number: now.conclusions[number][1] for number in new}
        self.waited = {self._number_of[receipt] for receipt in self._aside} & ended.keys()
        for tables in (before, now):
            for short_code, (default, *_) in tables.registrations.items():
                self._defaults[short_code].add(default)
        self._held = [self._now]
        for posted in self._journal.news():
            self._follow(posted, now, ended, by_conversation)
        left = [receipt for receipt in self._aside if self._number_of[receipt] in ended]
        require(not left, "P4", f"ended, and something is still set aside: {sorted(left)}")
        require(self._journal.balances() == self._now, "P4", "the accounts are not what they should hold")

    def look_at_acts(self, now: Tables) -> None:
        """What people were told of what they did by hand."""
        self.acts.look(self._held, now.transactions)

    def _follow(
        self,
        posted: Posted,
        now: Tables,
        ended: Mapping[int, str],
        by_conversation: Mapping[str, int],
    ) -> None:
        receipt, self._at = posted.receipt or "", posted.at
        require(receipt in now.transactions, "P4", f"{posted} is of no transaction")
        transaction = msgspec.json.decode(now.transactions[receipt])
        conversation = transaction["conversation_id"]
        number = by_conversation.get(conversation)
        if number is None:
            require(conversation is None, "P1", f"{receipt} moved for a request that is not kept")
            require_moves(f"the act {receipt}", posted.moves, self.acts.moves(transaction, self._now))
        else:
            query = msgspec.json.decode(now.requests[number][4])
            wanted = self._wanted(number, query, posted, ended.get(number))
            require_moves(f"{number} ({query['type']}, {receipt})", posted.moves, wanted)
            self._number_of[receipt] = number
        self._moved[receipt] = self._altogether(posted)
        self._now = self._now.after(posted.moves)
        self._held.append(self._now)
        self._after[receipt] = self._now

    def _altogether(self, posted: Posted) -> Moves:
        earlier = self._moved[posted.receipt or ""]
        both = [*earlier.items(), *posted.moves.items()]
        return netted((key, bucket, cents) for (key, bucket), cents in both)

    def _wanted(self, number: int, query: Mapping[str, Any], posted: Posted, end: str | None) -> Moves:
        receipt = posted.receipt or ""
        if end is None:
            waits = query["type"] == "c2b" and receipt not in self._aside
            require(waits, "P2", f"{receipt} moved, and {number} has no end")
            self._aside[receipt] = self._rules.set_aside(query, posted.at)
            self._agreed[receipt] = self._rules.charge(query["party"], "C2B", query["cents"], posted.at)
            self.begun.append(number)
            return self._aside[receipt]
        aside, agreed = self._aside.pop(receipt, {}), self._agreed.pop(receipt, None)
        back = {place: -cents for place, cents in aside.items()}
        require(end == DONE or (end in UNPAID and bool(back)), "P4", f"{receipt} is {end}, and moved")
        made: Moves = {}
        if end == DONE and query["type"] == "reversal":
            made = self._put_back(query)
        elif end == DONE:
            made = self._rules.paid(query, posted.at, agreed)
        both = [*back.items(), *made.items()]
        return netted((key, bucket, cents) for (key, bucket), cents in both)

    def _put_back(self, query: Mapping[str, Any]) -> Moves:
        original = query["receipt"]
        require(original not in self._reversed, "P4", f"{original} is reversed twice")
        self._reversed.add(original)
        return {place: -cents for place, cents in self._moved[original].items()}

    # --- what requests were told --------------------------------------------------------------------------

    def concluded(self, number: int, ask: Ask, query: Mapping[str, Any], end: Mapping[str, Any]) -> None:
        """One request ended: who was short of money was, and what was told is what was there."""
        outcome, facts, receipt = end["outcome"], end["facts"], end["receipt"]
        fits = facts is None or facts["type"] == FACTS[query["type"]]
        require(fits, "P5", f"{number}, a {query['type']}, is told {facts}")
        if outcome == DONE and FACTS[query["type"]] not in ("balance", "status"):
            mover = self._number_of.get(receipt)
            require(mover is not None, "P4", f"{number} succeeded, and {receipt} moved nothing")
            require(mover == number, "P5", f"{number} is told of {receipt}, which is {mover}'s")
        if outcome == "balance insufficient":
            require(self._was_short(query), "P4", f"{number} found too little, and there was enough")
        if outcome == FULL and query["type"] != "b2c":
            require(self._was_full(query), "P4", f"{number} found no room, and there was")
        if number in self.waited - self.instructions.ended and outcome != OURS:
            self._check_word(number, query["party"], outcome)
        if facts is not None:
            self._check(number, ask, facts, receipt)

    def _check_word(self, number: int, short_code: str, outcome: str) -> None:
        """It ended as its organization said, or as it registered for when it says nothing and never will."""
        said = self._words[number]
        defaults = {DEFAULTS[each] for each in self._defaults[short_code]}
        allowed = {DONE if each else CANCELLED for each in said if each is not None}
        allowed |= defaults if None in said and short_code not in self._instructing else set()
        allowed |= {FULL} if DONE in allowed else set()
        require(outcome in allowed, "P2", f"{number} is {outcome}, its organization said {said}")

    def _was_short(self, query: Mapping[str, Any]) -> bool:
        kind, needed = query["type"], int(query["cents"])
        if kind in ("c2b", "express"):
            place = query["payer"], CUSTOMER
            needed = self._rules.set_aside(query, self._at)[place, "reserved"]
        elif kind == "reversal":
            place = self._rules.revenue(query["party"])
        elif kind == "b2c":
            place = query["party"], "Utility Account"
        else:
            own = query["command"] == "MerchantTransferFromMerchantToWorking"
            place = query["party"], "Merchant Account" if own else "Working Account"
        least = min(each.cents.get((place, "available"), 0) for each in self._held)
        return least < needed

    def _was_full(self, query: Mapping[str, Any]) -> bool:
        receiver = query["party" if query["type"] in ("c2b", "express") else "receiver"]
        place = self._rules.revenue(receiver), "available"
        return max(each.cents.get(place, 0) for each in self._held) + int(query["cents"]) > MOST

    def _check(self, number: int, ask: Ask, facts: Mapping[str, Any], receipt: str) -> None:
        match facts["type"]:
            case "balance":
                told = _told(facts["accounts"])
                known = any(each.of(ask.party) == told for each in self._held)
                require(known, "P5", f"{ask.tag} got balances that are not those of {ask.party}: {told}")
            case "payment":
                told, held = _told(facts["accounts"]), self._after[receipt].of(ask.party)
                require(told == held, "P4", f"{number} was told {told}, and holds {held}")
            case "b2b" | "reversal":
                told = _told([facts["debited" if facts["type"] == "b2b" else "account"]])
                held = self._after[receipt].of(ask.party)
                require(told.items() <= held.items(), "P4", f"{number} was told {told}, and holds {held}")
            case "confirmation":
                place = self._rules.revenue(ask.party), "available"
                held_now = self._after[receipt].cents[place]
                require(
                    facts["balance"] == held_now, "P4", f"{number} was told {facts}, and holds {held_now}"
                )
            case _:
                pass  # a transaction, which reach.py looks at

    # --- when all is done ----------------------------------------------------------------------------------

    def rest(self) -> None:
        """Nothing is set aside any more that was not at the beginning."""
        self.instructions.rest()
        require(not self._aside, "P4", f"still set aside: {sorted(self._aside)}")
        for place, cents in self._now.cents.items():
            reserved = place[1] == "reserved" and cents != self._beginning.cents.get(place, 0)
            require(not reserved, "P4", f"{place} still holds {cents}")


def _word(status: int | None, answer: bytes) -> bool | None:
    """Whether the organization takes the payment; None: it did not say."""
    if status is None or not 200 <= status <= 299 or not answer.startswith(b"{"):
        return None
    return bool(str(msgspec.json.decode(answer)["ResultCode"]) == "0")


def _told(accounts: list[Mapping[str, Any]]) -> dict[str, tuple[int, ...]]:
    """By kind of account."""
    return {
        each["kind"]: tuple(each["balance"].get(part, 0) for part in ("available", "reserved", "uncleared"))
        for each in accounts
    }
