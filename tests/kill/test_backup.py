"""A backup under load, restored elsewhere: whole by an auditor's own SQL, and silent until it is adopted."""

import asyncio
import subprocess
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped] # it brings no types
import pytest

from salio.cli.__main__ import main
from salio.platform.folder import DataFolder
from tests import postgres
from tests.kill.asking import Mix
from tests.kill.load import Load
from tests.kill.receiver import Receiver
from tests.kill.shared.server import running
from tests.patience import until
from tests.serving import environment

BROKEN = {
    "an entry that no posting balances": "SELECT posting FROM entry GROUP BY posting HAVING sum(cents) <> 0",
    "a balance that is not its entries' sum": """
        SELECT number FROM account WHERE available + reserved + uncleared
            <> (SELECT coalesce(sum(cents), 0) FROM entry WHERE entry.account = account.number)""",
    "a request neither undecided nor decided, or both": """
        SELECT number FROM request LEFT JOIN intake USING (number) LEFT JOIN conclusion USING (number)
        WHERE (intake.credential IS NULL) = (conclusion.outcome IS NULL)""",
    "a decided request neither open nor ended, or both": """
        SELECT number FROM conclusion LEFT JOIN (SELECT number, true AS open FROM outbox) AS o USING (number)
            LEFT JOIN (SELECT number, true AS ended FROM attempt_end) AS e USING (number)
        WHERE (open IS NULL) = (ended IS NULL)""",
    "an end without an attempt": "SELECT number FROM attempt_end EXCEPT SELECT number FROM attempt",
    "a row without its request": """
        SELECT number FROM (SELECT number FROM intake UNION ALL SELECT number FROM conclusion) AS known
        WHERE number NOT IN (SELECT number FROM request)""",
    "a day's count that is not what was accepted": """
        SELECT day, app, accepted FROM usage EXCEPT
        SELECT to_char(to_timestamp(accepted_at / 1000000) AT TIME ZONE 'UTC', 'YYYY-MM-DD'), app, count(*)
        FROM request GROUP BY 1, 2""",
}
"""What an auditor must not find."""


def read(url: str, statement: str) -> list[Any]:
    """Rows, past everything of the platform's."""

    async def fetch() -> list[Any]:
        connection = await asyncpg.connect(url, server_settings={"search_path": "sandbox"})
        try:
            return [tuple(row) for row in await connection.fetch(statement)]
        finally:
            await connection.close()

    return asyncio.run(fetch())


def audit(url: str) -> None:
    """Nothing of what must not be."""
    for what, statement in BROKEN.items():
        assert read(url, statement) == [], what


def test_p27_a_backup_under_load_is_whole(
    tmp_path: Path, receiver: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    """pg_dump beside gateways at work; the copy, on another server, sends nothing until it is told to."""
    dump = tmp_path / "salio.dump"
    with running() as elsewhere, environment(tmp_path / "data") as made:
        gateways = [made.start("gateway"), made.start("gateway")]
        core, delivery = made.start("core"), made.start("delivery")
        mix = Mix(0, receiver.url, made.keys.certificate_pem)
        loads = [Load(each.port, made.token(each), mix.next, connections=8) for each in gateways]
        for each in loads:
            each.start()
        until("some are answered", lambda: len(receiver.callbacks) > 200)
        subprocess.run([postgres.tool("pg_dump"), "--format=custom", f"--file={dump}", made.url], check=True)
        until("others come after", lambda: len(receiver.callbacks) > 400)
        for each in loads:
            each.stop()
        for process in (*gateways, core, delivery):
            process.end()
        audit(made.url)
        copy = elsewhere.url
        restore = [
            postgres.tool("pg_restore"),
            "--exit-on-error",
            "--no-owner",
            f"--dbname={copy}",
            str(dump),
        ]
        subprocess.run(restore, check=True)
        audit(copy)
        kept = read(copy, "SELECT count(*) FROM request")[0][0]
        assert 100 < kept < read(made.url, "SELECT count(*) FROM request")[0][0]
        heard = len(receiver.callbacks)
        DataFolder(made.data).remember_database(copy)
        with pytest.raises(AssertionError, match="copied from another"):
            made.start("delivery")
        decides = made.start("core")
        until("all is decided", lambda: not read(copy, "SELECT number FROM intake"))
        assert len(receiver.callbacks) == heard
        assert main(["migrate", "--data", str(made.data), "--adopt"]) == 0
        made.start("delivery")
        until("all is sent", lambda: not read(copy, "SELECT number FROM outbox"))
        assert decides.child.poll() is None
        audit(copy)
