"""Processes of their own, on a database of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines import ALL, wanted
from tests.kill.receiver import Receiver
from tests.serving import Environment, environment

collect_ignore = [] if wanted() == ALL else ["test_gateways.py", "test_phones.py", "test_status.py"]
"""They start and lose processes, seconds each: an ordinary run has those of the kill tests."""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Environment]:
    """Prepared, and nothing runs yet."""
    with environment(tmp_path / "data") as made:
        yield made


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Takes callbacks."""
    with Receiver() as receiver:
        yield receiver
