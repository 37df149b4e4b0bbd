"""Nobody learns from an answer, or from its time, what was wrong with a credential, a token or a secret.

In `make test` a few of each class are sent and the answers compared, for times on a busy machine prove
nothing. The times are a proof that needs the machine for itself, `make prove-timing`; it prints the tables of
docs/timing.md.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence

import pytest

from tests.kill.platforms import Platform
from tests.proof import proof_count, proof_times
from tests.timing import series
from tests.timing.measuring import table, widest
from tests.timing.place import place_of_data

Times = Mapping[str, Sequence[float]]
Shown = Callable[[str, Times], None]

BOUND = 20.0
"""Microseconds that the 95 % interval of any two classes' difference may reach from nothing."""
CREDENTIALS = proof_count(small=2, large=10_000)
"""Rounds; each has one of every class of bad credential, of which there are eleven, and a right one."""
OTHERS = proof_count(small=4, large=10_000)


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    """A platform whose throttles strike only while its clock is stopped."""
    with place_of_data() as folder, series.running(folder) as platform:
        yield platform


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str]) -> Shown:
    """Prints a table, in a proof; in other runs the times are not looked at."""

    def show(title: str, times: Times) -> None:
        if proof_times():
            with capsys.disabled():
                sys.stdout.write(f"\n\n{table(title, times)}\n")

    return show


def assert_close(*found: Times) -> None:
    """In a proof: no two classes of a series are farther apart than the bound."""
    for times in found if proof_times() else ():
        pair, apart = widest(times)
        assert apart.within(BOUND), f"{pair}: {apart}"


def edges(found: series.Series) -> Times:
    """The times of the answers."""
    return {name: each.edge for name, each in found.items()}


def callbacks(found: series.Series) -> Times:
    """The times from there to the callbacks."""
    return {name: each.callback for name, each in found.items()}


def only_answer(found: series.Series) -> bytes:
    """What every class was told."""
    (answer,) = set.union(*(each.answers for each in found.values()))
    return answer


def test_a14_bad_credentials_are_not_told_apart(platform: Platform, shown: Shown) -> None:
    """Right and wrong ones are acknowledged alike, to the byte; all wrong ones end alike."""
    found = series.credentials(platform, CREDENTIALS)
    wrong = {name: each for name, each in found.items() if name != series.RIGHT}
    assert len(wrong) == 11
    assert b'"ResponseCode":"0"' in only_answer(found)
    (result,) = set.union(*(each.callbacks for each in wrong.values()))
    assert b'"ResultCode":"18"' in result
    assert found[series.RIGHT].callbacks.isdisjoint({result})
    shown("credential: the answer", edges(found))
    shown("credential: the callback", callbacks(wrong))
    assert_close(edges(found), callbacks(wrong))


def test_a17_the_answer_does_not_tell_who_is_an_initiator(platform: Platform, shown: Shown) -> None:
    """The acknowledgement is the same. The callback's code tells, as the pages want it (decision 0003)."""
    found = series.initiators(platform, OTHERS)
    assert b'"ResponseCode":"0"' in only_answer(found)
    shown("initiator: the answer", edges(found))
    shown("initiator: the callback", callbacks(found))
    assert_close(edges(found))


def test_a3_bad_tokens_are_not_told_apart(platform: Platform, shown: Shown) -> None:
    """Wherever it was changed, and whosever it is."""
    found = series.tokens(platform, OTHERS)
    assert only_answer(found).startswith(b"HTTP/1.1 401 ")
    shown("token: the answer", edges(found))
    assert_close(edges(found))


def test_a17_consumer_keys_are_not_told_apart(platform: Platform, shown: Shown) -> None:
    """Whether an app has the key or nobody, and whatever secret is sent with it."""
    found = series.secrets(platform, OTHERS)
    assert only_answer(found).startswith(b"HTTP/1.1 400 ")
    shown("consumer secret: the answer", edges(found))
    assert_close(edges(found))


def test_a17_nor_when_guesses_are_too_many(platform: Platform, shown: Shown) -> None:
    """The same for guesses beyond what is allowed for their keys."""
    found = series.throttled_secrets(platform, OTHERS)
    assert only_answer(found).startswith(b"HTTP/1.1 500 ")
    shown("consumer secret, too often: the answer", edges(found))
    assert_close(edges(found))
