"""One request to its end: the facts that it asks about, and the rules of its API."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from salio.core.access.registry import AppRegistry
from salio.core.ledger.ledger import Ledger, Moved
from salio.core.parties.directory import Directory
from salio.core.parties.operators import OperatorRules
from salio.core.ports import AcceptedRequest, Store, StoreUnavailableError, Vault
from salio.core.requests import (
    account_balance,
    b2b_payment,
    b2c_payment,
    c2b_payment,
    express_payment,
    reversal,
    transaction_status,
)
from salio.core.requests.asking import NOTHING_PRESENTED, Asking, PresentedCredential
from salio.core.requests.decided import Decided, conclude, failure
from salio.core.requests.outcomes import Conclusion, Decision, Outcome, PromptFacts, StatusFacts
from salio.core.requests.prompts import CustomerWord, Prompt
from salio.core.requests.queries import (
    B2BPayment,
    B2CPayment,
    BalanceQuery,
    CustomerPayment,
    ExpressPayment,
    PaymentByCustomer,
    Request,
    Reversal,
    StatusQuery,
    TaxRemittance,
)
from salio.core.requests.registrations import Registrations
from salio.core.requests.touches import Touches
from salio.core.requests.transaction_status import FoundTransactions
from salio.core.requests.validation import Asked, Instruction, Question, ValidatorWord, Word
from salio.core.transactions.states import TransactionState
from salio.core.transactions.transaction import Transaction

NOTHING_FOUND = FoundTransactions({}, {})


class DecisionRules(msgspec.Struct, frozen=True, kw_only=True):
    """The settings that decisions live by."""

    operators: OperatorRules = OperatorRules()
    longest_wait: timedelta = timedelta(seconds=60)
    """How long a request may wait here before it ends as timed out (rulings, Results)."""


def with_standing(found: FoundTransactions, standing: Mapping[str, Moved]) -> FoundTransactions:
    """What the store found, and what earlier decisions of the same batch did, which it has not yet."""
    if not standing:
        return found
    by_receipt, by_conversation = dict(found.by_receipt), dict(found.by_originator_conversation_id)
    for each in (moved.transaction for moved in standing.values()):
        by_receipt[each.receipt] = each
        if each.originator_conversation_id is not None:
            found_there = by_conversation.get(each.originator_conversation_id, ())
            others = [other for other in found_there if other.receipt != each.receipt]
            by_conversation[each.originator_conversation_id] = [*others, each]
    return FoundTransactions(by_receipt, by_conversation)


End = c2b_payment.End | express_payment.End


def _ended(accepted: AcceptedRequest, judged: End, now: datetime) -> Decided | Asked:
    if isinstance(judged[0], Question | Instruction | Prompt):
        return Asked(accepted, judged[0], judged[1])
    decision, identified, movement = judged
    return Decided(accepted, conclude(accepted.request, decision, now), identified, movement)


class Judge:
    """Decides and changes nothing: what a decision does is the processor's to do."""

    def __init__(  # noqa: PLR0913 - whatever a decision may look at
        self,
        *,
        vault: Vault,
        store: Store,
        apps: AppRegistry,
        directory: Directory,
        ledger: Ledger,
        registrations: Registrations,
        rules: DecisionRules,
        touches: Touches,
        prompted: Callable[[str], bool],
    ) -> None:
        """``prompted`` says whether a phone shows a prompt, or will when what was decided is durable."""
        self._vault = vault
        self._store = store
        self._apps = apps
        self._directory = directory
        self._ledger = ledger
        self._registrations = registrations
        self._rules = rules
        self._touches = touches
        self._prompted = prompted
        self._recent = express_payment.RecentPayments()

    def facts(self, requests: Sequence[Request]) -> Sequence[FoundTransactions | Exception]:
        """What each request asks about: read in one go, or one by one if a row among them is unreadable."""
        try:
            return [self._find(requests)] * len(requests)
        except StoreUnavailableError:
            raise
        except Exception:
            return [self.find_alone(each) for each in requests]

    def find_alone(self, request: Request) -> FoundTransactions | Exception:
        """What one request asks about, or why that is unreadable."""
        try:
            return self._find([request])
        except StoreUnavailableError:
            raise
        except Exception as error:
            return error

    def _find(self, requests: Sequence[Request]) -> FoundTransactions:
        queries = [each.query for each in requests if isinstance(each.query, StatusQuery)]
        payments = [each for each in requests if isinstance(each.query, PaymentByCustomer)]
        originals = {each.query.receipt for each in requests if isinstance(each.query, Reversal)}
        found = NOTHING_FOUND
        if queries or payments:
            receipts = {each.receipt for each in queries if each.receipt}
            conversations = {
                each.original_conversation_id for each in queries if each.original_conversation_id
            }
            conversations |= {each.originator_conversation_id for each in payments}
            found = self._store.find_transactions(receipts, conversations)
        if originals:
            found = msgspec.structs.replace(found, originals=self._store.find_originals(originals))
        return found

    def decide(
        self,
        accepted: AcceptedRequest,
        found: FoundTransactions | Exception,
        now: datetime,
        word: Word | None = None,
    ) -> Decided | Asked:
        """How the request ends, or whom to ask first, and what that does; nothing of it has happened yet.

        ``word``: what came of asking, if somebody was asked.
        """
        request = accepted.request
        opened = self.opened(request, found)
        if opened is not None:
            return self._go_on(accepted, opened, word, now)
        if now - request.accepted_at > self._rules.longest_wait:
            return Decided(accepted, conclude(request, self._timed_out(request, now), now))
        if isinstance(found, Exception):
            return Decided(accepted, conclude(request, failure(found), now))
        try:
            judged = self._judge(accepted, found, now)
        except Exception as error:
            return Decided(accepted, conclude(request, failure(error), now))
        return _ended(accepted, judged, now)

    def opened(self, request: Request, found: FoundTransactions | Exception) -> Transaction | None:
        """The transaction of a payment that waits for its organization, or for its customer.

        By its conversation: an earlier version of the platform may have made another receipt of the number.
        """
        if not isinstance(request.query, PaymentByCustomer) or isinstance(found, Exception):
            return None
        there = found.by_originator_conversation_id.get(request.originator_conversation_id, ())
        return next((each for each in there if each.conversation_id == request.conversation_id), None)

    def _go_on(
        self, accepted: AcceptedRequest, opened: Transaction, word: Word | None, now: datetime
    ) -> Decided | Asked:
        """Neither a fault nor an app's end undoes what was begun: only that word does, or its absence."""
        query, directory, ledger = accepted.request.query, self._directory, self._ledger
        judged: End
        try:
            if isinstance(query, ExpressPayment):
                answer = word if isinstance(word, CustomerWord) else None
                judged = express_payment.go_on(query, opened, answer, directory, now, ledger)
            else:
                assert isinstance(query, CustomerPayment)  # noqa: S101 - nothing else is opened
                said = word if isinstance(word, ValidatorWord) else None
                registered = self._registrations.of(query.party)
                judged = c2b_payment.go_on(query, opened, said, directory, now, ledger, registered)
        except Exception as error:
            return self.unpaid(accepted, failure(error), opened, now)
        return _ended(accepted, judged, now)

    def unpaid(
        self, accepted: AcceptedRequest, decision: Decision, opened: Transaction | None, now: datetime
    ) -> Decided:
        """A request's end by no rule; what its transaction had set aside, if it has one, is free again."""
        conclusion = conclude(accepted.request, decision, now)
        if opened is None:
            return Decided(accepted, conclusion)
        state = TransactionState.DECLINED
        return Decided(
            accepted,
            conclusion,
            movement=c2b_payment.freed(opened, state, decision.outcome.value, now, self._ledger),
        )

    def _judge(  # noqa: PLR0911 - a line for each API
        self, accepted: AcceptedRequest, found: FoundTransactions, now: datetime
    ) -> End:
        request = accepted.request
        provoked = self._touches.outcome(request)
        if provoked is not None:
            fields = (provoked.detail,) if provoked.detail else ()
            return Decision(provoked.what, provoked.cause, fields=fields), None, None
        app = self._apps.by_number(request.app_number)
        if app is None:
            return (
                Decision(Outcome.PARTY_NOT_OWN, "the app was removed after the request was accepted"),
                None,
                None,
            )
        asking = Asking(
            app=app,
            credential=self._presented(accepted),
            directory=self._directory,
            rules=self._rules.operators,
            now=now,
        )
        match request.query:
            case BalanceQuery() as query:
                return *account_balance.decide(query, asking, self._ledger.book), None
            case StatusQuery() as query:
                known = with_standing(found, self._ledger.standing())
                decision, identified = transaction_status.decide(query, asking, known)
                return self._contradicted(request, decision), identified, None
            case CustomerPayment() as query:
                registered = self._registrations.of(query.party)
                return c2b_payment.decide(request, query, asking, self._ledger, registered)
            case ExpressPayment() as query:
                rings = self._prompted(query.phone)
                return express_payment.decide(request, query, asking, self._ledger, self._recent, rings=rings)
            case B2CPayment() as query:
                return b2c_payment.decide(request, query, asking, self._ledger)
            case B2BPayment() | TaxRemittance() as query:
                return b2b_payment.decide(request, query, asking, self._ledger)
            case Reversal() as query:
                return reversal.decide(request, query, asking, self._ledger, found.originals)

    def _presented(self, accepted: AcceptedRequest) -> PresentedCredential:
        """What the SecurityCredential holds; a customer has none, and nothing is decrypted in its place."""
        if isinstance(accepted.request.query, PaymentByCustomer):
            return NOTHING_PRESENTED
        return self._vault.open_credential(accepted.credential)

    def remember(self, conclusions: Iterable[Conclusion]) -> None:
        """These are durable: a customer does not pay the same again at once."""
        for each in conclusions:
            if isinstance(each.decision.facts, PromptFacts):
                self._recent.add(each.decision.facts.transaction, each.decided_at)

    def _contradicted(self, request: Request, decision: Decision) -> Decision:
        """The decision, or one that claims another state; what is recorded of the transaction stays."""
        facts = decision.facts
        if not isinstance(facts, StatusFacts):
            return decision
        recorded = facts.transaction.state
        provoked = self._touches.contradiction(request, recorded)
        if provoked is None:
            return decision
        claimed = StatusFacts(msgspec.structs.replace(facts.transaction, state=provoked.what))
        cause = f"{provoked.cause}: the records say {recorded.value}"
        return msgspec.structs.replace(decision, facts=claimed, cause=cause)

    def _timed_out(self, request: Request, now: datetime) -> Decision:
        waited = (now - request.accepted_at).total_seconds()
        allowed = self._rules.longest_wait.total_seconds()
        return Decision(
            Outcome.QUEUE_TIMED_OUT, f"waited {_told(waited)} s in the queue, {_told(allowed)} s allowed"
        )


def _told(seconds: float) -> str:
    """Whole seconds from a hundred on, three digits below: a limit may be a part of a second."""
    return f"{seconds:.0f}" if seconds >= 100 else f"{seconds:.3g}"
