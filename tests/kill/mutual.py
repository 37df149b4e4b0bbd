"""A platform with faults and an organization of one process or more, all killed at random, the server of its
record too, and somebody who forges callbacks.
"""

import http.client
import random
import socket
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from salio.receiver.keys import Keys
from tests.kill.platforms import Platform, until
from tests.kill.records import RecordPlace
from tests.tidy.source import ROOT

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
CANARY = "666.66"
FORGED = (
    '{"Result":{"ResultType":0,"ResultCode":%s,"ResultDesc":"forged","OriginatorConversationID":"%s",'
    '"ConversationID":"%s","ResultParameters":{"ResultParameter":[{"Key":"AccountBalance","Value":'
    '"Working Account|KES|' + "|".join([CANARY] * 4) + '"}]}}}'
)
PATIENCE = 120.0
SOME = 8
"""Askings that are acknowledged between two deaths, at least."""


@dataclass
class Found:
    """What a campaign came to."""

    kills: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    forged: int = 0
    askings: int = 0
    wrong: list[str] = field(default_factory=list)


class Mutual:
    """One campaign in a folder: ``run`` it, then ``judge`` what is in both stores."""

    def __init__(
        self, folder: Path, record: RecordPlace, seed: int, requests: int, *, processes: int = 1
    ) -> None:
        self._folder = folder
        self._record = record
        self._random = random.Random(seed)
        self._requests = requests
        self._found = Found()
        self._pause = threading.Event()
        (folder / "faults.toml").write_text(FAULTS)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        self._platform = self._started_platform()
        self._organization = [self._started_organization() for _ in range(processes)]

    def run(self) -> None:
        """Kills and forges until enough was asked, then lets everything come to its end."""
        mortals = ["platform", "organization", "organization", "nobody", *self._record.deaths]
        while not self._all_asked():
            self._pause.wait(self._random.uniform(0.2, 0.8))
            self._forge()
            self._live_to_see_some_accepted()
            self._kill(self._random.choice(mortals))
        for each in ("organization", "platform", *self._record.deaths):
            self._kill(each)
        for _ in range(3):
            self._forge()
        until("all requests have ended and are handled", self._is_over, PATIENCE + self._requests / 20)

    def close(self) -> None:
        """Ends what still lives."""
        for each in self._organization:
            each.kill()
            each.wait()
        self._platform.abandon()
        self._listener.close()

    # --- lives ----------------------------------------------------------------------------------------

    def _started_platform(self) -> Platform:
        data, faults = self._folder / "data", self._folder / "faults.toml"
        command = [sys.executable, "-m", "salio.cli.__main__", "up", "--data", str(data), "--json"]
        platform = Platform(
            [*command, "--port", str(self._port), "--faults", str(faults)], self._folder / "log"
        )
        assert platform.welcome(), platform.errors()
        return platform

    def _started_organization(self) -> subprocess.Popen[bytes]:
        said = self._platform.said
        descriptor = self._listener.fileno()
        command = [sys.executable, "-m", "tests.kill.organization", self._record.place, str(descriptor)]
        arguments = [said["base_url"], said["consumer_key"], said["consumer_secret"], str(self._requests)]
        with (self._folder / "organization.log").open("ab") as errors:
            return subprocess.Popen([*command, *arguments], cwd=ROOT, pass_fds=[descriptor], stderr=errors)

    def _kill(self, whom: str) -> None:
        self._found.kills[whom] += 1
        if whom == "platform":
            self._platform.strike()
            self._platform.bury()
            self._platform = self._started_platform()
        elif whom == "organization":
            self._all_live()
            killed = self._organization.pop(0)
            killed.kill()
            killed.wait()
            self._organization.append(self._started_organization())
        elif whom in self._record.deaths:
            self._record.deaths[whom]()

    def _live_to_see_some_accepted(self) -> None:
        """However slow the machine is: or platforms that start and die would be all that there is."""
        accepted = "SELECT count(*) FROM asking WHERE state = 'acknowledged'"
        before = self._count(accepted)
        until("some are accepted", lambda: self._all_asked() or self._count(accepted) >= before + SOME)

    def _all_live(self) -> None:
        """Nobody of the organization has ended by itself."""
        alive = all(each.poll() is None for each in self._organization)
        assert alive, (self._folder / "organization.log").read_text()[-3000:]

    # --- forgeries ------------------------------------------------------------------------------------

    def _forge(self) -> None:
        """As somebody who sees ids and addresses, but never both of one request that is open."""
        statement = (
            "SELECT nonce, originator_conversation_id, conversation_id FROM asking "
            "WHERE state = 'acknowledged' ORDER BY random() LIMIT 4"
        )
        for nonce, originator, conversation in self._rows(statement):
            keys, code = self._keys, self._random.choice(["0", "2001"])
            self._post(keys.key(), FORGED % (code, originator, conversation))
            self._post(keys.key(nonce), FORGED % (code, originator, "AG_forged"))
            self._post("0" * 48, FORGED % (code, originator, conversation))
        for kind, nonce, body in self._rows(
            "SELECT kind, nonce, body FROM callback ORDER BY random() LIMIT 2"
        ):
            self._post(self._keys.key(*([nonce] if nonce else [])), body, kind)

    def _post(self, key: str, body: str | bytes, kind: str = "result") -> None:
        port = self._listener.getsockname()[1]
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
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
        self._all_live()
        unfinished = (
            "SELECT (SELECT count(*) FROM request WHERE state = 'open')"
            " + (SELECT count(*) FROM handling WHERE state <> 'finished')"
            " + (SELECT count(*) FROM callback WHERE verdict IS NULL)"
        )
        return self._all_asked() and not self._count(unfinished)

    def _all_asked(self) -> bool:
        return self._count("SELECT count(*) FROM request") >= self._requests

    def judge(self) -> Found:
        """What is wrong in the record, by what the platform says that it has sent."""
        found = self._found
        found.states.update(dict(self._rows("SELECT state, count(*) FROM request GROUP BY state")))
        found.verdicts.update(dict(self._rows("SELECT verdict, count(*) FROM callback GROUP BY verdict")))
        found.askings = self._count("SELECT count(*) FROM asking")
        sent = self._sent()
        noted = {row[0] for row in self._rows("SELECT nonce FROM asking")}
        found.wrong += [f"{url} was never noted" for url, _ in sent if self._nonce(url) not in noted]
        truths = {(self._nonce(url), body) for url, body in sent}
        statement = (
            "SELECT request.number, nonce, body FROM request "
            "JOIN callback ON callback.number = request.callback"
        )
        found.wrong += [
            f"request {number} ended by what the platform never sent: {body!r}"
            for number, nonce, body in self._rows(statement)
            if (nonce, body) not in truths
        ]
        found.wrong += self._wrong_effects()
        return found

    def _wrong_effects(self) -> list[str]:
        """Each end has one effect, the last of them that of the request's state; a refusal has none."""
        ends = self._rows("SELECT number FROM handling ORDER BY number")
        effects = self._rows("SELECT ending FROM effect ORDER BY ending")
        wrong = [] if ends == effects else [f"{len(ends)} ends, and {len(effects)} effects"]
        statement = (
            "SELECT request.number, request.state, effect.state FROM request JOIN effect ON effect.ending = "
            "(SELECT max(ending) FROM effect AS last WHERE last.request = request.number) "
            "WHERE request.state <> effect.state"
        )
        wrong += [
            f"request {number} is {state}, its effect {effect}"
            for number, state, effect in self._rows(statement)
        ]
        silent = (
            "SELECT count(*) FROM request WHERE state <> 'failed' "
            "AND number NOT IN (SELECT request FROM effect)"
        )
        return wrong + [f"{count} without an effect" for (count,) in self._rows(silent) if count]

    def _sent(self) -> list[tuple[str, bytes]]:
        path = self._folder / "data" / "sandbox.db"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            return connection.execute("SELECT url, body FROM attempt").fetchall()

    def _nonce(self, url: str) -> bytes | None:
        return self._keys.nonce(urlsplit(url).path.rpartition("/")[2])

    def _count(self, statement: str) -> int:
        rows = self._rows(statement)
        return int(rows[0][0]) if rows else 0

    def _rows(self, statement: str) -> list[Any]:
        return self._record.rows(statement)
