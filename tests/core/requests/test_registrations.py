"""Registrations: kept before they are acknowledged, of one short code what all leave."""

import msgspec

from salio.core.parties.registration import DefaultAction, Registration
from salio.core.requests.registrations import Registering, RegistrationEnd, Registrations
from tests.builders import SHORT_CODE

KEPT, NOT_KEPT = RegistrationEnd.KEPT, RegistrationEnd.NOT_KEPT
THERE_BEFORE = RegistrationEnd.THERE_BEFORE
ONE = Registration(short_code=SHORT_CODE, confirmation_url="http://one/")
OTHER = Registration(
    short_code=SHORT_CODE, confirmation_url="http://other/", default_action=DefaultAction.CANCELLED
)


class Kept:
    """Fits the one method of a unit that registrations need."""

    def __init__(self) -> None:
        self.registrations: list[Registration] = []

    def save_registrations(self, registrations: list[Registration]) -> None:
        """Keeps them."""
        self.registrations += registrations


def test_nothing_registered() -> None:
    """Payments are made, nobody is told, and nobody is asked."""
    found = Registrations((), lambda _: None).of(SHORT_CODE)
    assert (found.confirmation_url, found.default_action, found.validated) == (
        None,
        DefaultAction.COMPLETED,
        False,
    )


def test_a_registration_holds_after_its_commit() -> None:
    """And not before; whoever waits is told then."""
    answered: list[tuple[object, RegistrationEnd]] = []
    registrations, kept = Registrations([ONE], answered.extend), Kept()
    assert registrations.submit(Registering(ONE, "first", brings_urls=True)) is None
    registrations.submit(Registering(OTHER, "second", brings_urls=True))
    batch = registrations.take()
    registrations.write(kept, batch)  # type: ignore[arg-type] # all that is asked of a unit
    assert kept.registrations == [OTHER]
    assert (registrations.of(SHORT_CODE), answered) == (ONE, [])
    registrations.settle(batch)
    assert (registrations.of(SHORT_CODE), answered) == (OTHER, [("first", KEPT), ("second", KEPT)])
    assert not registrations.is_built_upon(batch[0])


def test_urls_and_a_switch_at_once() -> None:
    """Neither undoes the other, whichever comes first: each was made up while the other was on its way."""
    switched = Registering(Registration(short_code=SHORT_CODE, validated=True, instructs=True), "switched")
    both = msgspec.structs.replace(OTHER, validated=True, instructs=True)
    for pair in ((switched, Registering(OTHER, "urls", True)), (Registering(OTHER, "urls", True), switched)):
        registrations, kept = Registrations([ONE], lambda _: None), Kept()
        for each in pair:
            registrations.submit(each)
        batch = registrations.take()
        registrations.write(kept, batch)  # type: ignore[arg-type] # all that is asked of a unit
        registrations.settle(batch)
        assert (kept.registrations, registrations.of(SHORT_CODE)) == ([both], both)


def test_what_was_not_kept() -> None:
    """The store refused it, was away, or keeps nothing more: whoever waits is told, and nothing changes."""
    answered: list[tuple[object, RegistrationEnd]] = []
    registrations = Registrations([ONE], answered.extend)
    for mark in ("spoilt", "put back"):
        registrations.submit(Registering(OTHER, mark))
    spoilt, put_back = registrations.take()
    registrations.spoil(spoilt, ValueError())
    registrations.put_back([put_back], ValueError())
    registrations.submit(Registering(OTHER, "shut"))
    registrations.shut()
    assert answered == [("spoilt", NOT_KEPT), ("put back", NOT_KEPT), ("shut", NOT_KEPT)]
    assert registrations.submit(Registering(OTHER, "late")) is NOT_KEPT
    assert registrations.of(SHORT_CODE) == ONE


def test_urls_that_stay() -> None:
    """In production a short code's first URLs hold; later ones, of the same group too, are told so. What is
    switched beside them is no registration.
    """
    answered: list[tuple[object, RegistrationEnd]] = []
    registrations = Registrations((), answered.extend, once=True)
    switched = Registering(Registration(short_code=SHORT_CODE, validated=True), "switched")
    for each in (switched, Registering(ONE, "first", True), Registering(OTHER, "second", True)):
        registrations.submit(each)
    batch = registrations.take()
    assert [each.answer for each in batch] == ["switched", "first"]
    assert answered == [("second", THERE_BEFORE)]
    registrations.settle(batch)
    registrations.submit(Registering(OTHER, "third", True))
    kept = msgspec.structs.replace(ONE, validated=True)
    assert (registrations.take(), registrations.of(SHORT_CODE)) == ([], kept)
    assert answered[-1] == ("third", THERE_BEFORE)
