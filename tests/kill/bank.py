"""The bank test's lives: a platform on SQLite or PostgreSQL that is paid through while it is killed."""

import http.client
import io
import itertools
import json
import threading
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, redirect_stdout
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from salio.cli.__main__ import main
from tests import postgres
from tests.engines import POSTGRESQL
from tests.kill.abroad import Abroad
from tests.kill.bank_orders import (
    ACCOUNTS,
    BEARING,
    CLOSED,
    COUNTER,
    ONE,
    OTHER,
    PAYER,
    SHARING,
    SHOP,
    Order,
    Orders,
)
from tests.kill.checker import opened
from tests.kill.hands import Hands
from tests.kill.load import Load, ask_all
from tests.kill.platforms import Platform, living, production
from tests.kill.receiver import Receiver
from tests.kill.shared.books import look
from tests.patience import until

CONNECTIONS = 16
AGAIN = 5
DUPLICATE = "500.002.1001"
OPERATED = (SHOP, ONE, OTHER, PAYER, CLOSED)
"""Operators settle their charges and receipts meanwhile, and withdraw money from all but the closed one."""
FREE_TO_RUN_NEGATIVE = {
    "Charges Paid Account",
    "M-PESA Trust Account",
    "M-PESA Charges Revenue Account",
}
PASSAGE = "Organization Settlement Account"
MOVED = (
    "SELECT receipt, narrative, holder, account.kind, bucket, cents FROM entry"
    " JOIN posting ON posting.number = entry.posting JOIN account ON account.number = entry.account"
    " WHERE entry.number > "
)
BALANCES = "SELECT holder, kind, available, reserved, uncleared FROM account"
LATEST = "SELECT max(number) AS number FROM entry"

Rows = list[dict[str, Any]]
Balances = dict[str, tuple[int, ...]]


class Bank:
    """One data folder through many deaths, and what everybody wrote down."""

    def __init__(self, folder: Path, engine: str, receiver: Receiver, seed: int = 0) -> None:
        self._data = folder / "data"
        self._log = folder / "log"
        self._url = postgres.new_database() if engine == POSTGRESQL else None
        self._receiver = receiver
        self._token = ""
        self.reads = 0
        """How often all balances were read while money moved."""
        self.last_read: Sequence[Order] = ()
        """The questions for everybody's balances when nothing moved any more."""
        self.operated: list[dict[str, Any]] = []
        """What operators were answered."""
        self.unanswered = 0
        """How often they were not."""
        self.hands, self.abroad = Hands(), Abroad()
        with self._platform() as platform:
            passkey = self._said("passkey", SHOP).split()[-1]
            self.orders = Orders(seed, receiver, platform.said["security_credential"], passkey)
            self._token = platform.token()
            self._register(platform)
            self.reserved_before = self.reserved()
            """By the test data: they have a transaction of each kind in each state."""
            self.uncleared_before = self.uncleared()
            self._latest = self._rows(LATEST)[0]["number"]
            assert platform.end() == 0

    def close(self) -> None:
        """A database of its own goes; folders go by themselves."""
        if self._url is not None:
            postgres.drop_database(self._url)

    # --- lives ----------------------------------------------------------------------------------------

    def live(self, payments: int) -> None:
        """One life, which ends by SIGKILL once so many more were promised."""
        with self._platform() as platform:
            self._repeat(platform)
            wanted = self._promised() + payments
            load = Load(platform.port, self._token, self.orders.next, connections=CONNECTIONS)
            operators = [threading.Thread(target=self._operate, args=(platform, each)) for each in OPERATED]
            hands = threading.Thread(target=self.hands.hold, args=(platform,), kwargs={"leaves_one": True})
            abroad = threading.Thread(target=self.abroad.bring, args=(platform,))
            busy: list[Load | threading.Thread] = [load, hands, abroad, *operators]
            for each in busy:
                each.start()
            until("payments", lambda: self._read() and self._promised() >= wanted)
            until("a prompt that nobody answers", lambda: platform.pid in self.hands.first)
            platform.strike()
            for each in busy:
                each.join()
            platform.bury()

    def finish(self) -> None:
        """A life in which all is finished."""
        with self._platform() as platform:
            self._repeat(platform)
            self.hands.answer_all(platform)
            self.abroad.clear_all(platform)
            assert platform.control("POST", "flush") == (200, {"idle": True})
            self._read()
            self.last_read = self.orders.readings()
            ask_all(platform.port, self._token, self.last_read)
            assert platform.control("POST", "flush") == (200, {"idle": True})
            assert platform.end() == 0

    def ask(self, first: int, subjects: Sequence[tuple[str, Mapping[str, str]]]) -> None:
        """Asks for the status of each (short code, subject), with markers from the first on."""
        with self._platform() as platform:
            asked = [
                self.orders.question(first + place, short_code, subject)
                for place, (short_code, subject) in enumerate(subjects)
            ]
            ask_all(platform.port, self._token, asked)
            assert all(each.acknowledged for each in asked)
            assert platform.control("POST", "flush") == (200, {"idle": True})
            assert platform.end() == 0

    def ask_of_prompts(self, checkouts: Sequence[str]) -> list[dict[str, str]]:
        """What M-PESA Express Query tells of each."""
        with self._platform() as platform:
            asked = [self.orders.prompt_query(place, each) for place, each in enumerate(checkouts)]
            ask_all(platform.port, self._token, asked)
            assert platform.end() == 0
        return [each.answer for each in asked]

    def _platform(self) -> AbstractContextManager[Platform]:
        command = production(self._data)
        return living([*command, "--database", self._url] if self._url else command, self._log)

    def _register(self, platform: Platform) -> None:
        asked = [self.orders.registration(short_code) for short_code in (SHOP, COUNTER, BEARING, SHARING)]
        ask_all(platform.port, self._token, asked)
        assert all(each.acknowledged for each in asked), asked
        asking = {"short_code": COUNTER, "validated": True}
        status, said = platform.control("POST", "registrations/validation", **asking)
        assert status == 200, said

    def _repeat(self, platform: Platform) -> None:
        """Callers with ids of their own ask again: what was never answered, and the latest that was."""
        own = [each for each in self.orders.made if each.own_id is not None]
        unanswered = [each for each in own if not each.status]
        again = [replace(each, status=0, answer={}) for each in own if each.acknowledged][-AGAIN:]
        ask_all(platform.port, self._token, [*unanswered, *again])
        for each in unanswered:
            assert each.acknowledged or each.answer.get("errorCode") == DUPLICATE, each
        for each in again:
            assert each.answer.get("errorCode") == DUPLICATE, each

    def _operate(self, platform: Platform, short_code: str) -> None:
        """Settles, and withdraws a shilling, again and again until nobody answers."""
        acts: list[tuple[str, dict[str, str]]] = [("settle", {})]
        if short_code != CLOSED:
            acts.append(("withdraw", {"amount": "1"}))
        for act, members in itertools.cycle(acts):
            try:
                _, said = platform.control("POST", f"organizations/{act}", short_code=short_code, **members)
            except (OSError, http.client.HTTPException, ValueError):  # died before it answered, or within
                self.unanswered += 1
                return
            self.operated.append(said)

    def _promised(self) -> int:
        return sum(each.acknowledged for each in list(self.orders.made))

    # --- the books ------------------------------------------------------------------------------------

    def _read(self) -> bool:
        """All balances as they stand at one moment, whatever is under way: none is missing a cent."""
        read = self._rows(BALANCES)
        assert sum(row["available"] + row["reserved"] + row["uncleared"] for row in read) == 0
        for row in read:
            assert row["kind"] in FREE_TO_RUN_NEGATIVE or min(self._amounts(row)) >= 0, row
            assert row["kind"] != PASSAGE or self._amounts(row) == [0, 0, 0], row
        self.reads += 1
        return True

    @staticmethod
    def _amounts(row: dict[str, Any]) -> list[int]:
        return [row["available"], row["reserved"], row["uncleared"]]

    def reserved(self) -> dict[tuple[str, str], int]:
        """By holder and kind of account what is set aside for transactions that are not final."""
        return {(row["holder"], row["kind"]): row["reserved"] for row in self._rows(BALANCES)}

    def standing(self, short_code: str) -> Balances:
        """By kind of account what an organization has available, reserved and uncleared."""
        found = (row for row in self._rows(BALANCES) if row["holder"] == short_code)
        return {row["kind"]: tuple(self._amounts(row)) for row in found}

    def statements(self) -> dict[tuple[str, str], Rows]:
        """By short code and account the entries that were added since the beginning, oldest first."""
        return {each: self._statement(*each) for each in ACCOUNTS}

    def _statement(self, short_code: str, account: str) -> Rows:
        chosen = ["--account", account, "--after", str(self._latest)]
        said = self._said("statement", short_code, *chosen, "--oldest-first", "--limit", "0", "--json")
        return [json.loads(line) for line in said.splitlines()]

    def moved(self) -> Rows:
        """Every entry since the beginning, with the receipt and narrative of its posting and whose it is."""
        return self._rows(f"{MOVED}{self._latest}")

    def uncleared(self) -> dict[tuple[str, str], int]:
        """By holder and kind of account what cannot be counted on yet."""
        return {(row["holder"], row["kind"]): row["uncleared"] for row in self._rows(BALANCES)}

    def check(self) -> dict[str, Any]:
        """What `salio check` says."""
        found: dict[str, Any] = json.loads(self._said("check", "--json"))
        return found

    def _said(self, *arguments: str) -> str:
        said = io.StringIO()
        with redirect_stdout(said):
            assert main([*arguments, "--data", str(self._data)]) == 0
        return said.getvalue()

    def _rows(self, statement: str) -> Rows:
        if self._url is not None:
            return look(self._url, statement)
        with opened(self._data / "sandbox.db") as store:
            return [dict(row) for row in store.execute(statement)]
