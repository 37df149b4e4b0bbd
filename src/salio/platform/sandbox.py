"""The sandbox on this machine: opens the data folder, fills it at first start, and runs the loops."""

import asyncio
import os
import random
from collections.abc import Callable

import msgspec
import structlog
from starlette.routing import Route

from salio.core.access.apps import App
from salio.core.parties.operators import OperatorRules
from salio.core.ports import Clock
from salio.core.requests.deliveries import AttemptEnd
from salio.delivery.addresses import SANDBOX as SANDBOX_ADDRESSES
from salio.delivery.courier import Courier
from salio.delivery.hosts import OutboxSettings
from salio.platform.door import Door
from salio.platform.environment import Environment, Outside, Rules
from salio.platform.folder import PRODUCTION, SANDBOX, DataFolder
from salio.platform.identifiers import WireIdentifiers, entropy_of
from salio.platform.loops import Aside, Rounds, Writer
from salio.platform.second_looks import SecondLooks
from salio.platform.settings import Settings
from salio.platform.web import application, desk
from salio.sandbox import control, testdata
from salio.sandbox.clock import SandboxClock
from salio.sandbox.faults import Faults
from salio.sandbox.plan import read_plan
from salio.storage.migrate import migrate
from salio.storage.sqlite.access import SqliteAccessStore
from salio.storage.sqlite.connection import connect
from salio.storage.sqlite.store import SqliteStore
from salio.vault.app_secrets import AppSecrets
from salio.vault.credentials import CredentialReader
from salio.vault.errors import KeyFileError
from salio.vault.keys import KeyRing
from salio.vault.second_look import CredentialExaminer
from salio.vault.tokens import TokenMint

UNSEEN = -1
"""The version of an access store that could not be read: no real one has it, so the next look reads again."""

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
    ) -> None:
        """Opens and, at first start, creates. Raises StartError, VaultError, NewerDatabaseError.

        ``reasons_told``: with X-Salio-Reason and the second look behind it, which production does not have.
        """
        self.folder = folder
        self._clock = clock = SandboxClock(clock)
        self.faults = Faults(clock, random.Random(settings.seed).random)  # noqa: S311 - whom a share touches
        for fault in read_plan(settings.faults) if settings.faults is not None else ():
            self.faults.add(fault)
        migrate(folder.environment_database, "environment")
        migrate(folder.portal_database, "portal")
        self.keys = KeyRing.open(folder.keys, SANDBOX, entropy=entropy_of(settings.seed, "keys"))
        self.secrets = AppSecrets(self.keys, entropy=entropy_of(settings.seed, "secrets"))
        self.vault = CredentialReader(
            self.keys, entropy=os.urandom, remember_ciphertexts=settings.remember_ciphertexts
        )
        self.vault.self_test()
        self.store = SqliteStore(connect(folder.environment_database))
        self.access = SqliteAccessStore(connect(folder.portal_database))
        self._reading = SqliteStore(connect(folder.environment_database))
        self.demo_password = self._fill(settings)
        """Of the initiator that the first commands to paste use."""
        self.courier = Courier(clock=clock, rules=SANDBOX_ADDRESSES, ended=self._ended)
        self._rounds = Rounds(self.courier)
        self._aside = Aside()
        self._looks = SecondLooks(self._examiner().examine) if reasons_told else None
        door = Door(self.wake)
        outside = around(self._outside(settings, clock))
        rules = _rules(settings, reasons_told=reasons_told)
        self.environment = Environment(outside, answered=door.answered, wake=self.wake, rules=rules)
        self.writer = Writer(self.environment.cycle)
        self._running: list[asyncio.Task[None]] = []
        mint = TokenMint(self.keys, entropy=entropy_of(settings.seed, "tokens"))
        self.desk = desk(
            self.environment,
            outside,
            door=door,
            mint=mint,
            secrets=self.secrets,
            settings=settings,
            reasons_told=reasons_told,
        )
        self.application = application(
            self.environment,
            self.desk,
            door=door,
            keys=self.keys,
            ready=lambda: self.writer.store_reachable,
            latest=self._reading.inbox,
            control=self._control(clock),
        )
        self._access_seen = self.access.version()

    async def start(self) -> None:
        """Takes up what a crash left open and starts the loops."""
        self.environment.recover()
        self._running = [asyncio.create_task(each.run()) for each in (self.writer, self._rounds)]
        self.writer.wake()

    async def stop(self) -> None:
        """Ends the loops and closes the files; what is still open leaves after the next start."""
        self._rounds.stop()
        self.writer.stop()
        await asyncio.gather(*self._running)
        self._aside.close()
        if self._looks is not None:
            self._looks.close()
        self.courier.close()
        self._reading.close()
        self.access.close()
        self.store.close()

    def idle(self) -> bool:
        """Whether nothing waits to be decided, delivered or recorded."""
        environment = self.environment
        return not (
            self.writer.turning
            or environment.processor.waiting()
            or environment.diagnosis.waiting()
            or environment.claims.waiting()
            or environment.claims.in_flight()
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
        app = self._app()
        assert app is not None  # noqa: S101 - written when the sandbox was opened
        return app

    def wake(self) -> None:
        """Tells the writer that a stage has something."""
        self.writer.wake()

    def _outside(self, settings: Settings, clock: Clock) -> Outside:
        return Outside(
            store=self.store,
            access=self.access,
            clock=clock,
            vault=self.vault,
            identifiers=WireIdentifiers(entropy_of(settings.seed, "identifiers")),
            transport=self._rounds,
            carry=self._aside.carry,
            faults=self.faults,
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

    def _control(self, clock: SandboxClock) -> list[Route]:
        key = self.keys.control_key()
        return control.routes(
            control.Control(key=key, clock=clock, faults=self.faults, wake=self.wake, flush=self.come_to_rest)
        )

    def _ended(self, ends: list[AttemptEnd]) -> None:
        self.environment.ends.note(ends)

    def _fill(self, settings: Settings) -> str:
        """Writes the test data where there is none; a crash in between leaves the rest to the next start."""
        data = testdata.build(now=self._clock.now(), digest=self.vault.digest)
        if self.store.is_empty():
            with self.store.unit() as unit:
                testdata.write(unit, data)
        app = self._app()
        if app is None:
            secret = self.secrets.new_consumer_secret()
            app = testdata.testdata_app(
                consumer_key=self.secrets.new_consumer_key(),
                secret_digest=self.secrets.digest_secret(secret),
                secret_sealed=self.secrets.seal_secret(secret),
                profile=settings.wire,
            )
            self.access.add_apps([app])
        elif app.profile != settings.wire:
            self.access.save_app(msgspec.structs.replace(app, profile=settings.wire))
        return next(each.password for each in data.initiators if each.name == "testapiuser")

    def _app(self) -> App | None:
        return next((app for app in self.access.apps() if app.number == testdata.APP_NUMBER), None)


def _rules(settings: Settings, *, reasons_told: bool) -> Rules:
    return Rules(
        operators=OperatorRules(trust_foreign_credentials=settings.trust_foreign_credentials),
        longest_wait=settings.longest_wait,
        most_waiting=settings.most_waiting,
        outbox=OutboxSettings(reasons_told=reasons_told),
    )
