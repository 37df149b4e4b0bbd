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


def migrate(
    *, data: Data = DEFAULT_DATA, database: Database = None, post: Annotated[bool, _POST] = False
) -> None:
    """Bring the databases to this version's schema, and make keys and test data where there are none."""
    from salio.cli.options import refuse_other_engines
    from salio.platform.preparing import finish, prepare
    from salio.platform.settings import Settings

    if post:
        done = finish(Settings(data=data))
        print(f"post steps done: {', '.join(done) or 'none were left'}")
        return
    refuse_other_engines(database)
    prepare(Settings(data=data, database=database))
    print(f"ready: start processes with `salio serve gateway|core|delivery --data {data}`, or `salio up`")
