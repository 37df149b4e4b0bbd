"""``salio initiator``: the initiators of a running sandbox are listed, locked and unlocked."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

import cyclopts
import msgspec
from cyclopts import Parameter

from salio.cli import control
from salio.cli.options import DEFAULT_DATA, Data, Json

EXAMPLES = """Examples:

  salio initiator list --short-code 600000
  salio initiator lock --short-code 600000 testapiuser
  salio initiator unlock --short-code 600000 testapiuser

  salio initiator COMMAND --help  the options of a command"""

_PATH = "/_salio/initiators"

Name = Annotated[str, Parameter(help="Its name, as requests say it.")]
ShortCode = Annotated[str, Parameter(help="The short code that it belongs to.")]


def build(*, sort_key: int) -> cyclopts.App:
    """The group of commands."""
    group = cyclopts.App(
        name="initiator",
        help="List, lock or unlock the initiators of a running sandbox.",
        help_epilogue=EXAMPLES,
        sort_key=sort_key,
    )
    group.command(list_, name="list", sort_key=1)
    group.command(lock, sort_key=2)
    group.command(unlock, sort_key=3)
    return group


def list_(
    *,
    short_code: Annotated[str | None, Parameter(help="Only those of this short code.")] = None,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """List initiators with their locks and the age of their passwords; as JSON one object a line."""
    query = "" if short_code is None else f"?{urlencode({'short_code': short_code})}"
    initiators = control.call(data, "GET", _PATH + query)["initiators"]
    for each in initiators:
        _print(each, json=json)
    if not initiators and not json:
        print("no initiators")


def lock(name: Name, /, *, short_code: ShortCode, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Lock an initiator: every request that comes from now on finds it locked."""
    _print(control.call(data, "POST", f"{_PATH}/lock", _which(short_code, name)), json=json)


def unlock(name: Name, /, *, short_code: ShortCode, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Unlock an initiator, and forget its wrong passwords."""
    _print(control.call(data, "POST", f"{_PATH}/unlock", _which(short_code, name)), json=json)


def _which(short_code: str, name: str) -> Mapping[str, str]:
    return {"short_code": short_code, "name": name}


def _print(initiator: Mapping[str, Any], *, json: bool) -> None:
    """``600000  testapiuser  API  active, 2 wrong passwords, password expires 2026-11-10``."""
    if json:
        print(msgspec.json.encode(initiator).decode())
        return
    wrong, expires = initiator["wrong_passwords"], initiator["password_expires_at"][:10]
    counted = f", {wrong} wrong password{'' if wrong == 1 else 's'}" if wrong else ""
    who = f"{initiator['short_code']:<8} {initiator['name']:<20} {initiator['channel']:<4}"
    print(f"{who} {initiator['status']}{counted}, password expires {expires}")
