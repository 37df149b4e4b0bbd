"""What people do with money by hand, as the naive ledger sees it."""

from salio.core.requests.abroad import AbroadAct, Arrival
from salio.core.requests.funds import FundsAct, FundsRefusal, Withdrawal
from tests.core.requests.country import KINDS, OWN_NUMBER
from tests.core.requests.naive_books import NaiveBooks
from tests.core.requests.naive_rules import B2C, CUSTOMER, OWED, TAKES, TRUST, WORKING, Held

AnyMoneyAct = FundsAct | AbroadAct


class NaiveActs:
    """Does them one after another, or says why not."""

    def __init__(self, books: NaiveBooks) -> None:
        self._books = books

    def do(self, act: AnyMoneyAct) -> FundsRefusal | None:
        """All of it, or nothing."""
        if isinstance(act, Withdrawal):
            return self._withdrawn(act)
        if isinstance(act, FundsAct):
            return self._settled(act.short_code)
        if isinstance(act, Arrival):
            return self._arrived(act)
        return self._cleared(act.holder)

    def _settled(self, holder: str) -> FundsRefusal | None:
        available, kind = self._books.available, KINDS[holder]
        revenue, owed = (holder, TAKES[kind]), available[holder, OWED]
        taken = available[revenue]
        if kind is B2C:
            taken = min(taken, max(0, -owed))
        if taken + owed < 0:
            return FundsRefusal.BALANCE_INSUFFICIENT
        available[revenue] -= taken
        available[holder, OWED] = 0
        available[holder, WORKING] += taken + owed
        return None

    def _withdrawn(self, act: Withdrawal) -> FundsRefusal | None:
        working, number = (act.short_code, WORKING), OWN_NUMBER.get(act.short_code)
        if self._books.available[act.short_code, OWED] < 0:
            return FundsRefusal.CHARGES_OWED
        if self._books.available[working] < act.cents:
            return FundsRefusal.BALANCE_INSUFFICIENT
        if number is not None and self._books.above_limits((number, CUSTOMER), act.cents) is not None:
            return FundsRefusal.LIMIT_EXCEEDED
        self._books.pay(act.cents, working, (number, CUSTOMER) if number is not None else TRUST)
        return None

    def _arrived(self, act: Arrival) -> FundsRefusal | None:
        """It cannot be spent yet, and counts for a customer's limits all the same."""
        books, receiver = self._books, _home(act.receiver)
        if receiver not in books.available:
            return FundsRefusal.HOLDER_UNKNOWN
        if receiver[1] is CUSTOMER and books.above_limits(receiver, act.cents) is not None:
            return FundsRefusal.LIMIT_EXCEEDED
        books.available[TRUST] -= act.cents
        books.uncleared[receiver] += act.cents
        books.received[receiver] += act.cents
        return None

    def _cleared(self, holder: str) -> FundsRefusal | None:
        books, home = self._books, _home(holder)
        if home not in books.available:
            return FundsRefusal.HOLDER_UNKNOWN
        books.available[home] += books.uncleared[home]
        books.uncleared[home] = 0
        return None


def holder_of(act: AnyMoneyAct) -> str:
    """Whose accounts are told of."""
    if isinstance(act, FundsAct):
        return act.short_code
    return act.receiver if isinstance(act, Arrival) else act.holder


def _home(holder: str) -> Held:
    """Where money from abroad comes in."""
    return holder, WORKING if holder in KINDS else CUSTOMER
