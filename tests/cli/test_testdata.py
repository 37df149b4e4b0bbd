"""`salio testdata` tells what the sandbox was filled with."""

import json
from pathlib import Path

import msgspec
import pytest

from salio.cli.__main__ import main
from salio.platform.folder import Signpost
from tests.cli.conftest import KEY, SECRET
from tests.stores import in_file


def test_as_json(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    """One line with the members of the issue; the secret is readable."""
    assert main(["testdata", "--json", "--data", str(data)]) == 0
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    described = json.loads(printed)
    assert list(described) == [
        "base_url",
        "consumer_key",
        "consumer_secret",
        "certificate",
        "initiators",
        "short_codes",
        "msisdns",
        "receipts",
        "control_key",
    ]
    assert (described["consumer_key"], described["consumer_secret"]) == (KEY, SECRET)
    assert described["base_url"] == "http://127.0.0.1:8282"
    assert Path(described["certificate"]).read_bytes().startswith(b"-----BEGIN CERTIFICATE-----")


@pytest.mark.parametrize(
    ("signpost", "base_url", "running"),
    [
        (msgspec.json.encode(Signpost("http://127.0.0.1:9999", 1)), "http://127.0.0.1:9999", True),
        (b"half a", "http://127.0.0.1:8282", False),
        (None, "http://127.0.0.1:8282", False),
    ],
    ids=["running", "damaged", "ended"],
)
@pytest.mark.parametrize("options", [[], ["--json"]], ids=["people", "programs"])
def test_a_running_platform_says_where_it_is(
    capsys: pytest.CaptureFixture[str],
    data: Path,
    signpost: bytes | None,
    base_url: str,
    running: bool,
    options: list[str],
) -> None:
    """By its signpost in the folder; without one the usual place is told, and that nobody is there."""
    if signpost is not None:
        (data / "platform.json").write_bytes(signpost)
    assert main(["testdata", "--data", str(data), *options]) == 0
    printed = capsys.readouterr()
    assert base_url in printed.out
    assert (f"no platform of {data} runs; the base URL is where" in printed.err) is not running


def test_for_people(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    """The same in tables of 80 columns; what one copies is never broken."""
    assert main(["testdata", "--data", str(data)]) == 0
    printed = capsys.readouterr().out
    for word in (KEY, SECRET, "testapiuser", "Safaricom999!*!", "MBN31H462N", "600310", "254708374149"):
        assert word in printed
    tables = printed[printed.index("Initiators") :]
    assert max(map(len, tables.splitlines())) <= 80


def test_a_start_that_broke_off(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    """No app yet: start again."""
    connection = in_file(data / "portal.db")
    connection.execute("DELETE FROM app")
    connection.close()
    assert main(["testdata", "--data", str(data)]) == 1
    assert f"run `salio up --data {data}`" in capsys.readouterr().err


def test_a_copied_database_without_its_keys(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    """The vault's own words."""
    (data / "keys" / "sandbox" / "master_secret").unlink()
    assert main(["testdata", "--data", str(data)]) == 1
    assert "master_secret is missing" in capsys.readouterr().err
