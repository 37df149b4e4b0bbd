"""``salio phone``: what customers' phones show in a running sandbox, and a hand that answers."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import cyclopts
import msgspec
from cyclopts import Parameter

from salio.cli import control
from salio.cli.options import DEFAULT_DATA, Data, Json

EXAMPLES = """Examples:

  salio phone list
  salio phone answer 254708374149 right_pin
  salio phone answer 254708374149 cancel

  salio phone COMMAND --help  the options of a command"""

_PATH = "/_salio/prompts"

Msisdn = Annotated[str, Parameter(help="Whose phone shows the prompt.")]
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


def list_(*, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """List the phones that show a prompt, oldest first; as JSON one object a line."""
    prompts = control.call(data, "GET", _PATH)["prompts"]
    for each in prompts:
        _print(each, json=json)
    if not prompts and not json:
        print("no phone shows a prompt")


def answer(msisdn: Msisdn, answer: Answer, /, *, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Answer a prompt, which otherwise ends with its minute."""
    words = {"msisdn": msisdn, "answer": answer}
    _print(control.call(data, "POST", f"{_PATH}/answer", words), json=json)


def _print(prompt: Mapping[str, Any], *, json: bool) -> None:
    """``254708374149  Pay KES 1.00 to ...``."""
    if json:
        print(msgspec.json.encode(prompt).decode())
        return
    print(f"{prompt['msisdn']}  {prompt['text']}  (until {prompt['until']}, {prompt['checkout_request_id']})")
