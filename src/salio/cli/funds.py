"""``salio settle`` and ``salio withdraw``: an organization's own money in a running sandbox."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from cyclopts import Parameter

from salio.cli import control
from salio.cli.options import DEFAULT_DATA, Data, Json

SETTLE_EXAMPLES = """Examples:

  salio settle 600000
  salio settle 600000 --maker weboperator"""

WITHDRAW_EXAMPLES = """Examples:

  salio withdraw 600000 1500
  salio withdraw 600000 1500.50 --maker manager --checker deputy"""

_PATH = "/_salio/organizations"

ShortCode = Annotated[str, Parameter(help="Whose money it is.")]
Amount = Annotated[str, Parameter(help="Shillings, with at most two decimals.")]
Maker = Annotated[str | None, Parameter(help="The operator who initiates it; without, nobody is asked.")]
Checker = Annotated[str | None, Parameter(help="The operator who approves it, never the same one.")]


def settle(
    short_code: ShortCode,
    /,
    *,
    maker: Maker = None,
    checker: Checker = None,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Settle an organization's revenue: pay its charges, and move the rest to its Working account."""
    words = _words(short_code=short_code, maker=maker, checker=checker)
    _print(control.call(data, "POST", f"{_PATH}/settle", words), "settled", json=json)


def withdraw(
    short_code: ShortCode,
    amount: Amount,
    /,
    *,
    maker: Maker = None,
    checker: Checker = None,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Withdraw of a Working account, to the bank or to the organization's own M-PESA number."""
    words = _words(short_code=short_code, amount=amount, maker=maker, checker=checker)
    _print(control.call(data, "POST", f"{_PATH}/withdraw", words), "withdrawn", json=json)


def _words(**words: str | None) -> Mapping[str, str]:
    return {name: word for name, word in words.items() if word is not None}


def _print(told: Mapping[str, Any], done: str, *, json: bool) -> None:
    """``KES 1500.00 withdrawn, UHG5J2K991, to M-PESA - Bank``, and a line for each account."""
    if json:
        print(msgspec.json.encode(told).decode())
        return
    receipt = told.get("receipt")
    print(f"KES {told['amount']} {done}, {receipt}, to {told['to']}" if receipt else "nothing to settle")
    for each in told["accounts"]:
        print(f"  {each['name']:<32} {each['available']:>18} available")
