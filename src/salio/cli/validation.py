"""``salio validation``: external validation of customers' payments in a running sandbox."""

from collections.abc import Mapping
from typing import Annotated, Any

import cyclopts
import msgspec
from cyclopts import Parameter

from salio.cli import control
from salio.cli.options import DEFAULT_DATA, Data, Json

EXAMPLES = """Examples:

  salio validation list
  salio validation on 600984
  salio validation off 600984

  salio validation COMMAND --help  the options of a command"""

_PATH = "/_salio/registrations"

ShortCode = Annotated[str, Parameter(help="The paybill or till that customers pay.")]


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
    return group


def list_(*, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """List where payments are validated and confirmed; as JSON one object a line."""
    registrations = control.call(data, "GET", _PATH)["registrations"]
    for each in registrations:
        _print(each, json=json)
    if not registrations and not json:
        print("nothing registered")


def on(short_code: ShortCode, /, *, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Switch it on: the registered ValidationURL is asked before each payment is made."""
    _switch(short_code, data, on=True, json=json)


def off(short_code: ShortCode, /, *, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Switch it off, as it is for every short code at first."""
    _switch(short_code, data, on=False, json=json)


def _switch(short_code: str, data: Data, *, on: bool, json: bool) -> None:
    wanted = {"short_code": short_code, "validated": on}
    _print(control.call(data, "POST", f"{_PATH}/validation", wanted), json=json)


def _print(registration: Mapping[str, Any], *, json: bool) -> None:
    """``600984  validation on at http://shop/pay (else Completed), confirmed at http://shop/paid``."""
    if json:
        print(msgspec.json.encode(registration).decode())
        return
    switched = "on" if registration["validated"] else "off"
    asked, told = (registration[name] or "no URL" for name in ("validation_url", "confirmation_url"))
    otherwise = registration["response_type"]
    print(
        f"{registration['short_code']:<8} validation {switched} at {asked} (else {otherwise}), "
        f"confirmed at {told}"
    )
