"""The two APIs and where they live (AB and TS, Environments)."""

import enum
from typing import Self

OAUTH_PATH = "/oauth/v1/generate"
"""Where a token is granted (Authorization, Overview)."""


class Api(enum.Enum):
    """One of the two query APIs. Its value is its command."""

    __hash__ = object.__hash__  # one object for each member: Enum hashes its name anew each time

    path: str
    """The one path that it answers on."""
    prefix: str
    """What its paths begin with: another path under it is *its* unknown path."""
    command: str
    """The only CommandID that it knows."""

    def __new__(cls, command: str, folder: str = "") -> Self:  # the default lets mypy read Api("…")
        member = object.__new__(cls)
        member._value_ = command
        member.command = command
        member.prefix = f"/mpesa/{folder}/"
        member.path = f"/mpesa/{folder}/v1/query"
        return member

    ACCOUNT_BALANCE = ("AccountBalance", "accountbalance")
    """What an organization's accounts hold."""

    TRANSACTION_STATUS = ("TransactionStatusQuery", "transactionstatus")
    """What became of one transaction."""


def api_of(path: str) -> Api | None:
    """The API that a path belongs to, whether or not it answers there; None outside of both."""
    return next((api for api in Api if path.startswith(api.prefix) or path == api.prefix[:-1]), None)
