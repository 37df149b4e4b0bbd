"""The courier lets go of what it has: at its end, when another state takes the present one's place, and when
there is no more memory.
"""

import pycurl
import pytest

from tests.delivery.receivers import answering, receiving, silent
from tests.delivery.samples import attempt
from tests.delivery.test_courier import Driven, driven

__all__ = ["driven"]


def test_closing_leaves_nothing_behind() -> None:
    """Attempts under way are dropped without an end: the store knows that they are open."""
    with receiving(silent) as receiver:
        other = Driven()
        other.courier.post([attempt(1, receiver.url())])
        other.courier.step()
        other.courier.close()
    assert other.ends == []


def test_what_is_dropped_has_no_end(driven: Driven) -> None:
    """Posted or under way, nobody hears of it again; what is posted next has an end as ever."""
    with receiving(silent) as receiver:
        driven.courier.post([attempt(number, receiver.url()) for number in range(3)])
        while receiver.requests == []:
            driven.step()
        driven.courier.post([attempt(3, receiver.url())])
        driven.courier.drop()
        assert driven.courier.busy() == 0
    with receiving(answering()) as receiver:
        assert [end.delivered for end in driven.post(receiver.url(), receiver.url())] == [True, True]


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(MemoryError("none"), id="Python's own"),
        pytest.param(pycurl.error(pycurl.E_OUT_OF_MEMORY, "none"), id="libcurl's"),
        pytest.param(pycurl.error(pycurl.E_FAILED_INIT, "none"), id="libcurl cannot begin"),
    ],
)
def test_p26_a_lack_of_memory_is_no_attempts_end(
    driven: Driven, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """It is the whole process's: after another start the attempt leaves again."""

    def unable(*_: object) -> None:
        raise error

    monkeypatch.setattr("salio.delivery.courier.Line", unable)
    driven.courier.post([attempt(1, "http://127.0.0.1:9/")])
    with pytest.raises(MemoryError):
        driven.courier.step()
    assert driven.ends == []
