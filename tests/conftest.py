"""What every test run does: time each folder, choose how hard to prove, and in CI allow no skipped test."""

import gc
import os
import signal
from collections import defaultdict
from collections.abc import Callable, Generator
from pathlib import PurePosixPath

import pytest
from hypothesis import HealthCheck, settings

from tests import engines
from tests.proof import proof_count as count_of_rounds
from tests.proof import proof_times


class FolderTimes:
    """Adds up how long the tests of each folder took and prints it before pytest's closing line."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.tests: dict[str, int] = defaultdict(int)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count one phase of one test; with several workers they all report to the one that prints."""
        folder = _folder_of(report.nodeid)
        self.seconds[folder] += report.duration
        self.tests[folder] += report.when == "call"

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print a line for each folder, the slowest first."""
        terminalreporter.section("time of each folder, summed over the workers", sep="-")
        for folder, seconds in sorted(self.seconds.items(), key=lambda item: -item[1]):
            terminalreporter.write_line(f"{seconds:9.2f} s {self.tests[folder]:7d} tests  {folder}")


def _folder_of(nodeid: str) -> str:
    """`tests/core/ledger/test_money.py::test_x` belongs to `tests/core`."""
    parts = PurePosixPath(nodeid.partition("::")[0]).parent.parts
    return "/".join(parts[:2])


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--prove` does the same as SALIO_PROVE=1."""
    parser.addoption("--prove", action="store_true", help="run the proofs at their full length")


def pytest_configure(config: pytest.Config) -> None:
    """Choose the profile of hypothesis, and time the folders where the reports come together."""
    if config.getoption("--prove"):
        os.environ.setdefault("SALIO_PROVE", "1")
    _let_ctrl_c_through()
    _choose_profile(config)
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(FolderTimes(), "salio-folder-times")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the variants on an engine that they are not for (`tests/engines.py`)."""
    wanted = engines.wanted()
    left_out = [each for each in items if engines.why_not(each, wanted) is not None]
    config.hook.pytest_deselected(items=left_out)
    kept = set(items).difference(left_out)
    items[:] = [each for each in items if each in kept]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look through what is collected once and never again.

    It is a million objects, and seconds of a busy machine: longer than a transaction may do nothing.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.collect()
        gc.freeze()


def _let_ctrl_c_through() -> None:
    """A shell has what it runs in the background ignore SIGINT, and so would every process of a test."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _choose_profile(config: pytest.Config) -> None:
    """No profile has a deadline: a busy machine is slow, not wrong.

    The fast one tries the same examples every time, so that a change is judged by what it changed; new ones
    are for `make prove` to find.
    """
    settings.register_profile(
        "fast", max_examples=50, stateful_step_count=30, deadline=None, print_blob=True, derandomize=True
    )
    settings.register_profile(
        "prove",
        max_examples=2_000 * max(1, proof_times()),
        stateful_step_count=100,
        deadline=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    if not config.getoption("--hypothesis-profile", None):
        settings.load_profile("prove" if proof_times() else "fast")


@pytest.fixture(scope="session")
def proof_count() -> Callable[[int, int], int]:
    """The same `proof_count(small, large)` that `tests.proof` has, for tests that prefer a fixture."""
    return count_of_rounds


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With CI_STRICT=1 a test that was skipped, or allowed to fail, has failed: it proved nothing."""
    report = yield
    if os.environ.get("CI_STRICT") == "1" and report.skipped:
        reason = getattr(report, "wasxfail", None) or report.longreprtext
        vars(report).pop("wasxfail", None)
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped: {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole module that skips itself."""
    report = yield
    if os.environ.get("CI_STRICT") == "1" and report.outcome == "skipped":
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped: {report.longreprtext}"
    return report
