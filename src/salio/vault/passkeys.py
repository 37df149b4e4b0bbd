"""Passkeys of M-PESA Express: derived from the environment's master secret, so that none is stored."""

import hmac
from collections.abc import Mapping

from salio.vault.keys import KeyRing, Purpose
from salio.wire.express_push import make_password


class Passkeys:
    """One for each short code: 64 hexadecimal digits, as Safaricom's own (M-PESA Express, Prerequisites)."""

    def __init__(self, keys: KeyRing, published: Mapping[str, str] | None = None) -> None:
        """``published``: passkeys that the documents give, by short code; a sandbox has one."""
        self._key = keys.derive(Purpose.PASSKEY)
        self._published = published or {}

    def of(self, short_code: str) -> str:
        """The passkey of a short code, whether or not there is such a one."""
        derived = hmac.digest(self._key, short_code.encode(), "sha256").hex()
        return self._published.get(short_code, derived)

    def opened_by(self, password: str, short_code: str, timestamp: str) -> bool:
        """Whether that password is the right one for that moment; takes as long for any wrong one."""
        right = make_password(short_code, self.of(short_code), timestamp)
        return hmac.compare_digest(right.encode(), password.encode())
