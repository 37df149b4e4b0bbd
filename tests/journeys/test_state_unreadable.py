"""A snapshot whose databases are whole and whose content nobody can read."""

from contextlib import closing

import pytest

from salio.platform.databases import SQLITE
from salio.storage.sqlite.connection import connect
from tests.delivery.receivers import receiving
from tests.journeys.provoking import call, put
from tests.journeys.running import BALANCE, Platform
from tests.journeys.test_state import SNAPSHOTS, Unanswered, done, restore, take

pytestmark = pytest.mark.parametrize("engine", [SQLITE], indirect=True, scope="session")
"""Snapshots are of SQLite's files."""


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param("UPDATE operator SET roles = '?'", id="who may ask"),
        pytest.param("UPDATE request SET query = '?' WHERE number = 1", id="what is undecided"),
    ],
)
def test_what_was_under_way_is_forgotten(sandbox: Platform, damage: str) -> None:
    """Requests are declined and nothing is waited for, until another state takes its place."""
    take(sandbox, "good")
    unanswered = Unanswered()
    with receiving(unanswered) as receiver:
        put(sandbox, hold="queue", next=1)
        for _ in ("held", "under way"):
            sandbox.ask(BALANCE, {"ResultURL": receiver.url()})
        unanswered.wait()
        done(call(sandbox, "POST", SNAPSHOTS, name="bad"))
        with closing(connect(sandbox.data / "snapshots" / "bad" / "environment.db")) as database:
            database.execute(damage)
        assert call(sandbox, "POST", f"{SNAPSHOTS}/bad/restore").status == 500
        assert sandbox.ask(BALANCE).json["ResponseCode"] == "100000004"
        assert sandbox.on_loop(sandbox.sandbox.idle)
        assert done(call(sandbox, "POST", "/_salio/flush")) == {"idle": True}
    restore(sandbox, "good")
    assert sandbox.result(BALANCE).code == "0"
