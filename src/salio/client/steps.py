"""What the core asks of a shell, one step at a time, and what it is told in return."""

import enum
from collections.abc import Generator
from typing import TypeVar

import msgspec

T = TypeVar("T")


class Request(msgspec.Struct, frozen=True):
    """One HTTP request."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes = b""

    def __repr__(self) -> str:
        """Without what carries secrets."""
        return f"Request({self.method} {self.url})"


class Response(msgspec.Struct, frozen=True):
    """What came back."""

    status: int
    body: bytes
    reason: str = ""
    """The header X-Salio-Reason."""

    def __repr__(self) -> str:
        """Without the body, which may be a token."""
        return f"Response({self.status})"


class Left(enum.Enum):
    """How far a request that got no answer has come."""

    NOTHING = enum.auto()
    """Its first byte never left."""

    UNTRUSTED = enum.auto()
    """Nor here: the server could not prove who it is."""

    UNKNOWN = enum.auto()
    """Some or all of it left."""


class Failure(msgspec.Struct, frozen=True):
    """No answer, and how far the request had come."""

    left: Left
    why: str


class Ready(msgspec.Struct, frozen=True):
    """What a request needs besides itself."""

    token: str
    credential: str

    def __repr__(self) -> str:
        """Without both."""
        return "Ready(...)"


class Exchange(msgspec.Struct, frozen=True):
    """Send this; tell a Response or a Failure."""

    request: Request


class Pause(msgspec.Struct, frozen=True):
    """Let these seconds pass; tell None."""

    seconds: float


class Prepare(msgspec.Struct, frozen=True):
    """Carry out `Core.prepare` with this while nobody else does; tell the Ready that it returns."""

    refused: str | None
    """A token that was refused and must not come again."""
    seen: int
    """How many attempts at a token were over when this was wished for."""

    def __repr__(self) -> str:
        """Without the token."""
        return f"Prepare(seen={self.seen})"


Step = Exchange | Pause | Prepare
Told = Response | Failure | Ready | None
Steps = Generator[Step, Told, T]
