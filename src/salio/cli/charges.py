"""``salio charges``: who bears what organizations' payments cost in a running sandbox."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import cyclopts
import msgspec
from cyclopts import Parameter

from salio.cli import control
from salio.cli.options import DEFAULT_DATA, Data, Json

EXAMPLES = """Examples:

  salio charges list --short-code 600984
  salio charges set 600984 customer
  salio charges set 600984 split

  salio charges COMMAND --help  the options of a command"""

_PATH = "/_salio/organizations/charges"

ShortCode = Annotated[str, Parameter(help="Whose payments from and to customers it is about.")]
Bearer = Annotated[Literal["organization", "customer", "split"], Parameter(help="Who bears them.")]


def build(*, sort_key: int) -> cyclopts.App:
    """The group of commands."""
    group = cyclopts.App(
        name="charges",
        help="Say who bears the charges of an organization's payments in a running sandbox.",
        help_epilogue=EXAMPLES,
        sort_key=sort_key,
    )
    group.command(list_, name="list", sort_key=1)
    group.command(set_, name="set", sort_key=2)
    return group


def list_(
    *,
    short_code: Annotated[str | None, Parameter(help="Only that of this short code.")] = None,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """List who bears the charges of each organization's payments; as JSON one object a line."""
    query = "" if short_code is None else f"?{urlencode({'short_code': short_code})}"
    charges = control.call(data, "GET", _PATH + query)["charges"]
    for each in charges:
        _print(each, json=json)
    if not charges and not json:
        print("no organization")


def set_(short_code: ShortCode, bearer: Bearer, /, *, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Change it: every payment that is decided from now on follows it."""
    words = {"short_code": short_code, "borne_by": bearer}
    _print(control.call(data, "POST", _PATH, words), json=json)


def _print(borne: Mapping[str, Any], *, json: bool) -> None:
    """``600984   customer      Safaricom Daraja 984``."""
    if json:
        print(msgspec.json.encode(borne).decode())
        return
    print(f"{borne['short_code']:<8} {borne['borne_by']:<13} {borne['name']}")
