"""The naive ledger: one dictionary, and each rule of the pages by hand. It knows no batches and no way back.

It is told how each request ended, in the order of the decisions, and says what the end should have been.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from salio.core.ledger.accounts import AccountBalance, AccountKind
from salio.core.parties.registration import DefaultAction, Registration
from salio.core.requests.funds import FundsMoved, FundsRefused
from salio.core.requests.outcomes import (
    B2BFacts,
    BalanceFacts,
    Conclusion,
    ConfirmationFacts,
    Facts,
    Outcome,
    PaymentFacts,
    PromptFacts,
    ReversalFacts,
    StatusFacts,
)
from salio.core.requests.queries import (
    B2BPayment,
    B2CPayment,
    BalanceQuery,
    CustomerPayment,
    ExpressPayment,
    PaymentByCustomer,
    Query,
    Request,
    Reversal,
    StatusQuery,
    TaxRemittance,
)
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.states import TransactionState
from tests.builders import NOW
from tests.core.requests.country import ASKED, HELD, KINDS
from tests.core.requests.naive_acts import AnyMoneyAct, NaiveActs, holder_of
from tests.core.requests.naive_books import NaiveBooks
from tests.core.requests.naive_prompts import NaivePrompts
from tests.core.requests.naive_rules import (
    B2B_COMMANDS,
    B2C,
    CUSTOMER,
    FREE,
    SERVICES,
    TAKES,
    UTILITY,
    Held,
    Known,
    Shares,
    Sides,
)

DONE, SHORT = Outcome.SUCCEEDED, Outcome.BALANCE_INSUFFICIENT
COMPLETED, DECLINED = TransactionState.COMPLETED, TransactionState.DECLINED
OPEN = (TransactionState.AUTHORIZED, TransactionState.PENDING_AUTHORIZED)


class NaiveLedger:
    """See the module."""

    def __init__(self) -> None:
        self.books = NaiveBooks()
        self._acts = NaiveActs(self.books)
        self.now = NOW
        self.known: dict[int, Known] = {}
        """By the number of the request."""
        self.words: dict[int, bool | None] = {}
        """By the number of the request what its organization said."""
        self.registered: dict[str, Registration] = dict(ASKED)
        self.prompts = NaivePrompts()

    def is_open(self, number: int) -> bool:
        """Whether its amount is set aside."""
        return number in self.known and self.known[number].state in OPEN

    def is_pending(self, number: int) -> bool:
        """Whether it waits for an instruction, its organization having been out of reach."""
        return number in self.known and self.known[number].state is TransactionState.PENDING_AUTHORIZED

    # --- what it is told -----------------------------------------------------------------------------------

    def begin(self, now: datetime) -> None:
        """Whatever is decided until the next time is decided together, and now."""
        self.now = self.prompts.now = now
        self.prompts.turn += 1

    def asked(self, request: Request, question: object) -> None:
        """An organization is asked whether it takes a payment, or a customer whether to make one; perhaps
        once more, after a death.
        """
        query = request.query
        if isinstance(query, ExpressPayment):
            self._prompt(request, query, question)
            return
        assert isinstance(query, CustomerPayment)
        if self.is_open(request.number):
            if request.number in self.words and self.words.pop(request.number) is None:
                assert self.registered[query.party].instructs
                self.known[request.number].state = TransactionState.PENDING_AUTHORIZED
            return
        assert not self._is_late(request)
        assert self._is_asked(query)
        assert self._why_not_paid_by(query) is None
        shares = self._costs(query)
        self.books.set_aside((query.payer, CUSTOMER), query.cents + shares[1])
        self.known[request.number] = Known(query, TransactionState.AUTHORIZED, shares)

    def concluded(self, request: Request, conclusion: Conclusion) -> None:
        """A request ended: as it should have, or with a failure of ours that moved nothing."""
        decision, number = conclusion.decision, request.number
        if decision.outcome is Outcome.INTERNAL_FAILURE:
            self._given_up(number, decision.cause)
            return
        if isinstance(request.query, ExpressPayment) and decision.outcome is Outcome.SUBSCRIBER_LOCKED:
            assert self.prompts.why_not_rung(request.query) is None
            assert self.prompts.may_be_locked(request.query)
            return
        late = self._is_late(request)
        expected = Outcome.QUEUE_TIMED_OUT if late else self._expected(number, request.query)
        assert decision.outcome is expected, f"{number} is {decision}, and should be {expected}"
        if decision.facts is not None:
            self._check(request.query, decision.facts)

    def _is_late(self, request: Request) -> bool:
        """Whether it waited too long in the queue; whoever waits for a word waits in no queue."""
        return request.number not in self.known and self.now - request.accepted_at > timedelta(minutes=1)

    def _given_up(self, number: int, cause: str) -> None:
        """A failure that the model wanted: nothing has moved, and what waited is free, or declined."""
        assert "bad row" in cause or "is poison" in cause, f"{number}: {cause}"
        waited = self.is_open(number) or number in self.prompts.open
        assert number not in self.known or waited, f"{number} moved: {cause}"
        if self.is_open(number):
            self._set_free(number, DECLINED)
        elif waited:
            self.prompts.ended(number)
            self.known[number].state = DECLINED

    def acted(self, act: AnyMoneyAct, end: FundsMoved | FundsRefused) -> None:
        """Money was settled, withdrawn, brought from abroad or cleared, or was not."""
        due = self._acts.do(act)
        if isinstance(end, FundsRefused):
            assert end.refusal is due, f"{act} was refused: {end}, and should be {due}"
            return
        assert due is None, f"{act} was done, and should be {due}"
        self._check_accounts(holder_of(act), end.accounts)

    # --- what it does --------------------------------------------------------------------------------------

    def _expected(self, number: int, query: Query) -> Outcome:
        match query:
            case BalanceQuery():
                return DONE
            case StatusQuery():
                return DONE if self._named(query) in self.known else Outcome.TRANSACTION_UNKNOWN
            case CustomerPayment():
                return self._paid_in(number, query)
            case B2CPayment():
                outcome, sides = self._b2c(query)
            case B2BPayment() | TaxRemittance():
                outcome, sides = self._b2b(query)
            case Reversal():
                outcome, sides = self._reversed(query)
            case ExpressPayment():
                return self._prompted(number, query)
        if sides is not None:
            self.known[number] = Known(query, COMPLETED if outcome is DONE else DECLINED)
        return outcome

    def _named(self, query: StatusQuery) -> int:
        return int((query.original_conversation_id or "").rpartition("-")[2])

    def _paid_in(self, number: int, query: CustomerPayment) -> Outcome:
        """A customer's payment: made at once, or after its organization was asked."""
        if not self.is_open(number):
            refusal = self._why_not_paid_by(query)
            if refusal is None:
                assert not self._is_asked(query)
                self.known[number] = Known(query, COMPLETED, self._costs(query))
                self._pay(number)
            elif refusal not in (Outcome.PRODUCT_NOT_ASSIGNED, Outcome.DEBIT_PARTY_NOT_IN_ORDER):
                self.known[number] = Known(query, DECLINED)
            return refusal or DONE
        said = self.words.get(number)
        if said is None:
            said = self.registered[query.party].default_action is DefaultAction.COMPLETED
        self._set_free(number, COMPLETED if said else TransactionState.CANCELLED)
        if said:
            self._pay(number)
        return DONE if said else Outcome.PAYMENT_CANCELLED

    def _costs(self, query: PaymentByCustomer) -> Shares:
        return self.books.shares(query.party, TransactionKind.C2B)

    def _pay(self, number: int) -> None:
        """A customer's payment moves, with the charge that it was promised for."""
        query, shares = self.known[number].query, self.known[number].shares
        assert isinstance(query, PaymentByCustomer)
        taker = query.party, TAKES[KINDS[query.party]]
        self.books.pay(query.cents, (query.payer, CUSTOMER), taker, query.party, shares)

    def _prompt(self, request: Request, query: ExpressPayment, question: object) -> None:
        """A phone shows it, and nothing moves; or it shows it again, after a death."""
        if request.number not in self.prompts.open:
            assert not self._is_late(request)
            assert not self.prompts.must_be_locked(query)
            assert (self.prompts.why_not_rung(query) or self.prompts.must_be_twice(query)) is None
            assert self._why_not_paid_by(query) in (None, SHORT)
            self.known[request.number] = Known(query, TransactionState.INITIATED)
        self.prompts.rung(request, query, question)

    def _prompted(self, number: int, query: ExpressPayment) -> Outcome:
        """What came of a prompt, or why no phone showed one; nobody is asked whom another asks just now."""
        if number not in self.prompts.open:
            refusal = self.prompts.why_not_rung(query)
            assert refusal is not None or not self.prompts.must_be_locked(query)
            refusal = refusal or self.prompts.twice(query)
            if refusal is None:
                refusal = self._why_not_paid_by(query)
                assert refusal not in (None, SHORT), f"{number} should ring"
                if refusal is not Outcome.PRODUCT_NOT_ASSIGNED:
                    self.known[number] = Known(query, DECLINED)
            return refusal
        outcome, state = self.prompts.ended(number)
        if outcome is DONE and self._why_not_paid_by(query) is not None:
            outcome, state = SHORT, DECLINED
        self.known[number].state = state
        if outcome is DONE:
            self.prompts.paid_by(query)
            self.known[number].shares = self._costs(query)
            self._pay(number)
        return outcome

    def _set_free(self, number: int, state: TransactionState) -> None:
        """What was set aside is the customer's again, to pay it or to keep it."""
        query = self.known[number].query
        assert isinstance(query, CustomerPayment)
        self.known[number].state = state
        self.books.set_aside((query.payer, CUSTOMER), -query.cents - self.known[number].shares[1])

    def _is_asked(self, query: CustomerPayment) -> bool:
        registered = self.registered.get(query.party)
        return registered is not None and registered.validated

    def _why_not_paid_by(self, query: PaymentByCustomer) -> Outcome | None:
        if KINDS[query.party] is not SERVICES[query.command]:
            return Outcome.PRODUCT_NOT_ASSIGNED
        if (query.payer, CUSTOMER) not in self.books.available:
            return Outcome.DEBIT_PARTY_NOT_IN_ORDER
        if query.cents < 100:
            return Outcome.AMOUNT_TOO_SMALL
        if query.cents > 90_000:
            return Outcome.AMOUNT_TOO_LARGE
        leaving = query.cents + self._costs(query)[1]
        return SHORT if self.books.available[query.payer, CUSTOMER] < leaving else None

    def _b2c(self, query: B2CPayment) -> tuple[Outcome, Sides | None]:
        payer, receiver = (query.party, UTILITY), (query.receiver, CUSTOMER)
        if KINDS[query.party] is not B2C:
            return Outcome.PRODUCT_NOT_ASSIGNED, None
        if receiver not in self.books.available:
            return Outcome.RECEIVER_UNREGISTERED, None
        shares = self.books.shares(query.party, TransactionKind.B2C)
        declined = self._why_not_paid_out(query.cents, shares[1], payer, receiver)
        if declined is None:
            self.books.pay(query.cents, payer, receiver, query.party, shares)
        return declined or DONE, (payer, receiver)

    def _why_not_paid_out(self, cents: int, borne: int, payer: Held, receiver: Held) -> Outcome | None:
        if cents < 1_000:
            return Outcome.AMOUNT_TOO_SMALL
        if cents > 50_000:
            return Outcome.AMOUNT_TOO_LARGE
        above = self.books.above_limits(receiver, cents - borne)
        if above is not None:
            return above
        return SHORT if self.books.available[payer] < cents else None

    def _b2b(self, query: B2BPayment | TaxRemittance) -> tuple[Outcome, Sides | None]:
        debited, credited, whom = B2B_COMMANDS[query.command]
        own = not whom
        payer, receiver = (query.party, debited), (query.receiver, credited)
        held = self.books.available
        if payer not in held or (own and (query.party, credited) not in held):
            return Outcome.PRODUCT_NOT_ASSIGNED, None
        if query.receiver not in KINDS:
            return Outcome.RECEIVER_UNKNOWN, None
        fits = own or KINDS[query.receiver] in whom
        if own != (query.receiver == query.party) or not fits:
            return Outcome.RECEIVER_INVALID, None
        if held[payer] < query.cents:
            return SHORT, (payer, receiver)
        shares = FREE if own else self.books.shares(query.party, TransactionKind.B2B)
        self.books.pay(query.cents, payer, receiver, query.party, shares)
        return DONE, (payer, receiver)

    def _reversed(self, query: Reversal) -> tuple[Outcome, Sides | None]:
        """All that a customer's payment moved, and its charge, once."""
        if KINDS[query.party] is B2C:
            return Outcome.PRODUCT_NOT_ASSIGNED, None
        found = self.known.get(int(query.receipt[4:]))
        if found is None or not isinstance(found.query, PaymentByCustomer) or found.state is not COMPLETED:
            return Outcome.ORIGINAL_INVALID, None
        paid = found.query
        refusal = self._why_not_reversed(query, paid, is_reversed=found.is_reversed)
        if refusal is not None:
            return refusal, None
        sides = (paid.party, TAKES[KINDS[paid.party]]), (paid.payer, CUSTOMER)
        if self.books.available[sides[0]] < query.cents:
            return SHORT, sides
        found.is_reversed = True
        self.books.pay(query.cents, *sides, paid.party, found.shares, back=True)
        return DONE, sides

    def _why_not_reversed(
        self, query: Reversal, paid: PaymentByCustomer, *, is_reversed: bool
    ) -> Outcome | None:
        if paid.party != query.party:
            return Outcome.ORIGINAL_INVALID
        if is_reversed:
            return Outcome.ALREADY_REVERSED
        return Outcome.PARAMETERS_CONFLICT if paid.cents != query.cents else None

    # --- what was told -------------------------------------------------------------------------------------

    def _check(self, query: Query, facts: Facts) -> None:
        party = query.party
        match facts:
            case BalanceFacts(accounts=accounts) | PaymentFacts(accounts=accounts):
                self._check_accounts(party, accounts)
            case B2BFacts(debited=account):
                self._check_accounts(party, (account,), {B2B_COMMANDS[query.command][0]})
            case ReversalFacts(account=account):
                self._check_accounts(party, (account,), {TAKES[KINDS[party]]})
            case ConfirmationFacts(balance=balance):
                assert balance == self.books.available[party, TAKES[KINDS[party]]]
            case PromptFacts(transaction=transaction):
                assert isinstance(query, ExpressPayment)
                assert (transaction.state, transaction.cents) == (COMPLETED, query.cents)
            case StatusFacts(transaction=transaction):
                assert isinstance(query, StatusQuery)
                assert transaction.state is self.known[self._named(query)].state

    def _check_accounts(
        self, holder: str, told: Sequence[AccountBalance], kinds: Collection[AccountKind] = ()
    ) -> None:
        """All accounts of a holder, or those of these kinds."""
        held = {kind for owner, kind in HELD if owner == holder and (not kinds or kind in kinds)}
        wanted = {kind: self.books.balance((holder, kind)) for kind in held}
        assert {each.kind: each.balance for each in told} == wanted
