"""What a fault keeps back outlives the death of the platform: `salio up`, killed and started again."""

import json
from pathlib import Path

from tests.journeys.client import Answer, bearer, send
from tests.journeys.receiver import Receiver
from tests.journeys.running import BALANCE, JSON
from tests.journeys.subjects import BALANCE_SHORT_CODE
from tests.kill.platforms import Platform, production


def control(platform: Platform, path: str, body: object) -> Answer:
    """A call from this machine."""
    return send(platform.port, "POST", f"/_salio/{path}", [JSON], json.dumps(body).encode())


def asked(platform: Platform, receiver: Receiver) -> str:
    """The conversation of a balance query that was acknowledged."""
    body = {
        "Initiator": "testapiuser",
        "SecurityCredential": platform.said["security_credential"],
        "CommandID": BALANCE.command,
        "PartyA": BALANCE_SHORT_CODE,
        "IdentifierType": "4",
        "Remarks": "ok",
        "QueueTimeOutURL": receiver.url("/timeout"),
        "ResultURL": receiver.url("/result"),
    }
    headers = [("Authorization", bearer(platform.token())), JSON]
    answer = send(platform.port, "POST", BALANCE.path, headers, json.dumps(body).encode())
    return str(answer.json["ConversationID"])


def test_p1_what_is_kept_back_outlives_a_kill(tmp_path: Path, receiver: Receiver) -> None:
    """A start without the faults decides what was held and tells what was delayed, each once."""
    first = Platform(production(tmp_path / "data"), tmp_path / "log")
    second: Platform | None = None
    try:
        assert first.welcome()
        conversations = []
        for fault in ({"delay": "result", "seconds": 3600}, {"hold": "queue"}, {"double": "result"}):
            assert control(first, "faults", {**fault, "next": 1}).status == 200
            conversations.append(asked(first, receiver))
            assert control(first, "flush", {}).json == {"idle": True}
        assert [len(receiver.heard(each)) for each in conversations] == [0, 0, 2]
        first.strike()
        first.bury()
        second = Platform(production(tmp_path / "data"), tmp_path / "log")
        assert second.welcome()
        for each in conversations[:2]:
            assert receiver.wait(each).code == "0"
        assert control(second, "flush", {}).json == {"idle": True}
        assert [len(receiver.heard(each)) for each in conversations] == [1, 1, 2]
    finally:
        for life in (first, second):
            if life is not None:
                life.abandon()
