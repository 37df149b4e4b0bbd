"""What the commands that have a record share."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from salio.cli.errors import CommandError

if TYPE_CHECKING:
    from salio.tracker.record import Record

DEFAULT_RECORD = Path("salio-record.db")

RecordFile = Annotated[
    Path,
    Parameter(
        name="--record", env_var="SALIO_RECORD", help="The file in which requests and callbacks are kept."
    ),
]


def opened(path: Path) -> "Record":
    """The record, made if it is not there. Raises CommandError if it cannot be reached."""
    from salio.tracker.errors import RecordUnavailable
    from salio.tracker.record import Record

    try:
        return Record(path)
    except RecordUnavailable as error:
        raise CommandError(str(error)) from None


def opened_before(path: Path) -> "Record":
    """The same of a record that is there."""
    if not path.exists():
        raise CommandError(
            f"there is no record {path}: name the application's with --record, "
            "or begin one with `salio listen`"
        )
    return opened(path)
