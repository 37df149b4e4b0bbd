"""What the tests of the portal share."""

from pathlib import Path

from salio.core.audit.inbox import ReceivedCallback

SAMPLES = Path(__file__).parent.parent / "samples"


class Kept:
    """What the inbox keeps; fits the port of the pages."""

    def __init__(self) -> None:
        self.callbacks: list[ReceivedCallback] = []
        self.store_reachable = True

    async def keep(self, callback: ReceivedCallback) -> bool:
        """Keeps a callback, unless the store is out of reach."""
        if self.store_reachable:
            self.callbacks.insert(0, callback)
        return self.store_reachable

    async def latest(self, name: str, most: int) -> list[ReceivedCallback]:
        """The newest, newest first."""
        return [each for each in self.callbacks if each.inbox == name][:most]
