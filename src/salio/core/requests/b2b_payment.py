"""*Pay this organization*, *pay this tax*, or a move between one's own accounts — decided.

Source: Business Pay Bill, Business Buy Goods, B2C Account Top Up, Tax Remittance; wire facts 5.2. What none
of them says is in docs/decisions/0006.
"""

from collections.abc import Mapping

import msgspec

from salio.core.ledger.accounts import Account, AccountKind, Bucket
from salio.core.ledger.day_totals import day_of
from salio.core.ledger.ledger import Ledger
from salio.core.ledger.postings import Entry
from salio.core.ledger.tariffs import FREE, Shares
from salio.core.parties.organizations import OrganizationKind
from salio.core.parties.roles import Right
from salio.core.requests import commands, payments
from salio.core.requests.asking import Asking, Identified, identify, own_party
from salio.core.requests.decided import Judged
from salio.core.requests.outcomes import B2BFacts, Decision, Outcome
from salio.core.requests.queries import B2BPayment, IdentifierType, Request, TaxRemittance
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.transaction import ChargedSide, Transaction

TAX_COLLECTOR = "572572"
"""The Kenya Revenue Authority: the one receiver of taxes (Tax Remittance, PartyB)."""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """What a command does: out of which account of the payer's, into which of whose."""

    name: str
    """What a status query tells: with ``via API`` its reason type, with ``Charge`` its charge."""
    right: Right
    debits: AccountKind = AccountKind.WORKING
    credits: AccountKind
    receivers: frozenset[OrganizationKind] = frozenset()
    """Which short codes it pays; none: it moves the payer's own money, and costs nothing."""
    only: str = ""
    """The one short code that it pays."""

    @property
    def is_own_move(self) -> bool:
        """Whether payer and receiver are one."""
        return not self.receivers


PAYMENTS: Mapping[str, Rule] = {
    "BusinessPayBill": Rule(
        name="Business Pay Bill",
        right=Right.PAY_BILL,
        credits=AccountKind.UTILITY,
        receivers=frozenset({OrganizationKind.PAYBILL}),
    ),
    "BusinessBuyGoods": Rule(
        name="Business Buy Goods",
        right=Right.BUY_GOODS,
        credits=AccountKind.MERCHANT,
        receivers=frozenset({OrganizationKind.BUY_GOODS}),
    ),
    "BusinessPayToBulk": Rule(
        name="Business Pay to Bulk",
        right=Right.TOP_UP,
        credits=AccountKind.UTILITY,
        receivers=frozenset({OrganizationKind.B2C, OrganizationKind.PAYBILL}),
    ),
    "BusinessTransferFromMMFToUtility": Rule(
        name="Business Transfer from MMF to Utility",
        right=Right.MOVE_OWN_FUNDS,
        credits=AccountKind.UTILITY,
    ),
    "MerchantTransferFromMerchantToWorking": Rule(
        name="Merchant Transfer from Merchant to Working",
        right=Right.MOVE_OWN_FUNDS,
        debits=AccountKind.MERCHANT,
        credits=AccountKind.WORKING,
    ),
}
"""By command. A top up also goes to a paybill: the page's own sample names 600000, which is one."""

TAXES: Mapping[str, Rule] = {
    "PayTaxToKRA": Rule(
        name="Pay Tax to KRA",
        right=Right.REMIT_TAX,
        credits=AccountKind.UTILITY,
        receivers=frozenset({OrganizationKind.PAYBILL}),
        only=TAX_COLLECTOR,
    ),
}


class _Sides(msgspec.Struct, frozen=True):
    """Both accounts, and the charge, which is the payer's."""

    payer: Account
    receiver: Account
    is_revenue: bool
    """Whether the receiver's is a paybill's or a till's revenue account, which has a limit."""
    charge: Shares


def decide(request: Request, query: B2BPayment | TaxRemittance, asking: Asking, ledger: Ledger) -> Judged:
    """The decision, what the checks found of the initiator, and what the payment does to the books."""
    receipt = ledger.receipts.receipt(request.number, asking.now)
    rules = TAXES if isinstance(query, TaxRemittance) else PAYMENTS
    rule = rules.get(query.command)
    if rule is None:
        return payments.refused(commands.unknown(query.command, *rules), receipt, None)
    refusal, identified = _asked(query, rule, asking)
    if refusal is not None:
        return payments.refused(refusal, receipt, identified)
    sides = _sides(query, rule, asking, ledger)
    if isinstance(sides, Decision):
        return payments.refused(sides, receipt, identified)
    transaction = payments.begun(
        request,
        query,
        asking,
        receipt,
        kind=TransactionKind.B2B,
        account=rule.debits,
        reason_type=f"{rule.name} via API",
    )
    refusal = _limited(query, rule, sides, asking, ledger)
    if refusal is not None:
        return payments.declined(refusal, transaction, identified)
    return _paid(transaction, rule, sides, identified, ledger)


def _asked(
    query: B2BPayment | TaxRemittance, rule: Rule, asking: Asking
) -> tuple[Decision | None, Identified | None]:
    """The checks of who asks."""
    refusal = own_party(query, asking)
    if refusal is not None:
        return refusal, None
    identified = identify(query, [query.party], rule.right, asking)
    return identified.refusal, identified


def _sides(
    query: B2BPayment | TaxRemittance, rule: Rule, asking: Asking, ledger: Ledger
) -> _Sides | Decision:
    """Out of which account into which, or why not."""
    payer = ledger.book.account(query.party, rule.debits)
    if payer is None or (rule.is_own_move and ledger.book.account(query.party, rule.credits) is None):
        missing = rule.debits if payer is None else rule.credits
        return Decision(
            Outcome.PRODUCT_NOT_ASSIGNED, f"{query.party} has no {missing.value}, as {query.command} needs"
        )
    organization = asking.directory.organization(query.receiver)
    receiver = ledger.book.account(query.receiver, rule.credits)
    if organization is None:
        return Decision(Outcome.RECEIVER_UNKNOWN, f"no organization has PartyB {query.receiver}")
    why = _why_not_paid(query, rule, organization.kind)
    if why or receiver is None:
        has_none = f"it has no {rule.credits.value}"
        return Decision(Outcome.RECEIVER_INVALID, f"PartyB {query.receiver}: {why or has_none}")
    day = day_of(asking.now)
    charge = FREE if rule.is_own_move else ledger.tariffs.charge(TransactionKind.B2B, query.cents, day)
    is_revenue = rule.credits is not AccountKind.WORKING and organization.kind is not OrganizationKind.B2C
    return _Sides(payer, receiver, is_revenue, charge)


def _limited(
    query: B2BPayment | TaxRemittance, rule: Rule, sides: _Sides, asking: Asking, ledger: Ledger
) -> Decision | None:
    """The limit first, for it holds whatever the payer has; then whether it has enough."""
    refusal = None
    if sides.is_revenue:
        refusal = payments.more_than_may_be_held(sides.receiver, query.cents, asking.now, ledger)
    return refusal or payments.not_covered(query.party, rule.debits, query.cents, ledger)


def _why_not_paid(query: B2BPayment | TaxRemittance, rule: Rule, kind: OrganizationKind) -> str:
    """Empty for a short code that the command pays."""
    if rule.is_own_move:
        same = query.receiver == query.party
        return "" if same else f"{query.command} moves a short code's own money: send PartyA again"
    if query.receiver == query.party:
        return "a short code does not pay itself"
    if rule.only not in ("", query.receiver):
        return f"{query.command} pays {rule.only} alone"
    if kind not in rule.receivers:
        paid = " or ".join(each.value for each in OrganizationKind if each in rule.receivers)
        return f"a {kind.value} short code, and {query.command} pays {paid}"
    is_till = isinstance(query, B2BPayment) and query.receiver_type is IdentifierType.TILL
    if is_till and kind is not OrganizationKind.BUY_GOODS:
        return f"a {kind.value} short code, and RecieverIdentifierType 2 is a till"
    return ""


def _paid(
    transaction: Transaction, rule: Rule, sides: _Sides, identified: Identified | None, ledger: Ledger
) -> Judged:
    payer = transaction.debit_party
    entries = (
        Entry(sides.payer.number, Bucket.AVAILABLE, -transaction.cents),
        Entry(sides.receiver.number, Bucket.AVAILABLE, transaction.cents),
        *payments.charged(sides.charge, payer, ledger),
    )
    after = ledger.book.balances_after(payer, entries)
    facts = B2BFacts(
        transaction.cents,
        transaction.credit_party,
        transaction.credit_party_name,
        sides.charge.organization,
        next(each for each in after if each.kind is rule.debits),
    )
    priced = payments.priced(transaction, f"{rule.name} Charge", sides.charge, ChargedSide.DEBIT)
    return payments.made(priced, entries, facts, identified)
