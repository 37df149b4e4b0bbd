"""Requests, conclusions and a clock for the tests of this folder."""

from datetime import UTC, datetime, timedelta

from salio.core.ledger.accounts import AccountBalance, AccountKind, Balance
from salio.core.requests.deliveries import Attempt
from salio.core.requests.outcomes import BalanceFacts, Conclusion, Decision, Outcome
from salio.core.requests.queries import BalanceQuery, IdentifierType, Request, StatusQuery

NOON = datetime(2026, 8, 25, 9, 0, tzinfo=UTC)


class SteppedClock:
    """A clock that moves only when told."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        """The time it was set to."""
        return self.at

    def monotonic(self) -> float:
        """The same, in seconds."""
        return self.at.timestamp()

    def pass_by(self, seconds: float) -> None:
        """Moves on."""
        self.at += timedelta(seconds=seconds)


def balance_request(
    number: int = 1, *, url: str = "http://receiver/result", profile: str = "documented"
) -> Request:
    """A balance query."""
    query = BalanceQuery(
        initiator="testapiuser",
        command="AccountBalance",
        party="600000",
        identifier_type=IdentifierType.SHORT_CODE,
        remarks="ok",
        result_url=url,
        queue_time_out_url=url + "/timeout",
    )
    return _request(number, query, profile)


def status_request(number: int = 1, *, occasion: str | None = None, profile: str = "documented") -> Request:
    """A status query."""
    query = StatusQuery(
        initiator="testapiuser",
        command="TransactionStatusQuery",
        party="600310",
        identifier_type=IdentifierType.SHORT_CODE,
        remarks="ok",
        result_url="http://receiver/status",
        queue_time_out_url="http://receiver/timeout",
        receipt="MBN31H462N",
        original_conversation_id=None,
        occasion=occasion,
    )
    return _request(number, query, profile)


def _request(number: int, query: BalanceQuery | StatusQuery, profile: str) -> Request:
    return Request(
        number=number,
        app_number=1,
        profile=profile,
        originator_conversation_id="16917-22577599-3",
        conversation_id="AG_20200206_00005e091a8ec6b9eac5",
        accepted_at=NOON,
        query=query,
    )


def balance_facts(*amounts: tuple[AccountKind, int]) -> BalanceFacts:
    """Accounts with so many cents available."""
    return BalanceFacts(tuple(AccountBalance(kind, "KES", Balance(cents)) for kind, cents in amounts))


def answered(number: int = 1, at: datetime = NOON) -> Conclusion:
    """A balance query that was answered."""
    facts = balance_facts((AccountKind.WORKING, 70000000))
    return Conclusion(number=number, decided_at=at, decision=Decision(Outcome.SUCCEEDED, facts=facts))


def refused(outcome: Outcome, *, fields: tuple[str, ...] = (), at: datetime = NOON) -> Conclusion:
    """A query that was not answered."""
    return Conclusion(number=1, decided_at=at, decision=Decision(outcome, "why", fields=fields))


def attempt(number: int, url: str, body: bytes = b'{"Result":{}}') -> Attempt:
    """An attempt about to be made."""
    return Attempt(number=number, url=url, body=body, started_at=NOON)
