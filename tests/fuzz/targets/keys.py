"""The key ring of the targets, drawn once for a process."""

import tempfile
from functools import cache
from pathlib import Path

from salio.vault.keys import KeyRing
from tests.vault.samples import Seeded


@cache
def key_ring() -> KeyRing:
    """An environment's keys. What a target says must not depend on them: each process has others.

    Its files are gone at once, for libFuzzer ends a process without asking.
    """
    with tempfile.TemporaryDirectory(prefix="salio-fuzz-") as folder:
        return KeyRing.open(Path(folder) / "keys", "sandbox", entropy=Seeded(1))
