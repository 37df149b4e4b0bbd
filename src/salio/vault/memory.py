"""The memory of verified ciphertexts: one decryption for a credential that comes again and again.

Client libraries encrypt once and send the same SecurityCredential for months; a decryption costs 0.3 ms,
a look here about a microsecond (design, 4).
"""

from collections import OrderedDict, defaultdict
from hashlib import blake2b

from salio.core.requests.asking import PresentedCredential

_Entry = tuple[PresentedCredential, frozenset[int]]


class CiphertextMemory:
    """The most recently used ciphertexts that held an operator's password, under a key of this process.

    Neither password nor ciphertext is kept: a keyed digest stands for each.
    """

    def __init__(self, key: bytes, capacity: int) -> None:
        self._keyed = blake2b(key=key, digest_size=16)
        self._capacity = capacity
        self._entries: OrderedDict[bytes, _Entry] = OrderedDict()
        self._of_operator: defaultdict[int, set[bytes]] = defaultdict(set)

    def name(self, credential: str) -> bytes:
        """What stands for a ciphertext here."""
        keyed = self._keyed.copy()
        keyed.update(credential.encode("utf-8", "surrogatepass"))
        return keyed.digest()

    def get(self, name: bytes) -> PresentedCredential | None:
        """What the ciphertext held, if it is known; it becomes the most recently used."""
        entry = self._entries.get(name)
        if entry is None:
            return None
        self._entries.move_to_end(name)
        return entry[0]

    def put(self, name: bytes, presented: PresentedCredential, operator: int) -> None:
        """Keeps a ciphertext; the one longest unused makes room."""
        entry = self._entries.get(name)
        owners = frozenset[int]() if entry is None else entry[1]
        if operator in owners:
            return
        self._entries[name] = (presented, owners | {operator})
        self._of_operator[operator].add(name)
        if len(self._entries) > self._capacity:
            self._drop(next(iter(self._entries)))

    def forget(self, operator: int) -> None:
        """Drops every ciphertext of the operator, also those that another operator shares."""
        for name in tuple(self._of_operator.get(operator, ())):
            self._drop(name)

    def clear(self) -> None:
        """Drops everything."""
        self._entries.clear()
        self._of_operator.clear()

    def _drop(self, name: bytes) -> None:
        _, owners = self._entries.pop(name)
        for operator in owners:
            names = self._of_operator[operator]
            names.discard(name)
            if not names:
                del self._of_operator[operator]

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f"CiphertextMemory({len(self._entries)} of {self._capacity})"
