"""The cycle when the store went away in the middle of a commit, and nobody knows what became of it."""

import pytest

from salio.core.cycle import Cycle
from salio.core.ports import DoubtfulCommitError, StoreUnavailableError
from tests.builders import at_once
from tests.core.requests.running import OUTAGE, ShakyStore
from tests.core.told import BAD, Told


class Doubt:
    """A commit whose end the test knows, once it is asked often enough."""

    def __init__(self, *answers: bool | StoreUnavailableError) -> None:
        self._answers = list(answers)
        self.error = DoubtfulCommitError("cut off", self.committed)

    def committed(self) -> bool:
        """The next answer."""
        answer = self._answers.pop(0)
        if isinstance(answer, StoreUnavailableError):
            raise answer
        return answer


def cycle_in_doubt(doubt: Doubt, *stages: Told) -> Cycle:
    """A cycle whose first turn ended in doubt."""
    cycle = Cycle(ShakyStore(), stages)
    with pytest.raises(DoubtfulCommitError):
        at_once(cycle.turn())
    return cycle


@pytest.mark.parametrize(("committed", "told"), [(True, "settles 1"), (False, "puts back 1: cut off")])
def test_p5_nobody_is_told_before_it_is_known(committed: bool, told: str) -> None:
    """The batch is neither settled nor put back; the next turn asks first, and then tells."""
    heard: list[str] = []
    doubt = Doubt(committed)
    stage = Told("a", heard, 1)
    cycle = cycle_in_doubt(doubt, stage, Told("b", heard, doubt.error))
    assert [each for each in heard if "writes" not in each] == []
    stage.items = [2]
    at_once(cycle.turn())
    assert [each for each in heard if each.startswith("a") and "writes" not in each] == [
        f"a {told}",
        "a settles 2",
    ]


def test_p5_whoever_comes_meanwhile_is_put_back() -> None:
    """As long as the store cannot be asked, the doubtful batch waits, and nobody else does."""
    heard: list[str] = []
    doubt = Doubt(OUTAGE, True)
    stage = Told("a", heard, doubt.error)
    cycle = cycle_in_doubt(doubt, stage)
    stage.items = [2]
    with pytest.raises(StoreUnavailableError):
        at_once(cycle.turn())
    assert heard[1:] == ["a puts back 2: the disk is full"]
    at_once(cycle.turn())
    assert heard[2:] == ["a settles cut off"]


def test_p5_doubt_during_a_replay() -> None:
    """Only the item whose commit it was waits; the others go back at once."""
    heard: list[str] = []
    doubt = Doubt(True)
    cycle = Cycle(ShakyStore(), [Told("a", heard, BAD, doubt.error, 3)])
    with pytest.raises(DoubtfulCommitError):
        at_once(cycle.turn())
    assert heard[-1] == "a puts back 3: cut off"
    at_once(cycle.turn())
    assert heard[-1] == "a settles cut off"
