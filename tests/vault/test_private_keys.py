"""The file of private keys: what is written is read, and damage is never taken for a key."""

from collections.abc import Callable

import pytest

from salio.vault.keys import KeyRing
from salio.vault.private_keys import StoredKey, parse_keys, print_keys
from tests.vault.samples import NOW


@pytest.fixture
def stored(keys: KeyRing, other_keys: KeyRing) -> list[StoredKey]:
    """A key and the one before it."""
    return [StoredKey(keys.private_key), StoredKey(other_keys.private_key, NOW)]


def told(keys: list[StoredKey]) -> list[object]:
    """What can be compared of them."""
    return [(each.private_key.private_numbers(), each.replaced_at) for each in keys]


@pytest.mark.parametrize("count", [1, 2])
def test_what_is_written_is_read(stored: list[StoredKey], count: int) -> None:
    """One key or more, in their order, with the moment."""
    assert told(parse_keys(print_keys(stored[:count]))) == told(stored[:count])


def test_a_single_key_is_plain_pem(stored: list[StoredKey]) -> None:
    """As every Salio before wrote it, and as others read it."""
    assert print_keys(stored[:1]).startswith(b"-----BEGIN PRIVATE KEY-----\n")


def test_other_text_is_passed_over(stored: list[StoredKey]) -> None:
    """PEM allows it (RFC 7468, 2): only our own line means something."""
    assert told(parse_keys(b"Bag Attributes\n" + print_keys(stored[:1]))) == told(stored[:1])


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "nothing": lambda _: b"",
    "the first block is cut": lambda was: was[:900],
    "the second block is damaged": lambda was: was[:-900] + b"AAAA" + was[-896:],
    "the moment is none": lambda was: was.replace(b"2026-", b"2O26-"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_damage_is_an_error(stored: list[StoredKey], damage: Callable[[bytes], bytes]) -> None:
    """Also of a key that decides nothing."""
    with pytest.raises(ValueError, match=r"private key|isoformat"):
        parse_keys(damage(print_keys(stored)))


def test_a_key_shows_nothing(stored: list[StoredKey]) -> None:
    """Wherever it is printed."""
    assert repr(stored[1]) == "StoredKey(...)"
