"""Access tokens: 28 letters and digits like Daraja's (Authorization, sample), which prove themselves.

A token is a number of 166 bits: a MAC of 80 and a claim of 86, masked by a stream that the MAC decides (a
synthetic initialization vector, as in RFC 5297). Whoever holds one sees neither app nor time in it, a gateway
honours it without a database read, and 62 to the 28th is just above 2 to the 166th.
"""

import hmac
from collections import OrderedDict
from datetime import UTC, datetime

from salio.core.access.tokens import TokenClaim
from salio.vault.entropy import ALPHANUMERICS, Entropy
from salio.vault.keys import KeyRing, Purpose

TOKEN_LENGTH = 28
MOST_REMEMBERED = 10_000
"""Each takes about 0.3 kB, and an app needs one an hour."""

_MAC_BYTES = 10
_CLAIM_BITS = 86
_CLAIM_BYTES = 11
_CLAIM_LIMIT = 1 << _CLAIM_BITS
_TOKEN_LIMIT = 1 << (8 * _MAC_BYTES + _CLAIM_BITS)
_SERIALS = 1 << 22
_NUMBERS = 1 << 32
_VALUES = {character: value for value, character in enumerate(ALPHANUMERICS)}


class TokenMint:
    """Issues tokens and reads them back. For one thread."""

    def __init__(self, keys: KeyRing, *, entropy: Entropy, capacity: int = MOST_REMEMBERED) -> None:
        self._mac_key = keys.derive(Purpose.TOKEN_MAC)
        self._mask_key = keys.derive(Purpose.TOKEN_MASK)
        self._serial = int.from_bytes(entropy(3)) % _SERIALS
        self._capacity = capacity
        self._known: OrderedDict[str, TokenClaim] = OrderedDict()

    def issue(self, app_number: int, moment: datetime) -> str:
        """A token of the app, issued at the moment's whole second.

        The serial starts anywhere and counts: no two tokens of one app and second are equal, however many
        are asked for at once, so that revoking one leaves the other alone.
        """
        self._serial = (self._serial + 1) % _SERIALS
        claim = _pack(app_number, int(moment.timestamp()), self._serial)
        mac = self._mac(claim)
        masked = claim ^ self._mask(mac)
        return _spell(int.from_bytes(mac) << _CLAIM_BITS | masked)

    def read(self, token: str) -> TokenClaim | None:
        """What a genuine token claims; None for a forged one, and for anything else."""
        known = self._known.get(token)
        return known if known is not None else self._verify(token)

    def _verify(self, token: str) -> TokenClaim | None:
        spelt = _unspell(token)
        number = spelt or 0  # what is no number costs its MAC too, or its shape would show in the time
        mac = (number >> _CLAIM_BITS).to_bytes(_MAC_BYTES)
        packed = number % _CLAIM_LIMIT ^ self._mask(mac)
        genuine = hmac.compare_digest(mac, self._mac(packed))
        if spelt is None or not genuine:
            return None
        claim = _unpack(packed)
        self._keep(token, claim)
        return claim

    def _keep(self, token: str, claim: TokenClaim) -> None:
        if len(self._known) >= self._capacity:
            self._known.popitem(last=False)
        self._known[token] = claim

    def _mac(self, claim: int) -> bytes:
        return hmac.digest(self._mac_key, claim.to_bytes(_CLAIM_BYTES), "sha256")[:_MAC_BYTES]

    def _mask(self, mac: bytes) -> int:
        return int.from_bytes(hmac.digest(self._mask_key, mac, "sha256")[:_CLAIM_BYTES]) % _CLAIM_LIMIT

    def __repr__(self) -> str:
        return f"TokenMint({len(self._known)} tokens known)"


def _pack(app_number: int, second: int, serial: int) -> int:
    """App number, second since 1970 and serial: 32, 32 and 22 bits.

    1970 rather than a later year: a clock may be set to the day of a sample, in 2017 or before.
    """
    if not (0 <= app_number < _NUMBERS and 0 <= second < _NUMBERS):
        raise ValueError(f"no token can claim app {app_number} at second {second}")
    return (app_number * _NUMBERS + second) * _SERIALS + serial


def _unpack(claim: int) -> TokenClaim:
    rest, serial = divmod(claim, _SERIALS)
    app_number, second = divmod(rest, _NUMBERS)
    return TokenClaim(app_number, datetime.fromtimestamp(second, UTC), serial)


def _spell(number: int) -> str:
    characters = []
    for _ in range(TOKEN_LENGTH):
        number, value = divmod(number, len(ALPHANUMERICS))
        characters.append(ALPHANUMERICS[value])
    return "".join(reversed(characters))


def _unspell(token: str) -> int | None:
    """The number of a well-formed token: each number has exactly one spelling, so nothing is malleable.

    Of what is none 28 characters are read all the same: where it is wrong does not show in the time.
    """
    number, well_formed = 0, len(token) == TOKEN_LENGTH
    for character in token[:TOKEN_LENGTH].ljust(TOKEN_LENGTH):
        value = _VALUES.get(character)
        well_formed = well_formed and value is not None
        number = number * len(ALPHANUMERICS) + (value or 0)
    return number if well_formed and number < _TOKEN_LIMIT else None
