"""A sandbox in a thread: begun when it answers, ended with the block, whatever happens in it."""

import http.client
import threading
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from salio.platform.errors import StartError
from salio.platform.in_thread import running
from tests.patience import PATIENCE


def ready(base_url: str) -> int:
    """Whether it commits, as an HTTP status."""
    connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=PATIENCE)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status
    finally:
        connection.close()


def test_it_answers_until_the_end_of_the_block(tmp_path: Path) -> None:
    """Then its port and its folder are free, and its thread is gone; an error inside changes nothing."""
    with suppress(KeyError), running(tmp_path / "data") as begun:
        assert ready(begun.base_url) == 200
        raise KeyError
    with pytest.raises(ConnectionRefusedError):
        ready(begun.base_url)
    assert "salio" not in {each.name for each in threading.enumerate()}
    with running(tmp_path / "data") as again:
        assert (again.consumer_key, again.consumer_secret) == (begun.consumer_key, begun.consumer_secret)


def test_two_side_by_side(tmp_path: Path) -> None:
    """Each with a port and a folder of its own; one folder is for one."""
    with running(tmp_path / "one") as one, running(tmp_path / "two", wire="observed") as two:
        assert one.base_url != two.base_url
        assert {ready(one.base_url), ready(two.base_url)} == {200}
        with pytest.raises(StartError, match="another platform runs on"), running(tmp_path / "one"):
            pass
