"""The stage that keeps what nobody waits for: refusals, and notes."""

from collections.abc import Sequence

import pytest

from salio.core.audit.notes import Note, NoteLog
from salio.core.audit.records import MOST_AT_ONCE
from salio.core.audit.refusals import RefusalLog, RefusedRequest
from tests.builders import a_refusal
from tests.core.audit.noting import a_note


class Kept:
    """A unit that keeps refusals and notes in lists."""

    def __init__(self) -> None:
        self.refusals: list[RefusedRequest] = []
        self.notes: list[Note] = []

    def add_refusals(self, refusals: Sequence[RefusedRequest]) -> None:
        """Keeps them."""
        self.refusals += refusals

    def add_notes(self, notes: Sequence[Note]) -> None:
        """Keeps them."""
        self.notes += notes


def noted(*numbers: int, most_waiting: int = 10_000) -> RefusalLog:
    """A log that these refusals came to."""
    log = RefusalLog(lambda: None, most_waiting)
    for number in numbers:
        log.note(a_refusal(number))
    return log


def refusals(*numbers: int) -> list[RefusedRequest]:
    """The refusals of these numbers."""
    return [a_refusal(number) for number in numbers]


def test_keeps_what_came_in_order() -> None:
    """What a turn takes is written as it came."""
    log, unit = noted(1, 2, 3), Kept()
    batch = log.take()
    log.write(unit, batch)
    log.settle(batch)
    assert unit.refusals == refusals(1, 2, 3)
    assert not log.take()


def test_takes_a_group_at_most() -> None:
    """A flood of refusals does not make a turn long."""
    log = noted(*range(MOST_AT_ONCE + 1))
    assert len(log.take()) == MOST_AT_ONCE
    assert len(log.take()) == 1


def test_the_oldest_make_room() -> None:
    """When the log is full, the oldest waiting refusal goes unrecorded."""
    assert noted(1, 2, 3, 4, most_waiting=3).take() == refusals(2, 3, 4)


@pytest.mark.parametrize(
    ("meanwhile", "left"),
    [
        pytest.param((), (1, 2, 3), id="nothing came meanwhile"),
        pytest.param((4,), (2, 3, 4), id="one came: the oldest goes"),
        pytest.param((4, 5, 6), (4, 5, 6), id="full: all that was put back goes"),
    ],
)
def test_put_back(meanwhile: tuple[int, ...], left: tuple[int, ...]) -> None:
    """What the store could not take waits before the newer ones, as far as there is room."""
    log = noted(1, 2, 3, most_waiting=3)
    batch = log.take()
    for number in meanwhile:
        log.note(a_refusal(number))
    log.put_back(batch, OSError())
    assert log.take() == refusals(*left)


def test_spoilt_refusal_is_let_go() -> None:
    """A refusal that the store refuses is not tried again."""
    log = noted(1)
    (item,) = log.take()
    log.spoil(item, ValueError())
    assert not log.take()


def test_notes_are_kept_by_the_same_means() -> None:
    """A note goes where notes are kept."""
    log, unit = NoteLog(lambda: None), Kept()
    log.note(a_note(7))
    log.write(unit, log.take())
    assert unit.notes == [a_note(7)]
