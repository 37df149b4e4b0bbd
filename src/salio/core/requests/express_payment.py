"""*Have this customer pay.* — decided (M-PESA Express, How It Works, Result codes and FAQs 5 and 10).

The transaction is Initiated while the phone shows the prompt; whether the customer can pay is looked at when
the PIN has come, as the page has it. Nobody but the CallBackURL is told: no validation, no confirmation.
"""

from datetime import datetime, timedelta

import msgspec

from salio.core.ledger.accounts import Bucket
from salio.core.ledger.ledger import Ledger, Movement
from salio.core.ledger.postings import Entry
from salio.core.parties.directory import Directory
from salio.core.requests import payments
from salio.core.requests.asking import Asking
from salio.core.requests.c2b_payment import (
    FEE,
    SERVICES,
    Sides,
    begun,
    not_payable,
    out_of_bounds,
    receipt_of,
    sides_of,
)
from salio.core.requests.decided import Judged
from salio.core.requests.outcomes import Decision, Outcome, PromptFacts
from salio.core.requests.prompts import ANSWERED_WITHIN, LONGEST_PROMPT, CustomerWord, Prompt
from salio.core.requests.queries import ExpressPayment, Request
from salio.core.transactions.states import TransactionState
from salio.core.transactions.transaction import ChargedSide, Transaction

SAME_AGAIN_AFTER = timedelta(minutes=2)
"""Until then a payment of the same amount by the same customer is taken for a mistake (Result codes, 17)."""

End = Judged | tuple[Prompt, Movement | None]
"""The decision and what it does to the books; or what the phone shows, and the transaction if that is new."""

_REFUSED = {
    CustomerWord.PIN_WRONG: (TransactionState.DECLINED, Outcome.PIN_WRONG),
    CustomerWord.PIN_LOCKED: (TransactionState.DECLINED, Outcome.PIN_LOCKED),
    CustomerWord.CANCELLED: (TransactionState.CANCELLED, Outcome.PROMPT_CANCELLED),
    CustomerWord.NOT_ANSWERED: (TransactionState.EXPIRED, Outcome.PHONE_UNREACHABLE),
}


class RecentPayments:
    """Who paid what a moment ago. Not kept: a start forgets them, as two minutes would."""

    def __init__(self) -> None:
        self._paid: dict[tuple[str, str, int], datetime] = {}
        """By payer, payee and cents, oldest first."""

    def add(self, transaction: Transaction, now: datetime) -> None:
        """It was made, and is durable."""
        self._forget(now)
        paid = transaction.debit_party, transaction.credit_party, transaction.cents
        self._paid.pop(paid, None)
        self._paid[paid] = now

    def has(self, query: ExpressPayment, now: datetime) -> bool:
        """Whether the customer paid the same to the same short code."""
        at = self._paid.get((query.payer, query.party, query.cents))
        return at is not None and now - at < SAME_AGAIN_AFTER

    def _forget(self, now: datetime) -> None:
        while self._paid:
            oldest = next(iter(self._paid))
            if now - self._paid[oldest] < SAME_AGAIN_AFTER:
                return
            del self._paid[oldest]


def decide(
    request: Request,
    query: ExpressPayment,
    asking: Asking,
    ledger: Ledger,
    recent: RecentPayments,
    *,
    rings: bool,
) -> End:
    """Of a prompt that no phone shows yet; ``rings``: the phone shows another."""
    receipt, service = receipt_of(request, ledger), SERVICES[query.command]
    refusal = (
        _not_the_merchants(query, asking)
        or _unreachable(query, asking)
        or _locked(query, ledger, rings=rings)
        or _twice(query, asking.now, recent)
    )
    if refusal is not None:
        return payments.refused(refusal, receipt, None)
    sides = sides_of(query, service, asking.directory, asking.now, ledger)
    if isinstance(sides, Decision):
        return payments.refused(sides, receipt, None)
    transaction = begun(request, query, service, asking, receipt)
    refusal = out_of_bounds(query, asking.now, ledger)
    if refusal is not None:
        return payments.declined(refusal, transaction, None)
    opened = msgspec.structs.replace(transaction, finalised_at=None)
    prompt = prompt_of(query, opened)
    if len(prompt.text) > LONGEST_PROMPT:
        cause = f"the prompt has {len(prompt.text)} characters, a phone shows {LONGEST_PROMPT}"
        return payments.declined(Decision(Outcome.PUSH_FAILED, cause), transaction, None)
    return prompt, Movement(transaction=opened)


def go_on(
    query: ExpressPayment,
    opened: Transaction,
    word: CustomerWord | None,
    directory: Directory,
    now: datetime,
    ledger: Ledger,
) -> End:
    """Of one that the phone shows: the customer has answered. Without a word, this platform died meanwhile,
    and the phone shows it again; or the time is over.
    """
    prompt = prompt_of(query, opened)
    if word is None:
        if now < prompt.until:
            return prompt, None
        waited = f"nobody answered the prompt at {query.phone} within {ANSWERED_WITHIN.total_seconds():.0f} s"
        return _ended(opened, TransactionState.EXPIRED, Decision(Outcome.PHONE_UNREACHABLE, waited), now)
    if word is not CustomerWord.PIN_RIGHT:
        state, outcome = _REFUSED[word]
        return _ended(opened, state, Decision(outcome, f"{query.phone}: {word.said}"), now)
    sides = sides_of(query, SERVICES[query.command], directory, now, ledger)
    if isinstance(sides, Decision):
        return _ended(opened, TransactionState.DECLINED, sides, now)
    refusal = not_payable(query, sides, now, ledger)
    if refusal is not None:
        return _ended(opened, TransactionState.DECLINED, refusal, now)
    return _paid(query, opened, sides, now, ledger)


def _not_the_merchants(query: ExpressPayment, asking: Asking) -> Decision | None:
    """The page has one explanation for both codes: TransactionType or PartyB is incorrect."""
    if query.merchant not in asking.app.short_codes:
        cause = f"BusinessShortCode {query.merchant} is no short code of app {asking.app.name} any more"
        return Decision(Outcome.PRODUCT_NOT_ASSIGNED, cause)
    if asking.directory.organization(query.party) is None:
        return Decision(Outcome.RECEIVER_UNKNOWN, f"PartyB: nobody has the short code {query.party}")
    if query.merchant not in asking.directory.upwards(query.party):
        cause = f"PartyB {query.party} is neither BusinessShortCode {query.merchant} nor below it"
        return Decision(Outcome.PRODUCT_NOT_ASSIGNED, cause)
    return None


def _unreachable(query: ExpressPayment, asking: Asking) -> Decision | None:
    for name, msisdn in (("PartyA", query.payer), ("PhoneNumber", query.phone)):
        if asking.directory.customer(msisdn) is None:
            return Decision(Outcome.PHONE_UNREACHABLE, f"{name} {msisdn} is not registered with M-PESA")
    return None


def _locked(query: ExpressPayment, ledger: Ledger, *, rings: bool) -> Decision | None:
    """Of those that no door refused: of two in one batch the later, and whatever waited behind the first."""
    if rings:
        return Decision(Outcome.SUBSCRIBER_LOCKED, f"the phone {query.phone} shows another prompt")
    standing = (each.transaction for each in ledger.standing().values())
    if any(each.state is TransactionState.INITIATED and each.debit_party == query.payer for each in standing):
        return Decision(Outcome.SUBSCRIBER_LOCKED, f"{query.payer} is asked for another payment")
    return None


def _twice(query: ExpressPayment, now: datetime, recent: RecentPayments) -> Decision | None:
    if not recent.has(query, now):
        return None
    minutes = f"{SAME_AGAIN_AFTER.total_seconds() / 60:.0f} minutes"
    cause = f"{query.payer} paid {query.party} the same amount less than {minutes} ago"
    return Decision(Outcome.RULE_LIMITED, cause)


def prompt_of(query: ExpressPayment, opened: Transaction) -> Prompt:
    """What the phone shows of a transaction that is Initiated."""
    asked = f"Pay {payments.shillings(query.cents)} to {opened.credit_party_name}"
    return Prompt(
        transaction=opened,
        until=opened.initiated_at + ANSWERED_WITHIN,
        phone=query.phone,
        text=f"{asked} for {query.account_reference}? Enter your M-PESA PIN:",
    )


def _ended(opened: Transaction, state: TransactionState, refusal: Decision, now: datetime) -> Judged:
    """It ends unpaid: nothing was set aside."""
    reason = payments.reason_of(refusal.outcome)
    ended = msgspec.structs.replace(opened, state=state, finalised_at=now, reason=reason)
    decision = msgspec.structs.replace(refusal, receipt=opened.receipt)
    return decision, None, Movement(transaction=ended, before=opened)


def _paid(query: ExpressPayment, opened: Transaction, sides: Sides, now: datetime, ledger: Ledger) -> Judged:
    entries = (
        Entry(sides.payer.number, Bucket.AVAILABLE, -opened.cents),
        Entry(sides.receiver.number, Bucket.AVAILABLE, opened.cents),
        *payments.charged(sides.charge, query.party, ledger, sides.payer),
    )
    priced = payments.priced(opened, FEE, sides.charge, ChargedSide.CREDIT)
    paid = payments.completed(msgspec.structs.replace(priced, finalised_at=now))
    return payments.made(paid, entries, PromptFacts(paid), None, before=opened)
