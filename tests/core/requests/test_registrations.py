"""Registrations: kept before they are acknowledged, of one short code the last."""

from salio.core.parties.registration import DefaultAction, Registration
from salio.core.requests.registrations import Registering, Registrations
from tests.builders import SHORT_CODE

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
    answered: list[tuple[object, bool]] = []
    registrations, kept = Registrations([ONE], answered.extend), Kept()
    assert registrations.submit(Registering(ONE, "first")) is None
    registrations.submit(Registering(OTHER, "second"))
    batch = registrations.take()
    registrations.write(kept, batch)  # type: ignore[arg-type] # all that is asked of a unit
    assert kept.registrations == [OTHER]
    assert (registrations.of(SHORT_CODE), answered) == (ONE, [])
    registrations.settle(batch)
    assert (registrations.of(SHORT_CODE), answered) == (OTHER, [("first", True), ("second", True)])
    assert not registrations.is_built_upon(batch[0])


def test_what_was_not_kept() -> None:
    """The store refused it, was away, or keeps nothing more: whoever waits is told, and nothing changes."""
    answered: list[tuple[object, bool]] = []
    registrations = Registrations([ONE], answered.extend)
    for mark in ("spoilt", "put back"):
        registrations.submit(Registering(OTHER, mark))
    spoilt, put_back = registrations.take()
    registrations.spoil(spoilt, ValueError())
    registrations.put_back([put_back], ValueError())
    registrations.submit(Registering(OTHER, "shut"))
    registrations.shut()
    assert answered == [("spoilt", False), ("put back", False), ("shut", False)]
    assert registrations.submit(Registering(OTHER, "late")) is False
    assert registrations.of(SHORT_CODE) == ONE
