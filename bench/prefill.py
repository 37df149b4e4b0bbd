"""Fills a store with finished requests, through the same statements that the platform runs."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from salio.core.ledger.accounts import AccountBalance, AccountKind, Balance
from salio.core.ports import AcceptedRequest
from salio.core.requests.deliveries import Attempt, AttemptEnd
from salio.core.requests.outcomes import BalanceFacts, Conclusion, Decision, Outcome
from salio.core.requests.queries import BalanceQuery, IdentifierType, Request
from salio.storage.sqlite.connection import connect
from salio.storage.sqlite.store import SqliteStore

GROUP = 500
BODY = b"x" * 900


def prefill(folder: Path, count: int) -> None:
    """Adds requests until the store holds so many, each with its conclusion and delivery."""
    with closing(SqliteStore(connect(folder / "sandbox.db"))) as store:
        first = store.next_request_number()
        for start in range(first, count + 1, GROUP):
            numbers = range(start, min(start + GROUP, count + 1))
            _write(store, [_request(number) for number in numbers])


def _request(number: int) -> Request:
    query = BalanceQuery(
        initiator="testapiuser",
        command="AccountBalance",
        party="600000",
        identifier_type=IdentifierType.SHORT_CODE,
        remarks="ok",
        result_url="http://127.0.0.1:9/result",
        queue_time_out_url="http://127.0.0.1:9/timeout",
    )
    return Request(
        number=number,
        app_number=1,
        profile="documented",
        originator_conversation_id=f"515-{number}-3",
        conversation_id=f"AG_20261121_{number:010x}{number * 7919 % 2**40:010x}",
        accepted_at=datetime.now(UTC),
        query=query,
    )


def _write(store: SqliteStore, requests: list[Request]) -> None:
    now = datetime.now(UTC)
    account = AccountBalance(AccountKind.WORKING, "KES", Balance(70_000_000))
    decision = Decision(Outcome.SUCCEEDED, facts=BalanceFacts((account,) * 5))
    with store.unit() as unit:
        unit.add_requests([AcceptedRequest(each, "") for each in requests])
        unit.add_conclusions(
            [Conclusion(number=each.number, decided_at=now, decision=decision) for each in requests]
        )
        unit.start_attempts(
            [
                Attempt(number=each.number, url=each.query.result_url, body=BODY, started_at=now)
                for each in requests
            ]
        )
        unit.end_attempts([AttemptEnd(number=each.number, ended_at=now, status=200) for each in requests])
