"""`salio up --database`: what keeps it from starting on a server is one line without a password."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from salio.cli.__main__ import main
from tests import postgres

SECRET = "s3cret"
NOWHERE = f"postgresql://salio:{SECRET}@127.0.0.1:1/salio"


def refused(capsys: pytest.CaptureFixture[str], folder: Path, *arguments: str) -> str:
    """The one line that a start ends with."""
    assert main(["up", "--port", "0", "--data", str(folder), *arguments]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("salio: ")
    assert captured.err.count("\n") == 1, captured.err
    assert SECRET not in captured.err
    return captured.err


@contextmanager
def guarded(password: str) -> Iterator[str]:
    """A URL for a user without rights, who has that password; the URL says one that may be another."""
    url = urlsplit(postgres.new_database())
    with postgres.guarded("salio_guarded", password, url.path[1:]):
        host = quote(parse_qs(url.query)["host"][0], safe="")
        yield f"postgresql://salio_guarded:{SECRET}@{host}{url.path}"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        pytest.param(NOWHERE, "PostgreSQL at 127.0.0.1, database salio cannot be used: ", id="no server"),
        pytest.param("mysql://salio@localhost/salio", "--database takes sqlite, or a URL like", id="scheme"),
        pytest.param("postgresql://salio@localhost:x/salio", "this is no URL", id="port"),
    ],
)
def test_what_is_no_server(capsys: pytest.CaptureFixture[str], tmp_path: Path, url: str, words: str) -> None:
    """Named, on the command line or in the environment."""
    assert words in refused(capsys, tmp_path / "data", "--database", url)


def test_the_environment_names_it_too(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SALIO_DATABASE, unless the command line says otherwise."""
    monkeypatch.setenv("SALIO_DATABASE", NOWHERE)
    assert "127.0.0.1" in refused(capsys, tmp_path / "data")
    assert "takes sqlite" in refused(capsys, tmp_path / "other", "--database", "mysql://x")


def test_a_database_that_is_not_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The server says so."""
    url = urlsplit(postgres.server())._replace(path="/absent").geturl()
    assert 'database "absent" does not exist' in refused(capsys, tmp_path / "data", "--database", url)


@pytest.mark.parametrize(
    ("password", "words"),
    [("another", "cannot be used: password authentication failed"), (SECRET, "cannot be used: permission")],
    ids=["a wrong password", "no rights"],
)
def test_who_may_not(capsys: pytest.CaptureFixture[str], tmp_path: Path, password: str, words: str) -> None:
    """The server says so, and nobody repeats the password."""
    with guarded(password) as url:
        assert words in refused(capsys, tmp_path / "data", "--database", url)


def test_a_driver_that_is_not_installed(tmp_path: Path) -> None:
    """The extra that brings it is named."""
    program = "import sys; sys.modules['asyncpg'] = None; from salio.cli.__main__ import main; exit(main())"
    command = [sys.executable, "-c", program, "up", "--data", str(tmp_path), "--port", "0"]
    ended = subprocess.run(
        [*command, "--database", NOWHERE], capture_output=True, text=True, check=False, timeout=60
    )
    told = "salio: this needs asyncpg, which is not installed: pip install 'salio[postgres]'\n"
    assert (ended.returncode, ended.stderr) == (1, told)
