"""What the tests of every store keep in it."""

from salio.core.ledger.accounts import Account, AccountKind, Bucket
from salio.core.ledger.postings import Entry, Posting
from salio.core.ports import AcceptedRequest
from tests.builders import (
    NOW,
    SHORT_CODE,
    a_conclusion,
    accepted,
)
from tests.stores import AnyStore

DAY = "2026-08-16"


def keep(store: AnyStore, *requests: AcceptedRequest) -> set[int]:
    """Accepts requests in one unit; the numbers of the duplicates."""
    with store.unit() as unit:
        return set(unit.add_requests(requests))


def conclude(store: AnyStore, *numbers: int) -> None:
    """Accepts and decides requests of these numbers."""
    keep(store, *(accepted(number) for number in numbers))
    with store.unit() as unit:
        unit.add_conclusions([a_conclusion(number) for number in numbers])


def chosen(number: int, own_id: str, app: int = 1) -> AcceptedRequest:
    """A request whose caller brought an id."""
    return accepted(number, originator_conversation_id=own_id, chosen_by_caller=True, app_number=app)


TRUST = Account(number=1, holder="M-PESA", kind=AccountKind.TRUST)
WORKING = Account(number=2, holder=SHORT_CODE, kind=AccountKind.WORKING)
ENTRIES = (Entry(1, Bucket.AVAILABLE, -700), Entry(2, Bucket.AVAILABLE, 500), Entry(2, Bucket.UNCLEARED, 200))
OPENING = Posting(number=1, at=NOW, narrative="opening", entries=ENTRIES)
