"""The client for threads: one object that any number of them share."""

import threading
from typing import TYPE_CHECKING, Self

import msgspec

from salio.client.core import Core
from salio.client.errors import OutcomeUnknown, SalioError
from salio.client.following import Acknowledged, Follower, NoFollower
from salio.client.orders import Orders
from salio.client.outside import Outside
from salio.client.settings import App, Initiator, Merchant, Options, check
from salio.client.steps import Exchange, Failure, Pause, Prepare, Request, Response, Step, Steps, T, Told
from salio.wire.asked import Asked, Callbacks

if TYPE_CHECKING:
    import httpx2

INTERRUPTED = "it was interrupted while it was under way"


class Client(Orders[Acknowledged]):
    """Asks for balances and for what became of transactions; pays, and reverses payments. `environment` is
    `sandbox`, `production` or a base URL; an `initiator` signs what it asks and pays, a `merchant` the
    prompts on customers' phones; `callbacks` can be left out if a follower is attached that has addresses of
    its own.

    Raises:
        UnusableSetting: with what it was given nothing could be asked.
    """

    def __init__(
        self,
        environment: str,
        app: App,
        initiator: Initiator | None = None,
        callbacks: Callbacks | None = None,
        *,
        merchant: Merchant | None = None,
        options: Options = Options(),  # noqa: B008  # frozen
        transport: "httpx2.BaseTransport | None" = None,
        outside: Outside = Outside(),  # noqa: B008  # frozen
    ) -> None:
        check(app, initiator, callbacks, merchant)
        super().__init__(initiator, merchant)
        self._core = Core(environment, app, initiator, options, merchant=merchant, outside=outside)
        self._options = options
        self._transport = transport
        self._pause = outside.pause
        self._follower: Follower = NoFollower(callbacks)
        self._turn = threading.RLock()
        self._http: httpx2.Client | None = None

    def __repr__(self) -> str:
        """Where it asks."""
        return f"{type(self).__name__}({self._core.base_url!r})"

    def attach(self, follower: Follower) -> None:
        """From now on this receiver or record is told of every request, and results can be waited for."""
        self._follower = follower

    def ask(self, asked: Asked, *, follower: Follower | None = None) -> Acknowledged:
        """Asks, and returns the acknowledgement. `follower` follows this one request in the place of the one
        that is attached. Raises one of `salio.client.errors`.
        """
        asked = self._core.named(asked)
        followed = (follower or self._follower).follow(asked)
        try:
            acknowledgement = self._carry_out(self._core.ask(asked, followed.callbacks))
        except SalioError as error:
            followed.failed(error)
            raise
        except BaseException:
            followed.failed(OutcomeUnknown(INTERRUPTED))
            raise
        followed.acknowledged(acknowledgement)
        return Acknowledged(**msgspec.structs.asdict(acknowledgement), followed=followed)

    def token(self) -> str:
        """The token that requests are sent with, renewed if it is time."""
        return self._carry_out(self._core.ready()).token

    def close(self) -> None:
        """Closes the connections; the next request opens others."""
        with self._turn:
            http, self._http = self._http, None
        if http is not None:
            http.close()

    def __enter__(self) -> Self:
        """Closes at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _carry_out(self, steps: Steps[T]) -> T:
        told: Told = None
        while True:
            try:
                step = steps.send(told)
            except StopIteration as end:
                ended: T = end.value
                return ended
            told = self._take(step)

    def _take(self, step: Step) -> Told:
        match step:
            case Exchange(request):
                return self._exchange(request)
            case Pause(seconds):
                self._pause(seconds)
                return None
            case Prepare():
                with self._turn:
                    return self._carry_out(self._core.prepare(step))

    def _exchange(self, request: Request) -> Response | Failure:
        from salio.client import transport  # httpx2 is imported for the first request, not before

        http = self._http
        if http is None:
            with self._turn:
                http = self._http = self._http or transport.open_client(self._options, self._transport)
        return transport.exchange(http, request)
