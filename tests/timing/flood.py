"""A flood in a process of its own, so that it takes no time from whoever measures.

    python -m tests.timing.flood PORT TOKEN CONNECTIONS

The first line of standard input is the body to send; the flood ends with standard input. It prints what it
was told, and how often, as JSON.
"""

import sys
import threading
from collections import Counter

import msgspec

from tests.kill.asking import BALANCE, Asked
from tests.kill.load import Load


def main(port: str, token: str, connections: str) -> None:
    """Asks as fast as it is answered."""
    body = sys.stdin.buffer.readline()
    asked: list[Asked] = []
    asking = threading.Lock()

    def following() -> Asked:
        with asking:
            asked.append(Asked(len(asked), BALANCE, body, None, "0"))
            return asked[-1]

    load = Load(int(port), token, following, connections=int(connections))
    load.start()
    sys.stdin.buffer.read()
    load.stop()
    told = Counter(each.answer.get("errorCode") or each.answer.get("ResponseCode", "") for each in asked)
    sys.stdout.write(msgspec.json.encode(told).decode() + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
