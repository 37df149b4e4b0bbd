"""What the built-in inbox keeps for who has no endpoint of their own yet."""

from datetime import datetime

import msgspec


class ReceivedCallback(msgspec.Struct, frozen=True, kw_only=True):
    """One callback as it came: the bytes, when, and into which inbox."""

    inbox: str
    received_at: datetime
    body: bytes
