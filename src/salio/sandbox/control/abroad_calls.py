"""The calls of the control that bring money from abroad, and that clear it."""

import re
from typing import Annotated

import msgspec

from salio.core.requests.abroad import Arrival, Clearing
from salio.core.requests.funds import FundsMoved
from salio.sandbox.control.calls import Call, Control
from salio.sandbox.control.funds_calls import AccountShown, accounts_shown, moved, read_amount
from salio.sandbox.control.guard import Refused
from salio.wire import amounts

_SENDER, _COUNTRY = r"^[^\x00-\x1f\x7f]*$", "^[A-Z]{2}$"
"""Told in the document as patterns, and to a caller in words."""
Holder = Annotated[str, msgspec.Meta(description="A customer's number, or a short code.")]


class Sent(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Who sent what from where, to whom, and the organization that brings it."""

    through: Annotated[str, msgspec.Meta(description="A short code: the payer in M-PESA's eyes.")]
    receiver: Holder
    amount: Annotated[str, msgspec.Meta(description="Shillings with at most two decimals, as text.")]
    sender: Annotated[
        str, msgspec.Meta(extra_json_schema={"minLength": 1, "maxLength": 80, "pattern": _SENDER})
    ]
    country: Annotated[
        str, msgspec.Meta(description="ISO 3166-1, two letters.", extra_json_schema={"pattern": _COUNTRY})
    ]


class HolderNamed(msgspec.Struct, forbid_unknown_fields=True):
    """Whose money is cleared."""

    holder: Holder


class HolderShown(msgspec.Struct):
    """What was moved, and how the holder's accounts stand since."""

    holder: str
    amount: Annotated[str, msgspec.Meta(description="Shillings; 0.00 if nothing was uncleared.")]
    accounts: list[AccountShown]
    receipt: (
        Annotated[str, msgspec.Meta(description="Of the transaction, if there is one.")] | msgspec.UnsetType
    ) = msgspec.UNSET


async def receive(control: Control, words: Sent) -> HolderShown:
    """It arrives uncleared: a customer's account or the Working account has it, and cannot spend it yet."""
    cents = read_amount(words.amount)
    if not (0 < len(words.sender) <= 80 and re.fullmatch(_SENDER, words.sender)):
        raise Refused(400, "`sender`: 1 to 80 characters are asked for, all in one line")
    if not re.fullmatch(_COUNTRY, words.country):
        raise Refused(400, "`country`: two capitals of ISO 3166-1 are asked for, such as KE for Kenya")
    arrival = Arrival(
        through=words.through,
        receiver=words.receiver,
        cents=cents,
        sender=words.sender,
        country=words.country,
    )
    return _shown(words.receiver, await moved(control, arrival, words.through))


async def clear(control: Control, words: HolderNamed) -> HolderShown:
    """All that is uncleared becomes available; a second time nothing does."""
    return _shown(words.holder, await moved(control, Clearing(holder=words.holder), words.holder))


def _shown(holder: str, done: FundsMoved) -> HolderShown:
    transaction, accounts = done.transaction, accounts_shown(done)
    if transaction is None:
        return HolderShown(holder, amounts.to_text(0), accounts)
    return HolderShown(holder, amounts.to_text(transaction.cents), accounts, transaction.receipt)


_TOPIC = "Money from abroad"
_NOT_KEPT = "The store is out of reach, or did not take it: nothing has changed."

CALLS = (
    Call(
        method="POST",
        path="transfers/receive",
        topic=_TOPIC,
        summary="Bring money from abroad, uncleared",
        carry_out=receive,
        errors={
            404: "The receiver has no account, or there is no such organization that could bring it.",
            409: "The receiver would pass its limits. Nothing has changed.",
            503: _NOT_KEPT,
        },
    ),
    Call(
        method="POST",
        path="transfers/clear",
        topic=_TOPIC,
        summary="Clear all that somebody has uncleared",
        carry_out=clear,
        errors={404: "The holder has no account.", 503: _NOT_KEPT},
    ),
)
