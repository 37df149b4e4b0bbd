"""Guesses: requests for a token with a wrong consumer secret, counted by the consumer key they name.

The right secret is granted whatever was guessed before: a throttle that held it up too would let anybody who
knows an app's key shut the app out. It holds 381 bits, so guessing it is hopeless at any speed, and the limit
is there for the many refusals, not for the secret (decision 0007). Keys that nobody has are counted like
those of an app, or the throttle would tell which exist.
"""

from hashlib import blake2b

from salio.core.access.buckets import Allowance, Buckets

ALLOWED = Allowance(per_second=1.0, burst=25)
"""For each key, whatever addresses they come from: a person's typing slips, not a program's loop."""
MOST_KEYS = 10_000
"""Keys are a stranger's to choose, so their number is bounded; each takes about 0.3 kB."""
_NAME_BYTES = 16


class Guesses:
    """Wrong secrets by consumer key, in the memory of one gateway."""

    def __init__(self, most_keys: int = MOST_KEYS) -> None:
        self._buckets: Buckets[bytes] = Buckets(most_keys)

    def allow(self, consumer_key: str, *, monotonic: float) -> bool:
        """Counts one guess; whether it is within what is allowed for this key."""
        return self._buckets.take(_name(consumer_key), ALLOWED, monotonic=monotonic)

    def __len__(self) -> int:
        """Of how many keys it knows."""
        return len(self._buckets)


def _name(consumer_key: str) -> bytes:
    """What stands for a key, however long a text was sent in its place."""
    return blake2b(consumer_key.encode("utf-8", "surrogatepass"), digest_size=_NAME_BYTES).digest()
