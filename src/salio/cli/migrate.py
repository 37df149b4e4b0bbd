"""``salio migrate``: schema, keys and test data, before anything is started."""

from typing import Annotated

from cyclopts import Parameter

from salio.cli.options import DEFAULT_DATA, Data, Database

EXAMPLES = """Examples:

  salio migrate --data ./staging --database postgresql://salio@db/salio
  salio migrate --data ./staging          a newer Salio: adds what it needs; older processes go on
  salio migrate --data ./staging --post   when none of those runs: takes away what only they needed"""

_POST = Parameter(
    negative="", show_default=False, help="Finish an upgrade; refused while a process of an older Salio runs."
)
_ADOPT = Parameter(
    negative="",
    show_default=False,
    help="Let results be sent from a database that was restored from a copy; what the original sent since "
    "the copy is sent once more.",
)


def migrate(
    *,
    data: Data = DEFAULT_DATA,
    database: Database = None,
    post: Annotated[bool, _POST] = False,
    adopt: Annotated[bool, _ADOPT] = False,
) -> None:
    """Bring the databases to this version's schema, and make keys and test data where there are none."""
    from salio.cli.options import refuse_other_engines
    from salio.platform import preparing
    from salio.platform.settings import Settings

    if post:
        done = preparing.finish(Settings(data=data))
        print(f"post steps done: {', '.join(done) or 'none were left'}")
        return
    refuse_other_engines(database)
    preparing.prepare(Settings(data=data, database=database))
    if adopt:
        preparing.adopt(Settings(data=data))
    print(f"ready: start processes with `salio serve gateway|core|delivery --data {data}`, or `salio up`")
