"""What several commands share: options, and the data folder of a platform that has been started before."""

import sys
from pathlib import Path
from shlex import quote
from shutil import which
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from salio.cli.errors import CommandError

if TYPE_CHECKING:
    from salio.platform.folder import DataFolder
    from salio.storage.ports import Databases

DEFAULT_DATA = Path("salio-data")
DEFAULT_BASE_URL = "http://127.0.0.1:8282"

Data = Annotated[Path, Parameter(help="The platform's data folder.")]
Json = Annotated[bool, Parameter(negative="", show_default=False, help="Print JSON, for programs.")]
Msisdns = Annotated[bool, Parameter(negative="", show_default=False, help="Show customers' numbers whole.")]

Database = Annotated[
    str | None,
    Parameter(
        env_var="SALIO_DATABASE",
        help="Where data are kept: sqlite, in the data folder, or postgresql://USER@HOST/DATABASE. "
        "Later starts on the folder need not say it again.",
    ),
]


def refuse_other_engines(database: str | None) -> None:
    """Raises CommandError for what is neither SQLite nor PostgreSQL."""
    if database not in (None, "sqlite") and not database.startswith(("postgresql://", "postgres://")):
        raise CommandError(
            "--database takes sqlite, or a URL like postgresql://salio@localhost/salio; leave it out, and "
            "everything is kept in SQLite files in the folder that --data names"
        )


def started_before(data: Path) -> "DataFolder":
    """The folder of a platform; raises :class:`CommandError` for one that never ran there."""
    from salio.platform.folder import DataFolder

    folder = DataFolder(data)
    files = (folder.environment_database, folder.portal_database)
    kept = folder.database_url() is not None or all(path.exists() for path in files)
    if not kept or not folder.keys.exists():
        raise CommandError(
            f"there is no platform's data in {folder.path}: start one with "
            f"`salio up{data_option(data)}`, or name its folder with --data"
        )
    return folder


def databases_beside(folder: "DataFolder") -> "Databases":
    """The databases of a platform's folder; raises CommandError for an older schema: only ``salio up``
    upgrades, when nobody else has it open.
    """
    from salio.platform.databases import databases_of

    databases = databases_of(folder)
    if not databases.are_current():
        raise CommandError(
            f"the data of {folder.path} were written by an older Salio: run `salio up` once to upgrade them"
        )
    return databases


def data_option(data: Path) -> str:
    """`` --data DIR`` to repeat in another command; nothing for the default."""
    return "" if data == DEFAULT_DATA else f" --data {quote(str(data))}"


def program() -> str:
    """This command as another terminal in the same folder finds it: ``salio``, or how it was called."""
    called = Path(sys.argv[0])
    found = which("salio")
    if called.name != "salio" or (found is not None and Path(found).resolve() == called.resolve()):
        return "salio"
    return quote(str(called))


def text_or_input(given: str) -> str:
    """The argument; or, for ``-``, standard input without the line's end, so that no shell remembers it."""
    return sys.stdin.read().removesuffix("\n").removesuffix("\r") if given == "-" else given
