"""``PYTHON bench/other_sdk.py BASE_URL``: another SDK of the field, by an interpreter that has it.

Asks as its README shows, and once more with the one connection that it keeps if it is told to. Prints a line
of JSON for each: what it is, calls a second, seconds of processor time for each call. It imports nothing of
ours, for mpesakit 2.2.0 needs other versions than we have.
"""

import json
import sys
import time

CALLS = 500
"""Fewer than ours, as each takes longer; a call's share is the same."""
ROUNDS = 3
ASKED = {
    "initiator": "testapi",
    "security_credential": "A" * 344,
    "command_id": "AccountBalance",
    "party_a": 600000,
    "identifier_type": 4,
    "remarks": "ok",
    "result_url": "http://127.0.0.1:8080/result",
    "queue_timeout_url": "http://127.0.0.1:8080/timeout",
}


def main(base: str) -> None:
    """A line for each way."""
    from importlib.metadata import version

    name = f"mpesakit {version('mpesakit')}"
    for how, kept in ((f"{name}, connection kept", True), (f"{name}, as it comes", False)):
        rounds = [_timed(base, kept=kept) for _ in range(ROUNDS)]
        print(json.dumps([how, max(each[0] for each in rounds), min(each[1] for each in rounds)]), flush=True)


def _timed(base: str, *, kept: bool) -> tuple[float, float]:
    from mpesakit import MpesaClient

    client = MpesaClient(
        consumer_key="key",
        consumer_secret="secret",  # noqa: S106  # the bare server asks for none
        environment="sandbox",
        use_session=kept,
    )
    client.http_client.base_url = base  # it knows Safaricom's two only
    calls = CALLS if kept else CALLS // 10
    client.balance.query(**ASKED)
    began, used = time.perf_counter(), time.process_time()
    for _ in range(calls):
        client.balance.query(**ASKED)
    return calls / (time.perf_counter() - began), (time.process_time() - used) / calls


if __name__ == "__main__":
    main(sys.argv[1])
