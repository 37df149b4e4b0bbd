"""Receipts of which none tells the next, made from a request's number without looking anything up.

The first four places are of a block of 1,024 numbers, the last three of the number in its block. Both are
shuffled under a secret key: no two numbers meet, nothing can be counted, and of a block's places one in 45 is
taken. Numbers that follow one another begin alike because databases keep receipts in order: those of one
commit then stand on a few pages, instead of on one page each.
"""

import hmac
import struct
from datetime import datetime
from functools import lru_cache
from hashlib import shake_256

from salio.vault.keys import KeyRing, Purpose
from salio.wire import receipts

_BLOCK = 1024
_BLOCKS, _PLACES = 36**4, 36**3
NUMBERS = _BLOCK * _BLOCKS // 2
"""So many above zero, and as many below, have each another receipt on one day: 40 hours at 6,000 a second."""

_DIGITS_OF_BLOCK = (36**2, 36**2)
_DIGITS_OF_PLACE = (215, 217)
"""36^3 - 1 places: none ends in 000, as the id of the day's queries does."""


class ReceiptMint:
    """Fits :class:`salio.core.ports.Receipts`."""

    def __init__(self, keys: KeyRing) -> None:
        key = keys.derive(Purpose.RECEIPT)
        blocks = _Shuffle(key, *_DIGITS_OF_BLOCK)

        @lru_cache(16)
        def block(number: int) -> tuple[int, _Shuffle]:
            shuffle = _Shuffle(hmac.digest(key, str(number).encode(), "sha256"), *_DIGITS_OF_PLACE)
            return blocks.place(number % _BLOCKS) * _PLACES + 1, shuffle

        self._block = block

    def receipt(self, number: int, at: datetime) -> str:
        """The receipt of the request of that number; raises ValueError for a year that has no letter.

        Numbers below zero, of movements that no request brought, have every second block.
        """
        block, place = divmod(number, _BLOCK)
        first, shuffle = self._block(2 * block if block >= 0 else -2 * block - 1)
        return receipts.make(at, first + shuffle.place(place))


class _Shuffle:
    """Each number to another one, among as many as two digits make: an unbalanced Feistel network."""

    ROUNDS = 3
    """Each changes both digits: six half rounds, more than the four that hide the order of neighbours."""

    def __init__(self, key: bytes, high: int, low: int) -> None:
        """``high`` and ``low``: the bases of the digits; all noise is drawn from the key at once."""
        self._bases = high, low
        size = high + low
        drawn = struct.unpack(f"<{self.ROUNDS * size}H", shake_256(key).digest(2 * self.ROUNDS * size))
        rounds = [drawn[start : start + size] for start in range(0, len(drawn), size)]
        self._rounds = [(noise[:low], noise[low:]) for noise in rounds]

    def place(self, number: int) -> int:
        """Where the number comes to stand."""
        high_base, low_base = self._bases
        high, low = divmod(number, low_base)
        for of_low, of_high in self._rounds:
            high = (high + of_low[low]) % high_base
            low = (low + of_high[high]) % low_base
        return high * low_base + low
