"""``salio validation``: external validation of customers' payments in a running sandbox."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import cyclopts
import msgspec
from cyclopts import Parameter

from salio.cli import control
from salio.cli.options import DEFAULT_DATA, Data, Json, Msisdns
from salio.cli.seen import as_it_may_be_seen

EXAMPLES = """Examples:

  salio validation list
  salio validation on 600984
  salio validation off 600984
  salio validation on 600984 --instruct
  salio validation waiting
  salio validation accept UKL3BX9Q2T

  salio validation COMMAND --help  the options of a command"""

_PATH = "/_salio/registrations"
_PAYMENTS = "/_salio/payments"

ShortCode = Annotated[str, Parameter(help="The paybill or till that customers pay.")]
Receipt = Annotated[str, Parameter(help="Of the payment, as `salio validation waiting` shows it.")]


def build(*, sort_key: int) -> cyclopts.App:
    """The group of commands."""
    group = cyclopts.App(
        name="validation",
        help="Ask organizations of a running sandbox before their customers' payments are made, or do not.",
        help_epilogue=EXAMPLES,
        sort_key=sort_key,
    )
    group.command(list_, name="list", sort_key=1)
    group.command(on, sort_key=2)
    group.command(off, sort_key=3)
    group.command(waiting, sort_key=4)
    group.command(accept, sort_key=5)
    group.command(reject, sort_key=6)
    return group


def list_(*, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """List where payments are validated and confirmed; as JSON one object a line."""
    registrations = control.call(data, "GET", _PATH)["registrations"]
    for each in registrations:
        _print(each, json=json)
    if not registrations and not json:
        print("nothing registered")


def on(
    short_code: ShortCode,
    /,
    *,
    instruct: Annotated[
        bool,
        Parameter(
            negative="",
            help="Where the ValidationURL is out of reach, wait an hour for `accept` or `reject` instead of "
            "taking the default action.",
        ),
    ] = False,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Switch it on: the registered ValidationURL is asked before each payment is made."""
    _switch(short_code, data, on=True, instruct=instruct, json=json)


def off(short_code: ShortCode, /, *, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Switch it off, as it is for every short code at first."""
    _switch(short_code, data, on=False, instruct=False, json=json)


def waiting(*, msisdns: Msisdns = False, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """List the payments that wait for their organization, oldest first; as JSON one object a line."""
    payments = control.call(data, "GET", f"{_PAYMENTS}/waiting")["payments"]
    for each in payments:
        _print_payment(each, msisdns=msisdns, json=json)
    if not payments and not json:
        print("nothing waits")


def accept(receipt: Receipt, /, *, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Have a payment made that waits for an instruction (Pending Authorized)."""
    _instruct(receipt, data, accept=True, json=json)


def reject(receipt: Receipt, /, *, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Have it cancelled: the customer has the amount again."""
    _instruct(receipt, data, accept=False, json=json)


def _instruct(receipt: str, data: Path, *, accept: bool, json: bool) -> None:
    words = {"receipt": receipt, "accept": accept}
    _print_payment(control.call(data, "POST", f"{_PAYMENTS}/instruct", words), msisdns=False, json=json)


def _switch(short_code: str, data: Path, *, on: bool, instruct: bool, json: bool) -> None:
    wanted = {"short_code": short_code, "validated": on, "instructs": instruct}
    _print(control.call(data, "POST", f"{_PATH}/validation", wanted), json=json)


def _print(registration: Mapping[str, Any], *, json: bool) -> None:
    """``600984  validation on at http://shop/pay (else Completed), confirmed at http://shop/paid``."""
    if json:
        print(msgspec.json.encode(registration).decode())
        return
    switched = "on" if registration["validated"] else "off"
    asked, told = (registration[name] or "no URL" for name in ("validation_url", "confirmation_url"))
    otherwise = "by instruction" if registration["instructs"] else registration["response_type"]
    print(
        f"{registration['short_code']:<8} validation {switched} at {asked} (else {otherwise}), "
        f"confirmed at {told}"
    )


def _print_payment(payment: Mapping[str, Any], *, msisdns: bool, json: bool) -> None:
    """``UKL3BX9Q2T  Pending Authorized  KES 100.00 of 254******149 to 600984, until 2026-…``."""
    payment = as_it_may_be_seen(payment, msisdns=msisdns)
    if json:
        print(msgspec.json.encode(payment).decode())
        return
    until = f", until {payment['until']}" if "until" in payment else ""
    print(
        f"{payment['receipt']}  {payment['state']:<18}  KES {payment['amount']} of {payment['msisdn']} "
        f"to {payment['short_code']}{until}"
    )
