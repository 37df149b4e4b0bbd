"""``salio listen``: callbacks are kept, judged and printed."""

import http.client
import json
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from salio.cli.app import run
from salio.cli.listen_lines import line, told
from salio.tracker import looking
from salio.tracker.agreed import agree
from salio.tracker.looking import Came
from salio.tracker.record import Record
from salio.tracker.settings import Endpoint, Patience
from tests.cli.listening import listening
from tests.wire.captures import BALANCE_2026, BALANCE_FAILED_2020, PAYMENT_TO_CUSTOMER, PUSH, STATUS_2025

PAYMENT = b'{"TransID":"TAH5J2K991","TransAmount":"5.00","BusinessShortCode":"600000"}'


def post(url: str, body: bytes) -> int:
    """The status of the answer."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    connection.request("POST", parts.path, body)
    status = connection.getresponse().status
    connection.close()
    return status


def test_what_comes_is_printed(tmp_path: Path) -> None:
    """Without a request in the record it is nobody's; a payment is one all the same."""
    with listening(tmp_path / "record.db", "--json") as process:
        said = json.loads(process.stdout.readline())
        assert said["record"] == str(tmp_path / "record.db")
        assert post(said["result_url"], BALANCE_2026) == 200
        shown = json.loads(process.stdout.readline())
        assert (shown["verdict"], shown["body"]) == ("unknown", BALANCE_2026.decode())
        assert post(said["result_url"], PAYMENT) == 200
        assert json.loads(process.stdout.readline())["verdict"] == "payment"
        assert post(said["result_url"].replace("/result/", "/result/0"), BALANCE_2026) == 404
    with listening(tmp_path / "record.db") as process:
        lines = [process.stdout.readline() for _ in range(3)]
        assert lines[1] != lines[2]
        result, notice = (each.split()[1] for each in lines[1:])
        assert urlsplit(result).path == urlsplit(said["result_url"]).path
        assert post(notice, BALANCE_FAILED_2020) == 200
        assert "#3 unknown" in process.stdout.readline()


@pytest.mark.parametrize(("confirm", "pending"), [(True, ["open"]), (False, [])])
def test_it_judges_as_the_application_does(tmp_path: Path, confirm: bool, pending: list[str]) -> None:
    """A payment that the application's tracker believes unconfirmed is settled here too."""
    with closing(Record(tmp_path / "record.db")) as record:
        agree(record, Endpoint(url="https://shop.example", confirm_payments=confirm), Patience())
        with listening(tmp_path / "record.db", "--json") as process:
            assert post(json.loads(process.stdout.readline())["result_url"], PAYMENT) == 200
            assert json.loads(process.stdout.readline())["verdict"] == "payment"
        assert [each.state for each in looking.pending(record)] == pending


def test_only_from_the_networks_on_the_list(tmp_path: Path) -> None:
    """All others are refused."""
    with listening(tmp_path / "record.db", "--json", "--allow", "196.201.212.0/22") as process:
        said = json.loads(process.stdout.readline())
        assert post(said["result_url"], BALANCE_2026) == 403


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--allow", "safaricom"], "safaricom"),
        (["--url", "shop"], "where the receiver is"),
        (["--host", "192.0.2.1"], "cannot listen on 192.0.2.1"),
    ],
)
def test_what_cannot_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], message: str
) -> None:
    """Is said in a line."""
    record = str(tmp_path / "record.db")
    assert run(["listen", "--record", record, "--port", "0", *options]) == 1
    assert message in capsys.readouterr().err


def test_a_record_that_cannot_be_opened(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder is none."""
    assert run(["listen", "--record", str(tmp_path), "--port", "0"]) == 1
    assert str(tmp_path) in capsys.readouterr().err


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (BALANCE_2026, "0 · Working Account KES 0.00, Utility Account KES 0.00"),
        (STATUS_2025, "0 · TAH5J2K991 Completed 1.00"),
        (BALANCE_FAILED_2020, "2001 The initiator information is invalid."),
        (PAYMENT_TO_CUSTOMER, "0 · NLJ41HAY6Q 10.00"),
        (PUSH, "0 · NLJ7RT61SV 1.00"),
        (PAYMENT, "payment TAH5J2K991 of 5.00 to 600000"),
        (b'{"a\x1b[2J": 1}', '{"a\\x1b[2J": 1}'),
    ],
)
def test_what_a_callback_says(body: bytes, words: str) -> None:
    """In some words; nothing that others wrote commands the terminal."""
    assert told(body).startswith(words)


def test_a_line() -> None:
    """With its verdict, its request and whoever sent it."""
    came = Came(1, 1_790_000_000_000, 1, "result", "10.0.0.1", "forged", "no\x1b", 7, BALANCE_FAILED_2020)
    assert line(came) == (
        "2026-09-21T14:13:20Z #1 forged of request 7 (no\\x1b) from 10.0.0.1: "
        "2001 The initiator information is invalid."
    )


def test_a_line_of_what_was_answered_at_once() -> None:
    """Nobody sent it."""
    body = b'{"ResultCode": "4999", "ResultDesc": "still under processing"}'
    came = Came(2, 1_790_000_000_000, 1, "answer", "", "result", "", 7, body)
    assert line(came) == (
        "2026-09-21T14:13:20Z #2 result of request 7, answered at once: 4999 still under processing"
    )
