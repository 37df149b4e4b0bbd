"""Whether a posting is well made, whatever the balances."""

import pytest

from salio.core.ledger.accounts import Account, AccountKind, Bucket
from salio.core.ledger.postings import LARGEST_ENTRY, Entry, Posting, PostingOutcome, check_form
from tests.builders import NOW

ACCOUNTS = {
    1: Account(number=1, holder="600000", kind=AccountKind.WORKING),
    2: Account(number=2, holder="600782", kind=AccountKind.WORKING),
    3: Account(number=3, holder="600000", kind=AccountKind.WORKING, currency="USD"),
    4: Account(number=4, holder="600782", kind=AccountKind.WORKING, currency="USD"),
}


def moving(*entries: tuple[int, int]) -> Posting:
    """A posting of (account, cents), all of it available."""
    lines = tuple(Entry(account, Bucket.AVAILABLE, cents) for account, cents in entries)
    return Posting(number=1, at=NOW, narrative="test", entries=lines)


@pytest.mark.parametrize(
    ("posting", "outcome"),
    [
        pytest.param(moving((1, -5), (2, 5)), PostingOutcome.POSTED, id="two entries"),
        pytest.param(moving((1, -5), (2, 3), (2, 2)), PostingOutcome.POSTED, id="three entries"),
        pytest.param(moving((1, -5), (1, 5)), PostingOutcome.POSTED, id="within one account"),
        pytest.param(
            moving((1, -5), (2, 5), (3, 7), (4, -7)),
            PostingOutcome.POSTED,
            id="two currencies, each balanced",
        ),
        pytest.param(
            moving((1, LARGEST_ENTRY), (2, -LARGEST_ENTRY)), PostingOutcome.POSTED, id="the largest"
        ),
        pytest.param(moving(), PostingOutcome.EMPTY, id="no entry"),
        pytest.param(moving((1, 5)), PostingOutcome.EMPTY, id="one entry"),
        pytest.param(moving((1, 0), (2, 0)), PostingOutcome.EMPTY, id="entries of nothing"),
        pytest.param(moving((1, -5), (2, 5), (1, 0)), PostingOutcome.EMPTY, id="one entry of nothing"),
        pytest.param(moving((1, LARGEST_ENTRY + 1), (2, -5)), PostingOutcome.TOO_LARGE, id="l2-too large"),
        pytest.param(
            moving((1, -LARGEST_ENTRY - 1), (2, 5)), PostingOutcome.TOO_LARGE, id="l2-too far below"
        ),
        pytest.param(moving((1, -5), (9, 5)), PostingOutcome.ACCOUNT_UNKNOWN, id="account unknown"),
        pytest.param(moving((1, -5), (2, 4)), PostingOutcome.UNBALANCED, id="a cent is missing"),
        pytest.param(moving((1, 5), (2, 5)), PostingOutcome.UNBALANCED, id="money from nothing"),
        pytest.param(moving((1, -5), (3, 5)), PostingOutcome.UNBALANCED, id="zero only across currencies"),
    ],
)
def test_l9_check_form(posting: Posting, outcome: PostingOutcome) -> None:
    """A posting has two entries or more, each of something within bounds, and is zero per currency."""
    assert check_form(posting, ACCOUNTS) is outcome


@pytest.mark.parametrize(
    ("posting", "outcome"),
    [
        pytest.param(moving((9, LARGEST_ENTRY + 1)), PostingOutcome.EMPTY, id="empty before too large"),
        pytest.param(
            moving((9, LARGEST_ENTRY + 1), (1, 1)), PostingOutcome.TOO_LARGE, id="too large before unknown"
        ),
        pytest.param(moving((9, 1), (1, 1)), PostingOutcome.ACCOUNT_UNKNOWN, id="unknown before unbalanced"),
    ],
)
def test_the_first_fault_is_told(posting: Posting, outcome: PostingOutcome) -> None:
    """Of several faults the first in the members' order is the outcome."""
    assert check_form(posting, ACCOUNTS) is outcome
