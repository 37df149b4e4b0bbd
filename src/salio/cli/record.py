"""What the commands that have a record share."""

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from salio.cli.errors import CommandError

if TYPE_CHECKING:
    from salio.tracker.record import Record

DEFAULT_RECORD = "salio-record.db"
LISTEN_PORT = 8383
"""Where `salio listen` is unless it is told otherwise."""

RecordFile = Annotated[
    str,
    Parameter(
        name="--record",
        env_var="SALIO_RECORD",
        help="Where requests and callbacks are kept: a file, or postgresql://...",
    ),
]


def opened(place: str) -> "Record":
    """The record, made if it is not there. Raises CommandError if it cannot be reached."""
    from salio.tracker.record import Record
    from salio.wire.errors import SalioError

    try:
        return Record(place)
    except SalioError as error:
        raise CommandError(str(error)) from None


def opened_before(place: str) -> "Record":
    """The same of a record that is there."""
    from salio.tracker.record import is_there
    from salio.wire.errors import SalioError

    try:
        there = is_there(place)
    except SalioError as error:
        raise CommandError(str(error)) from None
    if not there:
        raise CommandError(
            f"there is no record {place.rpartition('@')[2]}: name the application's with --record, "
            "or begin one with `salio listen`"
        )
    return opened(place)
