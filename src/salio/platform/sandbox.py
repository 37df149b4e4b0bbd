"""The sandbox on this machine: opens the data folder, fills it at first start, and runs the loops."""

import asyncio
import os
import socket
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TypeVar

import structlog
from starlette.routing import BaseRoute

from salio.core.access.apps import App
from salio.core.cycle import Cycle
from salio.core.ports import Clock
from salio.core.requests.deliveries import AttemptEnd
from salio.delivery.addresses import SANDBOX as SANDBOX_ADDRESSES
from salio.delivery.courier import Courier
from salio.gateway.app import Gateway
from salio.gateway.on_demand import OnDemand
from salio.platform.acts import Revoking, acting, bearing, moving, switching
from salio.platform.clock import SystemClock
from salio.platform.databases import databases_of
from salio.platform.deaths import DeathRecord
from salio.platform.door import Door
from salio.platform.entries import Log
from salio.platform.environment import Environment, Outside
from salio.platform.filling import fill, fill_anew, find_app
from salio.platform.folder import PRODUCTION, SANDBOX, DataFolder
from salio.platform.identifiers import WireIdentifiers, entropy_of
from salio.platform.loops import Aside, Rounds, Writer
from salio.platform.phones import PhonesHere
from salio.platform.rules import chances, operator_rules_of, rules_of
from salio.platform.second_looks import SecondLooks
from salio.platform.settings import Settings
from salio.platform.snapshots import Snapshots
from salio.platform.state import Gate, State, StateInServer
from salio.platform.tenancy import keep as keep_place
from salio.platform.tenancy import lead_alone
from salio.platform.threads import Threads
from salio.platform.waits import Waits
from salio.platform.web import Front, application, desk, metrics_of, protocol
from salio.portal import phone_pages
from salio.sandbox.clock import SandboxClock
from salio.sandbox.control import all_calls as control
from salio.sandbox.control.calls import Control
from salio.sandbox.faults import Faults
from salio.sandbox.plan import read_plan
from salio.sandbox.testdata.passkeys import PUBLISHED_PASSKEYS
from salio.storage.ports import Duty
from salio.vault.app_secrets import AppSecrets
from salio.vault.credentials import CredentialReader
from salio.vault.errors import KeyFileError
from salio.vault.keys import KeyRing
from salio.vault.passkeys import Passkeys
from salio.vault.receipts import ReceiptMint
from salio.vault.second_look import CredentialExaminer
from salio.vault.tokens import TokenMint

T = TypeVar("T")

UNSEEN = -1
"""The version of an access store that could not be read: no real one has it, so the next look reads again."""

Keep = Callable[["asyncio.Task[None]"], "asyncio.Task[None]"]

Around = Callable[[Outside], Outside]
"""What a test puts around the things that the stages stand on, to watch or to disturb them."""


class Sandbox:
    """Everything of the sandbox environment that lives as long as the process."""

    def __init__(
        self,
        settings: Settings,
        folder: DataFolder,
        clock: Clock,
        around: Around = lambda outside: outside,
        *,
        reasons_told: bool = True,
        registered_once: bool = False,
    ) -> None:
        """Opens and, at first start, creates. Raises StartError, VaultError, NewerDatabaseError.

        ``reasons_told``: with X-Salio-Reason and the second look behind it, which production does not have.
        ``registered_once``: as in production, URLs that are registered stay, and no public tester's are.
        """
        self.folder = folder
        self._settings = settings
        self._databases = databases_of(folder)
        self._reasons_told = reasons_told
        self._registered_once = registered_once
        self._clock = SandboxClock(clock)
        self.faults = Faults(self._clock, chances(settings.seed))
        self._plan = read_plan(settings.faults) if settings.faults is not None else []
        self._follow_plan()
        snapshots = Snapshots(folder)
        self._databases.secure()
        snapshots.tidy()
        self._databases.migrate()
        self.keys = KeyRing.open(folder.keys, SANDBOX, entropy=entropy_of(settings.seed, "keys"))
        self.secrets = AppSecrets(self.keys, entropy=entropy_of(settings.seed, "secrets"))
        self.vault = CredentialReader(
            self.keys, entropy=os.urandom, remember_ciphertexts=settings.remember_ciphertexts
        )
        self.vault.self_test()
        self._tenure = self._databases.tenure(Duty.ALL, f"{socket.gethostname()}:{folder.path}")
        lead_alone(self._tenure)
        self.store = self._databases.store(self._tenure)
        self.access = self._databases.access()
        self._reading = self._databases.store()
        self._deaths = DeathRecord(folder.deaths)
        self._look_ups = Threads("names")
        self.courier = self._new_courier()
        self._aside = Aside()
        self.writer = Writer(Cycle(self.store, []), each_calls=True)
        self._rounds = Rounds(self.courier, self.writer.lull)
        self._waits = Waits(self._clock)
        self._looks = SecondLooks(self._examiner().examine) if reasons_told else None
        self._outside = around(self._stand_on())
        self._mint = TokenMint(self.keys, entropy=entropy_of(settings.seed, "tokens"))
        self._running: list[asyncio.Task[None]] = []
        self._access_seen = UNSEEN
        self.state = self._new_state(snapshots)
        self.application = self._enter()
        """Whatever the content, this is what is served."""
        self.protocol = protocol(lambda: self.desk, settings)
        """What a server should speak HTTP by."""

    async def start(self, keep: Keep = lambda loop: loop) -> None:
        """Takes up what a crash left open and starts the loops, each of which ``keep`` is given."""
        self._take_up()
        self._running = [keep(asyncio.create_task(each.run())) for each in (self.writer, self._rounds)]
        self._keeping = keep(asyncio.create_task(keep_place(self._tenure)))
        self.writer.wake()

    async def stop(self) -> None:
        """Ends the loops and closes the files; what is still open leaves after the next start."""
        await self.state.finish()
        self._rounds.stop()
        self.writer.stop()
        await asyncio.gather(*self._running)
        self._keeping.cancel()
        await asyncio.gather(self._keeping, return_exceptions=True)
        self.environment.processor.shut()
        self._aside.close()
        if self._looks is not None:
            self._looks.close()
        self.courier.close()
        self._look_ups.close()
        self._deaths.close()
        self._reading.close()
        self.access.close()
        self.store.close()
        self._tenure.end()

    def idle(self) -> bool:
        """Whether nothing waits to be decided, delivered or recorded that could be now."""
        environment = self.environment
        if not self.writer.turns(environment.cycle):  # of unreadable content nothing goes on
            return not self.writer.turning
        return not (
            self.writer.turning
            or environment.due()
            or environment.claims.in_flight()
            or environment.validations.under_way()
            or environment.ends.waiting()
            or environment.refusals.waiting()
            or environment.notes.waiting()
        )

    async def come_to_rest(self, seconds: float) -> bool:
        """Waits until nothing is under way, so long at most; whether that came to pass."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while not self.idle() and loop.time() < deadline:  # noqa: ASYNC110 - the end of everything has no event
            await asyncio.sleep(0.02)
        return self.idle()

    def let_go(self) -> None:
        """Acknowledgements that a fault keeps back leave now."""
        self._waits.let_go()

    def follow_access(self) -> None:
        """Takes changed apps and revocations; a store that cannot be seen honours no token."""
        try:
            version = self.access.version()
            if version != self._access_seen:
                self.environment.refresh_access()
                self._access_seen = version
        except Exception as error:  # whoever cannot see what is revoked honours nothing, and looks again
            if self._access_seen != UNSEEN:
                structlog.get_logger().error("access_unreadable", error=str(error))
            self.environment.apps.lose_sight()
            self._access_seen = UNSEEN

    def test_app(self) -> App:
        """The test data's app, which follows ``--wire``."""
        app = find_app(self.access)
        assert app is not None  # noqa: S101 - written when the sandbox was opened
        return app

    def _enter(self) -> Gateway:
        """Reads the content of the store, and what answers requests from it."""
        settings, outside, door = self._settings, self._outside, Door(self.writer.wake)
        fill(
            self.store,
            self.access,
            now=self._clock.now(),
            digest=self.vault.digest,
            secrets=self.secrets,
            profile=settings.wire,
        )
        rules = rules_of(settings, reasons_told=self._reasons_told, registered_once=self._registered_once)
        self.environment = Environment(
            outside, answered=door.answered, wake=self.writer.wake, recorded=self._waits.recorded, rules=rules
        )
        self._access_seen = self.access.version()
        front = Front.of(self.environment, outside, partial(self._look, self._reading.look_up))
        self.desk = desk(
            front,
            door=door,
            mint=self._mint,
            secrets=self.secrets,
            passkeys=Passkeys(self.keys, PUBLISHED_PASSKEYS),
            settings=settings,
            on_demand=self._on_demand(outside),
            reasons_told=self._reasons_told,
        )
        return application(
            front,
            self.desk,
            door=door,
            keys=self.keys,
            ready=lambda: self.writer.store_reachable,
            show_metrics=metrics_of(self.environment, self.desk),
            latest=partial(self._look, self._reading.inbox),
            control=self._control(door),
        )

    async def _look(self, question: Callable[..., T], *given: object) -> T:
        """Reads for a caller: in a file at once; for a server the thread waits that waits for commits."""
        if self._databases.backup_command() is None:
            return question(*given)
        found: list[T] = []
        await self._aside.carry(lambda: found.append(question(*given)))
        return found[0]

    def _take_up(self) -> None:
        """What the content holds that is open."""
        self.environment.recover()
        self.writer.turn_with(self.environment.cycle, self.environment.patience)

    def _leave(self) -> None:
        """The content is another: what was read of the former is forgotten, and what it began is dropped."""
        self.writer.turn_with(Cycle(self.store, []))
        self.environment.shut()
        self.let_go()
        self.courier.drop()
        self.vault.forget_all()

    async def _replace(self, put: Callable[[], None], also: Callable[[], None]) -> None:
        """A crash and a start on another content, but for the process: whoever comes meanwhile waits.

        What ``put`` raises leaves everything as it was. Should the new content be unreadable, requests are
        declined, and another may be put in its place.
        """
        present = Gateway.like(self.application)
        gate = Gate(self.application)
        self.application.become(Gateway({}, gate))
        try:
            async with self.writer.held():
                await asyncio.to_thread(put)
                self._leave()
                also()
                entered = self._enter()
                self._take_up()
                present = entered
        finally:
            self.application.become(present)
            gate.open()
        self.writer.wake()

    def _stand_on(self) -> Outside:
        return Outside(
            store=self.store,
            access=self.access,
            clock=self._clock,
            vault=self.vault,
            identifiers=WireIdentifiers(entropy_of(self._settings.seed, "identifiers")),
            receipts=ReceiptMint(self.keys),
            transport=self._rounds,
            carry=self._aside.carry,
            faults=self.faults,
            deaths=self._deaths,
            second_look=self._looks,
        )

    def _examiner(self) -> CredentialExaminer:
        others = {}
        if self.folder.other_keys.exists():
            try:
                others[PRODUCTION] = KeyRing.load(self.folder.other_keys).private_key
            except KeyFileError as error:  # production's to mend; here one explanation less
                structlog.get_logger().warning("other_keys_unreadable", error=str(error))
        return CredentialExaminer(self.keys, others=others)

    def _new_courier(self) -> Courier:
        return Courier(
            clock=self._clock,
            rules=SANDBOX_ADDRESSES,
            ended=self._ended,
            beside=self._look_ups.begin,
            seconds=SystemClock().monotonic,
        )

    def _on_demand(self, outside: Outside) -> OnDemand:
        waits = self._waits
        return OnDemand(faults=outside.faults, pause=waits.pause, until_told=waits.until_told)

    def _control(self, door: Door) -> list[BaseRoute]:
        log, processor = Log(self._databases.stories), self.environment.processor
        phones = PhonesHere(processor, self.environment.answers, door)
        revoking = Revoking(self.access, mint=self._mint, clock=self._clock, follow=self.follow_access)
        calls = control.routes(
            Control(
                key=self.keys.control_key(),
                clock=self._clock,
                faults=self.faults,
                wake=self._look_again,
                flush=self.come_to_rest,
                state=self.state,
                look_up=log.look_up,
                requests=log.requests,
                revoke_token=revoking.token,
                revoke_tokens_of=revoking.tokens_of,
                operators=processor.operators,
                operator_rules=operator_rules_of(self._settings),
                act=acting(processor, door),
                organizations=self.environment.organizations,
                bear=bearing(self.environment.bearers, door),
                registrations=self.environment.registrations.all,
                registration=self.environment.registration,
                register=switching(self.environment.registrations, door),
                move=moving(processor, door),
                waiting=processor.waiting_for_words,
                hear=self.environment.validations.hear,
                phones=phones,
            )
        )
        pages = phone_pages.routes(clock=self._clock, phones=phones, name_of=processor.name_of)
        return [*calls, *pages]

    def _look_again(self) -> None:
        """Time or the faults have changed: whatever waits for either may go on."""
        self._waits.look()
        self.writer.wake()

    def _ended(self, ends: list[AttemptEnd]) -> None:
        self.environment.ended(ends)

    def _new_state(self, snapshots: Snapshots) -> State | StateInServer:
        backup_command = self._databases.backup_command()
        if backup_command is not None:
            return StateInServer(backup_command)
        return State(
            snapshots,
            clock=self._clock,
            held=self.writer.held,
            replace=self._replace,
            fill=self._fill_anew,
            start_over=self._start_over,
        )

    def _fill_anew(self, databases: Mapping[str, Path]) -> None:
        with closing(self._databases.access_to_read()) as access:
            app = find_app(access)
        assert app is not None  # noqa: S101 - written when the sandbox was opened
        fill_anew(databases, app, now=self._clock.machine_now(), digest=self.vault.digest)

    def _start_over(self) -> None:
        self._clock.reset()
        self.faults.clear()
        self._follow_plan()

    def _follow_plan(self) -> None:
        for fault in self._plan:
            self.faults.add(fault)
