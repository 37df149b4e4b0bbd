"""Operators: the users of an organization, on the Web channel (people) or the API channel (initiators)."""

import enum
from datetime import datetime, timedelta

import msgspec

from salio.core.parties.roles import Role


class Channel(enum.Enum):
    """How an operator reaches M-PESA; chosen at creation (AB, "API user creation")."""

    WEB = "Web"
    API = "API"


class OperatorStatus(enum.Enum):
    """Whether an operator may act."""

    ACTIVE = "active"
    DORMANT = "dormant"
    """Unused for too long, or put to rest by hand (AB, Additional FAQs 4 and 9)."""
    LOCKED = "locked"
    """Too many wrong passwords in a row, or locked by hand."""


class Operator(msgspec.Struct, frozen=True, kw_only=True):
    """One operator of one short code; ``name`` is unique within the short code.

    ``password_digest`` is the vault's keyed digest, never the password.
    """

    number: int
    short_code: str
    name: str
    channel: Channel
    roles: frozenset[Role]
    password_digest: bytes
    password_set_at: datetime
    last_used_at: datetime
    status: OperatorStatus = OperatorStatus.ACTIVE
    wrong_passwords: int = 0


class OperatorRules(msgspec.Struct, frozen=True, kw_only=True):
    """The settings that operators live by (rulings, "A refused initiator"; AB, Additional FAQs 5)."""

    password_life: timedelta = timedelta(days=90)
    dormant_after: timedelta = timedelta(days=90)
    wrong_passwords_allowed: int = 5
    trust_foreign_credentials: bool = False
    """Sandbox only: take a credential that this platform's key cannot read as if it were right."""

    def is_dormant(self, operator: Operator, now: datetime) -> bool:
        """Put to rest by hand, or unused for ``dormant_after``, counted in days as the last use is kept."""
        unused = now.date() - operator.last_used_at.date()
        return operator.status is OperatorStatus.DORMANT or unused > self.dormant_after

    def password_expires_at(self, operator: Operator) -> datetime:
        """The first instant at which the password no longer counts."""
        return operator.password_set_at + self.password_life

    def after_wrong_password(self, operator: Operator) -> Operator:
        """The operator after one more wrong password: counted, and locked at the allowed number."""
        count = operator.wrong_passwords + 1
        locked = count >= self.wrong_passwords_allowed
        status = OperatorStatus.LOCKED if locked else operator.status
        return msgspec.structs.replace(operator, wrong_passwords=count, status=status)

    def after_right_password(self, operator: Operator, now: datetime) -> Operator:
        """The operator after use; the same object when nothing worth writing changed.

        The day of use is kept, not the instant: dormancy is counted in days, and a row written
        for every request would cost more than the request.
        """
        if not operator.wrong_passwords and now.date() == operator.last_used_at.date():
            return operator
        return msgspec.structs.replace(operator, wrong_passwords=0, last_used_at=now)
