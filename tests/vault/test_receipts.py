"""Receipts from numbers: each another, none told by its neighbour, the same again for the same number."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from salio.vault.keys import KeyRing
from salio.vault.receipts import NUMBERS, ReceiptMint
from salio.wire import receipts
from tests.builders import NOW

BLOCK = 1024
"""Numbers whose receipts begin alike."""


def test_a_receipt_has_the_days_form(keys: KeyRing) -> None:
    """It begins with the day, in East Africa, and is what the wire calls a receipt."""
    receipt = ReceiptMint(keys).receipt(1, NOW)
    assert receipt.startswith("UHG")
    assert receipts.is_receipt(receipt)


def test_the_same_number_has_the_same_receipt(keys: KeyRing) -> None:
    """A restart, or another process with the same keys, goes on where the last one was."""
    assert ReceiptMint(keys).receipt(5, NOW) == ReceiptMint(keys).receipt(5, NOW)


@given(
    numbers=st.sets(
        st.integers(-NUMBERS, NUMBERS - 1) | st.integers(-3 * BLOCK, 3 * BLOCK), min_size=2, max_size=50
    )
)
def test_no_two_numbers_meet(keys: KeyRing, numbers: set[int]) -> None:
    """Unique without asking anybody, those below zero too, and never the id of the day's queries."""
    mint = ReceiptMint(keys)
    made = {mint.receipt(number, NOW) for number in numbers}
    assert len(made) == len(numbers)
    assert receipts.query_transaction_id(NOW) not in made


def test_a_whole_block_on_either_side_of_zero_has_no_receipt_twice(keys: KeyRing) -> None:
    """Every number of some blocks that follow one another, and of those below zero."""
    mint = ReceiptMint(keys)
    made = {mint.receipt(number, NOW) for number in range(-4 * BLOCK, 4 * BLOCK)}
    assert len(made) == 8 * BLOCK
    assert not any(receipt.endswith("000") for receipt in made)  # as the ids of queries do


def test_the_numbers_of_a_block_begin_alike_and_end_apart(keys: KeyRing) -> None:
    """Databases keep them on a few pages; who knows one knows nothing of the last three of the next."""
    mint = ReceiptMint(keys)
    made = [mint.receipt(number, NOW) for number in range(BLOCK)]
    assert len({receipt[:7] for receipt in made}) == 1
    ends = [int(receipt[7:], 36) for receipt in made]
    steps = {(second - first) % 36**3 for first, second in pairwise(ends)}
    assert len(steps) > 950
    assert sum(second > first for first, second in pairwise(ends)) in range(400, 625)


def test_blocks_are_far_apart_and_shuffled_each_for_itself(keys: KeyRing) -> None:
    """How many payments lie between two receipts cannot be counted."""
    mint = ReceiptMint(keys)
    firsts = [mint.receipt(number * BLOCK, NOW) for number in range(-500, 500)]
    assert len({receipt[3:7] for receipt in firsts}) == 1000
    assert len({receipt[3:5] for receipt in firsts}) > 600
    assert len({receipt[7:] for receipt in firsts}) > 950
