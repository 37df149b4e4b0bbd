"""What ``salio up`` prints once requests are welcome: where things are, and three commands to paste.

Every line but a long path's is at most 80 characters wide. Where a value is longer, a backslash ends the line
inside double quotes or an unquoted here-document: the shell joins such lines again, so pasting works.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from salio import __version__
from salio.wire.apis import OAUTH_PATH, Api

if TYPE_CHECKING:
    from salio.platform.settings import Running

_WIDTH = 76
_JSON = '-H "Content-Type: application/json"'
_READ_TOKEN = r"""sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p')"""  # noqa: S105 - a command


def as_json(running: "Running") -> str:
    """Everything in one line, with the commands as three texts."""
    return msgspec.json.encode(
        msgspec.to_builtins(running) | {"version": __version__, "commands": list(commands(running))}
    ).decode()


def as_text(running: "Running", program: str, data_option: str, *, has_curl: bool = True) -> Iterator[str]:
    """For a person at a terminal; ``program`` and ``data_option`` are how other commands find the folder.

    ``has_curl``: whether the three commands can be curl's, which show what goes over the wire.
    """
    yield f"Salio {__version__}: the sandbox is ready. Ctrl-C ends it."
    yield ""
    for name, value in (
        ("base URL", running.base_url),
        ("consumer key", running.consumer_key),
        ("secret", running.consumer_secret),
        ("certificate", running.certificate),
        ("data folder", running.data),
        ("wire profile", running.profile),
        ("test data", f"{program} testdata{data_option}"),
        ("the log", f"{program} log --follow{data_option}"),
    ):
        yield f"{name:<14}{value}"
    yield ""
    yield "Paste into another terminal, one after the other:"
    headings = ("a token", "the balance of 600000", "the status of MBN31H462N")
    asked = commands(running) if has_curl else _own_commands(program, data_option)
    for number, (heading, command) in enumerate(zip(headings, asked, strict=True), 1):
        yield ""
        yield f"# {number}. {heading}"
        yield command
    yield ""
    yield "Both results arrive in the built-in inbox; look at"
    yield f"  {running.inbox_url}"


def commands(running: "Running") -> tuple[str, str, str]:
    """Token, balance query, status query; the last two use the TOKEN that the first sets."""
    return _token(running), _balance(running), _status(running)


def _own_commands(program: str, data_option: str) -> tuple[str, str, str]:
    """The same without curl, which not every machine has; they show the results themselves."""
    return (
        f"{program} token{data_option}",
        f"{program} balance --wait{data_option}",
        f"{program} status MBN31H462N --wait{data_option}",
    )


def _token(running: "Running") -> str:
    return "\n".join(
        (
            f'TOKEN=$(curl -s -u "{running.consumer_key}:\\',
            f'{running.consumer_secret}" \\',
            f'  "{running.base_url}{OAUTH_PATH}?grant_type=client_credentials" \\',
            f"  | {_READ_TOKEN}; echo $TOKEN",
        )
    )


def _balance(running: "Running") -> str:
    return _query(running, Api.ACCOUNT_BALANCE, "testapiuser", "600000", {})


def _status(running: "Running") -> str:
    asked = {"TransactionID": "MBN31H462N", "Occasion": "first try"}
    return _query(running, Api.TRANSACTION_STATUS, "testapi", "600310", asked)


def _query(running: "Running", api: Api, initiator: str, party: str, more: dict[str, str]) -> str:
    members = {
        "Initiator": initiator,
        "SecurityCredential": _folded(running.security_credential),
        "CommandID": api.command,
        "PartyA": party,
        "IdentifierType": "4",
        "Remarks": "ok",
        **more,
        "QueueTimeOutURL": running.inbox_url,
        "ResultURL": running.inbox_url,
    }
    body = ",\n".join(f'  "{name}": "{value}"' for name, value in members.items())
    return (
        f'curl -s -H "Authorization: Bearer $TOKEN" {_JSON} \\\n'
        f'  "{running.base_url}{api.path}" --data @- <<END; echo\n'
        f"{{\n{body}\n}}\nEND"
    )


def _folded(text: str) -> str:
    """The text over several lines, for a here-document whose end is not quoted: a backslash joins them."""
    return "".join(f"\\\n{text[start : start + _WIDTH]}" for start in range(0, len(text), _WIDTH))
