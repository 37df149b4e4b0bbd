"""The threads: the writer turns the cycle, the courier steps its transfers. Everything else is a step."""

import threading
from collections.abc import Callable

import structlog

from salio.core.cycle import Cycle
from salio.core.ports import StoreUnavailableError

IDLE_WAIT = 0.5
"""Seconds between looks when nobody wakes a loop."""
WRITER_BREATH = 0.004
"""Seconds at most that the writer, after a turn with work, waits for the gateway to finish what has arrived:
the next group is then larger, and the two contend less for the interpreter. A lone acknowledgement never
waits."""
COURIER_BREATH = 0.001
"""Seconds between steps of the courier: a poll for ten transfers costs what a poll for one costs."""
STORE_PAUSE = 0.1
"""Seconds before the next try of a store that was out of reach; what waits meanwhile is refused then."""


class Writer:
    """Turns the cycle whenever a stage has something, and keeps turning through trouble with the store."""

    def __init__(self, cycle: Cycle) -> None:
        self._cycle = cycle
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self.store_reachable = True

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def wake(self) -> None:
        """Says that a stage has something; from any thread."""
        if not self._wake.is_set():
            self._wake.set()

    def stop(self) -> None:
        """Ends the thread after the turn under way and one more."""
        self._stopping.set()
        self.wake()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.wait(IDLE_WAIT)
            self._wake.clear()
            self._turn_until_idle()

    def _turn_until_idle(self) -> None:
        log = structlog.get_logger()
        try:
            while self._cycle.turn():  # before the probe: whoever waits is refused, not kept waiting
                self._reached()
                self._wake.wait(WRITER_BREATH)
                self._wake.clear()
            if not self.store_reachable:
                self._cycle.probe()
                self._reached()
        except StoreUnavailableError as error:
            if self.store_reachable:
                log.error("store_unavailable", error=str(error))  # noqa: TRY400 - a state, not a bug
            self.store_reachable = False
            self._stopping.wait(STORE_PAUSE)
            self._wake.set()
        except Exception:
            log.exception("turn_failed")
            self._stopping.wait(STORE_PAUSE)
            self._wake.set()

    def _reached(self) -> None:
        if not self.store_reachable:
            self.store_reachable = True
            structlog.get_logger().info("store_available")


class Stepper:
    """Runs one step over and over in a thread of its own; the step itself waits when there is nothing."""

    def __init__(
        self, name: str, step: Callable[[float], None], *, ring: Callable[[], None] = lambda: None
    ) -> None:
        """``ring`` ends the step's waiting."""
        self._step = step
        self._ring = ring
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread after the step under way, which waits no longer."""
        self._stopping.set()
        self._ring()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._step(IDLE_WAIT)
                self._stopping.wait(COURIER_BREATH)
            except Exception:
                structlog.get_logger().exception("step_failed", loop=self._thread.name)
                self._stopping.wait(STORE_PAUSE)
