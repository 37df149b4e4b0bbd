"""`--seed`: two platforms, each from an empty folder, say the same to the same requests, byte for byte."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from salio.platform.clock import SystemClock
from salio.platform.settings import Settings
from salio.wire.reason import REASON
from tests.journeys.client import Answer, basic
from tests.journeys.receiver import Receiver
from tests.journeys.running import ABSENT, BALANCE, STATUS, Platform
from tests.journeys.test_control import CLOCK, control

WHEN = "2026-11-21T09:30:00+03:00"

REQUESTS: tuple[Callable[[Platform], Answer], ...] = (
    lambda platform: platform.grant(basic(platform.app.key, platform.app.secret)),
    lambda platform: platform.grant(None),
    lambda platform: platform.ask(BALANCE),
    lambda platform: platform.ask(STATUS),
    lambda platform: platform.ask(BALANCE, {"PartyA": ABSENT}),
    lambda platform: platform.ask(BALANCE, {"Initiator": "nobody"}),
    lambda platform: platform.ask(STATUS, {"SecurityCredential": platform.credential("wrong")}),
    lambda platform: platform.ask(STATUS, {"TransactionID": "MBN31H462X"}),
    lambda platform: platform.ask(BALANCE, {"OriginatorConversationID": "mine"}),
    lambda platform: platform.ask(BALANCE, {"OriginatorConversationID": "mine"}),
    lambda platform: platform.send("GET", "/mpesa/accountbalance/v1/query"),
    lambda platform: platform.send("POST", "/mpesa/accountbalance/v2/query"),
)
"""Sent one after another: every kind of answer and of result."""


FAULTS: tuple[dict[str, object], ...] = (
    {"end": "out_of_sequence", "share": 0.3},
    {"delay": "result", "seconds": 20, "share": 0.4},
    {"double": "result", "share": 0.4},
    {"decline": "overloaded", "share": 0.2},
    {"hold": "queue", "share": 0.3},
    {"contradict": "expired", "share": 0.5},
    {"refuse": "maintenance", "share": 0.2},
)
"""Each touches some of the requests."""


def said(
    data: Path, seed: str, wire: str, faults: tuple[dict[str, object], ...] = ()
) -> list[tuple[Any, ...]]:
    """Everything that a platform of that seed says, in order, with its time stopped."""
    receiver = Receiver()
    settings = Settings(data=data, seed=seed, wire=wire, remember_ciphertexts=True)
    platform = Platform(settings, receiver, SystemClock()).start()
    try:
        assert control(platform, f"{CLOCK}/stop").status == 200
        assert control(platform, f"{CLOCK}/set", to=WHEN).status == 200
        for fault in faults:
            assert control(platform, "/_salio/faults", **fault).status == 200
        return [each for request in REQUESTS for each in _exchange(platform, request)]
    finally:
        platform.stop()
        receiver.close()


def _exchange(platform: Platform, request: Callable[[Platform], Answer]) -> list[tuple[Any, ...]]:
    """The answer to one request and the callback that followed it, if one did."""
    answer = request(platform)
    headers = {name: value for name, value in answer.headers.items() if name != "date"}
    heard: list[tuple[Any, ...]] = [(answer.status, headers, answer.body)]
    conversation = json.loads(answer.body).get("ConversationID")
    if conversation is not None:
        for passing in (0, 20, 61):  # what is due at once, what was delayed, what was held
            assert control(platform, f"{CLOCK}/advance", seconds=passing).status == 200
            assert control(platform, "/_salio/flush").status == 200
        heard += [
            (each.path, each.raw, each.headers.get(REASON.lower()))
            for each in platform.receiver.heard(conversation)
        ]
    return heard


def test_two_runs_say_the_same(tmp_path: Path) -> None:
    """Keys, tokens, identifiers, codes, texts and order, in answers and callbacks; another seed differs."""
    for wire in ("documented", "observed"):
        first = said(tmp_path / f"{wire}-1", "7", wire)
        assert len(first) == len(REQUESTS) + 6
        assert said(tmp_path / f"{wire}-2", "7", wire) == first
    assert said(tmp_path / "other", "8", "observed") != first


def test_two_runs_are_touched_alike(tmp_path: Path) -> None:
    """By faults that touch a share of the requests, each by its own draws, and by those that take time."""
    first = said(tmp_path / "1", "7", "observed", FAULTS)
    assert said(tmp_path / "2", "7", "observed", FAULTS) == first
    assert len(first) > len(REQUESTS)
    assert said(tmp_path / "other", "8", "observed", FAULTS) != first
