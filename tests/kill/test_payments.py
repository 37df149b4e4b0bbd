"""Payments through HTTP while the platform is killed: no shilling is lost, none moves twice (P1, P2, P4).

A few callers pay at once and ask for balances; `kill -9` strikes in the middle, and the next life goes on.
"""

import http.client
import json
import sqlite3
import threading
from collections import Counter
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from salio.core.requests.outcomes import Outcome
from salio.storage.sqlite.connection import connect
from salio.storage.sqlite.store import SqliteStore
from tests.kill.platforms import PATIENCE, Platform, production, until
from tests.proof import proof_count

LIVES = proof_count(small=3, large=40)
PAYERS = 4
PAID_BEFORE_DEATH = 120
"""Acknowledged payments that a life lives to see."""
SHORT_CODE = "600310"
CUSTOMERS = ("254708374149", "254700000000", "254722000000", "254722111111")
PAYMENT, BALANCE = "/mpesa/b2c/v3/paymentrequest", "/mpesa/accountbalance/v1/query"


class Load:
    """Callers of one life; what they were promised, in all lives."""

    def __init__(self) -> None:
        self.promised: list[str] = []
        self.sent = 0
        self._lock = threading.Lock()

    def caller(self, platform: Platform, token: str, number: int) -> None:
        """Pays, and asks for the balance now and then, until nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", platform.port, timeout=PATIENCE)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        with closing(connection):
            try:
                while True:
                    path, body = self._next(platform.said, number)
                    connection.request("POST", path, json.dumps(body), headers)
                    answer = json.loads(connection.getresponse().read())
                    if answer.get("ResponseCode") == "0" and path == PAYMENT:
                        self.promised.append(answer["OriginatorConversationID"])
            except (OSError, http.client.HTTPException):
                return

    def has(self, payments: int) -> bool:
        """Whether so many were promised, in all lives."""
        return len(self.promised) >= payments

    def _next(self, said: dict[str, Any], number: int) -> tuple[str, dict[str, Any]]:
        with self._lock:
            self.sent += 1
            place = self.sent
        members = {
            "SecurityCredential": said["security_credential"],
            "PartyA": SHORT_CODE,
            "Remarks": "ok",
            "ResultURL": said["inbox_url"],
            "QueueTimeOutURL": said["inbox_url"],
        }
        if place % 10 == 0:
            query = {"Initiator": "testapi", "CommandID": "AccountBalance", "IdentifierType": "4"}
            return BALANCE, members | query
        receiver = CUSTOMERS[(place + number) % len(CUSTOMERS)]
        own_id = f"pay-{place}"
        payment = {"InitiatorName": "testapi", "CommandID": "BusinessPayment", "Amount": 10 + place % 3}
        return PAYMENT, members | payment | {"PartyB": receiver, "OriginatorConversationID": own_id}


@pytest.mark.slow
def test_l14_no_death_loses_or_doubles_a_payment(tmp_path: Path) -> None:
    """After every death all that was promised ends once, and results, transactions and balances agree."""
    load = Load()
    for _ in range(LIVES):
        platform = Platform(production(tmp_path / "data"), tmp_path / "log")
        try:
            assert platform.welcome(), platform.errors()
            wanted = len(load.promised) + PAID_BEFORE_DEATH
            token = platform.token()
            callers = [
                threading.Thread(target=load.caller, args=(platform, token, number))
                for number in range(PAYERS)
            ]
            for each in callers:
                each.start()
            until("payments", partial(load.has, wanted))
            platform.strike()
            for each in callers:
                each.join(PATIENCE)
            platform.bury()
        finally:
            platform.abandon()
    last = Platform(production(tmp_path / "data"), tmp_path / "log")
    try:
        assert last.welcome(), last.errors()
        assert last.control("POST", "flush") == (200, {"idle": True})
        assert last.end() == 0
    finally:
        last.abandon()
    with closing(connect(str(tmp_path / "data" / "sandbox.db"))) as connection:
        check(connection, load.promised)


def check(connection: sqlite3.Connection, promised: list[str]) -> None:
    """By SQL of its own."""
    ended = Counter(
        connection.execute(
            "SELECT originator_conversation_id, outcome FROM request JOIN conclusion USING (number)"
            " WHERE json_extract(query, '$.type') = 'b2c'"
        ).fetchall()
    )
    assert set(promised) <= {own_id for own_id, _ in ended}
    assert set(ended.values()) == {1}
    assert {outcome for _, outcome in ended} == {Outcome.SUCCEEDED.value}
    moved = connection.execute(
        "SELECT transaction_.originator_conversation_id, count(*), -sum(cents)"
        " FROM transaction_ JOIN posting USING (receipt) JOIN entry ON posting = posting.number"
        " JOIN account ON account.number = entry.account"
        " WHERE holder = ? AND account.kind = 'Utility Account'"
        " AND transaction_.originator_conversation_id LIKE 'pay-%'"
        " GROUP BY 1",
        (SHORT_CODE,),
    ).fetchall()
    assert {own_id for own_id, _, _ in moved} == {own_id for own_id, _ in ended}
    assert {count for _, count, _ in moved} == {1}
    assert all(cents == 1_000 + int(own_id[4:]) % 3 * 100 for own_id, _, cents in moved)
    wrong = connection.execute(
        "SELECT account.number FROM account LEFT JOIN entry ON entry.account = account.number"
        " GROUP BY 1 HAVING available + reserved + uncleared <> coalesce(sum(cents), 0)"
    ).fetchall()
    assert wrong == []
    assert connection.execute("SELECT sum(available + reserved + uncleared) FROM account").fetchone() == (0,)
    told = connection.execute("SELECT count(*) FROM attempt_end JOIN request USING (number)").fetchone()
    assert told >= (len(ended),)
    assert SqliteStore(connection).check_journal().holds
