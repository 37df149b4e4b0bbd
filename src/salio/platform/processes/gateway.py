"""The accepting process: answers HTTP, and keeps what it accepts for whoever decides."""

import asyncio
import socket
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import structlog
from starlette.routing import BaseRoute

from salio.core.access.registry import AppRegistry
from salio.core.access.throttles import Throttles
from salio.core.audit.notes import NoteLog
from salio.core.audit.refusals import RefusalLog
from salio.core.cycle import Cycle, Stage
from salio.core.ports import AcceptedRequest, StoreUnavailableError
from salio.core.requests.answers import Answers
from salio.core.requests.intake import Intake
from salio.core.requests.prompts import CustomerWord
from salio.core.requests.registrations import Registrations
from salio.platform import metrics
from salio.platform.door import Door
from salio.platform.http import silence
from salio.platform.identifiers import WireIdentifiers, entropy_of
from salio.platform.loops import BREATH, Writer
from salio.platform.processes.phones import SharedPhones
from salio.platform.processes.shared import FOLLOW_EVERY, Shared
from salio.platform.serve import new_server
from salio.platform.settings import Settings
from salio.platform.web import Front, application, desk, gateway_figures, protocol
from salio.portal import phone_pages
from salio.portal.inbox import Inbox
from salio.sandbox.control import all_calls as control
from salio.sandbox.testdata.passkeys import PUBLISHED_PASSKEYS
from salio.storage.postgres.connection import waiting
from salio.vault.app_secrets import AppSecrets
from salio.vault.keys import KeyRing
from salio.vault.passkeys import Passkeys
from salio.vault.tokens import TokenMint

A_MATTER_OF_COURSE = 500
"""So much waits for the next turn of those who decide and tell, when all is well."""
BREATH_EACH = 2e-6
"""Seconds that a breath is longer by for each that waits beyond that: five thousand make it 10 ms."""
LONGEST_BREATH = 0.05


def breath(behind: int) -> float:
    """Seconds between a gateway's turns under load, when so much waits to be decided or claimed.

    What is accepted sooner only waits longer behind it, and takes the processors from those who decide and
    tell, where they share them.
    """
    return min(BREATH + BREATH_EACH * max(0, behind - A_MATTER_OF_COURSE), LONGEST_BREATH)


class Gateway:
    """One life of a gateway."""

    def __init__(self, shared: Shared, keys: KeyRing, settings: Settings, listener: socket.socket) -> None:
        self._shared = shared
        self._settings = settings
        self._listener = listener
        self._apps = AppRegistry()
        self._refresh()
        today = shared.clock.now().date()
        self._throttles = Throttles(today, shared.work.usage(today.isoformat()), settings.gateways)
        self._backlog = shared.work.waiting()
        self._open, unclaimed = shared.work.open_results()
        self._behind = self._backlog + unclaimed
        """How much waited for a process when it was last looked."""
        door = Door(self._wake)
        self._identifiers = WireIdentifiers(entropy_of(None, "identifiers"))
        self._registrations = Registrations(shared.reading.registrations(), door.answered)
        answers = Answers(clock=shared.clock, heard=_is_heard_elsewhere, answered=door.answered)
        self._phones = SharedPhones(shared, answers, door)
        front = Front(
            clock=shared.clock,
            identifiers=self._identifiers,
            access=shared.access,
            apps=self._apps,
            throttles=self._throttles,
            intake=self._new_intake(door),
            refusals=RefusalLog(self._wake),
            notes=NoteLog(self._wake),
            inbox=Inbox(door.answered),
            registrations=self._registrations,
            look_up=partial(shared.look, shared.looking.look_up),
        )
        noting: list[Stage[Any]] = [front.refusals, front.notes, front.inbox]
        stages = [*noting, front.registrations, answers, front.intake]
        cycle = Cycle(shared.store, stages, shared.carry)
        self._writer = Writer(cycle, breath=lambda: breath(self._behind))
        self._desk = desk(
            front,
            door=door,
            mint=TokenMint(keys, entropy=entropy_of(None, "tokens")),
            secrets=AppSecrets(keys, entropy=entropy_of(None, "secrets")),
            passkeys=Passkeys(keys, PUBLISHED_PASSKEYS),
            settings=settings,
            reasons_told=True,
        )
        self.show_metrics = metrics.page(
            {**gateway_figures(self._desk), **metrics.conflict_counts(lambda: cycle.conflicts)},
            {
                "salio_requests_undecided": ("Requests that wait to be decided", lambda: self._backlog),
                "salio_results_open": ("Results decided and not ended, anybody's", lambda: self._open),
            },
        )
        self._application = application(
            front,
            self._desk,
            door=door,
            keys=keys,
            ready=self.ready,
            show_metrics=self.show_metrics,
            latest=partial(shared.look, shared.looking.inbox),
            control=self._phone_routes(keys),
        )

    def _new_intake(self, door: Door) -> Intake:
        return Intake(
            clock=self._shared.clock,
            identifiers=self._identifiers,
            numbers=self._shared.numbers,
            answered=door.answered,
            accepted=self._accepted,
            waiting=lambda: self._backlog,
            most_waiting=self._settings.most_waiting,
            prompted=self._phones.prompted,
        )

    def _phone_routes(self, keys: KeyRing) -> list[BaseRoute]:
        name_of = self._shared.reading.directory().name_of
        calls = control.for_phones(keys.control_key(), self._phones)
        return [*calls, *phone_pages.routes(clock=self._shared.clock, phones=self._phones, name_of=name_of)]

    def ready(self) -> bool:
        """Whether it could acknowledge."""
        return self._shared.in_touch() and self._writer.store_reachable

    async def run(self, stopped: asyncio.Event, ready: Callable[[], None]) -> None:
        """Answers until it is stopped. Raises LostTenureError."""
        server = new_server(self._application, self._settings, protocol(lambda: self._desk, self._settings))
        async with self._shared.running(
            stopped,
            self._shared.follow(self._refresh, self._apps.lose_sight),
            self._shared.follow_registrations(self._registrations),
            self._follow_work(),
            silence.watch(server.server_state.connections),
        ):
            writing = asyncio.create_task(self._writer.run())
            # of its own: the server closes it, and the next life needs one too
            serving = asyncio.create_task(server.serve(sockets=[self._listener.dup()]))
            ready()
            await stopped.wait()
            server.should_exit = True
            await serving
            self._writer.stop()
            await writing

    def close(self) -> None:
        """Lets go of everything."""
        self._shared.close()

    def _wake(self) -> None:
        self._writer.wake()

    def _refresh(self) -> None:
        access = self._shared.access
        self._apps.refresh(access.apps(), access.revoked(), access.current())

    def _accepted(self, accepted: Sequence[AcceptedRequest]) -> None:
        """The store tells the core of them; here they count until it is looked at again."""
        self._backlog += len(accepted)

    async def _follow_work(self) -> None:
        """Takes what all gateways have accepted, and how much of it waits, for ever."""
        work = self._shared.work
        while True:
            await asyncio.sleep(FOLLOW_EVERY)
            before, today = self._throttles.used(), self._shared.clock.now().date()
            try:
                self._backlog = await waiting(work.waiting)
                self._open, unclaimed = await waiting(work.open_results)
                self._behind = self._backlog + unclaimed
                self._throttles.follow(await waiting(work.usage, today.isoformat()), before)
                await self._phones.look()
            except StoreUnavailableError as error:
                structlog.get_logger().warning("work_out_of_reach", error=str(error))


def _is_heard_elsewhere(_number: int, _word: CustomerWord) -> None:
    """The store tells the deciding core."""
