"""What every store keeps to: a unit is kept whole or not at all."""

import pytest

from salio.core.ledger.accounts import Balance
from salio.core.ports import Store
from salio.core.requests.deliveries import OpenDelivery
from tests.builders import (
    SHORT_CODE,
    a_conclusion,
    accepted,
    an_attempt,
    an_end,
    an_operator,
)
from tests.storage.conftest import Place
from tests.storage.samples import DAY, OPENING, TRUST, WORKING, chosen, conclude, keep
from tests.stores import AnyStore, seed


def test_it_fits_the_port(store: AnyStore) -> None:
    """The type checker holds the store against the core's port."""
    port: Store = store
    assert port is store


class Stop(BaseException):
    """A wish to end, as Ctrl-C is."""


def assert_untouched(store: AnyStore) -> None:
    """The store holds the seeded parties and accounts, and nothing that a unit of the next test writes."""
    assert (store.undecided(), store.undelivered(), store.due([1])) == ([], [], [])
    assert store.usage(DAY) == {}
    assert store.accounts()[1] == {1: Balance(), 2: Balance()}
    assert list(store.directory().operators_at([SHORT_CODE])) == [an_operator()]


def write_everything_and_fail(store: AnyStore, error: type[BaseException]) -> None:
    """One unit that writes to every table, and raises."""
    with store.unit() as unit:
        unit.add_requests([chosen(1, "a")])
        unit.add_usage(DAY, {1: 1})
        unit.add_conclusions([a_conclusion(1)])
        unit.start_attempts([an_attempt(1)])
        unit.save_operators([an_operator(wrong_passwords=3)])
        unit.add_postings([OPENING], {2: Balance(500)})
        raise error


@pytest.mark.parametrize("error", [ValueError, Stop], ids=["error", "wish to end"])
def test_a_unit_that_fails_leaves_nothing(place: Place, error: type[BaseException]) -> None:
    """Whatever was written before the failure is gone, here and after a restart, and the next unit works."""
    store = place.open()
    seed(store, operators=[an_operator()], accounts=[TRUST, WORKING])
    with pytest.raises(error):
        write_everything_and_fail(store, error)
    assert_untouched(store)
    store = place.open()
    assert_untouched(store)
    assert keep(store, chosen(1, "a")) == set()


def test_what_was_committed_is_there_after_a_crash(place: Place) -> None:
    """P1: accepted, decided and delivered requests are found as they were."""
    store = place.open()
    conclude(store, 1, 2)
    keep(store, accepted(3))
    with store.unit() as unit:
        unit.end_attempts([an_end(1)])
    again = place.open()
    assert again.undecided() == [accepted(3)]
    assert again.undelivered() == [OpenDelivery(number=2)]
    assert again.due([1, 2]) == [(accepted(number).request, a_conclusion(number)) for number in (1, 2)]
    assert again.next_request_number() == 4


def test_empty_calls_change_nothing(store: AnyStore) -> None:
    """Every method takes nothing for an answer."""
    with store.unit() as unit:
        assert not unit.add_requests([])
        unit.add_usage(DAY, {})
        unit.add_conclusions([])
        unit.save_operators([])
        unit.start_attempts([])
        unit.end_attempts([])
        unit.add_refusals([])
        unit.add_notes([])
        unit.add_to_inbox([])
        unit.add_postings([], {})
    assert store.next_request_number() == 1
