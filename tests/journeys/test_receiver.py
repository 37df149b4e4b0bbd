"""The receiver and the tracker against the whole platform: `docs/receiver.md` as it stands."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from salio.sandbox.testdata.operators import PASSWORD
from salio.tracker.record import Record
from tests import postgres
from tests.journeys.running import Platform
from tests.ports import free_port
from tests.tidy.source import ROOT

DOCUMENT = ROOT / "docs" / "receiver.md"
WAITS, THREADS, *OTHERS = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)


POSTGRESQL = "postgresql://shop@localhost/shop"


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """Of the example."""
    return tmp_path / "payments.db"


def run(platform: Platform, record: Path, port: int, *examples: str) -> dict[str, object]:
    """Examples one after the other, at other ports and in another folder; their names."""
    text = "import salio\n" + "".join(examples)
    for said, meant in (("8282", str(platform.port)), ("8383", str(port)), ("payments.db", str(record))):
        text = text.replace(said, meant)
    if POSTGRESQL in text:
        text = text.replace(POSTGRESQL, postgres.new_database())
    names: dict[str, object] = {
        "consumer_key": platform.app.key,
        "consumer_secret": platform.app.secret,
        "password": PASSWORD,
    }
    exec(text, names)  # noqa: S102  # our own document
    return names


@contextmanager
def listening(record: Path, port: int) -> Iterator[None]:
    """`salio listen` on that record."""
    command = [sys.executable, "-m", "salio.cli", "listen", "--record", str(record), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            process.stdout.readline()
            yield
        finally:
            process.terminate()


def test_the_example_of_tasks_and_all_that_follow(
    documented: Platform, record: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A balance is asked, received and printed by one program."""
    names = run(documented, record, free_port(), WAITS, *OTHERS)
    assert isinstance(names["record"], Record)
    names["record"].close()
    assert "Working Account" in capsys.readouterr().out
    assert len(OTHERS) == 4


def test_the_example_of_threads(
    documented: Platform, record: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The receiver is another process."""
    port = free_port()
    with listening(record, port):
        run(documented, record, port, THREADS)
    assert capsys.readouterr().out == "0\n"
