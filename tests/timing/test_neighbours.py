"""Nobody waits much longer because of somebody else: a receiver that is dead, an app that floods.

In `make test` a little of each, and nobody is refused and nothing lost; what the times say is a proof that
needs the machine for itself, `make prove-timing`.
"""

import json
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from itertools import count
from pathlib import Path

import msgspec
import pytest

from salio.core.access.apps import Throttle
from salio.platform.http.rests import AT_ONCE
from salio.storage.sqlite.access import SqliteAccessStore
from salio.storage.sqlite.connection import connect
from salio.wire.apis import OAUTH_PATH
from tests.journeys.client import basic
from tests.kill.asking import BALANCE
from tests.kill.platforms import Platform, production
from tests.kill.receiver import Receiver
from tests.patience import until
from tests.proof import proof_count, proof_times
from tests.tidy.source import ROOT
from tests.timing import backlog
from tests.timing.wires import Line

ROUNDS = proof_count(small=1, large=2)

FLOOD = 8
"""Connections of the app that floods."""
PACE = 0.1
"""Seconds between two requests of the other; the default throttle lets pass more than twice as many."""
ASKED = proof_count(small=5, large=240)
"""In each round by the other app, alone and beside the flood."""
NO_MORE_THAN = 2.0
"""Times as long as alone the slowest hundredth may take beside a flood (fault catalogue, T4)."""

RECEIVERS = 100
EACH = proof_count(small=5, large=1_000)
DEAD_ROUNDS = proof_count(small=1, large=3)
NO_WORSE_THAN = 1.2
"""Times as long as without a dead receiver the slowest hundredth of the others' results may take."""

Times = Sequence[float]


@contextmanager
def living(data: Path, log: Path) -> Iterator[Platform]:
    """A platform as people run it."""
    platform = Platform(production(data), log)
    try:
        assert platform.welcome(), platform.errors()
        yield platform
    finally:
        platform.abandon()


def percentile(times: Times, share: float) -> float:
    """The time that this share of them does not exceed."""
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]


def show(capsys: pytest.CaptureFixture[str], title: str, measured: dict[str, Times]) -> None:
    """Prints a table, in a proof."""
    if proof_times():
        with capsys.disabled():
            sys.stdout.write(f"\n\n| {title} | samples | p50 ms | p99 ms |\n|---|---:|---:|---:|\n")
            for name, times in measured.items():
                p50, p99 = (percentile(times, share) * 1000 for share in (0.5, 0.99))
                sys.stdout.write(f"| {name} | {len(times)} | {p50:.2f} | {p99:.2f} |\n")


# --- an app that floods ----------------------------------------------------------------------------------


def add_app(platform: Platform, data: Path, key: str) -> str:
    """A token of another app with the default throttle."""
    with closing(SqliteAccessStore(connect(data / "portal.db"))) as access:
        apps = access.apps()
        app = msgspec.structs.replace(
            apps[0], number=len(apps) + 1, consumer_key=key, throttle=Throttle(per_day=None)
        )
        access.add_apps([app])
    headers = {"Authorization": basic(key, platform.said["consumer_secret"])}

    def token() -> str | None:
        status, body = platform.get(f"{OAUTH_PATH}?grant_type=client_credentials", headers)
        return str(json.loads(body)["access_token"]) if status == 200 else None

    return until("the app is seen", token)


def question(platform: Platform, receiver: Receiver) -> bytes:
    """The body of a balance query."""
    return msgspec.json.encode(
        {
            "Initiator": "testapiuser",
            "SecurityCredential": platform.said["security_credential"],
            "CommandID": "AccountBalance",
            "PartyA": "600000",
            "IdentifierType": "4",
            "Remarks": "ok",
            "QueueTimeOutURL": receiver.url("ok", 0),
            "ResultURL": receiver.url("ok", 0),
        }
    )


def asking(line: Line, token: str, body: bytes) -> list[float]:
    """Seconds of each answer; none is a refusal."""
    head = (
        f"POST {BALANCE} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    pause, times = threading.Event(), []
    for _ in range(ASKED):
        sent, heard = line.ask(head.encode() + body)
        assert json.loads(heard.body)["ResponseCode"] == "0", heard
        times.append((heard.at - sent) / 1e9)
        pause.wait(PACE)
    return times


@contextmanager
def flooding(port: int, token: str, body: bytes) -> Iterator[dict[str, int]]:
    """A flood; what it was told is there when it is over."""
    command = [sys.executable, "-m", "tests.timing.flood", str(port), token, str(FLOOD)]
    told: dict[str, int] = {}
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as flood:
        assert flood.stdin is not None
        assert flood.stdout is not None
        flood.stdin.write(body + b"\n")
        flood.stdin.flush()
        yield told
        flood.stdin.close()
        told |= json.loads(flood.stdout.read())


@pytest.mark.slow
def test_t4_how_long_a_flood_makes_others_wait(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The other app is refused nothing, and its answers take no longer than twice as long."""
    measured: dict[str, list[float]] = {"alone": [], "beside a flood": []}
    refused = 0
    with Receiver() as receiver, living(tmp_path / "data", tmp_path / "log") as platform:
        tokens = [add_app(platform, tmp_path / "data", key) for key in ("flooding", "other")]
        body = question(platform, receiver)
        with closing(Line(platform.port)) as line:
            for _ in range(ROUNDS):
                measured["alone"] += asking(line, tokens[1], body)
                with flooding(platform.port, tokens[0], body) as told:
                    until("the flood", lambda: platform.get("/healthz")[0] == 200)
                    measured["beside a flood"] += asking(line, tokens[1], body)
                assert told.keys() == {"0", "500.003.02"}
                refused += told["500.003.02"]
        assert platform.end() == 0, platform.errors()
    assert refused > AT_ONCE * ROUNDS
    show(capsys, f"T4, with {refused} requests of the flood refused", dict(measured))
    if proof_times():
        alone, beside = (percentile(each, 0.99) for each in measured.values())
        assert beside <= NO_MORE_THAN * alone


# --- a receiver that is dead -----------------------------------------------------------------------------


@contextmanager
def silence(address: str) -> Iterator[str]:
    """The URL of a receiver that takes connections and never says anything."""
    with socket.create_server((address, 0), backlog=512) as listener:
        yield f"http://{address}:{listener.getsockname()[1]}/ok/0"


@pytest.mark.slow
def test_p18_one_dead_receiver_among_a_hundred(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each has a thousand results waiting; those of the others come as soon as without the dead one."""
    measured: dict[str, list[float]] = {"all alive": [], "one dead": []}
    number = count()
    with living(tmp_path / "first", tmp_path / "log") as platform:
        assert platform.end() == 0
    with Receiver("0.0.0.0") as receiver, silence("127.0.2.1") as dead:  # noqa: S104 - all of 127.0.0.0/8
        alive = [f"http://127.0.1.{host}:{receiver.port}/ok/0" for host in range(1, RECEIVERS + 1)]
        stores = {"all alive": alive, "one dead": [dead, *alive[1:]]}
        for name, urls in stores.items():
            shutil.copytree(tmp_path / "first", tmp_path / name)
            backlog.fill(tmp_path / name, urls, EACH)
        for _ in range(DEAD_ROUNDS):
            for name, urls in stores.items():
                data = tmp_path / str(next(number))
                shutil.copytree(tmp_path / name, data)
                good = EACH * (RECEIVERS - (dead in urls))
                with living(data, tmp_path / "log"):
                    until("all taken", partial(backlog.are_taken, data, good), patience=120)
                measured[name] += backlog.times(data, but=urls[0])
    assert {len(each) for each in measured.values()} == {DEAD_ROUNDS * EACH * (RECEIVERS - 1)}
    show(capsys, "P18", dict(measured))
    if proof_times():
        without, beside = (percentile(each, 0.99) for each in measured.values())
        assert beside <= NO_WORSE_THAN * without
