"""The organizations: what they ask, and how a call of theirs travels through the real gateway."""

import base64
from collections.abc import Callable, Coroutine, Generator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import msgspec

from salio.core.access.apps import App
from salio.gateway.http import Endpoint, Message, Scope
from salio.platform.door import Door
from salio.sandbox.testdata.operators import PASSWORD, Initiator
from tests.simulation.asks import (
    B2C_PATH,
    BALANCE_PATH,
    C2B_PATH,
    EXPRESS_PATH,
    QUERIES,
    REGISTER_PATH,
    STATUS_PATH,
    Ask,
    own_id,
)
from tests.simulation.network import HOSTS
from tests.simulation.outside import seal, seal_for_others
from tests.simulation.trade import Trade, parties

WRONG_PASSWORD = "Safaricom000!*!"
STRANGERS = ("nobody", "testapi", "admin")


@dataclass
class Writer:
    """Makes up requests: most are as they should be, each kind of slip has its share."""

    chance: Random
    initiators: Sequence[Initiator]
    transactions: list[tuple[str, str, str, str]]
    """Receipt, conversation, and both parties; one of the first two may be unknown."""
    short_codes: Sequence[str]
    trade: Trade
    passwords: dict[tuple[str, str], str] = field(default_factory=dict)
    """Changed passwords, by short code and name."""
    count: int = 0

    def __post_init__(self) -> None:
        """Every seed has its own habits."""
        self._wrong = self.chance.choice((0.05, 0.27, 0.7))
        self._favourites = self.chance.sample(self.short_codes, 2)

    def ask(self, apps: Sequence[App]) -> Ask:
        """A new request of one of the apps; most are of the first."""
        self.count += 1
        trades = self.chance.random() < 0.5
        app = apps[0] if self.chance.random() < (0.8 if trades else 0.4) else self.chance.choice(apps)
        tag = f"ask {self.count}"
        path, members = self.trade.order(app, tag) if trades else self._query(app)
        password = None
        if path not in (C2B_PATH, EXPRESS_PATH, REGISTER_PATH):
            password = self._sign(path, members, tag)
        self._slip(members)
        return Ask(tag, app.number, path, members, password)

    def acknowledged(self, ask: Ask, status: int, body: bytes) -> None:
        """An organization may ask what became of a payment that was taken."""
        answer = msgspec.json.decode(body)
        sides = parties(ask) if status == 200 and answer["ResponseCode"] == "0" else None
        if sides is not None:
            self.transactions.append(("", own_id(answer), *sides))

    def _query(self, app: App) -> tuple[str, dict[str, Any]]:
        path = self.chance.choice(QUERIES)
        members: dict[str, Any] = {
            "CommandID": "AccountBalance" if path == BALANCE_PATH else "TransactionStatusQuery",
            "PartyA": self._party(app),
            "IdentifierType": self.chance.choice(("4", 4, "4", "2")),
        }
        if path == STATUS_PATH:
            self._name_transaction(members, app)
        if self.chance.random() < 0.2:
            members["OriginatorConversationID"] = f"own-{app.number}-{self.chance.randrange(12)}"
        return path, members

    def _sign(self, path: str, members: dict[str, Any], tag: str) -> str | None:
        """Who asks, with which password, and where it is to be told."""
        password, credential = self._credential()
        initiator = self._initiator(str(members.get("PartyA", members.get("ReceiverParty"))))
        if password == PASSWORD:
            password = self.passwords.get((initiator.short_code, initiator.name), PASSWORD)
            credential = seal(password, self._noise())
        members |= {
            "InitiatorName" if path == B2C_PATH else "Initiator": initiator.name,
            "SecurityCredential": credential,
            "Remarks": tag,
            "ResultURL": f"http://{self.chance.choice(HOSTS)}/inbox/result-{self.count}",
            "QueueTimeOutURL": f"http://{self.chance.choice(HOSTS)}/inbox/late-{self.count}",
        }
        return password

    def _credential(self) -> tuple[str | None, str]:
        kind = self.chance.random()
        if kind < 0.05:
            return None, seal_for_others(self._noise())
        if kind < self._wrong:
            return WRONG_PASSWORD, seal(WRONG_PASSWORD, self._noise())
        return PASSWORD, ""

    def _noise(self) -> bytes:
        return self.chance.randbytes(256)

    def _party(self, app: App) -> str:
        kind = self.chance.random()
        if kind < 0.1:
            return self.chance.choice(self.short_codes)
        if kind < 0.5:
            return self.chance.choice(self._favourites)
        return self.chance.choice(sorted(app.short_codes) or self.short_codes)

    def _initiator(self, party: str) -> Initiator:
        here = [each for each in self.initiators if each.short_code == party]
        kind = self.chance.random()
        if here and kind < 0.75:
            return here[0]
        if here and kind < 0.85:
            return self.chance.choice(here)
        if kind < 0.95:
            return self.chance.choice(self.initiators)
        return Initiator(self.chance.choice(STRANGERS), PASSWORD, party, "")

    def _name_transaction(self, members: dict[str, Any], app: App) -> None:
        own = [each for each in self.transactions if app.short_codes.intersection(each)]
        known = own if own and self.chance.random() < 0.8 else self.transactions
        receipt, conversation, debit, credit = self.chance.choice(known)
        if self.chance.random() < 0.75:
            short_codes = [each for each in (debit, credit) if len(each) < 12]
            members["PartyA"] = self.chance.choice(short_codes)
        customers = [each for each in (debit, credit) if len(each) == 12]
        if customers and self.chance.random() < 0.15:
            members |= {"PartyA": customers[0], "IdentifierType": "1"}
        if self.chance.random() < 0.1:
            receipt = "UHP7ABCDEF"
        if self.chance.random() < 0.05:
            conversation = self.chance.choice(self.transactions)[1]
        how = self.chance.random()
        if receipt and how < 0.8:
            members["TransactionID"] = receipt
        if conversation and (how > 0.6 or not receipt):
            members["OriginalConversationID"] = conversation

    def _slip(self, members: dict[str, Any]) -> None:
        kind = self.chance.random()
        if kind < 0.02:
            del members[self.chance.choice(sorted(members.keys() - {"BillRefNumber", "AccountReference"}))]
        elif kind < 0.04:
            members["CommandID"] = "Balance"
        elif kind < 0.05:
            members["SecurityCredential"] = base64.b64encode(b"short").decode()
        elif kind < 0.06:
            members["IdentifierType"] = "7"
        elif kind < 0.08:
            members["Unheard"] = "of"


class Mark:
    """Whoever waits at the door: awaited by the gateway's coroutine, answered after a commit."""

    def __init__(self) -> None:
        self.answer: object = None
        self.call: Call | None = None

    def __await__(self) -> Generator["Mark", None, object]:
        """Hands itself to whoever drives the coroutine."""
        while self.answer is None:
            yield self
        return self.answer


class SimulatedDoor(Door):
    """The way from the gateway's coroutines to the writer and back, without a loop."""

    def __init__(self, answer: Callable[[Sequence[tuple[object, object]]], None]) -> None:
        super().__init__(lambda: None)
        self._answer = answer

    async def wait(self, submit: Callable[[object], object | None]) -> Any:
        """Hands a mark to ``submit`` and waits until it is answered."""
        mark = Mark()
        refused = submit(mark)
        return await mark if refused is None else refused

    def answered(self, group: Sequence[tuple[object, object]]) -> None:
        """Notes the answers; the waiting calls go on when the hand resumes them."""
        self._answer(group)


class Call:
    """One HTTP request on its way through an ASGI endpoint, driven by hand."""

    def __init__(self, endpoint: Endpoint, scope: Scope, body: bytes = b"", ask: Ask | None = None) -> None:
        self.ask = ask
        self.status = 0
        self.body = b""
        self.over = False
        self._sending = body
        coroutine = endpoint(scope, self._receive, self._send)
        assert isinstance(coroutine, Coroutine)
        self._coroutine = coroutine

    def go(self) -> None:
        """Runs until the endpoint waits for a commit or is done."""
        try:
            mark = self._coroutine.send(None)
        except StopIteration:
            self.over = True
        else:
            assert isinstance(mark, Mark)
            mark.call = self

    def drop(self) -> None:
        """The process is gone, and the connection with it."""
        self._coroutine.close()

    async def _receive(self) -> Message:
        return {"type": "http.request", "body": self._sending, "more_body": False}

    async def _send(self, message: Message) -> None:
        self.status = message.get("status", self.status)
        self.body += message.get("body", b"")


def scope_of(method: str, path: str, authorization: str, query: bytes = b"") -> Scope:
    """An HTTP request as an ASGI server presents it."""
    headers = [(b"authorization", authorization.encode()), (b"content-type", b"application/json")]
    return {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "headers": headers,
    }


def body_of(ask: Ask) -> bytes:
    """The JSON that the organization sends."""
    return msgspec.json.encode(ask.members)
