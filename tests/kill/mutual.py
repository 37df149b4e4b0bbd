"""A platform with faults and an organization of some processes, all killed at random, the server of its
record too; somebody at the customers' phones, and somebody who forges callbacks.
"""

import http.client
import io
import random
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing, redirect_stdout, suppress
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from salio.cli.__main__ import main
from salio.receiver.keys import Keys
from tests.kill.bank_orders import SHOP
from tests.kill.checker import opened
from tests.kill.hands import Hands
from tests.kill.organization_audit import Audit, Death
from tests.kill.organization_life import Life
from tests.kill.organizations import Organization
from tests.kill.platforms import Platform
from tests.kill.records import RecordPlace
from tests.patience import until

FAULTS = """
[[fault]]
lose = "result"
share = 0.1
[[fault]]
double = "result"
share = 0.1
[[fault]]
early = "result"
share = 0.1
[[fault]]
delay = "result"
seconds = 1.5
share = 0.1
[[fault]]
end = "queue_timed_out"
share = 0.05
[[fault]]
end = "password_wrong"
share = 0.03
[[fault]]
lose = "acknowledgement"
share = 0.05
[[fault]]
delay = "acknowledgement"
seconds = 0.2
share = 0.05
[[fault]]
connection = "reset"
share = 0.03
[[fault]]
refuse = "spike_arrest"
share = 0.02
"""
FORGED = (
    '{"Result":{"ResultType":0,"ResultCode":%s,"ResultDesc":"forged","OriginatorConversationID":"%s",'
    '"ConversationID":"%s","ResultParameters":{"ResultParameter":[{"Key":"AccountBalance","Value":'
    '"Working Account|KES|' + "|".join(["666.66"] * 4) + '"}]}}}'
)
FORGED_PROMPT = (
    '{"Body":{"stkCallback":{"ResultCode":%s,"ResultDesc":"forged","MerchantRequestID":"%s",'
    '"CheckoutRequestID":"%s"}}}'
)
PATIENCE = 120.0
SOME = 8
"""Askings that are acknowledged between two deaths, at least."""
BETWEEN_LOOKS = 0.05
"""Seconds between two looks at the phones."""
OPEN_AT_THE_PLATFORM = (
    "SELECT (SELECT count(*) FROM intake) + (SELECT count(*) FROM outbox) + (SELECT count(*) FROM prompt)"
)


class Found(msgspec.Struct):
    """What a campaign came to."""

    deaths: Counter[str] = msgspec.field(default_factory=Counter)
    states: Counter[str] = msgspec.field(default_factory=Counter)
    orders: Counter[str] = msgspec.field(default_factory=Counter)
    """By kind, end, and whether money moved."""
    verdicts: Counter[str] = msgspec.field(default_factory=Counter)
    forged: int = 0
    askings: int = 0
    plain: int = 0
    """Effects of plain handlers."""
    again: int = 0
    """Those that had been there before."""
    wrong: list[str] = msgspec.field(default_factory=list)


class Mutual:
    """One campaign in a folder: ``run`` it, then ``judge`` what is in both stores. ``duties``: of the
    organization's processes.
    """

    def __init__(
        self, folder: Path, record: RecordPlace, seed: int, requests: int, duties: Sequence[str]
    ) -> None:
        self._folder = folder
        self._record = record
        self._seed = seed
        self._random = random.Random(seed)
        self._requests = requests
        self._found = Found()
        self._deaths: list[Death] = []
        self._pause = threading.Event()
        self._hands = Hands()
        self._is_plain = True
        """Whether the last life's handler knows nothing of the record: every other one does."""
        (folder / "faults.toml").write_text(FAULTS)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        self._platform, self._holding = self._started_platform()
        self._organization = Organization(folder, record, duties, self._life)

    def run(self) -> None:
        """Kills and forges until enough was asked, then lets everything come to its end."""
        organization = self._organization.duties
        mortals = ["platform", *organization, *organization, "nobody", *self._record.deaths]
        while not self._all_asked():
            self._pause.wait(self._random.uniform(0.2, 0.8))
            self._forge()
            self._live_to_see_some_accepted()
            self._kill(self._random.choice(mortals))
        for each in (*organization, "platform", *self._record.deaths):
            self._kill(each)
        for _ in range(3):
            self._forge()
        until("all requests have ended and are handled", self._is_over, PATIENCE + self._requests / 20)

    def close(self) -> None:
        """Ends what still lives."""
        self._organization.close()
        self._platform.abandon()
        self._holding.join()

    # --- lives ----------------------------------------------------------------------------------------

    def _started_platform(self) -> tuple[Platform, threading.Thread]:
        faults = self._folder / "faults.toml"
        command = [sys.executable, "-m", "salio.cli.__main__", "up", "--data", str(self._data), "--json"]
        platform = Platform(
            [*command, "--port", str(self._port), "--faults", str(faults)], self._folder / "log"
        )
        assert platform.welcome(), platform.errors()
        holding = threading.Thread(target=self._hands.hold, args=(platform, BETWEEN_LOOKS), daemon=True)
        holding.start()
        return platform, holding

    def _life(self, number: int, receiver: str, listener: int | None) -> Life:
        said = self._platform.said
        self._is_plain = not self._is_plain
        return Life(
            number=number,
            record=self._record.place,
            base_url=said["base_url"],
            receiver=receiver,
            listener=listener,
            consumer_key=said["consumer_key"],
            consumer_secret=said["consumer_secret"],
            passkey=self._passkey,
            seed=self._seed,
            requests=self._requests,
            plain=str(self._plain) if self._is_plain else None,
        )

    @cached_property
    def _passkey(self) -> str:
        said = io.StringIO()
        with redirect_stdout(said):
            assert main(["passkey", SHOP, "--data", str(self._data)]) == 0
        return said.getvalue().split()[-1]

    def _kill(self, whom: str) -> None:
        self._found.deaths[whom] += 1
        if whom == "platform":
            self._platform.strike()
            self._platform.bury()
            self._holding.join()
            self._platform, self._holding = self._started_platform()
        elif whom in self._record.deaths:
            before = time.monotonic_ns()
            self._record.deaths[whom]()
            self._deaths.append(Death(whom, None, before, time.monotonic_ns()))
        elif whom != "nobody":
            self._deaths.append(self._organization.kill(whom))

    def _live_to_see_some_accepted(self) -> None:
        """However slow the machine is: or platforms that start and die would be all that there is."""
        accepted = "SELECT count(*) FROM asking WHERE state = 'acknowledged'"
        before = self._count(accepted)
        until("some are accepted", lambda: self._all_asked() or self._count(accepted) >= before + SOME)

    # --- forgeries ------------------------------------------------------------------------------------

    def _forge(self) -> None:
        """As somebody who sees ids and addresses, but never both of one request that is open."""
        statement = (
            "SELECT request.kind, nonce, originator_conversation_id, conversation_id FROM asking "
            "JOIN request ON request.number = asking.request "
            "WHERE asking.state = 'acknowledged' AND asking.conversation_id IS NOT NULL "
            "ORDER BY random() LIMIT 4"
        )
        for kind, nonce, originator, conversation in self._rows(statement):
            keys, code = self._keys, self._random.choice(["0", "2001"])
            forged = FORGED_PROMPT if kind == "Express" else FORGED
            self._post(keys.key(), forged % (code, originator, conversation))
            self._post(keys.key(nonce), forged % (code, originator, "AG_forged"))
            self._post("0" * 48, forged % (code, originator, conversation))
        statement = "SELECT kind, nonce, body FROM callback WHERE kind <> 'answer' ORDER BY random() LIMIT 2"
        for kind, nonce, body in self._rows(statement):
            self._post(self._keys.key(*([nonce] if nonce else [])), body, kind)

    def _post(self, key: str, body: str | bytes, kind: str = "result") -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._organization.port, timeout=2)
        with suppress(OSError, http.client.HTTPException), closing(connection):  # its receiver may be dead
            connection.request("POST", f"/{kind}/{key}", body)
            connection.getresponse().read()
            self._found.forged += 1

    @cached_property
    def _keys(self) -> Keys:
        """Of a record that is there; they never change."""
        return Keys(self._rows("SELECT secret FROM secret")[0][0])

    # --- both stores ----------------------------------------------------------------------------------

    def _is_over(self) -> bool:
        """Nothing is open, at the platform first: what it still has to tell would come to the record."""
        self._organization.look()
        with opened(self._data / "sandbox.db") as store:
            if store.execute(OPEN_AT_THE_PLATFORM).fetchone()[0]:
                return False
        unfinished = (
            "SELECT (SELECT count(*) FROM request WHERE state = 'open')"
            " + (SELECT count(*) FROM handling WHERE state <> 'finished')"
            " + (SELECT count(*) FROM callback WHERE verdict IS NULL)"
        )
        return self._all_asked() and not self._count(unfinished)

    def _all_asked(self) -> bool:
        return self._count("SELECT count(*) FROM request") >= self._requests

    def judge(self) -> Found:
        """What both stores, and those who kill and handle, say together."""
        found = self._found
        found.states.update(dict(self._rows("SELECT state, count(*) FROM request GROUP BY state")))
        found.verdicts.update(dict(self._rows("SELECT verdict, count(*) FROM callback GROUP BY verdict")))
        found.askings = self._count("SELECT count(*) FROM asking")
        audit = Audit(self._rows, self._data / "sandbox.db", self._plain, self._deaths, self._nonce)
        found.orders = audit.orders
        found.plain, found.again = audit.plain, audit.again
        found.wrong = audit.wrong
        return found

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    @property
    def _plain(self) -> Path:
        """Where plain handlers leave their effects."""
        return self._folder / "effects"

    def _nonce(self, url: str) -> bytes | None:
        return self._keys.nonce(urlsplit(url).path.rpartition("/")[2])

    def _count(self, statement: str) -> int:
        rows = self._rows(statement)
        return int(rows[0][0]) if rows else 0

    def _rows(self, statement: str) -> list[Any]:
        return self._record.rows(statement)
