"""``salio token``, ``salio balance``, ``salio status``: an organization's questions, as commands."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
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
from salio.cli.record import LISTEN_PORT, opened_before

if TYPE_CHECKING:
    from salio.client.client import Client
    from salio.client.following import Acknowledged
    from salio.tracker.record import Record
    from salio.wire.decoded import Decoded

TOKEN_EXAMPLES = """Examples:

  salio token                      of the platform that `salio up` runs here
  TOKEN=$(salio token --profile shop)"""  # noqa: S105  # examples, not a secret

BALANCE_EXAMPLES = """Examples:

  salio balance --wait             of 600000 at the platform of `salio up`
  salio balance 600310 --wait --json
  salio balance --profile shop     a profile of ~/.config/salio/profiles.toml
  salio balance --wait --record payments.db
                                   its result comes to `salio listen` on that"""

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


LOCAL_RECEIVER = f"http://127.0.0.1:{LISTEN_PORT}"
"""Where the platform of --data reaches `salio listen`."""

Standing = Callable[[str | None], str]
"""A conversation's id, to the state of its request: open, settled, failed or needs a person."""
_OPEN = "open"


@Parameter(name="*")
@dataclass(frozen=True)
class Asked:
    """The options of every question."""

    profile: Name = profiles.LOCAL
    data: Data = DEFAULT_DATA
    remarks: Annotated[str, Parameter(help="Up to 100 characters, for the log.")] = "ok"
    wait: Annotated[bool, Parameter(negative="", help="Wait for the result; exit 1 if it failed.")] = False
    timeout: Annotated[float, Parameter(validator=Number(gte=0), help="Seconds to wait for it.")] = 60
    record: Annotated[
        str | None,
        Parameter(
            env_var="SALIO_RECORD",
            help="Keep the request in this record, a file or postgresql://...; results come to its receiver.",
        ),
    ] = None
    receiver: Annotated[
        str | None,
        Parameter(help="Where `salio listen` on the record is reached, if the profile does not tell."),
    ] = None
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
    if not (receipt or conversation):
        raise CommandError("which transaction? Give its receipt, or --conversation with its id, or both")
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
    with _client(who) as client, _followed(client, who, asked) as standing:
        acknowledged = question(client)
        if not asked.json:
            _show_acknowledgement(acknowledged)
        decoded = awaited(acknowledged, asked, standing) if asked.wait else None
    if asked.json:
        print(_as_json(acknowledged, _OPEN if decoded is None else _end_of(decoded), decoded))
    elif decoded is not None:
        print()
        show(decoded)
    if decoded is not None and decoded.code != "0":
        end = "nobody knows what became of it" if _end_of(decoded) == _OPEN else "failed"
        raise CommandError(f"the request was taken, and {end}: {decoded.code} {decoded.said}")


def _end_of(decoded: "Decoded") -> str:
    from salio.tracker.orders import INCONCLUSIVE

    if decoded.code in INCONCLUSIVE:
        return _OPEN
    return "settled" if decoded.code == "0" else "failed"


@contextmanager
def _followed(client: "Client", who: profiles.Asker, asked: Asked) -> Iterator[Standing]:
    """Lets results be waited for, in a record or an inbox, and tells how a conversation stands there. Raises
    CommandError.
    """
    place = asked.record or who.record
    if place is not None:
        with closing(opened_before(place)) as record:
            _track(client, record, asked.receiver or _receiver(who, asked.profile, record))
            yield lambda conversation: _standing(record, conversation)
        return
    if who.inbox is not None:
        from salio.client.inbox import InboxFollower

        client.attach(InboxFollower(who.inbox, options=who.options))
    elif asked.wait:
        raise CommandError(
            f"--wait looks into a record (--record), or the inbox of a Salio platform, and this profile's "
            f"results go to {who.callbacks.result_url if who.callbacks else 'nowhere'}: leave it out, or "
            "receive them with `salio listen` and name its record"
        )
    yield lambda _: _OPEN


def _track(client: "Client", record: "Record", receiver: str) -> None:
    """Like any process on the record: it judges as the application does, and asks for what is late."""
    from salio.tracker.agreed import agreed
    from salio.tracker.settings import Endpoint
    from salio.tracker.tracker import Tracker

    by = agreed(record)
    endpoint = Endpoint(url=receiver, confirm_payments=by.confirm_payments)
    Tracker(client, record, endpoint, patience=by.patience)


def _receiver(who: profiles.Asker, profile: str, record: "Record") -> str:
    """Where the record's receiver is, by the profile. Raises CommandError."""
    from salio.tracker.settings import Endpoint

    if profile == profiles.LOCAL:
        return LOCAL_RECEIVER
    url = who.callbacks.result_url if who.callbacks else ""
    base = url.rsplit("/", 2)[0]
    if not base or Endpoint(url=base).callbacks(record.keys).result_url != url:
        raise CommandError(
            f"results of the profile {profile} go to {url or 'nowhere'}, which is no address of the record "
            f"{record.name}: take as result_url the ResultURL that `salio listen` on it prints, or name with "
            "--receiver where that is reached"
        )
    return base


def _standing(record: "Record", conversation: str | None) -> str:
    from salio.tracker import looking
    from salio.tracker.errors import RecordUnavailable

    try:
        return (conversation and looking.state(record, conversation)) or _OPEN
    except RecordUnavailable:
        return _OPEN


def awaited(acknowledged: "Acknowledged", asked: Asked, standing: Standing) -> "Decoded":
    """The result. If none comes, or Ctrl-C does, a program is told which request it is all the same."""
    try:
        return _result(acknowledged, asked.timeout)
    except BaseException:
        if asked.json:
            print(_as_json(acknowledged, standing(acknowledged.conversation_id), None), flush=True)
        raise


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


def _as_json(acknowledged: "Acknowledged", state: str, decoded: "Decoded | None") -> str:
    said = {
        "conversation_id": acknowledged.conversation_id,
        "originator_conversation_id": acknowledged.originator_conversation_id,
        "code": acknowledged.code,
        "description": acknowledged.description,
        "result_url": acknowledged.followed.callbacks.result_url,
        "state": state,
    }
    return msgspec.json.encode(said if decoded is None else said | {"result": decoded}).decode()
