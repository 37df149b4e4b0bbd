"""By what an application judges is kept in its record, for the commands beside it."""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from salio.tracker.agreed import Agreed, agree, agreed
from salio.tracker.record import Record
from salio.tracker.settings import Endpoint, Patience
from tests.tracker.conftest import MakeSide

PATIENT = Patience(unknown=300, growth=3)
URL = "https://shop.example"


def test_nobody_has_said(tmp_path: Path) -> None:
    """Then the defaults hold."""
    with closing(Record(tmp_path / "record.db")) as record:
        assert agreed(record) == Agreed() == Agreed(patience=Patience(), confirm_payments=True)


def test_a_tracker_says(make_side: MakeSide) -> None:
    """What it was given; another one after it says again."""
    side = make_side(patience=PATIENT, confirm_payments=False)
    assert agreed(side.record) == Agreed(patience=PATIENT, confirm_payments=False)
    side = make_side(patience=PATIENT)
    assert agreed(side.record) == Agreed(patience=PATIENT)


def test_a_record_out_of_reach(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Is said in the log, and keeps no tracker from its work."""
    with closing(Record(tmp_path / "record.db")) as record:
        with closing(sqlite3.connect(tmp_path / "record.db")) as rows:
            rows.execute("DROP TABLE agreed")
        with caplog.at_level(logging.WARNING):
            agree(record, Endpoint(url=URL), PATIENT)
    assert "do not know how this one judges" in caplog.text
