"""``salio migrate``: schema, keys and test data, before anything is started."""

from salio.cli.options import DEFAULT_DATA, Data, Database

EXAMPLES = """Examples:

  salio migrate --data ./staging --database postgresql://salio@db/salio
  salio migrate --data ./staging      later: upgrades what that folder uses"""


def migrate(*, data: Data = DEFAULT_DATA, database: Database = None) -> None:
    """Bring the databases to this version's schema, and make keys and test data where there are none."""
    from salio.cli.options import refuse_other_engines
    from salio.platform.preparing import prepare
    from salio.platform.settings import Settings

    refuse_other_engines(database)
    prepare(Settings(data=data, database=database))
    print(f"ready: start processes with `salio serve gateway|core|delivery --data {data}`, or `salio up`")
