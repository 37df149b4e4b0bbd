"""An organization's side on a running platform: a client, its tracker, callbacks when a test wants them."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from salio.client.client import Client
from salio.client.settings import App, Initiator, Merchant, Options
from salio.sandbox.testdata.operators import PASSWORD
from salio.sandbox.testdata.passkeys import PUBLISHED_PASSKEYS
from salio.tracker.ends import Ending
from salio.tracker.record import Record
from salio.tracker.settings import Endpoint
from salio.tracker.tracker import Tracker
from tests.client.shells import Time
from tests.journeys.bodies import MERCHANT
from tests.journeys.running import Platform
from tests.journeys.subjects import PAYING_SHORT_CODE
from tests.receiver.posting import posted
from tests.tracker.sides import PATIENCE, Clock


class Organization:
    """Its callbacks go to the test's receiver; `bring` hands one on to the organization's own."""

    def __init__(self, platform: Platform, path: Path, initiator: Initiator) -> None:
        self._platform = platform
        self.clock = Clock()
        self.told: list[Ending] = []
        self.record = Record(path, now=self.clock.now)
        self.client = Client(
            f"http://127.0.0.1:{platform.port}",
            App(platform.app.key, platform.app.secret),
            initiator,
            merchant=Merchant(short_code=MERCHANT, passkey=PUBLISHED_PASSKEYS[MERCHANT]),
            options=Options(patience=0),
            outside=Time().outside(),
        )
        self.tracker = Tracker(
            self.client,
            self.record,
            Endpoint(url=platform.receiver.url("/callbacks")),
            handler=self.told.append,
            patience=PATIENCE,
            outside=self.clock.outside(),
        )

    def bring(self, conversation_id: str | None) -> None:
        """The callback of that conversation, or of that MerchantRequestID, comes and is judged."""
        assert conversation_id is not None
        callback = self._platform.receiver.wait(conversation_id)
        url = self._platform.receiver.url(callback.path)
        assert asyncio.run(posted(self.tracker.receiver, url, callback.raw)) == 200
        self.turn()

    def turn(self) -> None:
        """What there is to do is done, the handler told."""
        for _ in range(2):
            self.tracker.turn()

    def ask_for_what_is_late(self) -> None:
        """A long time passes; whatever was asked then is answered."""
        before = self.askings
        self.clock.advance(10_000)
        self.tracker.turn()
        for (conversation_id,) in self.record.rows(
            "SELECT conversation_id FROM asking WHERE number > ? ORDER BY number", [before]
        ):
            if conversation_id.startswith("AG_"):
                self.bring(conversation_id)
        self.turn()

    @property
    def askings(self) -> int:
        """How often anything was asked."""
        return int(self.record.rows("SELECT count(*) FROM asking")[0][0])

    def standing(self) -> list[tuple[str, str]]:
        """State and cause of every request."""
        return [tuple(row) for row in self.record.rows("SELECT state, cause FROM request ORDER BY number")]

    def close(self) -> None:
        """It ends."""
        self.client.close()
        self.record.close()


@contextmanager
def organization(platform: Platform, folder: Path, **initiator: Any) -> Iterator[Organization]:
    """One that pays, unless another initiator is named."""
    said = {"name": "testapi", "short_code": PAYING_SHORT_CODE, "password": PASSWORD, **initiator}
    made = Organization(platform, folder / "record.db", Initiator(**said))
    yield made
    made.close()
