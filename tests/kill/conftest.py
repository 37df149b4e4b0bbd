"""What the kill tests share, and the table that they print at the end."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tests.engines import ALL, wanted
from tests.kill.campaign import Campaign, Row
from tests.kill.disk import Disk, build, compiler
from tests.kill.receiver import Receiver
from tests.kill.stages import Stage

PROPERTY = "kills"

_LONG = [
    "test_backup.py",
    "test_orderly_ends.py",
    "test_organization.py",
    "test_payments.py",
    "test_poison.py",
    "test_power.py",
    "test_states.py",
    "test_trouble.py",
    "test_two_deaths.py",
    "shared/test_phones.py",
    "shared/test_sharing.py",
    "shared/test_standby.py",
]
collect_ignore = [] if wanted() == ALL else _LONG
"""Too long for an ordinary run, which has kills of one process on SQLite and of several on PostgreSQL, and as
journeys the store out of reach: leases are waited for, an organization and its platform wait for each other's
lives, a disk that lies is looked at for long, a standby is copied for each failover, and who dies over a
request waits for a start."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver of callbacks."""
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def campaign(tmp_path_factory: pytest.TempPathFactory, receiver: Receiver) -> Campaign:
    """A data folder that no platform has seen."""
    return Campaign(tmp_path_factory.mktemp("kill"), seed=0, receiver=receiver)


@pytest.fixture(scope="session")
def disk_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that makes a disk; it is compiled here and now."""
    if compiler() is None:
        pytest.skip("needs a C compiler")
    return build(tmp_path_factory.mktemp("disk"))


@pytest.fixture
def disk(disk_library: Path, tmp_path: Path) -> Disk:
    """A disk that is well and empty."""
    return Disk(disk_library, tmp_path)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The table of all kills of this run, as Markdown."""
    total = {stage.title: Row() for stage in Stage}
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name == PROPERTY and report.when == "call":
                    _add(total, msgspec.json.decode(value, type=dict[str, Row]))
    if any(row.kills for row in total.values()):
        terminalreporter.section("kills", sep="-")
        for line in table(total):
            terminalreporter.write_line(line)


def table(rows: dict[str, Row]) -> Iterator[str]:
    """A line for each stage and one for all."""
    yield "| killed at stage | kills | acknowledged meanwhile | results sent once more |"
    yield "|---|---:|---:|---:|"
    for title, row in rows.items():
        yield f"| {title} | {row.kills} | {row.acknowledged} | {row.resent} |"
    whole = Row()
    for row in rows.values():
        _sum(whole, row)
    yield f"| **all** | **{whole.kills}** | **{whole.acknowledged}** | **{whole.resent}** |"


def _add(total: dict[str, Row], rows: dict[str, Row]) -> None:
    for title, row in rows.items():
        _sum(total[title], row)


def _sum(total: Row, row: Row) -> None:
    total.kills += row.kills
    total.acknowledged += row.acknowledged
    total.resent += row.resent
