"""``python -m bench.receiving FOLDER``: a receiver on a port of its own; it prints its address."""

import os
import socket
import sys
from contextlib import closing
from pathlib import Path

import uvicorn

from salio.receiver.app import Receiver
from salio.tracker.record import Record, RecordStore
from salio.tracker.settings import Endpoint


def main(folder: Path) -> None:
    """Serves until it is killed, on one core; the record is a real file."""
    os.sched_setaffinity(0, {0})
    with closing(Record(folder / "record.db")) as record:
        listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        endpoint = Endpoint(url=f"http://127.0.0.1:{listener.getsockname()[1]}")
        sys.stdout.write(endpoint.callbacks(record.keys).result_url + "\n")
        sys.stdout.flush()
        config = uvicorn.Config(
            Receiver(RecordStore(record), record.keys),
            http="httptools",
            loop="uvloop",
            lifespan="off",
            access_log=False,
            log_level="warning",
        )
        uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
