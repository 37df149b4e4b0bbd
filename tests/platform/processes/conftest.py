"""Processes of their own, on a database of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kill.receiver import Receiver
from tests.serving import Environment, environment


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
