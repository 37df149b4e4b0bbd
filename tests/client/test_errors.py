"""Whatever is raised has a name that can be imported, a place in the tree, and says what to do."""

import pytest

from salio.client import errors
from salio.client.errors import AskingFailed, Refused, SalioError
from salio.tracker import errors as of_trackers
from salio.wire import errors as of_the_wire

OURS = {errors.__name__, of_trackers.__name__, of_the_wire.__name__}


def below(kind: type[SalioError]) -> set[type[SalioError]]:
    """It, and all that are of it."""
    return {kind}.union(*(below(each) for each in kind.__subclasses__() if each.__module__ in OURS))


ALL = sorted(below(SalioError) - {SalioError}, key=lambda kind: kind.__name__)
CLIENTS = [each for each in ALL if each.__module__ != of_trackers.__name__]


@pytest.mark.parametrize("kind", CLIENTS)
def test_a_name_and_a_place(kind: type[SalioError]) -> None:
    """It can be imported from the client's errors, and their tree shows it, one level below its parent."""
    assert getattr(errors, kind.__name__) is kind
    assert kind.__name__ in errors.__all__
    (line,) = (each for each in (errors.__doc__ or "").splitlines() if f"── {kind.__name__} " in each)
    above = sum(issubclass(each, SalioError) for each in kind.__mro__) - 2
    assert line.index("── ") == 4 * above + 1


def test_no_other_names() -> None:
    """What is offered is what is raised."""
    assert {*errors.__all__} == {"SalioError", *(each.__name__ for each in CLIENTS)}


@pytest.mark.parametrize("kind", [each for each in ALL if each not in {AskingFailed, *below(Refused)}])
def test_what_to_do(kind: type[SalioError]) -> None:
    """Is said of each; a refusal says what the page advises of its code."""
    assert kind.mitigation.endswith(".")
