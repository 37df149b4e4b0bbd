"""Who may ask: an initiator that works at every short code, one for each way to fail, and people."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from salio.core.parties.operators import Channel, Operator, OperatorStatus
from salio.core.parties.organizations import Organization, OrganizationKind
from salio.core.parties.roles import Role

PASSWORD = "Safaricom999!*!"  # noqa: S105 - the sandbox's own, printed in its pages
"""Every operator's password (wire facts, 6): who fails, fails for the reason that its purpose names."""

WORKS = "works"
"""The purpose of an initiator that may ask both questions, and pay where its short code may."""


class Initiator(msgspec.Struct, frozen=True):
    """One initiator as people need it; ``purpose`` is ``works`` or ``fails: why``."""

    name: str
    password: str
    short_code: str
    purpose: str


class _Row(msgspec.Struct, frozen=True):
    """An operator of the tables below; ages in days."""

    short_code: str
    name: str
    roles: frozenset[Role]
    purpose: str = ""
    channel: Channel = Channel.API
    status: OperatorStatus = OperatorStatus.ACTIVE
    unused: int = 1
    password_age: int = 5
    wrong_passwords: int = 0


_QUERIES = frozenset({Role.BALANCE_QUERY_API, Role.STATUS_QUERY_API})
_PAYS = frozenset(
    {
        Role.PAYBILL_API_INITIATOR,
        Role.BUY_GOODS_API_INITIATOR,
        Role.PAY_TO_BULK_API_INITIATOR,
        Role.TAX_REMITTANCE_API,
    }
)
"""Whatever its kind, a short code may pay organizations and taxes."""
_NAMES: Mapping[str, str] = {"600000": "testapiuser", "600782": "testapiuser", "600772": "Testapi772"}
"""Where the documents name the initiator; ``testapi`` everywhere else."""

_FAILING = (
    _Row(
        "600000",
        "norole",
        frozenset({Role.PAYBILL_API_INITIATOR}),
        "fails: lacks every role but Business Paybill Org API initiator; BusinessPayBill works",
    ),
    _Row(
        "600997",
        "norole",
        frozenset({Role.BALANCE_QUERY_API}),
        "fails: lacks every role but Balance Query ORG API; balance queries work",
    ),
    _Row(
        "600000",
        "dormant",
        _QUERIES,
        "fails: dormant, unused for 120 days",
        status=OperatorStatus.DORMANT,
        unused=120,
    ),
    _Row(
        "600000",
        "locked",
        _QUERIES,
        "fails: locked after 5 wrong passwords",
        status=OperatorStatus.LOCKED,
        wrong_passwords=5,
    ),
    _Row(
        "600000",
        "expired",
        _QUERIES,
        "fails: its password is older than 90 days",
        password_age=120,
    ),
    _Row(
        "600000",
        "webuser",
        _QUERIES,
        "fails: of the Web channel, not API",
        channel=Channel.WEB,
    ),
)
"""One for each way to be refused (rulings, "A refused initiator"), in the order of the checks."""

_HEAD_OFFICE = _Row("700100", "headoffice", _QUERIES, WORKS)
"""Known at the head office alone: what it may ask of stores and tills, it may ask as their head office."""

_REVERSING = _Row("603021", "apiop37", _QUERIES | {Role.REVERSALS_INITIATOR}, WORKS)
"""Of the Reversal page's sample."""

_PEOPLE = (
    _Row("600000", "administrator", frozenset({Role.BUSINESS_ADMINISTRATOR}), channel=Channel.WEB),
    _Row(
        "600000",
        "manager",
        frozenset({Role.BUSINESS_MANAGER, Role.SET_API_PASSWORD}),
        channel=Channel.WEB,
    ),
    _Row("600000", "deputy", frozenset({Role.BUSINESS_MANAGER}), channel=Channel.WEB),
    _Row("600000", "weboperator", frozenset({Role.BUSINESS_WEB_OPERATOR}), channel=Channel.WEB),
    _Row("600000", "auditor", frozenset({Role.BUSINESS_AUDITOR}), channel=Channel.WEB),
)
"""The documented roles of people (AB, "Various Roles under the portal"); two can approve for each other."""


def operators(
    organizations: Sequence[Organization], now: datetime, digest: Callable[[str], bytes]
) -> tuple[Operator, ...]:
    """Every operator, numbered from 1."""
    rows = (*_asking(organizations), *_PEOPLE)
    digested = digest(PASSWORD)
    return tuple(_operator(number, row, now, digested) for number, row in enumerate(rows, 1))


def initiators(organizations: Sequence[Organization]) -> tuple[Initiator, ...]:
    """Every operator that somebody might name in a request, with its purpose."""
    return tuple(Initiator(row.name, PASSWORD, row.short_code, row.purpose) for row in _asking(organizations))


def _asking(organizations: Sequence[Organization]) -> Iterator[_Row]:
    for each in organizations:
        name = _NAMES.get(each.short_code, "testapi")
        pays = _PAYS | ({Role.B2C_API_INITIATOR} if each.kind is OrganizationKind.B2C else set())
        roles = _QUERIES | pays | {Role.REVERSALS_INITIATOR}
        yield _Row(each.short_code, name, roles, WORKS)
    yield from (_HEAD_OFFICE, _REVERSING)
    yield from _FAILING


def _operator(number: int, row: _Row, now: datetime, password_digest: bytes) -> Operator:
    return Operator(
        number=number,
        short_code=row.short_code,
        name=row.name,
        channel=row.channel,
        roles=row.roles,
        password_digest=password_digest,
        password_set_at=now - timedelta(days=row.password_age),
        last_used_at=now - timedelta(days=row.unused),
        status=row.status,
        wrong_passwords=row.wrong_passwords,
    )
