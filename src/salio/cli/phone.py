"""``salio phone``: what customers' phones show in a running sandbox, and a hand that answers."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import cyclopts
import msgspec
from cyclopts import Parameter

from salio.cli import control
from salio.cli.errors import CommandError
from salio.cli.options import DEFAULT_DATA, Data, Json, Msisdns
from salio.cli.seen import as_it_may_be_seen

EXAMPLES = """Examples:

  salio phone list
  salio phone answer 254708374149 right_pin
  salio phone answer '254******149' cancel
  salio phone list --msisdns  the numbers whole

  salio phone COMMAND --help  the options of a command"""

_PATH = "/_salio/prompts"

Phone = Annotated[
    str,
    Parameter(
        name="PHONE",
        help="Which: its number, whole or as `salio phone list` shows it, or the CheckoutRequestID there.",
    ),
]
Answer = Annotated[
    Literal["right_pin", "wrong_pin", "locked_pin", "cancel", "no_answer"],
    Parameter(help="What the customer does; no_answer ends the prompt as the end of its minute would."),
]


def build(*, sort_key: int) -> cyclopts.App:
    """The group of commands."""
    group = cyclopts.App(
        name="phone",
        help="Answer the prompts of M-PESA Express on customers' phones in a running sandbox.",
        help_epilogue=EXAMPLES,
        sort_key=sort_key,
    )
    group.command(list_, name="list", sort_key=1)
    group.command(answer, sort_key=2)
    return group


def list_(*, msisdns: Msisdns = False, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """List the phones that show a prompt, oldest first; as JSON one object a line."""
    prompts = control.call(data, "GET", _PATH)["prompts"]
    for each in prompts:
        _print(each, msisdns=msisdns, json=json)
    if not prompts and not json:
        print("no phone shows a prompt")


def answer(phone: Phone, answer: Answer, /, *, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Answer a prompt, which otherwise ends with its minute."""
    words = {"msisdn": _number(phone, data), "answer": answer}
    _print(control.call(data, "POST", f"{_PATH}/answer", words), msisdns=False, json=json)


def _number(phone: str, data: Path) -> str:
    """The number of the phone that is meant; what means none is left for the platform to refuse."""
    from salio.platform.entries import masked

    if phone.isdecimal():
        return phone
    prompts = control.call(data, "GET", _PATH)["prompts"]
    meant = [
        each["msisdn"] for each in prompts if phone in (masked(each["msisdn"]), each["checkout_request_id"])
    ]
    if len(meant) > 1:
        raise CommandError(
            f"{phone} could be any of {len(meant)} phones: give the CheckoutRequestID beside it"
        )
    return meant[0] if meant else phone


def _print(prompt: Mapping[str, Any], *, msisdns: bool, json: bool) -> None:
    """``254******149  Pay KES 1.00 to ...``."""
    prompt = as_it_may_be_seen(prompt, msisdns=msisdns)
    if json:
        print(msgspec.json.encode(prompt).decode())
        return
    print(f"{prompt['msisdn']}  {prompt['text']}  (until {prompt['until']}, {prompt['checkout_request_id']})")
