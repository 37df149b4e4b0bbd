"""The outbox: who may leave when, and what is never lost (P3, and the fault catalogue's P9, P11, P18)."""

from collections.abc import Collection, Sequence
from typing import Any, cast

import msgspec
import pytest

from salio.core.ports import Store, StoreUnavailableError, Unit
from salio.core.requests.deliveries import INTERRUPTED, Attempt, AttemptEnd, OpenDelivery
from salio.core.requests.outcomes import Conclusion, Outcome
from salio.core.requests.queries import Request
from salio.delivery.hosts import OutboxSettings, destination
from salio.delivery.outbox import Claims, Ends
from tests.delivery.samples import SteppedClock, answered, attempt, balance_request, refused

LOST = StoreUnavailableError("the disk is full")


class Carried:
    """A transport that keeps what it is given."""

    def __init__(self) -> None:
        self.posted: list[Attempt] = []

    def post(self, attempts: Sequence[Attempt]) -> None:
        """Keeps them."""
        self.posted.extend(attempts)

    def step(self, longest_wait: float) -> None:
        """Nothing moves here."""

    def close(self) -> None:
        """Nothing to close."""


class Shelf:
    """A store that knows only what is due, and a unit that keeps what is written."""

    def __init__(self) -> None:
        self.known: dict[int, tuple[Request, Conclusion]] = {}
        self.asked: list[list[int]] = []
        self.away = False
        self.started: list[Attempt] = []
        self.ended: list[AttemptEnd] = []

    def due(self, numbers: Sequence[int]) -> list[tuple[Request, Conclusion]]:
        """Newest first, to prove that order is not relied upon."""
        if self.away:
            raise LOST
        self.asked.append(list(numbers))
        return [self.known[number] for number in sorted(numbers, reverse=True) if number in self.known]

    def start_attempts(self, attempts: Sequence[Attempt]) -> None:
        """Keeps them."""
        self.started.extend(attempts)

    def end_attempts(self, ends: Sequence[AttemptEnd]) -> None:
        """Keeps them."""
        self.ended.extend(ends)


class Outbox:
    """Both stages, turned by hand as the cycle would."""

    def __init__(self, **settings: Any) -> None:
        self.clock, self.shelf, self.carried = SteppedClock(), Shelf(), Carried()
        self.woken = 0
        self.ends = Ends(wake=self._wake, release=self._release)
        self.claims = Claims(
            clock=self.clock,
            store=cast("Store", self.shelf),
            transport=self.carried,
            ended=self.ends.note,
            settings=OutboxSettings(**settings),
        )

    def _wake(self) -> None:
        self.woken += 1

    def _release(self, ends: Sequence[AttemptEnd]) -> None:
        self.claims.release(ends)

    def add(self, *numbers: int, url: str = "http://receiver/result") -> None:
        """Deliveries that are due, in the store and in the outbox."""
        due = [(balance_request(number, url=url), answered(number)) for number in numbers]
        self.shelf.known.update({request.number: (request, conclusion) for request, conclusion in due})
        self.claims.enqueue(due)

    def turn(self) -> list[int]:
        """One turn of the cycle; the numbers that left in it."""
        for stage in (self.ends, self.claims):
            batch: Sequence[Any] = stage.take()
            if batch:
                stage.write(cast("Unit", self.shelf), batch)
                stage.settle(batch)
        left = [each.number for each in self.carried.posted]
        self.carried.posted.clear()
        return left

    def end(self, numbers: Collection[int], *, status: int | None = 200, after: float = 0.01) -> None:
        """The attempts of these numbers end, so many seconds from now."""
        self.clock.pass_by(after)
        fault = None if status else "timed out after 10 s"
        at = self.clock.now()
        self.ends.note([AttemptEnd(number=n, ended_at=at, status=status, fault=fault) for n in numbers])


def test_an_attempt_is_marked_before_it_leaves() -> None:
    """Claimed and written, nothing has left; settled, it leaves with the very bytes of the mark."""
    outbox = Outbox()
    outbox.add(1)
    batch = outbox.claims.take()
    outbox.claims.write(cast("Unit", outbox.shelf), batch)
    assert outbox.carried.posted == []
    outbox.claims.settle(batch)
    assert outbox.carried.posted == outbox.shelf.started
    assert outbox.shelf.started[0].body.startswith(b'{"Result":')
    assert not outbox.shelf.started[0].resent


def test_a_timeout_goes_to_its_own_url() -> None:
    """QueueTimeOutURL when it waited too long, ResultURL otherwise."""
    outbox = Outbox()
    outbox.claims.enqueue([(balance_request(), refused(Outcome.QUEUE_TIMED_OUT))])
    assert [each.url for each in outbox.claims.take()] == ["http://receiver/result/timeout"]


def test_ends_are_recorded_and_counted() -> None:
    """Each end is written once, and told apart by whether it was delivered."""
    outbox = Outbox()
    outbox.add(1, 2, 3)
    assert outbox.turn() == [1, 2, 3]
    outbox.end([1, 2])
    outbox.end([3], status=500)
    assert outbox.woken == 2
    outbox.turn()
    assert [each.number for each in outbox.shelf.ended] == [1, 2, 3]
    assert (outbox.ends.delivered, outbox.ends.undelivered) == (2, 1)
    assert (outbox.claims.waiting(), outbox.claims.in_flight(), outbox.ends.waiting()) == (0, 0, 0)


def test_a_freed_place_is_claimed_in_the_same_turn() -> None:
    """Ends come before Claims, so no turn is wasted."""
    outbox = Outbox(per_host=2, first_share=2)
    outbox.add(1, 2, 3, 4, 5)
    assert outbox.turn() == [1, 2]
    assert outbox.turn() == []
    outbox.end([1])
    assert outbox.turn() == [3]


def test_the_share_grows_with_answers_up_to_its_limit() -> None:
    """Four places at first, one more with each answer."""
    outbox = Outbox(per_host=7)
    outbox.add(*range(100))
    sizes = []
    for _ in range(3):
        left = outbox.turn()
        sizes.append(len(left))
        outbox.end(left)
    assert sizes == [4, 7, 7]


def test_p11_a_host_that_times_out_falls_back() -> None:
    """Late ends without an answer cost all places but the first; one answer earns one back."""
    outbox = Outbox(per_host=16)
    outbox.add(*range(200))
    for _ in range(4):
        outbox.end(outbox.turn())
    left = outbox.turn()
    assert len(left) == 16
    outbox.end(left, status=None, after=10)
    left = outbox.turn()
    assert len(left) == 4
    outbox.end(left[:1])
    assert len(outbox.turn()) == 2


def test_a_fast_refusal_costs_nothing() -> None:
    """A refused connection holds its place for a moment only: the share stays as it is."""
    outbox = Outbox(per_host=16)
    outbox.add(*range(100))
    outbox.end(outbox.turn())
    left = outbox.turn()
    assert len(left) == 8
    outbox.end(left, status=None)
    assert len(outbox.turn()) == 8


def test_p18_hosts_take_turns() -> None:
    """A long queue for one host does not stand before the others."""
    outbox = Outbox(first_share=2)
    outbox.add(*range(100), url="http://busy/")
    outbox.add(200, url="http://one/")
    outbox.add(300, url="http://other/")
    assert outbox.turn() == [0, 200, 300, 1]


def test_p18_dead_hosts_never_hold_all_places() -> None:
    """However many receivers are dead, those that answer at once go on at once."""
    outbox = Outbox(total=64, per_host=16)
    outbox.add(*range(10_000, 10_004), url="http://alive/")
    outbox.end(outbox.turn())
    for host in range(1000):
        outbox.add(*range(host * 10, host * 10 + 4), url=f"http://dead{host}/")
    stuck = outbox.turn()
    assert len(stuck) == 48, "unknown hosts hold at most three quarters"
    outbox.end(stuck, status=None, after=10)
    outbox.turn()
    for wave in range(20):
        numbers = range(20_000 + 10 * wave, 20_000 + 10 * wave + 8)
        outbox.add(*numbers, url="http://alive/")
        left = [number for number in outbox.turn() if number >= 20_000]
        assert left == list(numbers)
        outbox.end(left)


def test_slow_hosts_together_hold_half() -> None:
    """A host whose last attempt was late is slow, even if it answered."""
    outbox = Outbox(total=32, per_host=16)
    for host in range(20):
        outbox.add(*range(host * 10, host * 10 + 10), url=f"http://slow{host}/")
    for _ in range(2):  # who stood in line before it was slow takes that turn yet
        outbox.end(outbox.turn(), after=5)
    assert outbox.claims.waiting() > 100
    while left := outbox.turn():
        assert outbox.claims.in_flight() <= 16
        outbox.end(left, after=5)
    assert outbox.claims.waiting() == 0


def test_beyond_the_limit_only_numbers_are_held() -> None:
    """The rest is read again, in order, when its turn comes."""
    outbox = Outbox(held=10, per_host=64, first_share=64)
    outbox.add(*range(300))
    assert outbox.claims.waiting() == 300
    order = []
    while left := outbox.turn():
        order += left
        outbox.end(left)
    assert order == list(range(300))
    assert outbox.shelf.asked[0] == list(range(10, 138))


def test_a_store_out_of_reach_leaves_the_numbers() -> None:
    """What cannot be read now is read in a later turn; nothing else waits for it."""
    outbox = Outbox(held=2, first_share=8)
    outbox.add(*range(4))
    outbox.shelf.away = True
    assert outbox.turn() == [0, 1]
    assert outbox.turn() == []
    outbox.shelf.away = False
    assert outbox.turn() == [2, 3]


def test_a_conclusion_that_the_store_lost_is_told() -> None:
    """Never a silent drop."""
    outbox = Outbox(held=1, first_share=8)
    outbox.add(1, 2, 3)
    del outbox.shelf.known[2]
    assert outbox.turn() == [1, 3]
    outbox.turn()
    assert [(each.number, each.fault) for each in outbox.shelf.ended] == [
        (2, "its conclusion is not in the store")
    ]


def test_put_back_claims_are_the_next() -> None:
    """The store was out of reach: nothing left, and the order stays."""
    outbox = Outbox(first_share=3)
    outbox.add(*range(5))
    batch = outbox.claims.take()
    outbox.claims.put_back(batch, LOST)
    assert outbox.claims.in_flight() == 0
    assert outbox.turn() == [0, 1, 2]


def test_put_back_ends_wait() -> None:
    """The same for ends: kept, in order, and counted once."""
    outbox = Outbox()
    outbox.add(1, 2)
    outbox.end(outbox.turn())
    batch = outbox.ends.take()
    outbox.ends.put_back(batch, LOST)
    assert outbox.ends.waiting() == 2
    outbox.turn()
    assert [each.number for each in outbox.shelf.ended] == [1, 2]
    assert outbox.ends.delivered == 2


def test_a_spoilt_claim_ends_with_the_reason() -> None:
    """The store refuses one mark: the delivery ends undelivered and its place is free."""
    outbox = Outbox(first_share=1)
    outbox.add(1, 2)
    [item] = outbox.claims.take()
    outbox.claims.spoil(item, ValueError("no such request"))
    assert outbox.turn() == [2]
    [end] = outbox.shelf.ended
    assert (end.number, end.delivered) == (1, False)
    assert end.fault == "it could not be recorded before it left: ValueError: no such request"


def test_a_spoilt_end_is_counted() -> None:
    """Its delivery stays open, to be taken up after a start."""
    outbox = Outbox()
    outbox.ends.spoil(AttemptEnd(number=1, ended_at=outbox.clock.now()), ValueError())
    assert outbox.ends.unrecorded == 1


def test_what_cannot_be_rendered_ends_with_the_reason() -> None:
    """A conclusion of a year without a letter: told, and the next one leaves."""
    outbox = Outbox()
    late = answered(1, at=outbox.clock.now().replace(year=2040))
    outbox.claims.enqueue([(balance_request(1), late), (balance_request(2), answered(2))])
    assert outbox.turn() == [2]
    outbox.turn()
    [end] = outbox.shelf.ended
    assert end.fault is not None
    assert end.fault.startswith("it could not be put into words: UndatableReceipt")


def test_p9_recovery_after_a_crash() -> None:
    """Not begun: due. Interrupted: the same bytes once more, marked. Interrupted twice: the end."""
    outbox = Outbox()
    outbox.shelf.known[1] = (balance_request(1), answered(1))
    once = attempt(2, "http://receiver/result", b"the very bytes")
    twice = msgspec.structs.replace(once, number=3, resent=True)
    outbox.claims.recover(
        [OpenDelivery(number=1), OpenDelivery(number=2, attempt=once), OpenDelivery(number=3, attempt=twice)]
    )
    assert sorted(outbox.turn()) == [1, 2]
    again = {each.number: each for each in outbox.shelf.started}
    assert (again[2].body, again[2].resent, again[1].resent) == (b"the very bytes", True, False)
    outbox.turn()
    assert [(each.number, each.fault) for each in outbox.shelf.ended] == [(3, INTERRUPTED)]


def test_promise_3_bytes_that_left_once_are_held_whatever_the_limit() -> None:
    """Read again by number they would be rendered anew, and recorded as a first attempt."""
    outbox = Outbox(held=1)
    interrupted = [attempt(number, "http://receiver/result", b"the very bytes") for number in (1, 2, 3)]
    outbox.claims.recover([OpenDelivery(number=each.number, attempt=each) for each in interrupted])
    assert outbox.turn() == [1, 2, 3]
    assert {(each.body, each.resent) for each in outbox.shelf.started} == {(b"the very bytes", True)}


FAILURES = [outcome for outcome in Outcome if outcome is not Outcome.SUCCEEDED]


@pytest.mark.parametrize("outcome", FAILURES, ids=lambda each: each.value)
def test_a_failure_is_told_its_reason_where_that_is_told(outcome: Outcome) -> None:
    """A failed result and a timeout alike; not a success, and by default nothing."""
    for told in (True, False):
        outbox = Outbox(reasons_told=told)
        outbox.claims.enqueue([(balance_request(), refused(outcome)), (balance_request(2), answered(2))])
        failed, succeeded = sorted(outbox.claims.take(), key=lambda each: each.number)
        assert (failed.reason is not None) == told
        assert succeeded.reason is None
    assert not OutboxSettings().reasons_told


@pytest.mark.parametrize("told", [True, False])
def test_promise_3_a_resend_is_told_the_same(told: bool) -> None:
    """What an interrupted attempt said beside its bytes, its repetition says again."""
    outbox = Outbox(reasons_told=told)
    outbox.claims.enqueue([(balance_request(), refused(Outcome.ROLE_MISSING))])
    [first] = outbox.claims.take()
    kept = msgspec.structs.replace(first, reason=None)
    outbox = Outbox(reasons_told=told)
    outbox.claims.recover([OpenDelivery(number=1, attempt=kept, outcome=Outcome.ROLE_MISSING, cause="why")])
    [again] = outbox.claims.take()
    assert (again.resent, again.body, again.reason) == (True, first.body, first.reason)
    assert again.reason == ("why" if told else None)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://Receiver/a?b", "http://receiver:80"),
        ("http://receiver:80/c", "http://receiver:80"),
        ("https://receiver/", "https://receiver:443"),
        ("http://[::1]:8080/", "http://::1:8080"),
        ("http://x:port/", "http://x:port/"),
    ],
)
def test_a_destination_has_one_spelling(url: str, expected: str) -> None:
    """Scheme, host and port; what is no URL is a destination of its own."""
    assert destination(url) == expected


def test_idle_hosts_are_forgotten_when_there_are_too_many() -> None:
    """Memory does not grow with every address ever called."""
    outbox = Outbox(hosts_remembered=10)
    for host in range(100):
        outbox.add(host, url=f"http://host{host}/")
        outbox.end(outbox.turn())
        outbox.turn()
    assert len(outbox.claims._hosts._hosts) <= 11
