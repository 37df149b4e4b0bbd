"""What a platform is told over HTTP (docs/control.md): its time, its faults, its state."""

import http.client
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec

PATIENCE = 60.0
"""Seconds; a flush gives up after 30."""


class ControlError(Exception):
    """The platform does not do what it was told; its own words say why."""


class Control:
    """Calls under `/_salio/`, from the same machine."""

    def __init__(self, base_url: str) -> None:
        self._address = urlsplit(base_url).netloc

    def call(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Any:
        """What it answers. Raises ControlError."""
        connection = http.client.HTTPConnection(self._address, timeout=PATIENCE)
        try:
            headers = {"Content-Type": "application/json"}
            connection.request(method, f"/_salio/{path}", msgspec.json.encode(body or {}), headers)
            answer = connection.getresponse()
            said = msgspec.json.decode(answer.read())
        finally:
            connection.close()
        if answer.status != http.client.OK:
            raise ControlError(said["error"])
        return said

    def flush(self) -> None:
        """Waits until nothing that is due is under way. Raises ControlError after 30 s."""
        self.call("POST", "flush")

    def reset(self) -> None:
        """The test data alone, no faults, the machine's time."""
        self.call("POST", "reset")

    def entries(self, name: str) -> list[dict[str, Any]]:
        """Whatever is called so, with all that became of it. Raises ControlError for what is not there."""
        found: list[dict[str, Any]] = self.call("GET", f"requests/{quote(name, safe='')}")["entries"]
        return found


class Clock:
    """The platform's clock."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def now(self) -> datetime:
        """Its time, aware."""
        return self._at(self._control.call("GET", "clock"))

    def stop(self) -> datetime:
        """Time stands still."""
        return self._at(self._control.call("POST", "clock/stop"))

    def run(self) -> datetime:
        """Time goes on."""
        return self._at(self._control.call("POST", "clock/run"))

    def advance(
        self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0
    ) -> datetime:
        """So much time passes at once, after whatever is due now."""
        self._control.flush()  # or a request might be decided after the time has passed, and not before
        passing = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        return self._at(self._control.call("POST", "clock/advance", {"seconds": passing.total_seconds()}))

    def set(self, moment: datetime) -> datetime:
        """It is this aware moment."""
        return self._at(self._control.call("POST", "clock/set", {"to": moment.isoformat()}))

    def _at(self, said: Mapping[str, str]) -> datetime:
        return datetime.fromisoformat(said["now"])


class Faults:
    """What goes wrong on demand."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def add(self, **fault: object) -> int:
        """One more, by the members of docs/control.md: `add(lose="result", next=1)`; its number."""
        return int(self._control.call("POST", "faults", fault)["number"])

    def list(self) -> list[dict[str, Any]]:
        """All that are in force, each with the number of requests that it has touched."""
        found: list[dict[str, Any]] = self._control.call("GET", "faults")["faults"]
        return found

    def remove(self, number: int) -> None:
        """That one goes."""
        self._control.call("DELETE", f"faults/{number}")

    def clear(self) -> None:
        """All go."""
        self._control.call("DELETE", "faults")
