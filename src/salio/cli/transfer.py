"""``salio transfer``: money from abroad (IMT) in a running sandbox arrives, and is cleared."""

from collections.abc import Mapping
from typing import Annotated, Any

import cyclopts
import msgspec
from cyclopts import Parameter

from salio.cli import control
from salio.cli.options import DEFAULT_DATA, Data, Json

EXAMPLES = """Examples:

  salio transfer receive 600997 254722000000 1500.50 --sender "Jane Roe" --country GB
  salio transfer clear 254722000000

  salio transfer COMMAND --help  the options of a command"""

_PATH = "/_salio/transfers"

Through = Annotated[str, Parameter(help="The short code that brings the money: the payer in M-PESA's eyes.")]
Receiver = Annotated[str, Parameter(help="A customer's number, or a short code.")]
Holder = Annotated[str, Parameter(help="Whose money it is: a customer's number, or a short code.")]
Amount = Annotated[str, Parameter(help="Shillings, with at most two decimals.")]
Sender = Annotated[str, Parameter(help="Who sent it.")]
Country = Annotated[str, Parameter(help="From where: two letters of ISO 3166-1.")]


def build(*, sort_key: int) -> cyclopts.App:
    """The group of commands."""
    group = cyclopts.App(
        name="transfer",
        help="Have money from abroad arrive in a running sandbox, uncleared, and clear it.",
        help_epilogue=EXAMPLES,
        sort_key=sort_key,
    )
    group.command(receive, sort_key=1)
    group.command(clear, sort_key=2)
    return group


def receive(
    through: Through,
    receiver: Receiver,
    amount: Amount,
    /,
    *,
    sender: Sender,
    country: Country,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Have an international money transfer arrive: uncleared, it cannot be spent yet."""
    words = {"through": through, "receiver": receiver, "amount": amount, "sender": sender, "country": country}
    _print(control.call(data, "POST", f"{_PATH}/receive", words), "received, uncleared", json=json)


def clear(holder: Holder, /, *, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Clear all that somebody has uncleared: it becomes available."""
    _print(control.call(data, "POST", f"{_PATH}/clear", {"holder": holder}), "cleared", json=json)


def _print(told: Mapping[str, Any], done: str, *, json: bool) -> None:
    """``254722000000  KES 1500.50 received, uncleared, UHG5J2K991``, and a line for each account."""
    if json:
        print(msgspec.json.encode(told).decode())
        return
    receipt = told.get("receipt")
    said = f"KES {told['amount']} {done}, {receipt}" if receipt else "nothing to clear"
    print(f"{told['holder']}  {said}")
    for each in told["accounts"]:
        print(f"  {each['name']:<32} {each['available']:>18} available {each['uncleared']:>18} uncleared")
