"""Keys of addresses: made and recognized with one secret."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salio.receiver.keys import ENDPOINT, Keys

KEYS = Keys(b"s" * 32)


@given(st.binary(min_size=12, max_size=12))
def test_a_key_is_recognized(nonce: bytes) -> None:
    """As its nonce; it spells no word that a gateway refuses in an address (wire facts 5.3)."""
    key = KEYS.key(nonce)
    assert KEYS.nonce(key) == nonce
    assert re.fullmatch("[0-9a-f]{48}", key)


@given(st.text(max_size=60))
def test_c6_anything_else_is_none(text: str) -> None:
    """Whatever somebody tries."""
    assert KEYS.nonce(text) is None


@pytest.mark.parametrize("at", range(48))
def test_c6_a_key_that_differs_in_one_place(at: int) -> None:
    """Is nobody's."""
    key = KEYS.key(ENDPOINT)
    assert KEYS.nonce(key[:at] + ("1" if key[at] == "0" else "0") + key[at + 1 :]) is None


def test_c6_a_key_with_spaces() -> None:
    """The reader of hexadecimal digits would pass over them."""
    assert KEYS.nonce(" " * 24 + KEYS.key()[24:]) is None


def test_another_secret() -> None:
    """Knows none of these keys, and neither shows."""
    other = Keys(b"t" * 32)
    assert other.nonce(KEYS.key()) is None
    assert repr(other) == "Keys(...)"


def test_a_secret_that_is_too_short() -> None:
    """Could be guessed."""
    with pytest.raises(ValueError, match="32 bytes"):
        Keys(b"short")
