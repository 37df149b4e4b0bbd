"""Whom a fault is aimed at."""

from datetime import datetime
from typing import Protocol

from salio.core.access.apps import Product
from salio.core.requests.queries import Aimed

TOKEN = "token"  # noqa: S105 - what is asked for, not a secret
APIS = (*(product.word for product in Product), TOKEN)
"""What a fault can be aimed at, as the control's JSON says it."""


class Aim(Protocol):
    """The members of a fault that say whom."""

    app: int | None
    short_code: str | None
    since: datetime | None
    until: datetime | None


def api_of(query: Aimed | None) -> str:
    """What a request asks for; without a query it is a token."""
    return TOKEN if query is None else query.product.word


def is_aimed(aim: Aim, app_number: int, query: Aimed | None) -> bool:
    """Whether the request is one that the fault means, whenever it comes."""
    if aim.app not in (None, app_number):
        return False
    return aim.short_code is None or (query is not None and query.party == aim.short_code)


def is_time(aim: Aim, now: datetime) -> bool:
    """From the first moment on, and not at the last."""
    return (aim.since is None or now >= aim.since) and not is_over(aim, now)


def is_over(aim: Aim, now: datetime) -> bool:
    """Whether its last moment has passed."""
    return aim.until is not None and now >= aim.until
