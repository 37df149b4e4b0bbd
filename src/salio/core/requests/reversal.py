"""*Put this payment back.* — decided (Reversal, Overview, Result Codes and FAQ 9).

What moved is put back, all of it and once: what the original's postings came to, with the other sign, each
side's charge among it. A reversal itself costs nothing (docs/decisions/0006).
"""

from collections.abc import Mapping, Sequence

import msgspec

from salio.core.ledger.accounts import KES, PLATFORM_HOLDER, Account, AccountKind, Bucket
from salio.core.ledger.ledger import Ledger, Moved
from salio.core.ledger.postings import Entry
from salio.core.parties.organizations import OrganizationKind
from salio.core.parties.roles import Right
from salio.core.requests import commands, payments
from salio.core.requests.asking import Asking, Identified, identify, own_party
from salio.core.requests.decided import Judged
from salio.core.requests.outcomes import Decision, Outcome, ReversalFacts
from salio.core.requests.queries import Request, Reversal
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.originals import Original
from salio.core.transactions.states import TransactionState
from salio.core.transactions.transaction import Transaction

COMMAND = "TransactionReversal"
REASON_TYPES: Mapping[AccountKind, str] = {
    AccountKind.UTILITY: "Pay Bill Reversal via API",
    AccountKind.MERCHANT: "Buy Goods Reversal via API",
}
"""By the account that was paid into what a status query tells; no page shows one."""


def decide(
    request: Request, query: Reversal, asking: Asking, ledger: Ledger, originals: Mapping[str, Original]
) -> Judged:
    """The decision, what the checks found of the initiator, and what the reversal does to the books."""
    refusal, identified = _asked(query, asking)
    if refusal is not None:
        return refusal, identified, None
    original = _original(query, originals, ledger.standing())
    if isinstance(original, Decision):
        return original, identified, None
    entries = _put_back(original)
    account = _paid_into(entries, ledger)
    transaction = _begun(request, query, asking, ledger, original, account)
    refusal = payments.not_covered(account.holder, account.kind, query.cents, ledger)
    if refusal is not None:
        return payments.declined(refusal, transaction, identified)
    done = msgspec.structs.replace(
        transaction, state=TransactionState.COMPLETED, reverses=original.transaction.receipt
    )
    held = ledger.book.balances_after(account.holder, entries)
    facts = ReversalFacts(done, next(each for each in held if each.kind is account.kind))
    return payments.made(done, entries, facts, identified)


def _asked(query: Reversal, asking: Asking) -> tuple[Decision | None, Identified | None]:
    """The checks of who asks, and of whether its short code takes payments at all."""
    if query.command != COMMAND:
        return commands.unknown(query.command, COMMAND), None
    refusal = own_party(query, asking, "ReceiverParty")
    if refusal is not None:
        return refusal, None
    identified = identify(query, [query.party], Right.REVERSE, asking)
    if identified.refusal is not None:
        return identified.refusal, identified
    organization = asking.directory.organization(query.party)
    if organization is None or organization.kind is OrganizationKind.B2C:
        kind = organization.kind.value if organization is not None else "unknown"
        cause = f"{query.party} is a {kind} short code: it takes no payments that could be reversed"
        return Decision(Outcome.PRODUCT_NOT_ASSIGNED, cause), identified
    return None, identified


def _original(
    query: Reversal, originals: Mapping[str, Original], standing: Mapping[str, Moved]
) -> Original | Decision:
    """What is to be put back, or why it cannot be; that of another organization does not exist here."""
    receipt = query.receipt
    found = _with_standing(receipt, originals.get(receipt), standing)
    if found is None or not found.transaction.involves(query.party):
        return _invalid(f"no transaction of {query.party} has receipt {receipt}")
    transaction = found.transaction
    if transaction.kind is not TransactionKind.C2B:
        kind = transaction.kind.value
        return _invalid(f"{receipt} is a {kind} transaction: only a customer's payment, C2B, can be reversed")
    if transaction.state is not TransactionState.COMPLETED or not found.entries:
        return _invalid(f"{receipt} is {transaction.state.value}: there is nothing to put back")
    if found.reversed_by is not None:
        return Decision(Outcome.ALREADY_REVERSED, f"{receipt} was reversed by {found.reversed_by}")
    if query.cents != transaction.cents:
        paid, asked = payments.shillings(transaction.cents), payments.shillings(query.cents)
        return Decision(
            Outcome.PARAMETERS_CONFLICT,
            f"{receipt} was of {paid}, Amount says {asked}: a payment is reversed whole",
            fields=("TransactionID", "Amount"),
        )
    return found


def _with_standing(receipt: str, found: Original | None, standing: Mapping[str, Moved]) -> Original | None:
    """What the store found, and what earlier decisions of the same batch did, which it has not yet."""
    made = standing.get(receipt)
    if made is not None:
        before = found.entries if found is not None else ()
        found = Original(
            made.transaction, before + (made.posting.entries if made.posting is not None else ())
        )
    by = next((each for each, moved in standing.items() if moved.transaction.reverses == receipt), None)
    return found if found is None or by is None else msgspec.structs.replace(found, reversed_by=by)


def _invalid(cause: str) -> Decision:
    return Decision(Outcome.ORIGINAL_INVALID, cause)


def _put_back(original: Original) -> tuple[Entry, ...]:
    """The way back, in one step: what was set aside first and then paid is available again."""
    moved: dict[tuple[int, Bucket], int] = {}
    for each in original.entries:
        place = each.account, each.bucket
        moved[place] = moved.get(place, 0) + each.cents
    return tuple(Entry(account, bucket, -cents) for (account, bucket), cents in moved.items() if cents)


def _paid_into(entries: Sequence[Entry], ledger: Ledger) -> Account:
    """The organization's account that the payment went to: charges go to the platform."""
    numbered = (ledger.book.numbered(each.account) for each in entries if each.cents < 0)
    return next(each for each in numbered if each.holder != PLATFORM_HOLDER)


def _begun(
    request: Request, query: Reversal, asking: Asking, ledger: Ledger, original: Original, account: Account
) -> Transaction:
    """The transaction that the reversal is; nothing has moved."""
    customer = original.transaction.debit_party
    return Transaction(
        receipt=ledger.receipts.receipt(request.number, asking.now),
        kind=TransactionKind.REVERSAL,
        state=TransactionState.INITIATED,
        cents=query.cents,
        currency=KES,
        debit_party=query.party,
        debit_party_name=asking.directory.name_of(query.party),
        debit_account=account.kind,
        credit_party=customer,
        credit_party_name=asking.directory.name_of(customer),
        reason_type=REASON_TYPES.get(account.kind, "Reversal via API"),
        initiated_at=request.accepted_at,
        finalised_at=asking.now,
        originator_conversation_id=request.originator_conversation_id,
        conversation_id=request.conversation_id,
    )
