"""What these tests share, and the figures that they print at the end."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kill.receiver import Receiver
from tests.kill.shared.figures import FIGURES
from tests.kill.shared.server import running
from tests.kill.shared.staging import Staging
from tests.kill.shared.staging import staging as working


@pytest.fixture
def staging(tmp_path: Path, receiver: Receiver) -> Iterator[Staging]:
    """Two gateways, two cores and two deliveries on a server of their own."""
    with running() as server, working(server, tmp_path, receiver) as staging:
        yield staging


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was killed and what became of it, as Markdown."""
    told: dict[str, list[float]] = defaultdict(list)
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "call":
                for name, value in report.user_properties:
                    told[name].append(value)
    if any(each.title in told for each in FIGURES):
        terminalreporter.section("several processes on PostgreSQL", sep="-")
        for each in FIGURES:
            terminalreporter.write_line(f"| {each.title} | {each.whole(told[each.title]):,.9g} |")
