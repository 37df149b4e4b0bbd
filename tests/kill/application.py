"""One life of an organization's application beside ``salio listen``, which receives for it: client and
tracker in threads, on the same record.

``python -m tests.kill.application LIFE``; it asks, follows and handles until it is killed.
"""

import sys
import threading
from contextlib import closing

from salio.client.client import Client
from salio.client.errors import NotSent
from salio.tracker.record import Record
from salio.tracker.settings import Endpoint
from salio.tracker.tracker import Tracker
from salio.wire.errors import SalioError
from tests.kill.asks import Asks
from tests.kill.organization_life import AT_ONCE, INITIATOR, OPTIONS, PATIENCE, WHILE_AWAY, Life, begun
from tests.patience import until


def ask(client: Client, record: Record, asks: Asks, requests: int) -> None:
    """Asks until so many requests are in the record, whoever noted them."""
    pause = threading.Event()
    while True:
        try:
            if record.rows("SELECT count(*) FROM request")[0][0] >= requests:
                return
            asks.next(client)
        except NotSent:
            pause.wait(WHILE_AWAY)
        except SalioError:
            pause.wait(0.05)


def main(words: str) -> None:
    """One life."""
    life = Life.read(words)
    with closing(until("the record is there", begun(life.record))) as record:
        client = Client(life.base_url, life.app, INITIATOR, merchant=life.merchant, options=OPTIONS)
        endpoint = Endpoint(url=life.receiver)
        tracker = Tracker(client, record, endpoint, handler=life.handler(), patience=PATIENCE)
        asks = Asks(record, life.seed, life.number)
        for _ in range(AT_ONCE):
            threading.Thread(target=ask, args=(client, record, asks, life.requests)).start()
        tracker.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
