"""What came, before anybody has read it, and the port of the store that keeps it."""

import enum
import hashlib
from collections.abc import Sequence
from typing import Protocol

import msgspec


class Kind(enum.Enum):
    """How it came. Of a request's two addresses the value is the word in the address."""

    RESULT = "result"
    """ResultURL."""
    NOTICE = "timeout"
    """QueueTimeOutURL: whatever it says, the outcome is unknown."""
    ANSWER = "answer"
    """At no address: the answer to what was asked is its result. Nobody can post one."""


class Arrival(msgspec.Struct, frozen=True):
    """A body as it came, to an address of ours."""

    kind: Kind
    nonce: bytes
    """Of the request's own address, or ENDPOINT."""
    source: str
    """The sender's network address."""
    body: bytes

    def __repr__(self) -> str:
        """Without the body, which tells of people's money."""
        return f"Arrival({self.kind.value}, {len(self.body)} bytes from {self.source})"

    @property
    def digest(self) -> bytes:
        """The same for the same bytes at the same address: a replay adds nothing but a count."""
        return hashlib.sha256(self.kind.value.encode() + self.nonce + self.body).digest()[:16]


class Store(Protocol):
    """Keeps arrivals, many with one commit."""

    async def keep(self, arrivals: Sequence[Arrival]) -> None:
        """They are durable when it returns. Whatever it raises, none of them counts as kept."""
