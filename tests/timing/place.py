"""Where the data of a measured platform lie: in memory, where the machine lets us.

On a disk every answer waits for it, now longer and now shorter, and what a few microseconds would tell drowns
in that. Without it the proof is the harder one.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it


@contextmanager
def place_of_data() -> Iterator[Path]:
    """A folder for a while."""
    place = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="timing-data-", dir=place) as folder:
        yield Path(folder)
