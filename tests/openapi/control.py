"""The control's document. Its calls change the platform: time, faults, state, tokens, initiators, at random.

So that there is something to change, the platform is asked for a token and both questions now and then. What
is in force then may refuse, hold up or cut off any of that: what comes of it is taken as it comes.
"""

import json
import socket
import time
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

from salio.platform.folder import DataFolder
from salio.sandbox.control.fault_calls import VALUES
from salio.sandbox.kinds import Kind
from salio.vault.keys import KeyRing
from salio.wire.apis import OAUTH_PATH, Api
from salio.wire.results import WITH_RESULT
from tests.kill.platforms import Platform
from tests.openapi.document import Body, Case, Document, Known

PATIENCE = 0.5
"""Seconds for an answer that a fault may delay by a year."""
SNAPSHOTS = ("a", "b", "c")
"""Names that are asked for again and again; each of the others is taken once."""
NAMES = {"OriginatorConversationID", "ConversationID", "requestId"}
"""Members of an answer by whose values the request can be looked up."""
DAY = 86_400


def _known(platform: Platform, before: Known | None) -> Known:
    """As much as can be learnt with what is in force."""
    said = platform.said
    basic = b64encode(f"{said['consumer_key']}:{said['consumer_secret']}".encode()).decode()
    granted = _answer(platform, f"GET {OAUTH_PATH}?grant_type=client_credentials", f"Basic {basic}")
    token = granted.get("access_token", before.token if before else "none yet")
    names: list[str] = []
    for api in WITH_RESULT:
        told = _answer(platform, f"POST {api.path}", f"Bearer {token}", question(api, platform.said))
        names += [value for name, value in told.items() if name in NAMES]
    return Known(
        token=token,
        basic=f"Basic {basic}",
        credential=said["security_credential"],
        inbox_url=said["inbox_url"],
        key=KeyRing.load(DataFolder(Path(said["data"])).keys).control_key(),
        faults=tuple(each["number"] for each in platform.control("GET", "faults")[1]["faults"]),
        names=tuple(names) or (before.names if before else ("1",)),
    )


def question(api: Api, said: Mapping[str, Any]) -> Body:
    """One that succeeds, as long as nothing is in the way."""
    body = {
        "Initiator": "testapiuser",
        "SecurityCredential": said["security_credential"],
        "CommandID": api.command,
        "PartyA": "600000",
        "IdentifierType": "4",
        "Remarks": "ok",
        "QueueTimeOutURL": said["inbox_url"],
        "ResultURL": said["inbox_url"],
    }
    return body if api is Api.ACCOUNT_BALANCE else body | {"TransactionID": "UHP31H462N"}


def _answer(platform: Platform, asked: str, authorization: str, body: Body | None = None) -> dict[str, str]:
    """The members of the answer; none if it does not come whole within the patience."""
    content = b"" if body is None else json.dumps(body).encode()
    head = (
        f"{asked} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: {authorization}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    try:
        members = json.loads(_heard(platform.port, head.encode() + content).partition(b"\r\n\r\n")[2])
    except (OSError, ValueError):
        return {}
    return members if isinstance(members, dict) else {}


def _heard(port: int, asked: bytes) -> bytes:
    """What comes until the other side hangs up; a TimeoutError after the patience, however it drips."""
    came, end = b"", time.monotonic() + PATIENCE
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(asked)
        while piece := connection.recv(65_536):
            came += piece
            connection.settimeout(max(end - time.monotonic(), 0.001))
    return came


# --- what chance does not hit ----------------------------------------------------------------------------


def _fault(_known: Known, chance: Random) -> Body:
    kind = chance.choice(list(Kind))
    fault: Body = {kind.value: chance.choice(list(VALUES[kind.value])), "next": chance.randint(1, 3)}
    return fault | ({"seconds": chance.choice([0.01, 5, 100 * DAY])} if kind is Kind.DELAY else {})


BODIES: Mapping[str, Callable[[Known, Random], Body]] = {
    "POST /_salio/clock/advance": lambda _, chance: {"seconds": chance.choice([0.5, 60, DAY, 95 * DAY])},
    "POST /_salio/clock/set": lambda _, chance: {"to": f"20{chance.randint(17, 31)}-02-28T23:59:59+03:00"},
    "POST /_salio/snapshots": lambda _, chance: {
        "name": chance.choice(SNAPSHOTS),
        "replace": chance.random() < 0.5,
    },
    "POST /_salio/tokens/revoke": lambda known, chance: chance.choice([{"token": known.token}, {"app": 1}]),
    "POST /_salio/initiators/lock": lambda *_: {"short_code": "600000", "name": "testapiuser"},
    "POST /_salio/initiators/unlock": lambda *_: {"short_code": "600000", "name": "testapiuser"},
    "POST /_salio/faults": _fault,
}
PLACES: Mapping[str, Callable[[Known, Random], Body]] = {
    "POST /_salio/snapshots/{name}/restore": lambda _, chance: {"name": chance.choice(SNAPSHOTS)},
    "DELETE /_salio/snapshots/{name}": lambda _, chance: {"name": chance.choice(SNAPSHOTS)},
    "DELETE /_salio/faults/{number}": lambda known, chance: {"number": _one_of(known.faults or (1,), chance)},
    "GET /_salio/requests/{id}": lambda known, chance: {"id": _one_of((*known.names, "1", "2"), chance)},
}


def _one_of(some: Sequence[int | str], chance: Random) -> int | str:
    """However many there are, chance goes on in the same way."""
    return some[int(chance.random() * len(some))]


def _amend(operation: str, case: Case, known: Known, chance: Random) -> bool:
    if operation in BODIES:
        case.body = BODIES[operation](known, chance)
    if operation in PLACES:
        case.path_parameters = PLACES[operation](known, chance)
        case.body = {} if operation.startswith("POST ") else case.body
    return operation in BODIES or operation in PLACES


CONTROL = Document(
    name="control",
    served="/_salio/openapi.json",
    golden="docs/control.openapi.json",
    know=_known,
    renewed_after=25,
    headers=lambda _, known: {"X-Salio-Key": known.key},
    amend=_amend,
    harmless=lambda body, _: body,
    excused=lambda *_: False,
)
