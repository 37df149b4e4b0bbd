"""Looking parties up, and who may act for whom in head office → store → till."""

import pytest

from salio.core.parties.directory import Directory
from tests.builders import (
    MSISDN,
    OTHER_SHORT_CODE,
    SHORT_CODE,
    a_customer,
    a_directory,
    a_store,
    a_till,
    an_operator,
    an_organization,
)

HEAD, STORE, TILL, SECOND_STORE, LOOSE_TILL = "600100", "600110", "600111", "600120", "600130"


@pytest.fixture
def tree() -> Directory:
    """A head office with two stores, a till of the first store and a till of its own; and a stranger."""
    return a_directory(
        an_operator(number=1, short_code=HEAD, name="head"),
        an_operator(number=2, short_code=TILL, name="till"),
        an_operator(number=3, short_code=HEAD, name="same"),
        an_operator(number=4, short_code=STORE, name="same"),
        organizations=[
            an_organization(short_code=HEAD),
            a_store(STORE, HEAD),
            a_till(TILL, STORE),
            a_store(SECOND_STORE, HEAD),
            a_till(LOOSE_TILL, HEAD),
            an_organization(),
        ],
    )


@pytest.mark.parametrize(
    ("asked", "owned", "reached"),
    [
        pytest.param(HEAD, {HEAD}, [HEAD], id="head office for itself"),
        pytest.param(STORE, {HEAD}, [STORE, HEAD], id="head office for its store"),
        pytest.param(TILL, {HEAD}, [TILL, STORE, HEAD], id="head office for a store's till"),
        pytest.param(LOOSE_TILL, {HEAD}, [LOOSE_TILL, HEAD], id="head office for its own till"),
        pytest.param(STORE, {STORE}, [STORE], id="store for itself"),
        pytest.param(TILL, {STORE}, [TILL, STORE], id="store for its till"),
        pytest.param(TILL, {TILL}, [TILL], id="till for itself"),
        pytest.param(TILL, {TILL, HEAD}, [TILL, STORE, HEAD], id="the highest that is owned counts"),
        pytest.param(HEAD, {STORE}, [], id="store not for its head office"),
        pytest.param(STORE, {TILL}, [], id="till not for its store"),
        pytest.param(SECOND_STORE, {STORE}, [], id="store not for its sister"),
        pytest.param(LOOSE_TILL, {STORE}, [], id="store not for the head office's till"),
        pytest.param(HEAD, {SHORT_CODE}, [], id="not a stranger"),
        pytest.param(HEAD, set(), [], id="an app without short codes"),
        pytest.param("999999", {"999999"}, [], id="a short code that does not exist, though an app lists it"),
    ],
)
def test_within_reach(tree: Directory, asked: str, owned: set[str], reached: list[str]) -> None:
    """A head office may act for stores and tills, a store for its tills, nobody upwards (AB, FAQ 15)."""
    assert tree.within_reach(asked, owned) == reached


def test_a_ring_of_parents_ends() -> None:
    """Organizations that are each other's parents are walked once, not for ever."""
    ring = a_directory(organizations=[a_store(STORE, HEAD), a_store(HEAD, STORE)])
    assert list(ring.upwards(STORE)) == [STORE, HEAD]


def test_a_parent_that_does_not_exist_ends_the_line() -> None:
    """The line upwards stops where nobody stands."""
    assert list(a_directory(organizations=[a_store(STORE, HEAD)]).upwards(STORE)) == [STORE]


@pytest.mark.parametrize(
    ("name", "short_codes", "number"),
    [
        pytest.param("head", [TILL, STORE, HEAD], 1, id="at the top"),
        pytest.param("till", [TILL, STORE, HEAD], 2, id="at the bottom"),
        pytest.param("same", [TILL, STORE, HEAD], 4, id="the nearest of two"),
        pytest.param("same", [HEAD], 3, id="the only one in sight"),
        pytest.param("till", [STORE, HEAD], None, id="below what is searched"),
        pytest.param("HEAD", [HEAD], None, id="other letter case"),
        pytest.param("head", [], None, id="nowhere to look"),
    ],
)
def test_operator(tree: Directory, name: str, short_codes: list[str], number: int | None) -> None:
    """An operator is found by its exact name, at the first short code that has one."""
    found = tree.operator(name, short_codes)
    assert (found.number if found else None) == number


def test_operators_at(tree: Directory) -> None:
    """For the kept cause, all operators of some short codes are found, in the order of these."""
    found = list(tree.operators_at([STORE, "999999", HEAD]))
    assert {each.short_code for each in found} == {HEAD, STORE}
    assert sorted(found, key=lambda each: each.short_code != STORE) == found


def test_an_operator_that_changed_is_still_one() -> None:
    """Its new state is found in the old one's place, and a new operator after it."""
    directory = Directory([], [], [an_operator()])
    changed = an_operator(wrong_passwords=1)
    directory.put(changed)
    directory.put(an_operator(number=2, name="second"))
    assert list(directory.operators_at([SHORT_CODE])) == [changed, an_operator(number=2, name="second")]


def test_put_replaces_the_operator_of_that_name() -> None:
    """An operator's new state takes the place of the old one."""
    directory = a_directory()
    directory.put(an_operator(wrong_passwords=3))
    found = directory.operator("testapiuser", [SHORT_CODE])
    assert found == an_operator(wrong_passwords=3)


@pytest.mark.parametrize(
    ("party", "name"),
    [
        pytest.param(SHORT_CODE, "Safaricom1338", id="organization"),
        pytest.param(MSISDN, "John Doe", id="customer"),
        pytest.param("254700000000", "", id="unknown"),
    ],
)
def test_name_of(party: str, name: str) -> None:
    """A party is shown by its name, an unknown one by nothing."""
    assert a_directory().name_of(party) == name


def test_organization_and_customer() -> None:
    """Organizations and customers are found by short code and MSISDN."""
    directory = a_directory()
    assert directory.organization(SHORT_CODE) == an_organization()
    assert directory.customer(MSISDN) == a_customer()
    assert directory.organization(MSISDN) is None
    assert directory.customer(SHORT_CODE) is None


def test_every_operator_is_listed() -> None:
    """Short code by short code, each in its present state."""
    first, second = an_operator(number=2, short_code=OTHER_SHORT_CODE), an_operator()
    directory = a_directory(first, second)
    directory.put(an_operator(wrong_passwords=1))
    assert directory.operators() == [an_operator(wrong_passwords=1), first]
