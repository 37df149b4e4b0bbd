"""What every store keeps to: a prompt has room for one word, and whoever ends it learns which."""

from salio.core.requests.prompts import CustomerWord
from tests.storage.conftest import Place
from tests.stores import AnyStore

RIGHT, CANCELLED = CustomerWord.PIN_RIGHT, CustomerWord.CANCELLED
RECEIPTS = {7: "UHG0000007", 8: "UHG0000008", 9: "UHG0000009"}


def show(store: AnyStore) -> None:
    """Three phones ring."""
    with store.unit() as unit:
        unit.add_prompts(RECEIPTS)


def answer(store: AnyStore, *words: tuple[int, CustomerWord]) -> set[int]:
    """Answers in one unit; what was kept."""
    with store.unit() as unit:
        return set(unit.answer_prompts(dict(words)))


def test_the_first_word_stays(place: Place) -> None:
    """Whatever is said later, of a prompt that was answered or of none, is not kept; a restart keeps all."""
    store = place.open()
    show(store)
    assert answer(store, (8, CANCELLED), (7, RIGHT)) == {7, 8}
    assert answer(store, (8, RIGHT), (9, RIGHT), (10, RIGHT)) == {9}
    assert place.open().customers_words() == {7: RIGHT, 8: CANCELLED, 9: RIGHT}


def test_whoever_ends_it_learns_the_word(store: AnyStore) -> None:
    """Of a prompt that nobody answered, or that is none, there is none; afterwards nothing is left."""
    show(store)
    answer(store, (7, RIGHT))
    with store.unit() as unit:
        assert unit.end_prompts([7, 8, 10]) == {7: RIGHT}
        assert unit.end_prompts([7]) == {}
    assert store.customers_words() == {}
    assert answer(store, (7, RIGHT), (8, RIGHT)) == set()


def test_a_phone_that_shows_it_again(store: AnyStore) -> None:
    """After a restart the same prompt is added once more: its word stays."""
    show(store)
    answer(store, (7, RIGHT))
    show(store)
    assert store.customers_words() == {7: RIGHT}


def test_nothing_to_write(store: AnyStore) -> None:
    """Every method takes nothing for an answer."""
    with store.unit() as unit:
        unit.add_prompts({})
        assert not unit.answer_prompts({})
        assert not unit.end_prompts([])
