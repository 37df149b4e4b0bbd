"""`salio credential` prints a SecurityCredential and nothing else."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from salio.cli.__main__ import main
from salio.client.certificates import BUNDLED
from salio.platform.folder import SANDBOX
from salio.vault.credentials import CredentialReader
from salio.vault.keys import KeyRing
from tests.ports import free_port
from tests.vault.samples import Seeded

PASSWORDS = ["Safaricom999!*!", "-leading", "--data", "pässwörd", " spaces "]


@pytest.fixture
def reader(data: Path) -> CredentialReader:
    """The platform's side of the same folder."""
    return CredentialReader(
        KeyRing.open(data / "keys" / SANDBOX, SANDBOX, entropy=Seeded(3)), entropy=Seeded(4)
    )


class Files(SimpleHTTPRequestHandler):
    """Says nothing of what it serves."""

    def log_message(self, *_arguments: object) -> None:
        """Nothing."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """A folder's files over HTTP; the base URL."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Files, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def opens(reader: CredentialReader, printed: str, password: str) -> bool:
    """Whether the platform reads the password in what was printed."""
    return reader.open_credential(printed.removesuffix("\n")).digest == reader.digest(password)


@pytest.mark.parametrize("password", [each for each in PASSWORDS if each != "--data"])
def test_the_platform_reads_it(
    capsys: pytest.CaptureFixture[str], data: Path, reader: CredentialReader, password: str
) -> None:
    """344 characters and a line's end."""
    assert main(["credential", "--data", str(data), password]) == 0
    printed = capsys.readouterr().out
    assert len(printed) == 345
    assert opens(reader, printed, password)


@pytest.mark.parametrize("password", PASSWORDS)
@pytest.mark.parametrize("end", ["", "\n", "\r\n"], ids=["bare", "line", "DOS line"])
def test_standard_input(data: Path, reader: CredentialReader, password: str, end: str) -> None:
    """For `-`, so that no shell remembers the password; one line's end is not part of it."""
    ran = subprocess.run(
        [sys.executable, "-m", "salio.cli", "credential", "-", "--data", str(data)],
        input=(password + end).encode(),
        capture_output=True,
        check=True,
    )
    assert opens(reader, ran.stdout.decode(), password)


def test_another_certificate(
    capsys: pytest.CaptureFixture[str], data: Path, tmp_path: Path, reader: CredentialReader
) -> None:
    """Given as a file; then no data folder is needed."""
    certificate = data / "keys" / "sandbox" / "certificate.pem"
    arguments = ["--certificate", str(certificate), "--data", str(tmp_path / "none")]
    assert main(["credential", "abc", *arguments]) == 0
    assert opens(reader, capsys.readouterr().out, "abc")


@pytest.mark.parametrize("name", BUNDLED)
def test_a_bundled_certificate(capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str) -> None:
    """Of Safaricom's, by its environment's name; no data folder is needed."""
    assert main(["credential", "abc", "--certificate", name, "--data", str(tmp_path / "none")]) == 0
    assert len(capsys.readouterr().out) == 345


def test_a_certificate_at_a_url(
    capsys: pytest.CaptureFixture[str], data: Path, reader: CredentialReader
) -> None:
    """Fetched, as the client does it."""
    with serving(data / "keys" / "sandbox") as base_url:
        assert main(["credential", "abc", "--certificate", f"{base_url}/certificate.pem"]) == 0
        assert opens(reader, capsys.readouterr().out, "abc")
        assert main(["credential", "abc", "--certificate", f"{base_url}/none.pem"]) == 1
    assert "/none.pem: HTTP 404" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://192.0.2.1/certificate.pem", "is not https"),
        (f"http://127.0.0.1:{free_port()}/certificate.pem", "no certificate at http://127.0.0.1:"),
        ("https://", "the certificate's URL"),
    ],
    ids=["plain", "nobody there", "no host"],
)
def test_a_url_without_a_certificate(capsys: pytest.CaptureFixture[str], url: str, words: str) -> None:
    """Is one that nobody should trust, or that nobody answers."""
    assert main(["credential", "abc", "--certificate", url]) == 1
    assert words in capsys.readouterr().err


def test_for_programs(capsys: pytest.CaptureFixture[str], data: Path, reader: CredentialReader) -> None:
    """One object."""
    assert main(["credential", "abc", "--data", str(data), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert list(told) == ["security_credential"]
    assert opens(reader, told["security_credential"], "abc")


@pytest.mark.parametrize(
    ("password", "words"),
    [("", "the password is empty"), ("x" * 246, "246 bytes long")],
    ids=["empty", "too long"],
)
def test_a_password_that_cannot_be_encrypted(
    capsys: pytest.CaptureFixture[str], data: Path, password: str, words: str
) -> None:
    """Said without repeating it."""
    assert main(["credential", password, "--data", str(data)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert words in printed.err
    assert "xxx" not in printed.err


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"hello", "neither an X.509 certificate nor a public key"), (None, "No such file or directory")],
    ids=["something else", "missing"],
)
def test_a_certificate_that_is_none(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes | None, words: str
) -> None:
    """The file is named."""
    path = tmp_path / "certificate"
    if content is not None:
        path.write_bytes(content)
    assert main(["credential", "abc", "--certificate", str(path)]) == 1
    error = capsys.readouterr().err
    assert words in error
    assert str(path) in error
