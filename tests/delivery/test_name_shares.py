"""Who is looked up when: threads that never answer, stepped by hand."""

import itertools
import string
from collections.abc import Callable

import pytest

from salio.delivery.addresses import PRODUCTION, SANDBOX
from salio.delivery.names import Found, Names, NameSettings, Place, look_up, place
from tests.delivery.samples import attempt

SETTINGS = NameSettings(longest_wait=3, most_at_once=8, remembered_seconds=10, names_remembered=50)
HERE = Found(("192.0.2.1",))
LATE = Found(fault="host name not resolved within 3 s")


class Stage:
    """Names, with threads that the test plays."""

    def __init__(self, settings: NameSettings = SETTINGS) -> None:
        self.now = 100.0
        self.blocked: dict[str, Callable[[], None]] = {}
        """The look-ups under way."""
        self.full = False
        self.rung = 0
        self._asking = ""
        self._answer: Found | Exception = HERE
        self._numbers = itertools.count()
        self.names = Names(
            look_up=self._look_up,
            beside=self._beside,
            wake=self._ring,
            seconds=lambda: self.now,
            settings=settings,
        )

    def ask(self, *names: str) -> list[Found | None]:
        """Asks for each and steps once."""
        known = [self.names.ask(name, attempt(next(self._numbers), f"http://{name}/")) for name in names]
        assert self.names.step() == []
        return known

    def answer(self, *names: str, found: Found | Exception = HERE) -> list[tuple[str, Found]]:
        """The name servers of these answer; who is told what."""
        self._answer = found
        for name in names:
            self.blocked.pop(name)()
        return self.step()

    def step(self, seconds: float = 0) -> list[tuple[str, Found]]:
        """Steps once after so many seconds; who is told what."""
        self.now += seconds
        return [(each.attempt.url[7:-1], each.found) for each in self.names.step()]

    def _beside(self, work: Callable[[], None]) -> None:
        if self.full:
            raise RuntimeError("can't start new thread")
        self.blocked[work.args[0].text] = work  # type: ignore[attr-defined] # a partial of a method

    def _look_up(self, _name: str) -> Found:
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer

    def _ring(self) -> None:
        self.rung += 1


def letters(count: int, last: str = "") -> list[str]:
    """So many names."""
    return [letter + last for letter in string.ascii_letters[:count]]


def test_one_look_up_for_all_who_ask() -> None:
    """Whoever asks while it is under way waits for it; whoever asks within ten seconds waits no more."""
    stage = Stage()
    assert stage.ask("a", "a", "b", "a") == [None] * 4
    assert set(stage.blocked) == {"a", "b"}
    assert stage.answer("a") == [("a", HERE)] * 3
    assert (stage.rung, stage.names.waiting()) == (1, 1)
    assert stage.answer("b") == [("b", HERE)]
    stage.now += 9
    assert stage.ask("a") == [HERE]
    stage.now += 2
    assert stage.ask("a") == [None]


@pytest.mark.parametrize("found", [Found(fault="no such host"), OSError("out of files")])
def test_a_fault_is_not_remembered(found: Found | Exception) -> None:
    """Who waited is told; the next one asks anew."""
    stage = Stage()
    stage.ask("a")
    [(_, told)] = stage.answer("a", found=found)
    assert told.fault in ("no such host", "its name cannot be looked up: out of files")
    assert stage.ask("a") == [None]
    assert set(stage.blocked) == {"a"}


def test_p17_nobody_waits_for_ever() -> None:
    """Each has three seconds of its own; the look-up goes on, and serves whoever asks meanwhile."""
    stage = Stage()
    stage.ask("a")
    assert stage.names.patience() == 3
    stage.now += 2
    stage.ask("a")
    assert (stage.step(1), stage.names.patience()) == ([("a", LATE)], 2)
    assert stage.answer("a") == [("a", HERE)]
    assert stage.names.patience() is None


def test_an_answer_that_nobody_waits_for_wakes_nobody() -> None:
    """It is taken with the next question."""
    stage = Stage()
    stage.ask("a")
    assert stage.step(3) == [("a", LATE)]
    stage.blocked.pop("a")()
    assert (stage.names.waiting(), stage.names.patience()) == (0, None)
    assert stage.ask("b") == [None]
    assert stage.ask("a") == [HERE]


def test_an_answer_is_told_at_once() -> None:
    """Patience ends when a thread has come back."""
    stage = Stage()
    stage.ask("a")
    stage.blocked.pop("a")()
    assert stage.names.patience() == 0


def test_p18_unknown_names_leave_a_quarter_of_the_threads() -> None:
    """For those that answered: they are looked up at once though all others are silent."""
    stage = Stage()
    stage.ask("known")
    stage.answer("known")
    stage.now += 11
    stage.ask(*letters(20))
    assert sorted(stage.blocked) == letters(6)
    stage.ask("known")
    assert stage.answer("known") == [("known", HERE)]


def test_p18_silent_names_leave_half_of_the_threads() -> None:
    """Once silent, the rest is for names that may answer, and the next silent one waits for its like."""
    stage = Stage()
    silent = letters(6)
    stage.ask(*silent)
    assert stage.step(3) == [(name, LATE) for name in silent]
    stage.answer(*silent, found=Found(fault="its name server failed or did not answer"))
    stage.ask(*silent)
    assert sorted(stage.blocked) == silent[:4]
    stage.ask("new")
    assert stage.answer("new") == [("new", HERE)]
    stage.answer("a")
    assert sorted(stage.blocked) == silent[1:5]


def test_p18_who_gave_up_before_there_was_a_thread_is_not_looked_up() -> None:
    """Nor held to be silent: nobody asked."""
    stage = Stage()
    stage.ask(*letters(7))
    stage.step(3)
    stage.answer(*letters(6))
    assert stage.blocked == {}
    assert stage.ask("g") == [None]
    assert set(stage.blocked) == {"g"}


def test_no_thread_to_be_had() -> None:
    """The attempt ends with that fault, in the next step."""
    stage = Stage()
    stage.full = True
    stage.ask("a")
    assert stage.step() == [("a", Found(fault="its name cannot be looked up: can't start new thread"))]
    stage.full = False
    assert stage.ask("a") == [None]
    assert stage.answer("a") == [("a", HERE)]


def test_names_are_forgotten() -> None:
    """Beyond so many, all but those under way; what was answered late finds its name."""
    stage = Stage()
    stage.ask("slow")
    for name in letters(50, "1"):
        stage.ask(name)
        stage.answer(name)
    assert stage.ask("a1") == [None]
    assert stage.ask("slow") == [None]
    assert stage.answer("slow") == [("slow", HERE)] * 2


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://receiver.test/x?y", Place("receiver.test", 80)),
        ("https://receiver.test", Place("receiver.test", 443)),
        ("HTTPS://Receiver.Test.:8443/", Place("receiver.test.", 8443)),
        ("http://a_b:1/", Place("a_b", 1)),
        ("http://localhost.test/", Place("localhost.test", 80)),
        ("http://127.0.0.1:8080/", None),
        ("http://[::1]/", None),
        ("http://[::ffff:10.0.0.1]:80/", None),
        ("http://localhost:1/", None),
        ("http://LOCALHOST./", None),
        ("http://a.b.localhost/", None),
    ],
)
def test_places(url: str, expected: Place | None) -> None:
    """What has to be looked up, and what is an address, or this machine, as it stands."""
    assert place(url) == expected


def test_a_look_up_keeps_what_may_be_called() -> None:
    """The system's own answer, vetted by the environment's rules; localhost is known everywhere."""
    assert "127.0.0.1" in look_up("localhost", SANDBOX).addresses
    assert (look_up("localhost", PRODUCTION).fault or "").startswith("address not allowed: ")
