"""An inbox over a list, and a client that asks it as a browser or a callback would."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from salio.portal.inbox_pages import routes
from tests.builders import FakeClock
from tests.portal.samples import Kept


@pytest.fixture
def kept() -> Kept:
    """What the inbox of this test keeps."""
    return Kept()


@pytest.fixture
def clock() -> FakeClock:
    """The time of this test."""
    return FakeClock()


@pytest.fixture
def client(kept: Kept, clock: FakeClock) -> Iterator[TestClient]:
    """Asks the pages."""
    application = Starlette(routes=routes(clock=clock, keep=kept.keep, latest=kept.latest))
    with TestClient(application) as client:
        yield client
