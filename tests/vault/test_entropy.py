"""Random text from random bytes."""

from collections import Counter

import pytest

from salio.vault.entropy import ALPHANUMERICS, random_text
from tests.vault.samples import Seeded


def test_every_byte_that_counts_is_fair() -> None:
    """Of all 256 bytes, 248 count and give each character four times."""
    every_byte = bytes(range(256))
    counted = Counter(random_text(lambda _: every_byte, 248))
    assert counted == dict.fromkeys(ALPHANUMERICS, 4)


def test_unfair_bytes_are_thrown_away() -> None:
    """The bytes above are drawn again."""
    drawn = iter([b"\xff\xf8", b"\xff\0", b"\1\2"])
    assert random_text(lambda _: next(drawn), 2) == "AB"


@pytest.mark.parametrize("length", [0, 1, 48, 64])
def test_length_and_characters(length: int) -> None:
    """As long as asked, letters and digits, the same for the same seed."""
    text = random_text(Seeded(length), length)
    assert len(text) == length
    assert set(text) <= set(ALPHANUMERICS)
    assert text == random_text(Seeded(length), length)
