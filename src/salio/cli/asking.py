"""``salio token``, ``salio balance``, ``salio status``: an organization's questions, as commands."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import msgspec
from cyclopts import Parameter
from cyclopts.validators import Number

from salio.cli import profiles
from salio.cli.answers_shown import pairs
from salio.cli.decode import show
from salio.cli.errors import CommandError
from salio.cli.options import DEFAULT_DATA, Data, Json

if TYPE_CHECKING:
    from salio.client.client import Client
    from salio.client.following import Acknowledged
    from salio.wire.decoded import Decoded

TOKEN_EXAMPLES = """Examples:

  salio token                      of the platform that `salio up` runs here
  TOKEN=$(salio token --profile shop)"""  # noqa: S105  # examples, not a secret

BALANCE_EXAMPLES = """Examples:

  salio balance --wait             of 600000 at the platform of `salio up`
  salio balance 600310 --wait --json
  salio balance --profile shop     a profile of ~/.config/salio/profiles.toml"""

STATUS_EXAMPLES = """Examples:

  salio status MBN31H462N --wait
  salio status --conversation 16917-22577599-3 --short-code 600310
  salio status MBN31H462N --profile shop"""

Name = Annotated[
    str,
    Parameter(
        env_var="SALIO_PROFILE",
        help="Whom to ask, and as whom: a table of profiles.toml, or local, the platform of --data.",
    ),
]


@Parameter(name="*")
@dataclass(frozen=True)
class Asked:
    """The options of every question."""

    profile: Name = profiles.LOCAL
    data: Data = DEFAULT_DATA
    remarks: Annotated[str, Parameter(help="Up to 100 characters, for the log.")] = "ok"
    wait: Annotated[bool, Parameter(negative="", help="Wait for the result; exit 1 if it failed.")] = False
    timeout: Annotated[float, Parameter(validator=Number(gte=0), help="Seconds to wait for it.")] = 60
    json: Json = False


DEFAULT = Asked()


def token(*, profile: Name = profiles.LOCAL, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Print an access token, and nothing else."""
    who = profiles.asker(profile, data, initiator=False)
    with _client(who) as client:
        granted = client.token()
    print(msgspec.json.encode({"access_token": granted}).decode() if json else granted)


def balance(
    short_code: Annotated[str | None, Parameter(help="The profile's own if none is given.")] = None,
    /,
    *,
    asked: Asked = DEFAULT,
) -> None:
    """Ask for the balance of a short code."""
    who = profiles.asker(asked.profile, asked.data, short_code=short_code)
    _ask(who, asked, lambda client: client.balance(short_code, remarks=asked.remarks))


def status(
    receipt: Annotated[str | None, Parameter(help="The transaction's receipt.")] = None,
    /,
    *,
    conversation: Annotated[str | None, Parameter(help="Or its OriginatorConversationID, or both.")] = None,
    short_code: Annotated[
        str | None, Parameter(help="The organization that took part; the profile's own if none is given.")
    ] = None,
    asked: Asked = DEFAULT,
) -> None:
    """Ask what became of a transaction."""
    who = profiles.asker(asked.profile, asked.data, short_code=short_code, subject=receipt or conversation)
    _ask(
        who,
        asked,
        lambda client: client.status(
            receipt, original_conversation_id=conversation, short_code=short_code, remarks=asked.remarks
        ),
    )


def _client(who: profiles.Asker) -> "Client":
    from salio.client.client import Client

    return Client(who.environment, who.app, who.initiator, who.callbacks, options=who.options)


def _ask(who: profiles.Asker, asked: Asked, question: "Callable[[Client], Acknowledged]") -> None:
    if asked.wait and who.inbox is None:
        raise CommandError(
            f"--wait reads the inbox of a Salio platform, and this profile's results go to "
            f"{who.callbacks.result_url if who.callbacks else 'nowhere'}: leave it out"
        )
    with _client(who) as client:
        if who.inbox is not None:
            from salio.client.inbox import InboxFollower

            client.attach(InboxFollower(who.inbox, options=who.options))
        acknowledged = question(client)
        if not asked.json:
            _show_acknowledgement(acknowledged)
        decoded = _result(acknowledged, asked.timeout) if asked.wait else None
    if asked.json:
        print(_as_json(acknowledged, decoded))
    elif decoded is not None:
        print()
        show(decoded)
    if decoded is not None and decoded.code != "0":
        raise CommandError(f"the request was taken, and failed: {decoded.code} {decoded.said}")


def _result(acknowledged: "Acknowledged", timeout: float) -> "Decoded":
    """Waits, and shows on a terminal that it does."""
    from rich.console import Console

    from salio.wire.decoded import decode

    waiting = f"waiting for the result of {acknowledged.conversation_id}, {timeout:g} s at most"
    with Console(stderr=True, highlight=False, markup=False, emoji=False).status(waiting):
        result = acknowledged.result(timeout)
    return decode(result.raw if isinstance(result.raw, bytes) else msgspec.json.encode(result.raw))


def _show_acknowledgement(acknowledged: "Acknowledged") -> None:
    print(f"Accepted; the result goes to {acknowledged.followed.callbacks.result_url}")
    pairs(
        (name, value or "-")
        for name, value in (
            ("ConversationID", acknowledged.conversation_id),
            ("OriginatorConversationID", acknowledged.originator_conversation_id),
        )
    )


def _as_json(acknowledged: "Acknowledged", decoded: "Decoded | None") -> str:
    said = {
        "conversation_id": acknowledged.conversation_id,
        "originator_conversation_id": acknowledged.originator_conversation_id,
        "code": acknowledged.code,
        "description": acknowledged.description,
        "result_url": acknowledged.followed.callbacks.result_url,
    }
    return msgspec.json.encode(said if decoded is None else said | {"result": decoded}).decode()
