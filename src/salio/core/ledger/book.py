"""The book: every account's balance, held by the one deciding step and written back with its batch."""

from collections.abc import Iterable, Mapping, Sequence

from salio.core.ledger.accounts import Account, AccountBalance, AccountKind, Balance
from salio.core.ledger.postings import (
    LARGEST_BALANCE,
    POSTED,
    Entry,
    Posting,
    PostingOutcome,
    check_form,
    moves_customer,
)

_DISPLAY_ORDER: Mapping[AccountKind, int] = {kind: place for place, kind in enumerate(AccountKind)}


class Book:
    """Accounts and balances in memory. A posting is applied whole or not at all."""

    def __init__(self, accounts: Iterable[Account], balances: Mapping[int, Balance]) -> None:
        """Takes up the store's accounts and their balances by account number."""
        self._accounts: dict[int, Account] = {}
        self._by_holder: dict[str, list[Account]] = {}
        self._balances: dict[int, Balance] = {}
        self._floors: dict[int, int | None] = {}
        self._shown: dict[str, tuple[AccountBalance, ...]] = {}
        for account in accounts:
            self.open(account, balances.get(account.number, Balance()))

    def open(self, account: Account, balance: Balance | None = None) -> None:
        """Adds an account; a new one stands at zero."""
        self._accounts[account.number] = account
        self._balances[account.number] = balance or Balance()
        self._floors[account.number] = account.floor
        held = self._by_holder.setdefault(account.holder, [])
        held.append(account)
        held.sort(key=lambda each: _DISPLAY_ORDER[each.kind])
        self._shown.pop(account.holder, None)

    def account(self, holder: str, kind: AccountKind) -> Account | None:
        """The account of that kind that the holder has, if any."""
        for each in self._by_holder.get(holder, ()):
            if each.kind is kind:
                return each
        return None

    def numbered(self, number: int) -> Account:
        """The account of that number; raises ``KeyError`` if there is none."""
        return self._accounts[number]

    def balance(self, number: int) -> Balance:
        """The balance of an account by number; raises ``KeyError`` for one that does not exist."""
        return self._balances[number]

    def balances_of(self, holder: str) -> tuple[AccountBalance, ...]:
        """All balances of a holder in the order in which a balance result prints them."""
        shown = self._shown.get(holder)
        if shown is None:
            held = self._by_holder.get(holder, ())
            shown = tuple(
                AccountBalance(each.kind, each.currency, self._balances[each.number]) for each in held
            )
            self._shown[holder] = shown
        return shown

    def all_balances(self) -> dict[int, Balance]:
        """Every balance by account number, as it stands now."""
        return dict(self._balances)

    def total(self, currency: str) -> int:
        """The sum over all accounts and buckets of a currency, in cents: zero, always (P4)."""
        return sum(
            balance.current + balance.uncleared
            for number, balance in self._balances.items()
            if self._accounts[number].currency == currency
        )

    def moves_customer(self, entries: Sequence[Entry], parties: tuple[str, str]) -> bool:
        """Whether one of these parties is a customer, with an account that these entries move."""
        known = [self._accounts[each.account] for each in entries if each.account in self._accounts]
        return moves_customer(known, parties)

    def post(self, posting: Posting) -> PostingOutcome:
        """Applies a posting if it is well made and leaves no bucket below its floor."""
        fault = check_form(posting, self._accounts)
        if fault is not POSTED:
            return fault
        after: dict[int, Balance] = {}
        for entry in posting.entries:
            before = after.get(entry.account) or self._balances[entry.account]
            after[entry.account] = before.moved(entry.bucket, entry.cents)
        for balance in after.values():
            if _too_large(balance):
                return PostingOutcome.TOO_LARGE
        for number, balance in after.items():
            if self._below_floor(number, balance):
                return PostingOutcome.BELOW_FLOOR
        self._balances.update(after)
        for number in after:
            self._shown.pop(self._accounts[number].holder, None)
        return POSTED

    def balances_after(self, holder: str, entries: Sequence[Entry]) -> tuple[AccountBalance, ...]:
        """As :meth:`balances_of`, if these entries were posted; nothing is checked."""
        after = {each.number: self._balances[each.number] for each in self._by_holder.get(holder, ())}
        for entry in entries:
            if entry.account in after:
                after[entry.account] = after[entry.account].moved(entry.bucket, entry.cents)
        held = self._by_holder.get(holder, ())
        return tuple(AccountBalance(each.kind, each.currency, after[each.number]) for each in held)

    def take_back(self, posting: Posting) -> None:
        """Undoes a posting that was applied, as if it had never been: floors have no say in that."""
        for entry in posting.entries:
            balance = self._balances[entry.account]
            self._balances[entry.account] = balance.moved(entry.bucket, -entry.cents)
            self._shown.pop(self._accounts[entry.account].holder, None)

    def _below_floor(self, number: int, balance: Balance) -> bool:
        floor = self._floors[number]
        return floor is not None and (
            balance.available < floor or balance.reserved < floor or balance.uncleared < floor
        )


def _too_large(balance: Balance) -> bool:
    return not (
        -LARGEST_BALANCE <= balance.available <= LARGEST_BALANCE
        and -LARGEST_BALANCE <= balance.reserved <= LARGEST_BALANCE
        and -LARGEST_BALANCE <= balance.uncleared <= LARGEST_BALANCE
    )
