"""The courier lets go of what it has: at its end, and when another state takes the present one's place."""

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
