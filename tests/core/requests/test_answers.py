"""Customers' answers: kept before they are acknowledged, of several to one prompt the first."""

from collections.abc import Collection, Mapping, Sequence

import pytest

from salio.core.audit.notes import Note
from salio.core.requests.answers import Answering, Answers
from salio.core.requests.prompts import AnswerEnd, CustomerWord
from tests.builders import NOW, FakeClock

RIGHT, CANCELLED = CustomerWord.PIN_RIGHT, CustomerWord.CANCELLED
HEARD, TOO_LATE, NOT_KEPT = AnswerEnd.HEARD, AnswerEnd.TOO_LATE, AnswerEnd.NOT_KEPT


class Kept:
    """Fits the two methods of a unit that answers need; phones show some prompts."""

    def __init__(self, *shown: int) -> None:
        self.shown = shown
        self.words: dict[int, CustomerWord] = {}
        self.notes: list[Note] = []

    def answer_prompts(self, words: Mapping[int, CustomerWord]) -> Collection[int]:
        """Keeps those that are shown."""
        self.words = {number: word for number, word in words.items() if number in self.shown}
        return set(self.words)

    def add_notes(self, notes: Sequence[Note]) -> None:
        """Keeps them."""
        self.notes += notes


class World:
    """The stage, and what it told whom."""

    def __init__(self) -> None:
        self.told: list[tuple[object, object]] = []
        self.answers = Answers(
            clock=FakeClock(),
            heard=lambda number, word: self.told.append((number, word)),
            answered=self.told.extend,
        )

    def turn(self, unit: Kept, *wanted: Answering) -> None:
        """One turn of these."""
        for each in wanted:
            assert self.answers.submit(each) is None
        batch = self.answers.take()
        self.answers.write(unit, batch)  # type: ignore[arg-type] # all that is asked of a unit
        assert self.told == []
        assert not self.answers.is_built_upon(batch[0])
        self.answers.settle(batch)


@pytest.fixture
def world() -> World:
    """A stage of this test."""
    return World()


def test_an_answer_is_told_of_after_its_commit(world: World) -> None:
    """First to whoever decides, then to whoever waits; the log has which way it came."""
    unit = Kept(7)
    world.turn(unit, Answering(7, RIGHT, "hand"))
    assert world.told == [(7, RIGHT), ("hand", HEARD)]
    assert (unit.words, unit.notes) == ({7: RIGHT}, [Note(request=7, at=NOW, text="phone: right PIN")])


def test_of_two_hands_on_one_phone_the_first_answers(world: World) -> None:
    """The other learns that the phone shows nothing any more."""
    unit = Kept(7, 8)
    hands = Answering(7, CANCELLED, "first"), Answering(7, RIGHT, "second"), Answering(8, RIGHT, "another's")
    world.turn(unit, *hands)
    assert unit.words == {7: CANCELLED, 8: RIGHT}
    assert world.told == [
        (7, CANCELLED),
        (8, RIGHT),
        ("first", HEARD),
        ("second", TOO_LATE),
        ("another's", HEARD),
    ]


def test_a_phone_that_shows_nothing(world: World) -> None:
    """Nobody decides by it, and the log has nothing of it."""
    unit = Kept()
    world.turn(unit, Answering(7, RIGHT, "hand"))
    assert (world.told, unit.notes) == ([("hand", TOO_LATE)], [])


def test_what_was_not_kept(world: World) -> None:
    """The store refused it, was away, or keeps nothing more: whoever waits is told, nobody decides by it."""
    answers = world.answers
    for mark in ("spoilt", "put back"):
        answers.submit(Answering(7, RIGHT, mark))
    spoilt, put_back = answers.take()
    answers.spoil(spoilt, ValueError())
    answers.put_back([put_back], ValueError())
    answers.submit(Answering(7, RIGHT, "shut"))
    answers.shut()
    assert world.told == [("spoilt", NOT_KEPT), ("put back", NOT_KEPT), ("shut", NOT_KEPT)]
    assert answers.submit(Answering(7, RIGHT, "late")) is NOT_KEPT
