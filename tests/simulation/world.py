"""The simulated world: one platform after another over one disk, the network around it, and the auditor."""

import sqlite3
from base64 import b64encode
from collections.abc import Callable, Sequence
from hashlib import sha256
from random import Random
from urllib.parse import urlsplit

import msgspec

from salio.core.audit.inbox import ReceivedCallback
from salio.core.parties.operators import OperatorRules, OperatorStatus
from salio.core.ports import StoreUnavailableError
from salio.core.requests.deliveries import AttemptEnd
from salio.core.requests.funds import FundsMoved
from salio.core.requests.outcomes import Admission, Conclusion
from salio.core.requests.queries import Request
from salio.core.transactions.kinds import TransactionKind
from salio.gateway.app import api_endpoints
from salio.gateway.http import Endpoint
from salio.platform.environment import Environment, Outside, Rules
from salio.platform.identifiers import WireIdentifiers, entropy_of
from salio.platform.settings import Settings
from salio.platform.web import Front, desk
from salio.portal.inbox import Arrival
from salio.sandbox.testdata.operators import PASSWORD
from salio.storage.sqlite.access import SqliteAccessStore
from salio.storage.sqlite.store import SqliteStore
from tests.builders import FakeReceipts
from tests.simulation import beginning, tables
from tests.simulation.auditor import Auditor
from tests.simulation.clients import Call, Mark, SimulatedDoor, body_of, scope_of
from tests.simulation.crashes import (
    Crash,
    Disk,
    Fuse,
    Health,
    PoisonError,
    SimulatedStore,
)
from tests.simulation.errands import Errand, MoneyErrand, SwitchErrand
from tests.simulation.hands import Hands
from tests.simulation.network import Network, Parcel
from tests.simulation.outside import (
    EventLog,
    SimulatedClock,
    SimulatedLooks,
    SimulatedMint,
    SimulatedSecrets,
    SimulatedVault,
    Time,
    digest,
)
from tests.simulation.sabotage import Sabotage
from tests.simulation.turns import Turns
from tests.stores import in_memory

LONGEST_WAIT = 60
"""Seconds; the setting's default, in the auditor's own words."""
NEW_PASSWORD = "Safaricom555!*!"


class World:
    """Everything; the hand moves it by one step at a time, and the auditor looks after each."""

    def __init__(self, seed: int, *, sabotage: Sabotage | None = None, rules: Rules | None = None) -> None:
        self.seed = seed
        self.sabotage = sabotage or Sabotage()
        self.time = Time()
        self.log = EventLog(self.time)
        self.fuse = Fuse()
        self.disk = Disk(beginning.environment())
        self.portal = SqliteAccessStore(in_memory("portal"))
        self.portal_tables: sqlite3.Connection = self.portal._connection
        self.apps = beginning.apps()
        self.portal.add_apps(self.apps)
        data = beginning.built()
        self.passwords = {each.number: PASSWORD for each in data.operators}
        self.auditor = Auditor(self.disk.connection, self.portal_tables, self.passwords, LONGEST_WAIT)
        self.hands = Hands(self.log, self.auditor, self.sabotage)
        for each in beginning.registered():
            self.auditor.asked(each)
        self.writer = beginning.writer(seed, lambda: tables.messages(self.disk.connection))
        self.network = Network(Random(f"network {seed}"), self.time, self.log, self.auditor)
        self.mint = SimulatedMint()
        self.turns = Turns(seed, self.disk, self.log)
        self.disk.look = self.auditor.look
        self.rules = rules or Rules()
        self.steps = 0
        self.boot()

    def close(self) -> None:
        """Lets go of both databases."""
        self.turns.drop()
        self._drop_calls()
        self.portal.close()
        self.disk.connection.close()

    def trust_foreign_credentials(self) -> None:
        """From the next start on, credentials that nobody can read count as right."""
        self.rules = msgspec.structs.replace(
            self.rules, operators=OperatorRules(trust_foreign_credentials=True)
        )
        self.auditor.locks.trusting = True

    # --- life and death ----------------------------------------------------------------------------------

    def boot(self) -> None:
        """A new process over the old disk; it may die again before it stands."""
        self.disk.turn(Health.WELL)
        while True:
            try:
                self._start()
            except Crash as crash:
                self.log.note(f"  died {crash}, before it stood")
                self._look()
                self.auditor.died()
            else:
                return

    def _start(self) -> None:
        self.blemished = False
        """Whether this process met a row that nothing could be done about: that waits for the next start."""
        self.calls: list[Call] = []
        self.ready: list[Call] = []
        self.tokens: dict[int, str] = {}
        clock = SimulatedClock(self.time, self.fuse)
        self.store = SimulatedStore(self.disk, self.fuse, self.sabotage.unit_type)
        self.courier = self.sabotage.courier_type(self.network, clock, self.fuse, self._ended, self._to_inbox)
        self.looks = SimulatedLooks(Random(f"looks {self.seed} {self.steps}"))
        door = SimulatedDoor(self._answered)
        outside = Outside(
            store=self.store,
            access=self.portal,
            clock=clock,
            vault=SimulatedVault(self.fuse),
            identifiers=WireIdentifiers(entropy_of(str(self.seed), "identifiers")),
            receipts=FakeReceipts(),
            transport=self.courier,
            carry=self.turns.carry,
            second_look=self.looks if self.seed % 2 else None,
        )
        self.environment = Environment(outside, answered=door.answered, wake=lambda: None, rules=self.rules)
        gateway = desk(
            Front.of(self.environment, outside, self._look_up),
            door=door,
            mint=self.mint,
            secrets=SimulatedSecrets(),
            passkeys=SimulatedSecrets(),
            settings=Settings(),
        )
        self.endpoints: dict[bytes, Endpoint] = dict(api_endpoints(gateway))
        self.counters = gateway.counters
        if self.sabotage.recovers:
            self.environment.recover()

    async def _look_up(self, number: int) -> tuple[Request, Conclusion | None] | None:
        """By the platform's other connection, which sees nothing before its commit: here that is let go."""
        self.turns.end(self.environment.cycle)
        return self.store.look_up(number)

    def do(self, what: str, action: Callable[[], None]) -> None:
        """One step: whatever it does, the platform may die of it, and the auditor looks."""
        self.steps += 1
        self.log.note(what)
        if self.disk.poison == "conclusion for good":
            self.blemished = True
            self.auditor.locks.blur()
        try:
            action()
        except Crash as crash:
            self.die(str(crash))
        except (StoreUnavailableError, PoisonError) as error:
            self.log.note(f"  {type(error).__name__}: {error}")
        self._look()
        assert not self.counters.failed, "the gateway met a fault of ours"

    def _look(self) -> None:
        """Nobody else sees rows before their commit; the auditor's connection, the same, would."""
        if not self.disk.connection.in_transaction:
            self.auditor.look()

    def die(self, where: str, between: Callable[[], None] = lambda: None) -> None:
        """The process ends, and what it had not committed; ``between`` happens before the next one starts."""
        self.log.note(f"  died {where}")
        self.turns.drop()
        self.auditor.look()
        self.auditor.died()
        self.fuse.put_out()
        self._drop_calls()
        self.courier.close()
        self.network.platform_died()
        between()
        self.boot()

    def _drop_calls(self) -> None:
        for call in self.calls:
            call.drop()

    # --- steps -------------------------------------------------------------------------------------------

    def ask(self) -> None:
        """An organization sends a request; it gets a token first if it has none."""
        ask = self.writer.ask(self.apps)
        self.log.note(f"  {ask.text}")
        self.auditor.asked(ask)
        token = self.tokens.get(ask.app) or self._token(ask.app)
        scope = scope_of("POST", ask.path, f"Bearer {token}")
        call = Call(self.endpoints[ask.path.encode()], scope, body_of(ask), ask)
        self.calls.append(call)
        self._advance(call)

    def _token(self, app: int) -> str:
        """Over the real endpoint."""
        pair = f"key-{app}:secret-{app}"
        authorization = f"Basic {b64encode(pair.encode()).decode()}"
        path = "/oauth/v1/generate"
        call = Call(
            self.endpoints[path.encode()],
            scope_of("GET", path, authorization, b"grant_type=client_credentials"),
        )
        call.go()
        if call.status != 200:
            return "none"
        token: str = msgspec.json.decode(call.body)["access_token"]
        self.tokens[app] = token
        return token

    def _advance(self, call: Call) -> None:
        call.go()
        if not call.over:
            return
        self.calls.remove(call)
        ask = call.ask
        assert ask is not None
        self.log.note(f"  {ask.tag} answered {call.status} {call.body.decode()}")
        if call.status in {400, 401} and b"Token" in call.body:
            self.tokens.pop(ask.app, None)
        self.auditor.told(ask, call.status, call.body)
        self.writer.acknowledged(ask, call.status, call.body)

    def turn(self) -> None:
        """One turn of the writer's cycle, or the rest of one whose commit took its time."""
        self.turns.turn(self.environment.cycle)

    def _between_turns(self) -> None:
        """Ends a turn that waits: the auditor judges a decision by what holds when it is committed."""
        self.turns.end(self.environment.cycle)
        self.auditor.look()

    def carry(self) -> None:
        """One step of the courier and of everything on its way."""
        self.courier.step()

    def resume(self) -> None:
        """The event loop runs: who was answered goes on, and looks may end."""
        self.looks.run()
        ready, self.ready = self.ready, []
        for call in ready:
            self._advance(call)

    def hang_up(self) -> None:
        """A client goes away before its answer came."""
        if self.calls:
            call = self.network.chance.choice(self.calls)
            self.calls.remove(call)
            self.ready = [each for each in self.ready if each is not call]
            call.drop()

    def act(self, errand: Errand) -> None:
        """Somebody does something by hand."""
        self.log.note(f"  {errand}")
        errand.begin(self.environment, self.auditor)

    def change_app(self, number: int, short_codes: Sequence[str]) -> None:
        """An app gets other short codes while its requests wait."""
        self._between_turns()
        text = msgspec.json.encode(sorted(short_codes)).decode()
        self.portal_tables.execute("UPDATE app SET short_codes = ? WHERE number = ?", (text, number))
        self._refresh_apps()

    def _refresh_apps(self) -> None:
        self.environment.refresh_access()
        self.apps = self.portal.apps()

    def remove_app(self, number: int) -> None:
        """An app goes away while its requests wait."""
        self._between_turns()
        self.portal_tables.execute("DELETE FROM app WHERE number = ?", (number,))
        self._refresh_apps()

    def change_operator(self, number: int) -> None:
        """Between two lives an operator is unlocked and gets a new password."""
        self.die(f"for maintenance of operator {number}", lambda: self._change_operator(number))

    def _change_operator(self, number: int) -> None:
        store, now = SqliteStore(self.disk.connection), self.time.wall
        self.disk.turn(Health.WELL)
        operator = next(each for each in beginning.built().operators if each.number == number)
        changed = msgspec.structs.replace(
            operator,
            status=OperatorStatus.ACTIVE,
            wrong_passwords=0,
            password_digest=digest(NEW_PASSWORD),
            password_set_at=now,
            last_used_at=now,
        )
        with store.unit() as unit:
            unit.save_operators([changed])
        self.passwords[number] = NEW_PASSWORD
        self.writer.passwords[operator.short_code, operator.name] = NEW_PASSWORD
        self.auditor.locks.learn()

    # --- what the platform calls -------------------------------------------------------------------------

    def _answered(self, group: Sequence[tuple[object, object]]) -> None:
        for mark, answer in group:
            self.fuse.touch("before an answer")
            if isinstance(mark, Parcel):
                self._inbox_answered(mark, kept=bool(answer))
                continue
            if isinstance(mark, MoneyErrand | SwitchErrand):
                self._done(mark, answer)
                continue
            assert isinstance(mark, Mark)
            mark.answer = Admission.ACCEPTED if self.sabotage.lies else answer
            if mark.call in self.calls:
                assert mark.call is not None
                self.ready.append(mark.call)

    def _done(self, errand: Errand, answer: object) -> None:
        self.log.note(f"  an act ends: {errand.ended(answer, self.auditor)}")
        done = answer.transaction if isinstance(answer, FundsMoved) else None
        if done is not None and done.kind is TransactionKind.IMT:
            self.writer.transactions.append((done.receipt, "", done.debit_party, done.credit_party))

    def _ended(self, ends: list[AttemptEnd]) -> None:
        self.environment.ended(ends)

    def _to_inbox(self, parcel: Parcel) -> None:
        """The platform posts to its own inbox, which answers after a commit."""
        name = urlsplit(parcel.attempt.url).path
        callback = ReceivedCallback(inbox=name, received_at=self.time.wall, body=parcel.attempt.body)
        parcel.status, parcel.fault = None, "timed out"
        parcel.ends_at = self.time.seconds + 10.0
        self.environment.inbox.submit(Arrival(callback, parcel))

    def _inbox_answered(self, parcel: Parcel, *, kept: bool) -> None:
        parcel.status, parcel.fault = (200 if kept else 503), None
        parcel.ends_at = self.time.seconds
        self.auditor.arrived(parcel.attempt.url, parcel.attempt.body, parcel.status)

    # --- the end -----------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Lets everything come to its end, with good weather; then the auditor's last look."""
        self.fuse.put_out()
        self.disk.poison = ""
        self.do("the end: everything is well", lambda: self.disk.turn(Health.WELL))
        self.run_dry()
        self.hands.do_all(self, sure=not self.blemished)
        if not (self.blemished or self.environment.ends.unrecorded):
            self.auditor.rest()
        self.do("the end: one more start", lambda: self.die("at the end"))
        self.run_dry()
        self.hands.do_all(self, sure=True)
        self.auditor.rest()
        for how, count in tables.ends(self.disk.connection):
            self.log.note(f"  {count} requests {how}")
        text = tables.everything(self.disk.connection)
        self.log.note(f"rest: {sha256(text.encode()).hexdigest()}")

    def run_dry(self) -> None:
        """Turns until nothing but people is waited for."""
        for _ in range(2_000):
            self.do("the end: turn", self.turn)
            self.do("the end: carry", self.carry)
            self.do("the end: resume", self.resume)
            here = self.environment
            undelivered = here.diagnosis.waiting() + here.claims.waiting() + here.claims.in_flight()
            undelivered += here.validations.under_way()
            left = here.processor.waiting() + undelivered + here.ends.waiting()
            if not (left or self.turns.under_way):
                return
            self.time.advance(1.0)
        raise AssertionError("the platform never comes to rest")
