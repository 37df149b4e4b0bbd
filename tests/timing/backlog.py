"""A store with results that wait to be delivered, and how long each took from the start of their delivery."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from salio.core.ledger.accounts import AccountKind
from salio.core.ports import AcceptedRequest
from salio.core.requests.outcomes import Conclusion, Decision, Outcome
from salio.storage.sqlite.connection import connect
from salio.storage.sqlite.store import SqliteStore
from tests.delivery.samples import balance_facts, balance_request
from tests.kill.checker import opened

GROUP = 500
DECISION = Decision(Outcome.SUCCEEDED, facts=balance_facts((AccountKind.WORKING, 70000000)))


def fill(data: Path, urls: list[str], each: int) -> None:
    """Leaves so many results for each of these receivers, who take turns."""
    count = len(urls) * each
    with closing(SqliteStore(connect(data / "sandbox.db"))) as store:
        for start in range(1, count + 1, GROUP):
            numbers = range(start, min(start + GROUP, count + 1))
            now = datetime.now(UTC)
            with store.unit() as unit:
                unit.add_requests([_accepted(number, urls[number % len(urls)], now) for number in numbers])
                unit.add_conclusions(
                    [Conclusion(number=number, decided_at=now, decision=DECISION) for number in numbers]
                )


def _accepted(number: int, url: str, now: datetime) -> AcceptedRequest:
    request = balance_request(number, url=url)
    return AcceptedRequest(
        msgspec.structs.replace(
            request,
            accepted_at=now,
            originator_conversation_id=f"515-{number}-3",
            conversation_id=f"AG_20261121_{number:020x}",
        ),
        "",
    )


def are_taken(data: Path, count: int) -> bool:
    """Whether so many results were taken by their receivers."""
    with opened(data / "sandbox.db") as store:
        taken = store.execute("SELECT count(*) FROM attempt_end WHERE status = 200").fetchone()[0]
        return bool(taken == count)


def times(data: Path, but: str) -> list[float]:
    """Seconds from the first mark of all to the end of each, in order; without one receiver's."""
    with opened(data / "sandbox.db") as store:
        rows = store.execute(
            """
            SELECT attempt_end.ended_at - (SELECT min(started_at) FROM attempt)
            FROM attempt_end JOIN attempt USING (number)
            WHERE attempt.url <> ? ORDER BY 1
            """,
            [but],
        ).fetchall()
    return [row[0] / 1e6 for row in rows]
