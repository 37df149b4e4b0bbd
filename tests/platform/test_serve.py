"""What keeps a platform from starting, each in one sentence that says what to do."""

import socket
from pathlib import Path

import pytest

from salio.platform.errors import DataFolderError, PortTakenError, StartError
from salio.platform.folder import DataFolder
from salio.platform.serve import run
from salio.platform.settings import Settings


def started(_running: object) -> None:
    """Nothing here gets as far."""
    pytest.fail("it started")


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    """Named, and nothing is made in the folder."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTakenError, match=rf"127\.0\.0\.1:{port} is taken .* --port"):
            run(Settings(data=tmp_path / "data", port=port), started)
    assert not (tmp_path / "data").exists()


class EnoughError(Exception):
    """It stood; that is all that was wanted."""


def test_keys_from_a_seed_stay_at_home(tmp_path: Path) -> None:
    """Whoever knows the seed could forge their tokens: the folder is never served beyond loopback."""

    def stands(_running: object) -> None:
        raise EnoughError

    settings = Settings(data=tmp_path / "seeded", port=0, seed="7")
    with pytest.raises(EnoughError):
        run(settings, stands)
    for host in ("0.0.0.0", "::"):  # noqa: S104 - refused
        with pytest.raises(StartError, match=r"made from --seed .* for loopback only, .* with --data"):
            run(Settings(data=settings.data, host=host, port=0), started)
    with pytest.raises(EnoughError):
        run(Settings(data=tmp_path / "other", host="0.0.0.0", port=0), stands)  # noqa: S104 - ended at once


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1"])
def test_an_address_that_is_not_ours(tmp_path: Path, host: str) -> None:
    """Of either family."""
    with pytest.raises(StartError, match=r"cannot listen on .* choose another with --host or --port"):
        run(Settings(data=tmp_path / "data", host=host, port=0), started)


def test_a_folder_that_is_in_use(tmp_path: Path) -> None:
    """The port is free again afterwards, and the other's signpost still stands."""
    other = DataFolder(tmp_path)
    other.take()
    other.sign("http://127.0.0.1:1")
    with pytest.raises(DataFolderError, match="another platform runs on"):
        run(Settings(data=tmp_path, port=0), started)
    assert other.signpost.exists()
    other.leave()
