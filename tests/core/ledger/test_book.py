"""The book of balances, by table and against a naive model (P4)."""

from collections import defaultdict

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from salio.core.ledger.accounts import Account, AccountBalance, AccountKind, Balance, Bucket
from salio.core.ledger.book import Book
from salio.core.ledger.postings import LARGEST_BALANCE, LARGEST_ENTRY, Entry, Posting, PostingOutcome
from tests.builders import NOW

AVAILABLE, RESERVED, UNCLEARED = Bucket.AVAILABLE, Bucket.RESERVED, Bucket.UNCLEARED
TRUST = Account(number=1, holder="M-PESA", kind=AccountKind.TRUST)
WORKING = Account(number=2, holder="600000", kind=AccountKind.WORKING)
CHARGES = Account(number=3, holder="600000", kind=AccountKind.CHARGES_PAID)
UTILITY = Account(number=4, holder="600000", kind=AccountKind.UTILITY)
DOLLARS = Account(number=5, holder="600782", kind=AccountKind.WORKING, currency="USD")
DOLLAR_TRUST = Account(number=6, holder="M-PESA", kind=AccountKind.TRUST, currency="USD")
ACCOUNTS = (TRUST, WORKING, CHARGES, UTILITY, DOLLARS, DOLLAR_TRUST)
OPENING = {TRUST.number: Balance(available=-1000), WORKING.number: Balance(available=700, reserved=300)}


def posting(*entries: tuple[Account, Bucket, int]) -> Posting:
    """A posting of these entries."""
    lines = tuple(Entry(account.number, bucket, cents) for account, bucket, cents in entries)
    return Posting(number=1, at=NOW, narrative="test", entries=lines)


@pytest.fixture
def book() -> Book:
    """Working holds 700 available and 300 reserved, against the trust account."""
    return Book(ACCOUNTS, OPENING)


@pytest.mark.parametrize(
    ("entries", "working"),
    [
        pytest.param([(WORKING, AVAILABLE, -700), (UTILITY, AVAILABLE, 700)], (0, 300, 0), id="to the floor"),
        pytest.param([(WORKING, AVAILABLE, -200), (WORKING, RESERVED, 200)], (500, 500, 0), id="set aside"),
        pytest.param([(TRUST, AVAILABLE, -50), (WORKING, UNCLEARED, 50)], (700, 300, 50), id="uncleared"),
        pytest.param(
            [(WORKING, AVAILABLE, -900), (TRUST, AVAILABLE, 500), (WORKING, AVAILABLE, 400)],
            (200, 300, 0),
            id="below the floor on the way, not at the end",
        ),
        pytest.param(
            [(CHARGES, AVAILABLE, -50), (WORKING, AVAILABLE, 50)], (750, 300, 0), id="charges may run"
        ),
    ],
)
def test_posts(book: Book, entries: list[tuple[Account, Bucket, int]], working: tuple[int, int, int]) -> None:
    """A posting that leaves no bucket below its floor is applied, and the book still sums to zero."""
    assert book.post(posting(*entries)) is PostingOutcome.POSTED
    assert book.balance(WORKING.number) == Balance(*working)
    assert book.total("KES") == 0


@pytest.mark.parametrize(
    "entries",
    [
        pytest.param([(WORKING, AVAILABLE, -701), (UTILITY, AVAILABLE, 701)], id="available"),
        pytest.param([(WORKING, RESERVED, -301), (WORKING, AVAILABLE, 301)], id="reserved"),
        pytest.param([(WORKING, UNCLEARED, -1), (WORKING, AVAILABLE, 1)], id="uncleared"),
        pytest.param(
            [
                (TRUST, AVAILABLE, -5),
                (WORKING, AVAILABLE, 5),
                (UTILITY, RESERVED, -5),
                (WORKING, RESERVED, 5),
            ],
            id="one of several accounts",
        ),
    ],
)
def test_below_floor_changes_nothing(book: Book, entries: list[tuple[Account, Bucket, int]]) -> None:
    """A posting that would take one bucket below its floor is refused whole."""
    assert book.post(posting(*entries)) is PostingOutcome.BELOW_FLOOR
    assert book.all_balances() == Book(ACCOUNTS, OPENING).all_balances()


def test_balances_of_are_in_the_order_of_a_result() -> None:
    """A holder's balances come in the order of printing, however the accounts were opened."""
    book = Book([UTILITY, CHARGES, WORKING], {CHARGES.number: Balance(available=-5)})
    assert book.balances_of("600000") == (
        AccountBalance(AccountKind.WORKING, "KES", Balance()),
        AccountBalance(AccountKind.UTILITY, "KES", Balance()),
        AccountBalance(AccountKind.CHARGES_PAID, "KES", Balance(available=-5)),
    )
    assert book.balances_of("600001") == ()


def test_account(book: Book) -> None:
    """An account is found by holder and kind."""
    assert book.account("600000", AccountKind.UTILITY) == UTILITY
    assert book.account("600000", AccountKind.MERCHANT) is None
    assert book.account("600001", AccountKind.UTILITY) is None


def test_a_new_account_stands_at_zero(book: Book) -> None:
    """Opening an account moves nothing."""
    book.open(Account(number=7, holder="600000", kind=AccountKind.FLOAT))
    assert book.balance(7) == Balance()


def test_an_unknown_number_is_an_error(book: Book) -> None:
    """There is no balance of an account that does not exist."""
    with pytest.raises(KeyError):
        book.balance(99)


def test_all_balances_is_a_copy(book: Book) -> None:
    """Whoever changes the copy changes no money."""
    book.all_balances().clear()
    assert book.balance(WORKING.number) == OPENING[WORKING.number]


CENTS = st.integers(-300, 300) | st.sampled_from([-LARGEST_ENTRY - 1, LARGEST_ENTRY + 1, LARGEST_ENTRY])
NUMBERS = st.sampled_from([*(each.number for each in ACCOUNTS), 99])
ENTRIES = st.builds(Entry, NUMBERS, st.sampled_from(Bucket), CENTS)
CURRENCIES = {each.number: each.currency for each in ACCOUNTS}
FLOORS = {each.number: each.floor for each in ACCOUNTS}


def balanced(entries: list[Entry]) -> tuple[Entry, ...]:
    """The entries with one more that brings their sum in shillings to zero."""
    rest = -sum(each.cents for each in entries if CURRENCIES.get(each.account) == "KES")
    return (*entries, Entry(TRUST.number, AVAILABLE, rest))


class BookAgainstEntries(RuleBasedStateMachine):
    """Any postings, well made or not, on the book and on a model that only keeps the accepted entries."""

    @initialize()
    def open_the_book(self) -> None:
        """Both begin at zero: every shilling enters by a posting."""
        self.book = Book(ACCOUNTS, {})
        self.journal: list[Entry] = []

    @rule(entries=st.lists(ENTRIES, max_size=5))
    def post_anything(self, entries: list[Entry]) -> None:
        """Most of these are refused."""
        self._post(tuple(entries))

    @rule(entries=st.lists(ENTRIES, min_size=1, max_size=5))
    def post_balanced(self, entries: list[Entry]) -> None:
        """Most of these are well made; some would go below a floor."""
        self._post(balanced(entries))

    @rule(account=st.sampled_from(ACCOUNTS), cents=st.integers(1, 300), to=st.sampled_from(Bucket))
    def deposit(self, account: Account, cents: int, to: Bucket) -> None:
        """Always accepted: money enters against the trust account of its currency."""
        trust = TRUST if account.currency == "KES" else DOLLAR_TRUST
        entries = (Entry(trust.number, AVAILABLE, -cents), Entry(account.number, to, cents))
        assert self._post(entries) is PostingOutcome.POSTED

    def _post(self, entries: tuple[Entry, ...]) -> PostingOutcome:
        before = self.book.all_balances()
        outcome = self.book.post(Posting(number=1, at=NOW, narrative="any", entries=entries))
        assert (outcome is PostingOutcome.POSTED) == self._is_allowed(entries)
        if outcome is PostingOutcome.POSTED:
            self.journal += entries
        else:
            assert self.book.all_balances() == before
        return outcome

    def _is_allowed(self, entries: tuple[Entry, ...]) -> bool:
        """The rule in other words: small known entries, zero per currency, no account below its floor."""
        known = len(entries) >= 2 and all(each.account in CURRENCIES for each in entries)
        if not known or any(not 0 < abs(each.cents) <= LARGEST_ENTRY for each in entries):
            return False
        if any(_sum_of(entries, currency) for currency in ("KES", "USD")):
            return False
        after = _buckets([*self.journal, *entries])
        return all(cents >= 0 for (account, _), cents in after.items() if FLOORS[account] == 0)

    @invariant()
    def sums_to_zero(self) -> None:
        """P4: per currency, over all accounts and buckets."""
        assert (self.book.total("KES"), self.book.total("USD")) == (0, 0)

    @invariant()
    def balances_are_the_sum_of_the_entries(self) -> None:
        """P4: bucket by bucket."""
        kept = {
            (number, bucket): getattr(balance, bucket.value)
            for number, balance in self.book.all_balances().items()
            for bucket in Bucket
        }
        summed = _buckets(self.journal)
        assert kept == {place: summed[place] for place in kept}

    @invariant()
    def nothing_below_its_floor(self) -> None:
        """P4: no bucket of an account with a floor is below it."""
        for account in ACCOUNTS:
            balance = self.book.balance(account.number)
            lowest = min(balance.available, balance.reserved, balance.uncleared)
            assert account.floor is None or lowest >= account.floor


def _sum_of(entries: tuple[Entry, ...], currency: str) -> int:
    return sum(each.cents for each in entries if CURRENCIES[each.account] == currency)


def _buckets(entries: list[Entry]) -> dict[tuple[int, Bucket], int]:
    sums: dict[tuple[int, Bucket], int] = defaultdict(int)
    for each in entries:
        sums[each.account, each.bucket] += each.cents
    return sums


class TestBookAgainstEntries(BookAgainstEntries.TestCase):  # type: ignore[misc, valid-type] # made by hypothesis
    """Runs the machine above."""


def test_balances_that_were_shown_follow_a_posting(book: Book) -> None:
    """What a holder's balances were asked to be before a posting is not what they are after it."""
    before = book.balances_of("600000")
    assert book.post(posting((WORKING, AVAILABLE, -200), (UTILITY, AVAILABLE, 200))) is PostingOutcome.POSTED
    after = {each.kind: each.balance.available for each in book.balances_of("600000")}
    assert before[0].balance.available == 700
    assert (after[AccountKind.WORKING], after[AccountKind.UTILITY]) == (500, 200)


def test_l2_a_balance_has_a_bound() -> None:
    """No bucket passes the largest balance, however small the last entry; the posting changes nothing."""
    full = {WORKING.number: Balance(LARGEST_BALANCE), TRUST.number: Balance(-LARGEST_BALANCE)}
    book = Book(ACCOUNTS, full)
    assert book.post(posting((WORKING, AVAILABLE, 1), (TRUST, AVAILABLE, -1))) is PostingOutcome.TOO_LARGE
    assert book.balance(WORKING.number) == Balance(LARGEST_BALANCE)
