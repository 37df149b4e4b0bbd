"""What the platform died over: a file from one process to the next. Whoever was not put down is blamed."""

import json
from pathlib import Path
from typing import Any

import pytest
import structlog

from salio.platform.deaths import DeathRecord


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where no process died yet."""
    return tmp_path / "recovering.json"


def die_over(path: Path, conversation_id: str) -> None:
    """One process's life, from its start to its death."""
    record = DeathRecord(path)
    record.take_in_hand(conversation_id)
    record.close()


def test_p25_a_death_is_counted_by_the_next_process(path: Path) -> None:
    """Once, against the request that was in hand, whoever looks later."""
    die_over(path, "one")
    for _ in range(3):
        assert DeathRecord(path).over("one") == 1
    die_over(path, "two")
    die_over(path, "one")
    last = DeathRecord(path)
    assert (last.over("one"), last.over("two"), last.over("three")) == (2, 1, 0)


def test_p25_what_was_put_down_is_not_blamed(path: Path) -> None:
    """A death after the decision, or before the next, is no request's."""
    first = DeathRecord(path)
    first.take_in_hand("a conversation with a long id")
    first.put_down()
    assert json.loads(path.read_bytes()) == {"in_hand": None, "deaths": {}}
    first.close()
    assert DeathRecord(path).over("a conversation with a long id") == 0


def test_p25_each_death_is_an_error_in_the_log(path: Path) -> None:
    """With the request by its id; the third says that it is given up."""
    told: list[Any] = []
    for _ in range(3):
        die_over(path, "one")
        with structlog.testing.capture_logs() as logs:
            DeathRecord(path)
        told += logs
    assert told == [
        {
            "log_level": "error",
            "event": "died_over_a_request",
            "conversation_id": "one",
            "deaths": deaths,
            "given_up": deaths == 3,
        }
        for deaths in (1, 2, 3)
    ]


def test_p25_what_is_not_open_is_forgotten(path: Path) -> None:
    """A request of another content of the store is not this one's; of none there is no file."""
    for each in ("one", "two"):
        die_over(path, each)
    record = DeathRecord(path)
    record.keep({"two", "three"})
    assert (record.over("one"), record.over("two")) == (0, 1)
    record.keep(())
    assert (record.over("two"), path.exists()) == (0, False)
    record.take_in_hand("four")
    assert json.loads(path.read_bytes()) == {"in_hand": "four", "deaths": {}}
    record.keep(())
    assert not path.exists()


@pytest.mark.parametrize("content", [b"", b"{", b'{"in_hand": 1}', b"\xff" * 500], ids=repr)
def test_a_file_that_says_nothing(path: Path, content: bytes) -> None:
    """Whatever came over it: nobody is blamed, the log says so, and it is written anew."""
    path.write_bytes(content)
    with structlog.testing.capture_logs() as logs:
        record = DeathRecord(path)
    assert [each["event"] for each in logs] == ["deaths_unreadable"]
    record.take_in_hand("one")
    record.close()
    assert DeathRecord(path).over("one") == 1


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    """Nothing fails of it."""
    record = DeathRecord(tmp_path / "missing" / "recovering.json")
    record.take_in_hand("one")
    record.put_down()
    record.keep(())
    assert record.over("one") == 0
