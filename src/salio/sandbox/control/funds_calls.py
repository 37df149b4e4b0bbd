"""The calls of the control that settle an organization's revenue and withdraw of its money."""

from typing import Annotated

import msgspec

from salio.core.parties.acts import ActRefusal
from salio.core.requests.abroad import AbroadAct
from salio.core.requests.funds import FundsAct, FundsMoved, FundsRefusal, FundsRefused, Settlement, Withdrawal
from salio.sandbox.control.calls import Call, Control
from salio.sandbox.control.guard import Refused
from salio.wire import amounts
from salio.wire.fields import LARGEST_AMOUNT
from salio.wire.wording import shown

Name = Annotated[str, msgspec.Meta(description="An operator of the Web channel at the short code.")]


class Whose(msgspec.Struct, forbid_unknown_fields=True):
    """An organization, and who initiates and approves: nobody's name is asked for."""

    short_code: str
    maker: Name | msgspec.UnsetType = msgspec.UNSET
    checker: Name | msgspec.UnsetType = msgspec.UNSET


class HowMuch(Whose, kw_only=True):
    """The same, and what is withdrawn."""

    amount: Annotated[str, msgspec.Meta(description="Shillings with at most two decimals, as text.")]


class AccountShown(msgspec.Struct):
    """An account of the holder's, in shillings."""

    name: str
    current: str
    available: str
    reserved: str
    uncleared: str


class FundsShown(msgspec.Struct):
    """What was moved, and how the accounts stand since."""

    short_code: str
    amount: Annotated[str, msgspec.Meta(description="Shillings; 0.00 if nothing was left to settle.")]
    accounts: list[AccountShown]
    receipt: (
        Annotated[str, msgspec.Meta(description="Of the transaction, if there is one.")] | msgspec.UnsetType
    ) = msgspec.UNSET
    to: Annotated[str, msgspec.Meta(description="Who received it.")] | msgspec.UnsetType = msgspec.UNSET


async def settle(control: Control, words: Whose) -> FundsShown:
    """Charges are paid out of Utility or Merchant, the rest moves to Working; a second time nothing does."""
    maker, checker = words.maker or None, words.checker or None
    return await _move(control, Settlement(short_code=words.short_code, maker=maker, checker=checker))


async def withdraw(control: Control, words: HowMuch) -> FundsShown:
    """Out of Working to the bank, or to the organization's own M-PESA number; not while charges are owed."""
    cents = read_amount(words.amount)
    maker, checker = words.maker or None, words.checker or None
    return await _move(
        control, Withdrawal(short_code=words.short_code, cents=cents, maker=maker, checker=checker)
    )


def read_amount(text: str) -> int:
    """Cents; raises :class:`Refused` for what nobody can move."""
    try:
        cents = amounts.from_text(text)
    except amounts.MalformedAmount as error:
        raise Refused(400, f"`amount`: {error}") from None
    if not 0 < cents <= LARGEST_AMOUNT:
        raise Refused(400, "`amount`: not an amount that anybody can move")
    return cents


async def _move(control: Control, wanted: FundsAct) -> FundsShown:
    return _shown(wanted, await moved(control, wanted, wanted.short_code))


async def moved(control: Control, wanted: FundsAct | AbroadAct, short_code: str) -> FundsMoved:
    """What came of it; raises :class:`Refused`. The short code is that of the organization it needs."""
    done = await control.move(wanted)
    match done:
        case FundsMoved():
            return done
        case FundsRefused(refusal=FundsRefusal.ORGANIZATION_UNKNOWN):
            unknown = f"there is no organization {shown(short_code)}"
            raise Refused(404, f"{unknown}: `salio testdata` shows them")
        case FundsRefused(refusal=FundsRefusal.HOLDER_UNKNOWN, cause=cause):
            raise Refused(404, f"{shown(cause)}: `salio testdata` shows who has")
        case FundsRefused(refusal=refusal, cause=cause):
            raise Refused(409, f"{refusal.value}: {cause}")
        case ActRefusal():
            raise Refused(503, "the store did not take it: nothing has changed, ask again")


def accounts_shown(done: FundsMoved) -> list[AccountShown]:
    """The holder's, as they stand since."""
    text = amounts.to_text
    return [
        AccountShown(
            each.kind.value,
            text(each.balance.current),
            text(each.balance.available),
            text(each.balance.reserved),
            text(each.balance.uncleared),
        )
        for each in done.accounts
    ]


def _shown(wanted: FundsAct, done: FundsMoved) -> FundsShown:
    transaction, text, accounts = done.transaction, amounts.to_text, accounts_shown(done)
    if transaction is None:
        return FundsShown(wanted.short_code, text(0), accounts)
    to = f"{transaction.credit_party} - {transaction.credit_party_name}"
    return FundsShown(wanted.short_code, text(transaction.cents), accounts, transaction.receipt, to)


_TOPIC = "Settlement"
_ERRORS = {
    404: "No organization has this short code.",
    409: "Not approved, not covered, or charges are owed: the error says which. Nothing has changed.",
    503: "The store is out of reach, or did not take it: nothing has changed.",
}

CALLS = (
    Call(
        method="POST",
        path="organizations/settle",
        topic=_TOPIC,
        summary="Settle an organization's revenue: pay its charges, move the rest to Working",
        carry_out=settle,
        errors=_ERRORS,
    ),
    Call(
        method="POST",
        path="organizations/withdraw",
        topic=_TOPIC,
        summary="Withdraw of an organization's Working account",
        carry_out=withdraw,
        errors=_ERRORS,
    ),
)
