"""A head that comes again: what was read of it the first time holds for it still.

A client that keeps its connection sends the same head with each request, token and all.
"""

import msgspec

from salio.gateway.http import Scope
from salio.platform.http.exchange import Exchange

_END = b"\r\n\r\n"


class KnownHead(msgspec.Struct, frozen=True):
    """The head of a request that came in one piece with its body, and with nothing before or behind it."""

    raw: bytes
    """As it came, to the empty line."""
    length: int
    """Bytes of the head and of the body that it announces."""
    scope: Scope
    """What was read of it."""

    def fits(self, data: bytes) -> bool:
        """Whether these bytes are another whole request with this head, and nothing else."""
        return len(data) == self.length and data.startswith(self.raw)


def known_head(data: bytes, exchange: Exchange) -> KnownHead | None:
    """What is known from here on if these bytes, on a connection that owed nothing, began that exchange.

    ``None`` if they are not one POST from its first byte to its last, or if the connection ends behind it, or
    the body waits for a word of ours.
    """
    end = data.find(_END) + len(_END)
    in_one_piece = exchange.whole and exchange.unread() == len(data) - end >= 0
    plain = exchange.keep_alive and not exchange.expects_continue and exchange.scope["method"] == "POST"
    return KnownHead(data[:end], len(data), {**exchange.scope}) if in_one_piece and plain else None
