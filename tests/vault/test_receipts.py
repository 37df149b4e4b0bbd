"""Receipts from numbers: each another, none next to its neighbour, the same again for the same number."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from salio.vault.keys import KeyRing
from salio.vault.receipts import ReceiptMint
from salio.wire import receipts
from tests.builders import NOW

MOST = receipts.SERIAL_LIMIT - 2
MOVEMENTS = 10**9
"""Numbers below zero are of movements that no request brought."""


def test_a_receipt_has_the_days_form(keys: KeyRing) -> None:
    """It begins with the day, in East Africa, and is what the wire calls a receipt."""
    receipt = ReceiptMint(keys).receipt(1, NOW)
    assert receipt.startswith("UHG")
    assert receipts.is_receipt(receipt)


def test_the_same_number_has_the_same_receipt(keys: KeyRing) -> None:
    """A restart, or another process with the same keys, goes on where the last one was."""
    assert ReceiptMint(keys).receipt(5, NOW) == ReceiptMint(keys).receipt(5, NOW)


@given(numbers=st.sets(st.integers(-MOVEMENTS, MOST - MOVEMENTS), min_size=2, max_size=50))
def test_no_two_numbers_meet(keys: KeyRing, numbers: set[int]) -> None:
    """Unique without asking anybody, those below zero too, and never the id of the day's queries."""
    mint = ReceiptMint(keys)
    made = {mint.receipt(number, NOW) for number in numbers}
    assert len(made) == len(numbers)
    assert receipts.query_transaction_id(NOW) not in made


def test_neighbours_are_far_apart(keys: KeyRing) -> None:
    """Who knows one receipt knows nothing of the next: hardly any two share their first digits."""
    mint = ReceiptMint(keys)
    made = [mint.receipt(number, NOW)[3:6] for number in range(1000)]
    assert sum(first == second for first, second in pairwise(made)) < 5
    assert len(set(made)) > 950
