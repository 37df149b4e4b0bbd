"""What phones show, as the naive ledger sees it: no money, but who is asked, for how long, and their word."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from salio.core.requests.outcomes import Outcome
from salio.core.requests.prompts import CustomerWord, Prompt
from salio.core.requests.queries import ExpressPayment, Request
from salio.core.transactions.states import TransactionState
from tests.builders import NOW
from tests.core.requests.country import CUSTOMERS, KINDS

DECLINED = TransactionState.DECLINED
ENDS: Mapping[CustomerWord | None, tuple[Outcome, TransactionState]] = {
    CustomerWord.PIN_RIGHT: (Outcome.SUCCEEDED, TransactionState.COMPLETED),
    CustomerWord.PIN_WRONG: (Outcome.PIN_WRONG, DECLINED),
    CustomerWord.PIN_LOCKED: (Outcome.PIN_LOCKED, DECLINED),
    CustomerWord.CANCELLED: (Outcome.PROMPT_CANCELLED, TransactionState.CANCELLED),
    CustomerWord.NOT_ANSWERED: (Outcome.PHONE_UNREACHABLE, TransactionState.EXPIRED),
    None: (Outcome.PHONE_UNREACHABLE, TransactionState.EXPIRED),
}
"""How a prompt ends that was answered so, or not at all; whoever enters the right PIN may still be poor."""
REGISTERED = {each.msisdn for each in CUSTOMERS}


class NaivePrompts:
    """See the module."""

    def __init__(self) -> None:
        self.now = NOW
        self.turn = 0
        self.open: dict[int, tuple[ExpressPayment, datetime]] = {}
        """By request what a phone was shown, and until when; its end is not known yet."""
        self.strays: set[int] = set()
        """Those that the store refused even as failures: the process forgot them, and a start finds them."""
        self.answers: dict[int, CustomerWord] = {}
        self._paid: dict[tuple[str, str, int], tuple[datetime, int]] = {}
        """By payer, payee and cents when it was paid last, and in which turn."""

    def rung(self, request: Request, query: ExpressPayment, question: object) -> None:
        """A phone shows it, until a minute after it was asked for, however often the platform dies."""
        until = request.accepted_at + timedelta(minutes=1)
        assert isinstance(question, Prompt)
        assert (question.phone, question.until) == (query.phone, until)
        assert question.transaction.state is TransactionState.INITIATED
        assert self.now < until or request.number not in self.open
        assert request.number not in self.answers
        self.open[request.number] = query, until

    def ended(self, number: int) -> tuple[Outcome, TransactionState]:
        """It is answered, or its time is over."""
        _, until = self.open.pop(number)
        word = self.answers.pop(number, None)
        assert word is not None or self.now >= until
        return ENDS[word]

    def died(self) -> None:
        """What nobody has decided upon yet is forgotten: it rings again."""
        self.answers.clear()
        self._paid.clear()

    def paid_by(self, query: ExpressPayment) -> None:
        """It is paid."""
        self._paid[query.payer, query.party, query.cents] = self.now, self.turn

    def rings(self, phone: str) -> bool:
        """Whether the phone shows anything."""
        return any(query.phone == phone for query, _ in self.open.values())

    def ringing(self, shown: Collection[int]) -> dict[int, str]:
        """By request the phones that ring; no two of them the same, but for what was forgotten.

        One whose time is over, not ``shown`` any more, may be about to end.
        """
        ringing = {
            number: query.phone
            for number, (query, until) in self.open.items()
            if number not in self.answers and (number in shown or self.now < until)
        }
        known = [phone for number, phone in ringing.items() if number not in self.strays]
        assert len(set(known)) == len(known)
        return ringing

    def why_not_rung(self, query: ExpressPayment) -> Outcome | None:
        """Who asks for whom, and whether the customer can be reached."""
        if query.party not in KINDS:
            return Outcome.RECEIVER_UNKNOWN
        if query.merchant != query.party:
            return Outcome.PRODUCT_NOT_ASSIGNED
        return Outcome.PHONE_UNREACHABLE if {query.payer, query.phone} - REGISTERED else None

    def may_be_locked(self, query: ExpressPayment) -> bool:
        """Whether the phone rings, or the customer is asked at another one."""
        return any(each.phone == query.phone or each.payer == query.payer for each, _ in self.open.values())

    def must_be_locked(self, query: ExpressPayment) -> bool:
        """Whether the phone rings, and nobody has answered."""
        return any(
            each.phone == query.phone and number not in self.answers and self.now < until
            for number, (each, until) in self.open.items()
            if number not in self.strays
        )

    def twice(self, query: ExpressPayment) -> Outcome | None:
        """Whether the same was paid a moment ago."""
        at, _ = self._paid.get((query.payer, query.party, query.cents), (None, 0))
        recent = at is not None and self.now - at < timedelta(minutes=2)
        return Outcome.RULE_LIMITED if recent else None

    def must_be_twice(self, query: ExpressPayment) -> Outcome | None:
        """Of two that are decided together, the second does not know that the first is durable."""
        _, turn = self._paid.get((query.payer, query.party, query.cents), (None, self.turn))
        return self.twice(query) if turn < self.turn else None
