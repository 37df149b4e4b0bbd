"""New identifiers: numbers and noise in the forms that the wire profiles give them."""

import os
import random
from collections.abc import Callable
from datetime import datetime

from salio.wire import identifiers
from salio.wire.profile import PROFILES

Entropy = Callable[[int], bytes]
_POOL = 256 * identifiers.NOISE_LENGTH


def entropy_of(seed: str | None, purpose: str) -> Entropy:
    """The machine's randomness; or, with a seed, the same bytes in every run, apart for each purpose."""
    if seed is None:
        return os.urandom
    return random.Random(f"{purpose}\0{seed}").randbytes  # noqa: S311 - repeatable on purpose


class WireIdentifiers:
    """Fits :class:`salio.core.ports.Identifiers`. Draws noise in pools: one call for 256 identifiers."""

    def __init__(self, entropy: Entropy) -> None:
        self._entropy = entropy
        self._pool = b""
        self._refusals = 0

    def conversation(self, profile: str, number: int, at: datetime) -> tuple[str, str]:
        """OriginatorConversationID and ConversationID of that request."""
        form, noise = PROFILES[profile], self._noise()
        originator = identifiers.originator_conversation_id(form, number, noise)
        return originator, identifiers.conversation_id(form, at, number, noise)

    def checkout(self, number: int, at: datetime) -> str:
        """CheckoutRequestID of that request."""
        return identifiers.checkout_request_id(at, number)

    def request_id(self, profile: str) -> str:
        """The next ``requestId``; unique within the life of the process."""
        self._refusals += 1
        return identifiers.request_id(PROFILES[profile], self._refusals, self._noise())

    def _noise(self) -> bytes:
        if not self._pool:
            self._pool = self._entropy(_POOL)
        length = identifiers.NOISE_LENGTH
        noise, self._pool = self._pool[:length], self._pool[length:]
        return noise
