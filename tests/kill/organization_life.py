"""What the processes of an organization have in common: what a life is told, whom it asks as, what its
handler does, and how patient it is.
"""

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import msgspec

from salio.client.settings import App, Initiator, Merchant, Options
from salio.sandbox.testdata.operators import PASSWORD
from salio.tracker.ends import Ending
from salio.tracker.errors import RecordUnavailable
from salio.tracker.handlers import InTransaction
from salio.tracker.record import Record
from salio.tracker.settings import Patience
from tests.kill.bank_orders import PAYER, SHOP

AT_ONCE = 8
"""Who ask."""
WHILE_AWAY = 3.0
"""Seconds that an asker waits for a platform that nothing can be sent to, or most would ask in vain."""
PATIENCE = Patience(
    result=0.6, unknown=0.3, acknowledgement=4, growth=1.1, askings=5, handling=0.2, handlings=100
)
"""So that what is lost is asked for while the campaign lasts."""
OPTIONS = Options(timeout=3, patience=1)
AT_IT = 0.01
"""Seconds that a plain handler takes before its effect, and after it: time to die in."""
TABLE = "CREATE TABLE IF NOT EXISTS effect (ending INTEGER, request INTEGER, state TEXT, at BIGINT)"


class Life(msgspec.Struct, frozen=True, kw_only=True):
    """One life of a process, as the campaign orders it."""

    number: int
    """No other has it."""
    record: str
    base_url: str
    receiver: str
    """Where callbacks are received."""
    listener: int | None
    """The descriptor of the socket to receive on; None: another process does."""
    consumer_key: str
    consumer_secret: str
    passkey: str
    seed: int
    requests: int
    """So many are asked, whoever asks them."""
    plain: str | None
    """Where a plain handler leaves its effects; None: the handler writes within the record's transaction."""

    @classmethod
    def read(cls, text: str) -> Self:
        """As `words` wrote it."""
        return msgspec.json.decode(text, type=cls)

    def words(self) -> str:
        """For the command line."""
        return msgspec.json.encode(self).decode()

    @property
    def app(self) -> App:
        """The app that asks."""
        return App(self.consumer_key, self.consumer_secret)

    @property
    def merchant(self) -> Merchant:
        """Who has customers prompted."""
        return Merchant(short_code=SHOP, passkey=self.passkey)

    def handler(self) -> "InTransaction | Plain":
        """What acts upon an end."""
        return InTransaction(write) if self.plain is None else Plain(self.number, Path(self.plain))


INITIATOR = Initiator(name="testapi", short_code=PAYER, password=PASSWORD)


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """What a plain handler did."""

    ending: int
    request: int
    state: str
    again: bool
    life: int
    at: int
    """In nanoseconds of the machine's monotonic clock."""


class Plain:
    """A handler that knows nothing of the record: its effect is a line in a file, and it takes its time."""

    def __init__(self, life: int, place: Path) -> None:
        self._life = life
        self._file = os.open(place, os.O_APPEND | os.O_CREAT | os.O_WRONLY)

    def __call__(self, ending: Ending) -> None:
        """The effect, which a death of the process afterwards leaves where it is."""
        pause = threading.Event()
        pause.wait(AT_IT)
        effect = Effect(
            ending=ending.number,
            request=ending.request,
            state=ending.state.value,
            again=ending.again,
            life=self._life,
            at=time.monotonic_ns(),
        )
        os.write(self._file, msgspec.json.encode(effect) + b"\n")
        pause.wait(AT_IT)


def write(ending: Ending, rows: Any) -> None:
    """The effect within the transaction: a row in the application's own table, in either engine's words."""
    words = (str(ending.number), str(ending.request), f"'{ending.state.value}'", str(time.monotonic_ns()))
    rows.execute(f"INSERT INTO effect VALUES ({', '.join(words)})")  # noqa: S608 - of our own words


def effects(place: Path) -> list[Effect]:
    """What plain handlers have done."""
    lines = place.read_bytes().splitlines() if place.exists() else []
    return [msgspec.json.decode(each, type=Effect) for each in lines]


def begun(place: str) -> Callable[[], Record | None]:
    """Opens the record, with the application's table; None while its server is away."""

    def look() -> Record | None:
        with suppress(RecordUnavailable):
            record = Record(place)
            with record.transaction() as rows, record.handed(rows) as connection:
                connection.execute(TABLE)
            return record
        return None

    return look
