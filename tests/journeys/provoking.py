"""What journeys with faults have in common: calls of the control, what the log says, a clock that runs."""

import json
import time
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

from salio.cli.log_lines import Entry, line
from tests.builders import NOW
from tests.journeys.client import Answer
from tests.journeys.running import JSON, Platform

FAULTS = "/_salio/faults"
CLOCK = "/_salio/clock"


class RunningClock:
    """Time that begins at NOW and passes as the machine's does; fits :class:`salio.core.ports.Clock`."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def now(self) -> datetime:
        """The wall clock."""
        return NOW + timedelta(seconds=time.monotonic() - self._began)

    def monotonic(self) -> float:
        """The machine's."""
        return time.monotonic()


def call(platform: Platform, method: str, path: str, **body: object) -> Answer:
    """A call of the control."""
    return platform.send(method, path, [JSON], json.dumps(body).encode())


def put(platform: Platform, **fault: object) -> str:
    """Puts a fault in force; how the log names it."""
    answer = call(platform, "POST", FAULTS, **fault)
    assert answer.status == 200, answer.body
    return f"fault {answer.json['number']}"


def remove_faults(platform: Platform) -> None:
    """No fault is in force from here on."""
    assert call(platform, "DELETE", FAULTS).status == 200


def flush(platform: Platform) -> None:
    """Waits for everything that is due."""
    assert call(platform, "POST", "/_salio/flush").json == {"idle": True}


def advance(platform: Platform, seconds: float) -> None:
    """Lets time pass."""
    assert call(platform, "POST", f"{CLOCK}/advance", seconds=seconds).status == 200


def touched(platform: Platform) -> list[tuple[int, bool]]:
    """How often each fault took hold, and whether it is spent."""
    return [(each["touched"], each["spent"]) for each in call(platform, "GET", FAULTS).json["faults"]]


def notes(platform: Platform, conversation_id: str) -> list[str]:
    """What the log notes on the request of that conversation."""
    statement = "SELECT text FROM note JOIN request ON request = request.number WHERE conversation_id = ?"
    return [text for (text,) in platform.rows(f"{statement} ORDER BY note.number", [conversation_id])]


def ends(platform: Platform, conversation_id: str) -> list[tuple[Any, ...]]:
    """Status and fault of every recorded end of that request's attempts."""
    statement = "SELECT status, fault FROM attempt_end JOIN request USING (number) WHERE conversation_id = ?"
    return platform.rows(statement, [conversation_id])


def latest(platform: Platform) -> str:
    """The conversation of the request that was kept last: of one whose caller heard nothing."""
    [(conversation_id,)] = platform.rows("SELECT conversation_id FROM request ORDER BY number DESC LIMIT 1")
    return str(conversation_id)


def log_lines(platform: Platform) -> list[str]:
    """The whole log, as `salio log` prints it, requests before refusals."""
    flush(platform)
    with closing(platform.stories()) as reader:
        entries: list[Entry] = [
            *reader.latest(10_000)[0],
            *reader.latest_refusals(1_000)[0],
        ]
    return [line(each) for each in entries]
