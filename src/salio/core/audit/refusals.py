"""Refused requests: the faithful code that the caller got, and beside it the exact cause."""

from collections.abc import Callable
from datetime import datetime

import msgspec

from salio.core.audit.records import Records


class RefusedRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One refusal at the gateway's door. ``cause`` is for the log, never for the caller; no secrets."""

    request_id: str
    at: datetime
    method: str
    path: str
    status: int
    code: str
    cause: str
    app_number: int | None = None
    field: str | None = None


class RefusalLog(Records[RefusedRequest]):
    """The stage that keeps refusals."""

    def __init__(self, wake: Callable[[], None], most_waiting: int = 10_000) -> None:
        super().__init__(wake, lambda unit, refusals: unit.add_refusals(refusals), most_waiting)
