"""The memory of verified ciphertexts is bounded and forgets whole operators."""

import pytest

from salio.core.requests.asking import PresentedCredential
from salio.vault.memory import CiphertextMemory

ONE = PresentedCredential(b"1", readable=True)
TWO = PresentedCredential(b"2", readable=True)


@pytest.fixture
def memory() -> CiphertextMemory:
    """Room for three."""
    return CiphertextMemory(b"k" * 32, capacity=3)


def test_what_was_put_is_found(memory: CiphertextMemory) -> None:
    """And nothing else."""
    memory.put(b"a", ONE, 1)
    assert (memory.get(b"a"), memory.get(b"b")) == (ONE, None)


def test_the_longest_unused_makes_room(memory: CiphertextMemory) -> None:
    """A look counts as use."""
    for name in (b"a", b"b", b"c"):
        memory.put(name, ONE, 1)
    memory.get(b"a")
    memory.put(b"d", TWO, 2)
    assert [memory.get(name) for name in (b"a", b"b", b"c", b"d")] == [ONE, None, ONE, TWO]
    assert len(memory) == 3


def test_forgetting_takes_all_of_one_operator(memory: CiphertextMemory) -> None:
    """Another's stay; a second time does nothing."""
    memory.put(b"a", ONE, 1)
    memory.put(b"b", ONE, 1)
    memory.put(b"c", TWO, 2)
    memory.forget(1)
    memory.forget(1)
    assert [memory.get(name) for name in (b"a", b"b", b"c")] == [None, None, TWO]


@pytest.mark.parametrize("forgotten", [1, 2])
def test_a_ciphertext_of_two_operators_is_forgotten_with_either(
    memory: CiphertextMemory, forgotten: int
) -> None:
    """Two initiators may share a password and its ciphertext."""
    memory.put(b"a", ONE, 1)
    memory.put(b"a", ONE, 2)
    memory.forget(forgotten)
    assert memory.get(b"a") is None
    memory.forget(3 - forgotten)


def test_what_made_room_can_be_forgotten_and_come_back(memory: CiphertextMemory) -> None:
    """No index remembers what the memory has dropped."""
    for name in (b"a", b"b", b"c", b"d"):
        memory.put(name, ONE, 1)
    memory.forget(1)
    memory.put(b"a", TWO, 2)
    assert (len(memory), memory.get(b"a")) == (1, TWO)


def test_clearing_takes_all(memory: CiphertextMemory) -> None:
    """Of everybody; it is as new."""
    memory.put(b"a", ONE, 1)
    memory.put(b"b", TWO, 2)
    memory.clear()
    assert (len(memory), memory.get(b"a")) == (0, None)
    memory.put(b"a", TWO, 1)
    memory.forget(1)
    assert len(memory) == 0


def test_names_depend_on_the_process_key(memory: CiphertextMemory) -> None:
    """A name says nothing of the ciphertext without the key; any text has one."""
    other = CiphertextMemory(b"o" * 32, capacity=3)
    assert memory.name("x") == memory.name("x")
    assert len({memory.name("x"), memory.name("y"), other.name("x"), memory.name("\ud800")}) == 4
