"""A request and its conclusion to the bytes that are posted: the only place where facts become bytes."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from salio.core.access.apps import Product
from salio.core.ledger.accounts import AccountBalance, AccountKind
from salio.core.requests.outcomes import (
    B2BFacts,
    BalanceFacts,
    Conclusion,
    ConfirmationFacts,
    Decision,
    Outcome,
    PaymentFacts,
    PromptFacts,
    ReversalFacts,
    StatusFacts,
)
from salio.core.requests.queries import B2BPayment, Request, StatusQuery, TaxRemittance
from salio.core.requests.validation import Question
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.transaction import ChargedSide, Transaction
from salio.delivery.outcomes import api_of, result_code
from salio.wire import (
    account_balance,
    b2b_payment,
    b2c_payment,
    c2b_notice,
    express_push,
    results,
    reversal,
    transaction_status,
)
from salio.wire.balance_text import AccountAmounts
from salio.wire.profile import BILL_REFERENCE_NUMBER, PROFILES, QUEUE_TIMEOUT_URL, Page, Profile
from salio.wire.reason import reason
from salio.wire.receipts import query_transaction_id


def render(request: Request, conclusion: Conclusion) -> bytes:  # noqa: PLR0911 - a line for each kind of facts
    """The body for ResultURL, or for QueueTimeOutURL if the request waited too long (rulings, Results).

    Raises whatever the wire raises for what it cannot say, such as a moment outside its calendar.
    """
    profile = PROFILES[request.profile]
    api, decision, decided_at = api_of(request.product), conclusion.decision, conclusion.decided_at
    # AB's sample: TransactionID carries the day of BOCompletedTime, not that of ConversationID.
    head = results.ResultHead(
        request.originator_conversation_id,
        request.conversation_id,
        decision.receipt or query_transaction_id(decided_at),
        _reference(request, profile.pages[api]),
    )
    if request.product is Product.EXPRESS:
        return _prompt_ended(request, decision, profile)
    match decision.facts:
        case BalanceFacts(accounts=accounts):
            return account_balance.result(head, _all_amounts(accounts), decided_at, profile)
        case StatusFacts(transaction=transaction):
            return transaction_status.result(head, _details(transaction), profile)
        case PaymentFacts() as facts:
            return b2c_payment.result(head, _payment(facts), decided_at, profile)
        case B2BFacts() as facts:
            return b2b_payment.result(head, api, _b2b_payment(facts), decided_at, profile)
        case ConfirmationFacts() as facts:
            return c2b_notice.body(_notice(facts, decided_at), profile)
        case ReversalFacts() as facts:
            return reversal.result(head, _reversal(facts, decided_at), profile)
        case PromptFacts() | None:
            pass
    if decision.outcome is Outcome.QUEUE_TIMED_OUT:
        return results.timeout_notice(head, api, profile)
    return results.failed_result(
        head,
        api,
        result_code(decision.outcome, request.product, profile),
        profile,
        fields=decision.fields,
        completed_at=decided_at,
    )


def _prompt_ended(request: Request, decision: Decision, profile: Profile) -> bytes:
    paid = None
    if isinstance(decision.facts, PromptFacts):
        transaction = decision.facts.transaction
        paid = express_push.Paid(
            cents=transaction.cents,
            receipt=transaction.receipt,
            paid_at=transaction.finalised_at or transaction.initiated_at,
            payer=transaction.debit_party,
        )
    return express_push.callback(
        request.originator_conversation_id,
        request.conversation_id,
        result_code(decision.outcome, request.product, profile),
        paid,
        profile,
    )


def render_question(request: Request, question: Question) -> bytes:
    """The body for ValidationURL: a payment that nobody has made yet."""
    transaction = question.transaction
    notice = c2b_notice.Notice(
        transaction_type=_TRANSACTION_TYPES[question.is_bill],
        receipt=transaction.receipt,
        paid_at=transaction.initiated_at,
        cents=transaction.cents,
        short_code=transaction.credit_party,
        bill_reference=question.bill_reference,
        balance=None,
        third_party_id=None,
        msisdn=transaction.debit_party,
        masked=not question.whole_number_told,
        name=transaction.debit_party_name,
    )
    return c2b_notice.body(notice, PROFILES[request.profile])


def render_reason(outcome: Outcome, cause: str) -> str:
    """Why a request failed, as a header may say it. Of a fault of ours only the name leaves the platform:
    its words could quote a row of anybody's.
    """
    if outcome is Outcome.INTERNAL_FAILURE:
        return reason(f"a fault of the platform's own, {cause.partition(':')[0]}; its log has the rest")
    return reason(cause)


def _reference(request: Request, page: Page) -> Mapping[str, str | None]:
    """What of the request comes back: of TS its Occasion, of B2B the bill (rulings, ``ReferenceItem``)."""
    query = request.query
    if isinstance(query, B2BPayment | TaxRemittance):
        bill = query.account_reference if query.command in page.bills else None
        return {BILL_REFERENCE_NUMBER: bill, QUEUE_TIMEOUT_URL: query.queue_time_out_url}
    return {"Occasion": query.occasion} if isinstance(query, StatusQuery) else {}


@lru_cache(maxsize=4096)  # the same balances are asked for again and again
def _all_amounts(accounts: tuple[AccountBalance, ...]) -> tuple[AccountAmounts, ...]:
    return tuple(map(_amounts, accounts))


def _amounts(account: AccountBalance) -> AccountAmounts:
    balance = account.balance
    return AccountAmounts(
        account.kind.value,
        account.currency,
        balance.current,
        balance.available,
        balance.reserved,
        balance.uncleared,
    )


def _payment(facts: PaymentFacts) -> b2c_payment.PaymentDetails:
    funds = {each.kind: each.balance.available for each in facts.accounts}
    return b2c_payment.PaymentDetails(
        amount=facts.cents,
        receiver_name=f"{facts.receiver} - {facts.receiver_name}",
        utility_funds=funds.get(AccountKind.UTILITY, 0),
        working_funds=funds.get(AccountKind.WORKING, 0),
        charges_paid_funds=funds.get(AccountKind.CHARGES_PAID, 0),
    )


def _reversal(facts: ReversalFacts, decided_at: datetime) -> reversal.ReversalDetails:
    transaction = facts.transaction
    return reversal.ReversalDetails(
        debit_account=_amounts(facts.account),
        amount=transaction.cents,
        completed_at=decided_at,
        original_receipt=transaction.reverses or "",
        credit_party_name=f"{transaction.credit_party} - {transaction.credit_party_name}",
        debit_party_name=f"{transaction.debit_party} - {transaction.debit_party_name}",
    )


def _b2b_payment(facts: B2BFacts) -> b2b_payment.PaymentDetails:
    return b2b_payment.PaymentDetails(
        amount=facts.cents,
        charge=facts.charge,
        receiver_name=f"{facts.receiver} - {facts.receiver_name}",
        debited=_amounts(facts.debited),
    )


_TRANSACTION_TYPES = {True: "Pay Bill", False: "Buy Goods"}
"""By whether a bill is paid."""


def _notice(facts: ConfirmationFacts, paid_at: datetime) -> c2b_notice.Notice:
    transaction = facts.transaction
    return c2b_notice.Notice(
        transaction_type=_TRANSACTION_TYPES[facts.is_bill],
        receipt=transaction.receipt,
        paid_at=paid_at,
        cents=transaction.cents,
        short_code=transaction.credit_party,
        bill_reference=facts.bill_reference,
        balance=facts.balance,
        third_party_id=facts.third_party_id,
        msisdn=transaction.debit_party,
        masked=not facts.whole_number_told,
        name=transaction.debit_party_name,
    )


def _details(transaction: Transaction) -> transaction_status.TransactionDetails:
    debit_charges, credit_charges = _charges(transaction)
    return transaction_status.TransactionDetails(
        debit_party_name=f"{transaction.debit_party} - {transaction.debit_party_name}",
        credit_party_name=f"{transaction.credit_party} - {transaction.credit_party_name}",
        originator_conversation_id=transaction.originator_conversation_id,
        conversation_id=transaction.conversation_id,
        initiated_at=transaction.initiated_at,
        finalised_at=transaction.finalised_at,
        debit_account_type=transaction.debit_account.value,
        debit_party_charges=debit_charges,
        credit_party_charges=credit_charges,
        reason=transaction.reason,
        reason_type=transaction.reason_type,
        transaction_status=transaction.state.value,
        amount=transaction.cents,
        receipt=transaction.receipt,
    )


def _charges(transaction: Transaction) -> tuple[str | None, str | None]:
    """Debit and credit side: C2B carries the credit side's key even when empty (wire facts 2.6)."""
    sides: dict[ChargedSide, str | None] = {
        ChargedSide.DEBIT: None,
        ChargedSide.CREDIT: "" if transaction.kind is TransactionKind.C2B else None,
    }
    for charge in (transaction.charge, transaction.other_charge):
        if charge is not None:
            currency = transaction.currency
            sides[charge.side] = transaction_status.charge_text(charge.name, currency, charge.cents)
    return sides[ChargedSide.DEBIT], sides[ChargedSide.CREDIT]
