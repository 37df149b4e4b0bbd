"""Changes of operators: what stands after each way for their commits to end."""

from itertools import pairwise

import msgspec
import pytest

from salio.core.parties.changes import Changes
from salio.core.parties.directory import Directory
from tests.builders import an_operator

KEPT, FAILED = True, False


@pytest.mark.parametrize(
    ("ends", "stands"),
    [
        pytest.param([(1, KEPT)], 1, id="kept"),
        pytest.param([(1, FAILED)], 0, id="undone"),
        pytest.param([(2, FAILED), (1, FAILED)], 0, id="last-first"),
        pytest.param([(1, KEPT), (2, FAILED)], 1, id="built-upon-what-is-kept"),
        pytest.param([(1, FAILED), (2, KEPT)], 2, id="kept-with-what-it-was-built-upon"),
        pytest.param([(1, FAILED), (2, FAILED)], 0, id="built-upon-nothing"),
        pytest.param([(1, FAILED), (2, FAILED), (3, FAILED)], 0, id="three-upon-nothing"),
        pytest.param([(1, FAILED), (2, KEPT), (3, FAILED)], 2, id="the-middle-one-kept"),
        pytest.param([(1, KEPT), (2, FAILED), (3, FAILED)], 1, id="the-first-one-kept"),
        pytest.param([(1, FAILED), (3, FAILED), (2, FAILED)], 0, id="the-rest-put-back"),
    ],
)
def test_what_stands(ends: list[tuple[int, bool]], stands: int) -> None:
    """Each state is built upon the one before it, all in one turn; then their commits end one by one."""
    states = [msgspec.structs.replace(an_operator(), wrong_passwords=count) for count in range(len(ends) + 1)]
    directory = Directory([], [], [states[0]])
    changes = Changes(directory)
    for after in states[1:]:
        changes.make(after)
    steps = dict(enumerate(pairwise(states), start=1))
    for place, kept in ends:
        before, after = steps[place]
        if kept:
            changes.settle(after)
        else:
            changes.undo(before, after)
    assert directory.operators() == [states[stands]]
