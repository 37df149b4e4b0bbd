"""``salio pending``: what has no end, and why."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from salio.cli.app import run
from salio.client.errors import OutcomeUnknown
from salio.tracker import following
from salio.tracker.ends import State
from salio.tracker.record import Record
from salio.tracker.settings import Endpoint, Patience
from salio.tracker.settling import end
from salio.wire.asked import BalanceQuery, StatusQuery
from tests import postgres

NOW = 1_790_000_000_000
ENDPOINT = Endpoint(url="https://shop.example")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A record with a request in each state, and a forged callback."""
    place = tmp_path / "record.db"
    with closing(Record(place, now=lambda: NOW)) as record:
        for query in (
            BalanceQuery(party_a="600000"),
            StatusQuery(party_a="600000", receipt="TAH5J2K991"),
            BalanceQuery(party_a="600001"),
            BalanceQuery(party_a="600002"),
        ):
            noted = following.note(record, query, ENDPOINT, Patience())
        following.failed(record, noted, OutcomeUnknown("reset"), Patience(), first=True)
        with record.transaction() as rows:
            end(rows, 2, State.NEEDS_A_PERSON, "no result after 6 askings", None, NOW)
            end(rows, 3, State.SETTLED, "", None, NOW)
            rows.execute("UPDATE handling SET state = 'stuck', error = 'ValueError: no' WHERE request = 3")
            rows.execute(
                "INSERT INTO callback (digest, came_at, copies, kind, source, body, verdict, why) "
                "VALUES (x'00', ?, 1, 'result', '10.0.0.1', x'7b7d', 'forged', '')",
                [NOW],
            )
    return place


def test_for_people(path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """How each stands, in columns; why, in lines of its own; what is kept apart below."""
    monkeypatch.setenv("COLUMNS", "80")
    assert run(["pending", "--record", str(path)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "1  AccountBalance          600000      open",
        "   asked at 2026-09-21T14:13:20Z; next at 14:15:20Z",
        "2  TransactionStatusQuery  TAH5J2K991  needs a person",
        "   asked at 2026-09-21T14:13:20Z",
        "   no result after 6 askings",
        "4  AccountBalance          600002      open",
        "   asked at 2026-09-21T14:13:20Z; next at 14:13:35Z",
        "   OutcomeUnknown: it is not known whether the request was accepted: reset",
        "3  AccountBalance          600001      settled",
        "   asked at 2026-09-21T14:13:20Z",
        "   stuck: ValueError: no",
        "kept apart, and nothing was done upon them: 1 forged",
    ]


@pytest.mark.parametrize("columns", [80, 160])
def test_a_long_reason_is_folded(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    """Between words, to the terminal's width; how often was asked is said, and another day."""
    why = "NotSent: not sent: " + "the name server does not answer " * 6
    with closing(Record(path)) as record, record.transaction() as rows:
        rows.execute(
            "UPDATE request SET cause = ?, tries = 3, look_at = look_at + 86400000 WHERE number = 1", [why]
        )
    monkeypatch.setenv("COLUMNS", str(columns))
    assert run(["pending", "--record", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "   asked 3 times, first at 2026-09-21T14:13:20Z; next at 2026-09-22T14:15:20Z"
    told = lines[2 : lines.index(next(each for each in lines if each.startswith("2 ")))]
    assert " ".join(each.strip() for each in told) == why.strip()
    assert 0.7 * columns < max(map(len, lines)) <= columns


def test_json(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One object a line."""
    assert run(["pending", "--record", str(path), "--json"]) == 0
    found = [json.loads(each) for each in capsys.readouterr().out.splitlines()]
    assert found[0] == {
        "request": 1,
        "kind": "AccountBalance",
        "about": "600000",
        "state": "open",
        "asked_at": "2026-09-21T14:13:20Z",
        "tries": 1,
        "look_at": "2026-09-21T14:15:20Z",
        "cause": "",
        "handler": "",
    }
    assert [each.get("state") for each in found] == ["open", "needs a person", "open", "settled", None]
    assert found[-1] == {"apart": {"forged": 1}}


def test_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Says so."""
    Record(tmp_path / "record.db").close()
    assert run(["pending", "--record", str(tmp_path / "record.db")]) == 0
    assert capsys.readouterr().out == "nothing is pending\n"


def test_in_postgresql(capsys: pytest.CaptureFixture[str]) -> None:
    """As in a file; none is made, and no password is shown."""
    url = postgres.new_database()
    assert run(["pending", "--record", url]) == 1
    assert "there is no record" in capsys.readouterr().err
    with closing(Record(url)) as record:
        following.note(record, BalanceQuery(party_a="600000"), ENDPOINT, Patience())
    assert run(["pending", "--record", url, "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[0])["about"] == "600000"
    assert run(["pending", "--record", "postgresql://shop:hush@127.0.0.1:1/shop"]) == 1
    assert "hush" not in capsys.readouterr().err


def test_a_person_ends_one(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And it is gone from the list; the trail says who and why, for people and for programs."""
    given = ["--record", str(path)]
    assert run(["pending", "--trail", *given]) == 0
    assert capsys.readouterr().out == "nothing was done by hand\n"
    because = ["--because", "ticket 4711", "--by", "wanjiru"]
    assert run(["end", "2", "--as", "failed", *because, *given]) == 0
    assert capsys.readouterr().out == "request 2 is failed, by hand; its handler is told next\n"
    assert run(["pending", "--trail", *given]) == 0
    told = capsys.readouterr().out
    assert told.endswith("Z  wanjiru  request 2: needs a person, now failed, because ticket 4711\n")
    assert run(["pending", "--trail", "--json", *given]) == 0
    assert json.loads(capsys.readouterr().out)["who"] == "wanjiru"
    assert run(["end", "2", "--as", "settled", *because, *given]) == 1
    assert "request 2: it is failed already" in capsys.readouterr().err
    assert run(["end", "1", "--as", "settled", "--because", " ", *given]) == 1
    assert "wants a reason" in capsys.readouterr().err


def test_what_is_over_is_forgotten(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Only what was handled; not what is yet to come."""
    with closing(Record(path)) as record, record.transaction() as rows:
        rows.execute("UPDATE handling SET state = 'finished' WHERE request = 3")
    given = ["--because", "a year", "--record", str(path)]
    assert run(["forget", "--before", "2026-09-21", *given]) == 0
    assert run(["forget", "--before", "2026-09-22", *given]) == 0
    assert capsys.readouterr().out == "forgotten: 0 requests\nforgotten: 1 request\n"
    assert run(["forget", "--before", "2126-09-22", *given]) == 1
    assert "yet to come" in capsys.readouterr().err


def test_no_record(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """None is made."""
    assert run(["pending", "--record", str(tmp_path / "record.db")]) == 1
    assert "there is no record" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
