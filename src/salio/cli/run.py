"""``salio run``: a program whose requests to Safaricom reach a platform of one's own instead."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit

from cyclopts import Parameter

from salio.cli.errors import CommandError
from salio.cli.options import DEFAULT_DATA, Data

if TYPE_CHECKING:
    from salio.redirect.heads import Destination

EXAMPLES = """Examples:

  salio run -- python manage.py runserver
  salio run -- node server.js
  salio run --others refuse -- npm test           nothing else can be reached
  salio run --hosts -- node server.js             a program that knows no proxy
  salio run --platform http://127.0.0.1:8282 -- php shop.php

  Its exit status is the program's. What each kind of program needs: docs/run.md"""

_OTHERS = Parameter(help="Whether other hosts can be reached as well.")
_HOSTS = Parameter(
    negative="",
    show_default=False,
    help="Give the program a table of hosts and a network of its own, for one that knows no proxy.",
)
_PLATFORM = Parameter(help="Base URL of a platform that runs; without it one is started in --data.")


def run(
    *command: Annotated[str, Parameter(allow_leading_hyphen=True, help="The program and its arguments.")],
    others: Annotated[Literal["pass", "refuse"], _OTHERS] = "pass",
    hosts: Annotated[bool, _HOSTS] = False,
    platform: Annotated[str | None, _PLATFORM] = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Run a program so that Safaricom's sandbox and production are a platform on this machine."""
    if not command:
        raise CommandError("say which program, after two hyphens: salio run -- COMMAND")
    named = None if platform is None else _destination(platform)
    import asyncio
    import tempfile

    from salio.cli.child import end_as, why_not_runnable
    from salio.cli.running import Wanted, away, redirect, tell

    not_runnable = why_not_runnable(command[0])
    if not_runnable is not None:
        code, why = not_runnable
        tell(f"{command[0]}: {why}")
        end_as(code)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="salio-run-")))
        outside = stack.enter_context(away(folder)) if hosts else None
        wanted = Wanted(command=command, others=others, platform=named, data=data, outside=outside)
        code = asyncio.run(redirect(wanted, folder))
    end_as(code)


def _destination(url: str) -> "Destination":
    from salio.redirect.heads import Destination

    # what was given is not said again: somebody may have put a password in it
    wrong = CommandError("--platform takes a base URL like http://127.0.0.1:8282, without a path or a user")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise wrong from error
    plain = not (parts.path.strip("/") or parts.query or parts.fragment or parts.username)
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0 or not plain:
        raise wrong
    tls = parts.scheme == "https"
    return Destination(parts.hostname, port or (443 if tls else 80), tls)
