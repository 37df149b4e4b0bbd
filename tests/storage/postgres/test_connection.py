"""A session: trouble with the server is told from a row that is wrong, and no commit is left unknown."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from salio.core.ports import StoreUnavailableError
from salio.storage.postgres.connection import Session
from tests import postgres

COUNT = "SELECT count(*) FROM customer"
ADD = "INSERT INTO customer VALUES ($1, 'Somebody')"


class Wire:
    """Between a session and its server: it carries bytes, until a COMMIT passes that it is to cut."""

    def __init__(self, server: Path, folder: Path) -> None:
        self._server = server / ".s.PGSQL.5432"
        self.cut: str | None = None
        """``before`` the server hears a COMMIT, or ``after``, before its answer."""
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / ".s.PGSQL.5432"))
        self._listener.listen()
        self._ends: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Cuts everything."""
        for each in (self._listener, *self._ends):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(str(self._server))
                self._ends += [client, server]
                for ends in ((client, server), (server, client)):
                    threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                cut = self.cut if b"COMMIT" in data else None
                if cut is not None:
                    self.cut = None
                    source.shutdown(socket.SHUT_RDWR)
                if cut != "before":
                    target.sendall(data)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def url() -> str:
    """Of an empty, migrated database."""
    return postgres.empty_database()


@pytest.fixture
def session(url: str) -> Iterator[Session]:
    """On that database."""
    session = Session(url, "sandbox")
    yield session
    session.close()


def test_a_lost_connection_is_made_again(session: Session, url: str) -> None:
    """What runs into it is told that the store is out of reach; the next statement works."""
    assert session.fetch(COUNT)[0][0] == 0
    postgres.end_connections(url)
    with pytest.raises(StoreUnavailableError, match="PostgreSQL"):
        session.fetch(COUNT)
    assert session.fetch(COUNT)[0][0] == 0


def test_a_connection_lost_in_a_transaction_keeps_nothing(session: Session, url: str) -> None:
    """The block's next statement fails, and nothing of the block is there."""
    with suppress(StoreUnavailableError), session.transaction():
        session.execute(ADD, "254700000001")
        postgres.end_connections(url)
        session.execute(ADD, "254700000002")
        pytest.fail("the statement had no server")
    assert session.fetch(COUNT)[0][0] == 0


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    """Nobody listens: out of reach, at once."""
    session = Session(f"postgresql://postgres@/postgres?host={quote(str(tmp_path))}", "sandbox")
    with pytest.raises(StoreUnavailableError), session.transaction():
        pytest.fail("nothing was begun")
    session.close()


@pytest.mark.parametrize(("cut", "kept"), [("before", 0), ("after", 1)])
def test_p5_a_connection_that_dies_during_commit(tmp_path: Path, url: str, cut: str, kept: int) -> None:
    """Whoever committed learns what became of it: nothing is committed twice, and nothing said to be lost."""
    folder = Path(parse_qs(urlsplit(url).query)["host"][0])
    wire = Wire(folder, tmp_path)
    session = Session(url.replace(str(folder), str(tmp_path)), "sandbox")
    session.fetch(COUNT)
    wire.cut = cut
    try:
        with session.transaction():
            session.execute(ADD, "254700000001")
        told = 1
    except StoreUnavailableError:
        told = 0
    assert (told, session.fetch(COUNT)[0][0]) == (kept, kept)
    session.close()
    wire.close()


def test_a_row_that_is_wrong_is_no_trouble_of_the_server(session: Session) -> None:
    """Its own error passes, and the connection stays."""
    session.execute(ADD, "254700000001")
    with pytest.raises(Exception, match="duplicate key"), session.transaction():
        session.execute(ADD, "254700000001")
    assert session.fetch(COUNT)[0][0] == 1
