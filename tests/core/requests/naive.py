"""The naive ledger: one dictionary, and each rule of the pages by hand. It knows no batches and no way back.

It is told how each request ended, in the order of the decisions, and says what the end should have been.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from salio.core.ledger.accounts import PLATFORM_HOLDER, AccountBalance, AccountKind, Balance
from salio.core.parties.organizations import OrganizationKind
from salio.core.parties.registration import DefaultAction, Registration
from salio.core.requests.funds import FundsAct, FundsMoved, FundsRefusal, FundsRefused, Withdrawal
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
    Query,
    Request,
    Reversal,
    StatusQuery,
    TaxRemittance,
)
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.states import TransactionState
from tests.core.requests.country import ASKED, CHARGES, HELD, KINDS, OPENINGS, OWN_NUMBER

Held = tuple[str, AccountKind]
Sides = tuple[Held, Held]
"""Out of which account into which."""
WORKING, UTILITY, MERCHANT = AccountKind.WORKING, AccountKind.UTILITY, AccountKind.MERCHANT
OWED, CUSTOMER = AccountKind.CHARGES_PAID, AccountKind.CUSTOMER
PAYBILL, TILL, B2C = OrganizationKind.PAYBILL, OrganizationKind.BUY_GOODS, OrganizationKind.B2C
EARNED: Held = PLATFORM_HOLDER, AccountKind.CHARGES_REVENUE
TRUST: Held = PLATFORM_HOLDER, AccountKind.TRUST
TAKES = {PAYBILL: UTILITY, TILL: MERCHANT, B2C: UTILITY}
"""The account that receipts come into, or that customers are paid out of."""
SERVICES = {"CustomerPayBillOnline": PAYBILL, "CustomerBuyGoodsOnline": TILL}
B2B_COMMANDS: Mapping[str, tuple[AccountKind, AccountKind, set[OrganizationKind]]] = {
    "BusinessPayBill": (WORKING, UTILITY, {PAYBILL}),
    "BusinessBuyGoods": (WORKING, MERCHANT, {TILL}),
    "BusinessPayToBulk": (WORKING, UTILITY, {PAYBILL, B2C}),
    "PayTaxToKRA": (WORKING, UTILITY, {PAYBILL}),
    "BusinessTransferFromMMFToUtility": (WORKING, UTILITY, set()),
    "MerchantTransferFromMerchantToWorking": (MERCHANT, WORKING, set()),
}
"""Out of which account into which, and whom; nobody: a move of one's own."""
DONE, SHORT = Outcome.SUCCEEDED, Outcome.BALANCE_INSUFFICIENT
COMPLETED, DECLINED = TransactionState.COMPLETED, TransactionState.DECLINED
OPEN = (TransactionState.AUTHORIZED, TransactionState.PENDING_AUTHORIZED)


@dataclass
class Known:
    """What became of a request that is a transaction."""

    query: Query
    state: TransactionState
    is_reversed: bool = False


class NaiveLedger:
    """See the module."""

    def __init__(self) -> None:
        self.available: dict[Held, int] = dict.fromkeys(HELD, 0)
        self.reserved: dict[Held, int] = dict.fromkeys(HELD, 0)
        self.received: defaultdict[Held, int] = defaultdict(int)
        """On the one day that there is."""
        self.known: dict[int, Known] = {}
        """By the number of the request."""
        self.words: dict[int, bool | None] = {}
        """By the number of the request what its organization said."""
        self.registered: dict[str, Registration] = dict(ASKED)
        for held, cents in OPENINGS.items():
            self.available[held] += cents
            self.available[TRUST] -= cents

    def is_open(self, number: int) -> bool:
        """Whether its amount is set aside."""
        return number in self.known and self.known[number].state in OPEN

    def is_pending(self, number: int) -> bool:
        """Whether it waits for an instruction, its organization having been out of reach."""
        return number in self.known and self.known[number].state is TransactionState.PENDING_AUTHORIZED

    # --- what it is told -----------------------------------------------------------------------------------

    def asked(self, request: Request) -> None:
        """An organization is asked whether it takes a payment; perhaps once more, after a death."""
        query = request.query
        assert isinstance(query, CustomerPayment)
        if self.is_open(request.number):
            if request.number in self.words and self.words.pop(request.number) is None:
                assert self.registered[query.party].instructs
                self.known[request.number].state = TransactionState.PENDING_AUTHORIZED
            return
        assert self._is_asked(query)
        assert self._why_not_paid_by(query) is None
        payer = query.payer, CUSTOMER
        self.available[payer] -= query.cents
        self.reserved[payer] += query.cents
        self.known[request.number] = Known(query, TransactionState.AUTHORIZED)

    def concluded(self, request: Request, conclusion: Conclusion) -> None:
        """A request ended: as it should have, or with a failure of ours that moved nothing."""
        decision, number = conclusion.decision, request.number
        if decision.outcome is Outcome.INTERNAL_FAILURE:
            assert number not in self.known or self.is_open(number), f"{number} moved: {decision.cause}"
            if self.is_open(number):
                self._set_free(number, DECLINED)
            return
        expected = self._expected(number, request.query)
        assert decision.outcome is expected, f"{number} is {decision}, and should be {expected}"
        if decision.facts is not None:
            self._check(request.query, decision.facts)

    def acted(self, act: FundsAct, end: FundsMoved | FundsRefused) -> None:
        """Money was settled or withdrawn, or was not."""
        due = self._settled(act) if not isinstance(act, Withdrawal) else self._withdrawn(act)
        if isinstance(end, FundsRefused):
            assert end.refusal is due, f"{act} was refused: {end}, and should be {due}"
            return
        assert due is None, f"{act} was done, and should be {due}"
        self._check_accounts(act.short_code, end.accounts)

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
                raise AssertionError("nobody prompts here: test_express_payment.py has prompts")
        if sides is not None:
            self.known[number] = Known(query, COMPLETED if outcome is DONE else DECLINED)
        if sides is not None and outcome is DONE:
            self._move(query.cents, *sides)
        return outcome

    def _named(self, query: StatusQuery) -> int:
        return int((query.original_conversation_id or "").rpartition("-")[2])

    def _move(self, cents: int, giver: Held, taker: Held) -> None:
        self.available[giver] -= cents
        self.available[taker] += cents
        self.received[taker] += cents

    def _charge(self, organization: str, kind: TransactionKind, *, back: bool = False) -> None:
        cents = -CHARGES[kind] if back else CHARGES[kind]
        self.available[organization, OWED] -= cents
        self.available[EARNED] += cents

    def _paid_in(self, number: int, query: CustomerPayment) -> Outcome:
        """A customer's payment: made at once, or after its organization was asked."""
        payer, taker = (query.payer, CUSTOMER), (query.party, TAKES[KINDS[query.party]])
        if not self.is_open(number):
            refusal = self._why_not_paid_by(query)
            if refusal is None:
                assert not self._is_asked(query)
                self.known[number] = Known(query, COMPLETED)
                self._move(query.cents, payer, taker)
                self._charge(query.party, TransactionKind.C2B)
            elif refusal not in (Outcome.PRODUCT_NOT_ASSIGNED, Outcome.DEBIT_PARTY_NOT_IN_ORDER):
                self.known[number] = Known(query, DECLINED)
            return refusal or DONE
        said = self.words.get(number)
        if said is None:
            said = self.registered[query.party].default_action is DefaultAction.COMPLETED
        self._set_free(number, COMPLETED if said else TransactionState.CANCELLED)
        if said:
            self._move(query.cents, payer, taker)
            self._charge(query.party, TransactionKind.C2B)
        return DONE if said else Outcome.PAYMENT_CANCELLED

    def _set_free(self, number: int, state: TransactionState) -> None:
        """What was set aside is the customer's again, to pay it or to keep it."""
        query = self.known[number].query
        assert isinstance(query, CustomerPayment)
        self.known[number].state = state
        self.reserved[query.payer, CUSTOMER] -= query.cents
        self.available[query.payer, CUSTOMER] += query.cents

    def _is_asked(self, query: CustomerPayment) -> bool:
        registered = self.registered.get(query.party)
        return registered is not None and registered.validated

    def _why_not_paid_by(self, query: CustomerPayment) -> Outcome | None:
        if KINDS[query.party] is not SERVICES[query.command]:
            return Outcome.PRODUCT_NOT_ASSIGNED
        if (query.payer, CUSTOMER) not in self.available:
            return Outcome.DEBIT_PARTY_NOT_IN_ORDER
        if query.cents < 100:
            return Outcome.AMOUNT_TOO_SMALL
        if query.cents > 90_000:
            return Outcome.AMOUNT_TOO_LARGE
        return SHORT if self.available[query.payer, CUSTOMER] < query.cents else None

    def _b2c(self, query: B2CPayment) -> tuple[Outcome, Sides | None]:
        payer, receiver = (query.party, UTILITY), (query.receiver, CUSTOMER)
        if KINDS[query.party] is not B2C:
            return Outcome.PRODUCT_NOT_ASSIGNED, None
        if receiver not in self.available:
            return Outcome.RECEIVER_UNREGISTERED, None
        declined = self._why_not_paid_out(query.cents, payer, receiver)
        if declined is None:
            self._charge(query.party, TransactionKind.B2C)
        return declined or DONE, (payer, receiver)

    def _why_not_paid_out(self, cents: int, payer: Held, receiver: Held) -> Outcome | None:
        if cents < 1_000:
            return Outcome.AMOUNT_TOO_SMALL
        if cents > 50_000:
            return Outcome.AMOUNT_TOO_LARGE
        above = self._above_limits(receiver, cents)
        if above is not None:
            return above
        return SHORT if self.available[payer] < cents else None

    def _above_limits(self, receiver: Held, cents: int) -> Outcome | None:
        if self.received[receiver] + cents > 80_000:
            return Outcome.DAY_LIMIT_EXCEEDED
        holds = self.available[receiver] + self.reserved[receiver]
        return Outcome.BALANCE_LIMIT_EXCEEDED if holds + cents > 100_000 else None

    def _b2b(self, query: B2BPayment | TaxRemittance) -> tuple[Outcome, Sides | None]:
        debited, credited, whom = B2B_COMMANDS[query.command]
        own = not whom
        payer, receiver = (query.party, debited), (query.receiver, credited)
        if payer not in self.available or (own and (query.party, credited) not in self.available):
            return Outcome.PRODUCT_NOT_ASSIGNED, None
        if query.receiver not in KINDS:
            return Outcome.RECEIVER_UNKNOWN, None
        fits = own or KINDS[query.receiver] in whom
        if own != (query.receiver == query.party) or not fits:
            return Outcome.RECEIVER_INVALID, None
        if self.available[payer] < query.cents:
            return SHORT, (payer, receiver)
        if not own:
            self._charge(query.party, TransactionKind.B2B)
        return DONE, (payer, receiver)

    def _reversed(self, query: Reversal) -> tuple[Outcome, Sides | None]:
        """All that a customer's payment moved, and its charge, once."""
        if KINDS[query.party] is B2C:
            return Outcome.PRODUCT_NOT_ASSIGNED, None
        found = self.known.get(int(query.receipt[3:]))
        if found is None or not isinstance(found.query, CustomerPayment) or found.state is not COMPLETED:
            return Outcome.ORIGINAL_INVALID, None
        paid = found.query
        refusal = self._why_not_reversed(query, paid, is_reversed=found.is_reversed)
        if refusal is not None:
            return refusal, None
        sides = (paid.party, TAKES[KINDS[paid.party]]), (paid.payer, CUSTOMER)
        if self.available[sides[0]] < query.cents:
            return SHORT, sides
        found.is_reversed = True
        self._charge(paid.party, TransactionKind.C2B, back=True)
        return DONE, sides

    def _why_not_reversed(
        self, query: Reversal, paid: CustomerPayment, *, is_reversed: bool
    ) -> Outcome | None:
        if paid.party != query.party:
            return Outcome.ORIGINAL_INVALID
        if is_reversed:
            return Outcome.ALREADY_REVERSED
        return Outcome.PARAMETERS_CONFLICT if paid.cents != query.cents else None

    def _settled(self, act: FundsAct) -> FundsRefusal | None:
        holder, kind = act.short_code, KINDS[act.short_code]
        revenue, owed = (holder, TAKES[kind]), self.available[holder, OWED]
        taken = self.available[revenue]
        if kind is B2C:
            taken = min(taken, max(0, -owed))
        if taken + owed < 0:
            return FundsRefusal.BALANCE_INSUFFICIENT
        self.available[revenue] -= taken
        self.available[holder, OWED] = 0
        self.available[holder, WORKING] += taken + owed
        return None

    def _withdrawn(self, act: Withdrawal) -> FundsRefusal | None:
        working, number = (act.short_code, WORKING), OWN_NUMBER.get(act.short_code)
        if self.available[act.short_code, OWED] < 0:
            return FundsRefusal.CHARGES_OWED
        if self.available[working] < act.cents:
            return FundsRefusal.BALANCE_INSUFFICIENT
        if number is not None and self._above_limits((number, CUSTOMER), act.cents) is not None:
            return FundsRefusal.LIMIT_EXCEEDED
        self._move(act.cents, working, (number, CUSTOMER) if number is not None else TRUST)
        return None

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
                assert balance == self.available[party, TAKES[KINDS[party]]]
            case PromptFacts():
                raise AssertionError("nobody was prompted")
            case StatusFacts(transaction=transaction):
                assert isinstance(query, StatusQuery)
                assert transaction.state is self.known[self._named(query)].state

    def _check_accounts(
        self, holder: str, told: Sequence[AccountBalance], kinds: Collection[AccountKind] = ()
    ) -> None:
        """All accounts of a holder, or those of these kinds."""
        held = {kind for owner, kind in HELD if owner == holder and (not kinds or kind in kinds)}
        wanted = {kind: self.balance((holder, kind)) for kind in held}
        assert {each.kind: each.balance for each in told} == wanted

    def balance(self, held: Held) -> Balance:
        """What an account holds."""
        return Balance(self.available[held], self.reserved[held])
