"""The tracker for threads."""

import threading
from collections.abc import Callable
from contextlib import closing

from salio.client.client import Client
from salio.client.errors import UnusableSetting
from salio.client.following import Followed
from salio.receiver.app import Receiver
from salio.tracker.core import Ask, Core, Step, Steps, T, Tell, Told, Wait
from salio.tracker.ends import Ending
from salio.tracker.following import Noted
from salio.tracker.handlers import InTransaction, check, has_run
from salio.tracker.outside import Outside
from salio.tracker.record import Record
from salio.tracker.settings import Endpoint, Patience
from salio.wire.answers import Acknowledgement
from salio.wire.asked import Asked, Callbacks
from salio.wire.callbacks import Result
from salio.wire.errors import SalioError

REST = 0.05
"""Seconds between two turns of `run`."""
REST_AFTER_TROUBLE = 1.0

Handler = Callable[[Ending], object] | InTransaction


class Tracker:
    """Follows every request of a client in a record, from before it is sent until it has ended.

    It attaches itself to the client, so that `client.balance().result()` waits. Whoever waits takes turns:
    what came is judged, what is late is asked for, the handler is told. `run` does it without waiting for
    anything.

    Raises:
        UnusableSetting: the endpoint is no address, or client or handler are an AsyncTracker's.
    """

    def __init__(
        self,
        client: Client,
        record: Record,
        endpoint: Endpoint,
        *,
        handler: Handler | None = None,
        patience: Patience = Patience(),  # noqa: B008  # frozen
        outside: Outside = Outside(),  # noqa: B008  # frozen
    ) -> None:
        if not isinstance(client, Client):
            raise UnusableSetting("a Tracker follows a Client; an AsyncTracker an AsyncClient")
        check(handler, in_tasks=False)
        self._client = client
        self._core = Core(record, endpoint, patience, outside)
        self._handler = handler
        self._stopped = False
        client.attach(self)

    @property
    def receiver(self) -> Receiver:
        """The ASGI application to mount at the endpoint's address, in this process or another."""
        return self._core.receiver

    def follow(self, asked: Asked) -> Followed:
        """Notes a request before it is sent. Raises RecordUnavailable, and nothing is sent."""
        return self._follow(asked, None)

    def turn(self) -> None:
        """Does what there is to do now. Raises RecordUnavailable."""
        self._carry_out(self._core.turn(self._handler), threading.Event())

    def run(self) -> None:
        """Takes turns until `stop`; a record that is out of reach is tried again."""
        while not self._stopped:
            self._core.outside.pause(self._rest())

    def stop(self) -> None:
        """`run` returns after the turn that it is in."""
        self._stopped = True

    def wait(self, request: int, timeout: float | None = None) -> Result:
        """The result of a request by its number. Raises ResultLate, NeedsAPerson, RecordUnavailable."""
        alarm = threading.Event()
        return self._carry_out(self._core.waiting(request, timeout, self._handler, alarm), alarm)

    def _rest(self) -> float:
        try:
            self.turn()
        except Exception as error:
            self._core.say(error)
            return REST_AFTER_TROUBLE
        return REST

    def _follow(self, asked: Asked, request: int | None) -> Followed:
        return _Followed(self, self._core, self._core.note(asked, request), first=request is None)

    def _carry_out(self, steps: Steps[T], alarm: threading.Event) -> T:
        told: Told = None
        with closing(steps):
            while True:
                try:
                    step = steps.send(told)
                except StopIteration as end:
                    ended: T = end.value
                    return ended
                told = self._take(step, alarm)

    def _take(self, step: Step, alarm: threading.Event) -> Told:
        try:
            match step:
                case Ask(query, request):
                    self._client.ask(query, follower=_Again(self, request))
                case Tell(ending):
                    if callable(self._handler):
                        has_run(self._handler(ending))
                case Wait(seconds):
                    self._core.outside.sleep(alarm, seconds)
        except Exception as error:
            if isinstance(step, Tell) or isinstance(error, SalioError):
                return error
            raise
        return None


class _Followed:
    """One asking of a request."""

    def __init__(self, tracker: Tracker, core: Core, noted: Noted, *, first: bool) -> None:
        self._tracker = tracker
        self._core = core
        self._noted = noted
        self._first = first

    @property
    def callbacks(self) -> Callbacks:
        return self._noted.callbacks

    def acknowledged(self, acknowledgement: Acknowledgement) -> None:
        self._core.acknowledged(self._noted, acknowledgement, first=self._first)

    def failed(self, error: SalioError) -> None:
        self._core.failed(self._noted, error, first=self._first)

    def result(self, timeout: float | None) -> Result:
        return self._tracker.wait(self._noted.request, timeout)


class _Again:
    """Follows one more asking of a request."""

    def __init__(self, tracker: Tracker, request: int) -> None:
        self._tracker = tracker
        self._request = request

    def follow(self, asked: Asked) -> Followed:
        return self._tracker._follow(asked, self._request)
