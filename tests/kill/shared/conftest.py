"""What these tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kill.receiver import Receiver
from tests.kill.shared.server import running
from tests.kill.shared.staging import Staging
from tests.kill.shared.staging import staging as working


@pytest.fixture
def staging(tmp_path: Path, receiver: Receiver) -> Iterator[Staging]:
    """Two gateways, two cores and two deliveries on a server of their own."""
    with running() as server, working(server, tmp_path, receiver) as staging:
        yield staging
