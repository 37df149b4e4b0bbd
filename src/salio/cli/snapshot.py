"""``salio snapshot``: the state of a running sandbox is kept, and brought back."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import quote

import cyclopts
import msgspec
from cyclopts import Parameter

from salio.cli import control
from salio.cli.options import DEFAULT_DATA, Data, Json

EXAMPLES = """Examples:

  salio snapshot take before
  salio snapshot take before --replace
  salio snapshot list
  salio snapshot restore before   and everything is as it was
  salio snapshot remove before

  salio snapshot COMMAND --help   the options of a command
  salio reset                     back to the test data"""

_PATH = "/_salio/snapshots"
_Name = Annotated[str, Parameter(help="1 to 64 letters, digits, dots, dashes and _.")]


def build(*, sort_key: int) -> cyclopts.App:
    """The group of commands."""
    group = cyclopts.App(
        name="snapshot",
        help="Keep the state of a running sandbox, and bring it back.",
        help_epilogue=EXAMPLES,
        sort_key=sort_key,
    )
    group.command(take, sort_key=1)
    group.command(list_, name="list", sort_key=2)
    group.command(restore, sort_key=3)
    group.command(remove, sort_key=4)
    return group


def take(
    name: _Name,
    /,
    *,
    replace: Annotated[bool, Parameter(negative="", help="In the place of one of that name.")] = False,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Keep requests, results, balances, initiators, apps and revoked tokens as they are now."""
    taken = control.call(data, "POST", _PATH, {"name": name, "replace": replace})
    _print([taken], json=json, before="taken: ")


def list_(*, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """List the snapshots, the oldest first; as JSON one object a line."""
    snapshots = control.call(data, "GET", _PATH)["snapshots"]
    _print(snapshots, json=json)
    if not snapshots and not json:
        print("no snapshots")


def restore(name: _Name, /, *, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Bring a state back. What happened since is gone; what was open then is taken up again."""
    restored = control.call(data, "POST", f"{_PATH}/{quote(name, safe='')}/restore")
    _print([restored], json=json, before="restored: ")


def remove(name: _Name, /, *, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Forget a snapshot."""
    _print([control.call(data, "DELETE", f"{_PATH}/{quote(name, safe='')}")], json=json, before="removed: ")


def _print(snapshots: Sequence[Mapping[str, Any]], *, json: bool, before: str = "") -> None:
    for each in snapshots:
        print(msgspec.json.encode(each).decode() if json else f"{before}{_line(each)}")


def _line(snapshot: Mapping[str, Any]) -> str:
    """``before: 12 requests, 1.2 MB, 2026-11-21T09:30:00Z``."""
    requests, megabytes = snapshot["requests"], snapshot["bytes"] / 1_000_000
    counted = f"{requests} request{'' if requests == 1 else 's'}"
    return f"{snapshot['name']}: {counted}, {megabytes:.1f} MB, {snapshot['taken_at']}"
