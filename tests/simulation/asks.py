"""What an organization knows of its own request; nothing here comes from the platform."""

from dataclasses import dataclass
from typing import Any

BALANCE_PATH, STATUS_PATH = "/mpesa/accountbalance/v1/query", "/mpesa/transactionstatus/v1/query"


@dataclass(frozen=True)
class Ask:
    """One request as its organization knows it. ``tag`` travels in Remarks, so that anybody can find it."""

    tag: str
    app: int
    path: str
    members: dict[str, Any]
    password: str | None
    """What the credential holds; ``None`` for one that nobody here can read."""

    @property
    def text(self) -> str:
        """One line for the log."""
        kept = {key: value for key, value in self.members.items() if key != "SecurityCredential"}
        return f"{self.tag} of app {self.app}: {self.path[7:9]} {kept}"
