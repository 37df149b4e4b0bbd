"""Receipts that nobody can guess from others, made from a request's number without looking anything up.

The number is shuffled among all serials of a day under a secret key, so that two numbers never meet: an
unbalanced Feistel network over two digits, one of base 36^3 and one of base 36^4.
"""

import hmac
from datetime import datetime
from functools import lru_cache

from salio.vault.keys import KeyRing, Purpose
from salio.wire import receipts

_HIGH, _LOW = 36**3, 36**4
_ROUNDS = 3
"""Each changes both digits: six half rounds, more than the four that hide the order of neighbours."""


REMEMBERED = 1024
"""A batch asks for the same ones again: what it looks up, it decides."""


class ReceiptMint:
    """Fits :class:`salio.core.ports.Receipts`."""

    def __init__(self, keys: KeyRing) -> None:
        key = keys.derive(Purpose.RECEIPT)
        self._keyed = [hmac.digest(key, bytes([place]), "sha256") for place in range(2 * _ROUNDS)]
        self._remembered = lru_cache(REMEMBERED)(self._make)

    def receipt(self, number: int, at: datetime) -> str:
        """The receipt of the request of that number; raises ValueError for a year that has no letter."""
        return self._remembered(number, at)

    def _make(self, number: int, at: datetime) -> str:
        serial = self._shuffled(number % (receipts.SERIAL_LIMIT - 1) + 1)
        if not serial:  # the day's queries have it; the one number that leads there goes another step
            serial = self._shuffled(serial)
        return receipts.make(at, serial)

    def _shuffled(self, serial: int) -> int:
        high, low = divmod(serial, _LOW)
        for place in range(0, 2 * _ROUNDS, 2):
            high = (high + self._noise(place, low)) % _HIGH
            low = (low + self._noise(place + 1, high)) % _LOW
        return high * _LOW + low

    def _noise(self, place: int, digit: int) -> int:
        return int.from_bytes(hmac.digest(self._keyed[place], digit.to_bytes(4), "sha256")[:8])
