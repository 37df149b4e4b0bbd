"""Access tokens: what one claims, and whether the claim still holds."""

import enum
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from salio.core.access.apps import App

TOKEN_LIFE = timedelta(seconds=3600)
"""Authorization, Overview: "Token Expiry: 3600 seconds"."""


class TokenClaim(msgspec.Struct, frozen=True):
    """What a genuine token says of itself; ``serial`` tells two tokens of one second apart."""

    app_number: int
    issued_at: datetime
    serial: int

    @property
    def expires_at(self) -> datetime:
        """The first instant at which the token no longer counts."""
        return self.issued_at + TOKEN_LIFE


class TokenMint(Protocol):
    """Makes access tokens and reads its own."""

    def issue(self, app_number: int, moment: datetime) -> str:
        """A new token of that app."""
        ...

    def read(self, token: str) -> TokenClaim | None:
        """What the token claims; ``None`` for one that this platform did not make. Never raises."""
        ...


def issue_moment(app: App, now: datetime) -> datetime:
    """When a new token of the app counts as issued: now, or at the end of the second in which all of its
    tokens were revoked, for one dated before that would be dead with them. A clock that was set back since
    then may be far from it: the token lives so much longer, but it lives.
    """
    valid_from = app.tokens_valid_from
    return now if valid_from is None else max(now, valid_from)


class TokenState(enum.Enum):
    """Whether a token may be honoured, and if not, why."""

    VALID = "valid"
    FORGED = "not issued by this platform"
    EXPIRED = "expired"
    REVOKED = "revoked"
    APP_UNKNOWN = "of an app that no longer exists"
    APP_DISABLED = "of a disabled app"


def judge(claim: TokenClaim, app: App | None, *, revoked: bool, now: datetime) -> TokenState:
    """The state of a genuine token at ``now``; the first reason in the order of the members."""
    if now >= claim.expires_at:
        return TokenState.EXPIRED
    if app is None:
        return TokenState.APP_UNKNOWN
    if revoked or (app.tokens_valid_from is not None and claim.issued_at < app.tokens_valid_from):
        return TokenState.REVOKED
    return TokenState.VALID if app.enabled else TokenState.APP_DISABLED
