"""Snapshots of a loaded platform, and death while one is taken or brought back."""

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest

from salio.storage.sqlite.access import SqliteAccessStore
from salio.storage.sqlite.connection import connect
from tests.kill.asking import Asked
from tests.kill.campaign import Campaign
from tests.kill.checker import check_store, files, is_settled, opened
from tests.kill.platforms import Platform, production
from tests.kill.receiver import Receiver
from tests.patience import until
from tests.proof import proof_count

State = tuple[int, int]
"""Requests and apps: one of each database."""


@pytest.mark.slow
def test_p27_what_is_brought_back_under_load_keeps_the_promises(
    campaign: Campaign, receiver: Receiver
) -> None:
    """Every request is answered; those acknowledged before the snapshot or after its return are all there."""
    rounds = proof_count(2, 30)
    promised: list[Asked] = []
    returns: list[float] = []
    with campaign.platform(production(campaign.data)) as platform:
        assert platform.welcome(), platform.errors()
        campaign.prepare(platform)
        load, since = campaign.load(platform), 0
        for number in range(rounds):
            campaign.until_promised(campaign.promised() + 100)
            promised += [each for each in campaign.asked[since:] if each.acknowledged]
            assert platform.control("POST", "snapshots", name="loaded", replace=number > 0)[0] == 200
            campaign.until_promised(campaign.promised() + 100)
            returns.append(time.time())
            assert platform.control("POST", "snapshots/loaded/restore")[0] == 200
            since = len(campaign.asked)
        campaign.until_promised(campaign.promised() + 100)
        load.stop()
        until(f"settled; {platform.errors()}", lambda: is_settled(campaign.data))
        assert all(each.status for each in campaign.asked), "a request without an answer"
        assert {each.answer.get("ResponseCode") for each in campaign.asked} <= {"0", "100000004"}
        assert platform.get("/readyz")[0] == 200
        assert platform.end() == 0
    promised += [each for each in campaign.asked[since:] if each.acknowledged]
    kept = check_store(files(campaign.data), promised, returns)
    assert len(kept) >= len(promised) > 100 * rounds
    assert _heard_of(kept) <= {each.path.rpartition("/")[2] for each in receiver.callbacks}


def _heard_of(kept: dict[int, dict[str, Any]]) -> set[str]:
    """The markers of those whose receivers answered."""
    return {str(marker) for marker, each in kept.items() if each["status"] is not None}


@pytest.mark.slow
def test_p27_death_while_a_state_is_brought_back(campaign: Campaign) -> None:
    """Both databases are of the one state or of the other, and both snapshots are there."""
    known = _two_states(campaign)
    for milliseconds in [*_moments(), None]:
        with campaign.platform(production(campaign.data)) as platform:
            assert platform.welcome(), platform.errors()
            found = state_of(campaign.data)
            assert found in known.values()
            assert names(platform) == ["first", "second"]
            if milliseconds is None:
                assert platform.end() == 0
            else:
                wanted = "first" if found == known["second"] else "second"
                _die_within(platform, milliseconds, "POST", f"snapshots/{wanted}/restore")


@pytest.mark.slow
def test_p27_death_while_a_snapshot_is_taken(campaign: Campaign) -> None:
    """It is there whole or not at all; one that was to be replaced is there in any case."""
    known = _two_states(campaign)
    for milliseconds in [*_moments(), None]:
        with campaign.platform(production(campaign.data)) as platform:
            assert platform.welcome(), platform.errors()
            assert state_of(campaign.data) == known["second"]
            assert sorted(names(platform)) == ["first", "second"]
            if milliseconds is None:
                assert platform.control("POST", "snapshots/first/restore")[0] == 200
                assert state_of(campaign.data) in known.values()
                assert platform.end() == 0
            else:
                _die_within(platform, milliseconds, "POST", "snapshots", name="first", replace=True)


def _moments() -> range:
    """Milliseconds from the call to the kill: before, during and after the work."""
    return range(10, 110, 100 // proof_count(2, 50))


def _two_states(campaign: Campaign) -> dict[str, State]:
    """A platform that has the snapshots `first` and `second`, and is in the second state."""
    known: dict[str, State] = {}
    with campaign.platform(production(campaign.data)) as platform:
        assert platform.welcome(), platform.errors()
        campaign.prepare(platform)
        for name in ("first", "second"):
            load = campaign.load(platform)
            campaign.until_promised(campaign.promised() + 100)
            load.stop()
            until("settled", lambda: is_settled(campaign.data))
            _add_app(campaign.data)
            assert platform.control("POST", "snapshots", name=name)[0] == 200
            known[name] = state_of(campaign.data)
        assert platform.end() == 0
    assert known["first"] != known["second"]
    return known


def _add_app(data: Path) -> None:
    with closing(SqliteAccessStore(connect(data / "portal.db"))) as access:
        apps = access.apps()
        number = len(apps) + 1
        access.add_apps([msgspec.structs.replace(apps[0], number=number, consumer_key=f"key {number}")])


def _die_within(platform: Platform, milliseconds: int, method: str, path: str, **body: object) -> None:
    """Calls, and kills so long after."""

    def call() -> None:
        with suppress(OSError):
            platform.control(method, path, **body)

    with ThreadPoolExecutor(1) as pool:
        pool.submit(call)
        threading.Event().wait(milliseconds / 1000)
        os.kill(platform.pid, signal.SIGKILL)
    platform.bury()


def state_of(data: Path) -> State:
    """What the two databases hold, both sound."""
    with opened(data / "sandbox.db") as store, opened(data / "portal.db") as portal:
        for each in (store, portal):
            assert [row[0] for row in each.execute("PRAGMA integrity_check")] == ["ok"]
        requests = store.execute("SELECT count(*) FROM request").fetchone()[0]
        return int(requests), int(portal.execute("SELECT count(*) FROM app").fetchone()[0])


def names(platform: Platform) -> list[str]:
    """Of the snapshots."""
    status, said = platform.control("GET", "snapshots")
    assert status == 200
    return [each["name"] for each in said["snapshots"]]
