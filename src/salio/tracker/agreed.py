"""By what the application's tracker judges, kept in the record: so `salio listen` and other commands, which
know the record alone, judge alike.
"""

import logging

import msgspec

from salio.tracker.errors import RecordUnavailable
from salio.tracker.record import Record
from salio.tracker.settings import Endpoint, Patience

LOG = logging.getLogger("salio.tracker")

_KEPT = "SELECT content FROM agreed"
_FORGET = "DELETE FROM agreed"
_KEEP = "INSERT INTO agreed VALUES (1, ?)"


class Agreed(msgspec.Struct, frozen=True, kw_only=True):
    """What a tracker is given, as far as others on its record have to know it."""

    patience: Patience = Patience()
    confirm_payments: bool = True


def agreed(record: Record) -> Agreed:
    """As the tracker that was begun last was given; the defaults if none was. Raises RecordUnavailable."""
    rows = record.rows(_KEPT)
    return msgspec.json.decode(rows[0][0], type=Agreed) if rows else Agreed()


def agree(record: Record, endpoint: Endpoint, patience: Patience) -> None:
    """Keeps what a tracker was given. Should the record be out of reach, the tracker goes on without it."""
    wanted = Agreed(patience=patience, confirm_payments=endpoint.confirm_payments)
    try:
        if agreed(record) == wanted:
            return
        with record.transaction() as rows:
            rows.execute(_FORGET)
            rows.execute(_KEEP, [msgspec.json.encode(wanted)])
    except RecordUnavailable as error:
        LOG.warning("other processes on the record do not know how this one judges: %s", error)
