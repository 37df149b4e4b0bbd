"""The held queue: who is held, who overtakes, and what lets them go."""

from datetime import timedelta

import pytest

from salio.core.audit.notes import Note
from salio.core.ports import AcceptedRequest
from salio.core.requests.holding import LOOK_AGAIN, Holding
from salio.sandbox.fault import Fault
from salio.sandbox.faults import Faults
from tests.builders import NOW, FakeClock, a_request

LONGEST = timedelta(seconds=60)


class AskedFaults(Faults):
    """Counts how often they are asked whether they hold on."""

    asked = 0

    def holds(self, number: int) -> bool:
        """Whether that fault is still there."""
        self.asked += 1
        return super().holds(number)


class Queue:
    """A holding with these faults, on a clock of the test's."""

    def __init__(self, *faults: Fault) -> None:
        self.clock = FakeClock()
        self.faults = AskedFaults(self.clock, lambda _: float)
        for each in faults:
            self.faults.add(each)
        self.notes: list[Note] = []
        self.holding = Holding(
            clock=self.clock, faults=self.faults, longest_wait=LONGEST, note=self.notes.append
        )

    def come(self, *numbers: int) -> list[int]:
        """Requests of now; those that may be decided."""
        now = self.clock.now()
        some = [AcceptedRequest(a_request(number, accepted_at=now), "secret") for number in numbers]
        return [each.request.number for each in self.holding.sift(some)]

    def let_go(self) -> list[int]:
        """Those released; as many as were due, unless another fault took them."""
        return [each.request.number for each in self.holding.release()]


def test_the_others_overtake() -> None:
    """Two are held and noted, the third goes on; none is let go while the fault lasts."""
    queue = Queue(Fault(hold="queue", next=2))
    assert queue.come(1, 2, 3) == [3]
    assert (queue.holding.waiting(), queue.holding.due(), queue.let_go()) == (2, 0, [])
    assert queue.notes == [Note(request=number, at=NOW, text="fault 1: hold queue") for number in (1, 2)]


@pytest.mark.parametrize(
    ("seconds", "due"), [pytest.param(60, 0, id="as long as may be"), pytest.param(60.001, 2, id="longer")]
)
def test_who_waited_too_long_is_let_go(seconds: float, due: int) -> None:
    """To time out, though the fault lasts, and without being held again."""
    queue = Queue(Fault(hold="queue"))
    queue.come(1, 2)
    queue.clock.advance(seconds=seconds)
    assert queue.holding.due() == due
    assert len(queue.let_go()) == due
    assert len(queue.notes) == 2


def test_the_end_of_the_fault_lets_go() -> None:
    """In the order in which they came."""
    queue = Queue(Fault(hold="queue"))
    queue.come(1, 2, 3)
    queue.faults.remove(1)
    assert queue.holding.due() == 3
    assert queue.let_go() == [1, 2, 3]
    assert (queue.holding.waiting(), queue.holding.patience()) == (0, None)


def test_many_cost_a_look_what_one_costs() -> None:
    """Each turn looks: who is held must not slow down those who are not."""
    queue = Queue(Fault(hold="queue"), Fault(hold="queue", short_code="600000"))
    queue.come(*range(1, 1_001))
    for look in (queue.holding.release, queue.holding.due):
        queue.faults.asked = 0
        assert not look()
        assert queue.faults.asked == 1


def test_a_clock_that_was_set_back() -> None:
    """Who waits longest by the clock is let go first, though it came later."""
    queue = Queue(Fault(hold="queue"))
    queue.come(1, 2)
    queue.clock.set_wall(NOW - timedelta(seconds=30))
    queue.come(3, 4)
    queue.clock.advance(seconds=61)
    assert (queue.holding.patience(), queue.holding.due()) == (-1, 2)
    assert queue.let_go() == [3, 4]
    queue.clock.advance(seconds=30)
    assert queue.let_go() == [1, 2]


def test_who_is_let_go_by_several_faults() -> None:
    """In the order in which they came, whoever held them."""
    queue = Queue(Fault(hold="queue", next=1), Fault(hold="queue", next=1), Fault(hold="queue"))
    queue.come(1, 2, 3, 4)
    for number in (3, 2, 1):
        queue.faults.remove(number)
    assert queue.let_go() == [1, 2, 3, 4]


def test_another_fault_may_hold_on() -> None:
    """And is named as well."""
    queue = Queue(Fault(hold="queue"), Fault(hold="queue", next=1))
    queue.come(1, 2)
    queue.faults.remove(1)
    assert queue.let_go() == [2]
    assert [each.text for each in queue.notes] == ["fault 1: hold queue"] * 2 + ["fault 2: hold queue"]


@pytest.mark.parametrize(
    ("waited", "patience"),
    [
        pytest.param(0, LOOK_AGAIN, id="the fault may end"),
        pytest.param(59.75, 0.25, id="the longest wait is near"),
        pytest.param(60, 0, id="it is there"),
    ],
)
def test_when_to_look_again(waited: float, patience: float) -> None:
    """Soon enough for whatever comes first."""
    queue = Queue(Fault(hold="queue"))
    assert queue.holding.patience() is None
    queue.come(1)
    queue.clock.advance(seconds=waited)
    assert queue.holding.patience() == patience
