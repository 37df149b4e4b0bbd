"""The tests can fail: known bugs are put back one at a time, and the tests that were named turn red."""

from pathlib import Path

import pytest

from tests.proof import proof_times
from tests.sabotage.bug import Bug
from tests.sabotage.bugs import BUGS
from tests.sabotage.workshop import broken, defined, outcomes, workshop

TRIED = BUGS if proof_times() else [each for each in BUGS if each.name == "the last of two equal keys wins"]
"""All of them take a quarter of an hour."""


def test_the_list_is_long_enough() -> None:
    """Twenty at least, and none of them twice."""
    assert len({bug.name for bug in BUGS}) == len(BUGS)
    assert len({(bug.file, bug.changes) for bug in BUGS}) == len(BUGS) >= 20


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_bug_can_still_be_put_back(bug: Bug) -> None:
    """The text that it changes stands there once, what comes of it is Python, and its tests exist."""
    compile(broken(bug), bug.file, "exec")
    assert bug.tests
    assert [test for test in bug.tests if not defined(test)] == []


@pytest.mark.slow
@pytest.mark.parametrize("bug", TRIED, ids=lambda bug: bug.name)
def test_a_bug_turns_its_tests_red(bug: Bug, tmp_path: Path) -> None:
    """Every test that was named fails: it fails itself, not its collection or its fixtures."""
    found = outcomes(workshop(tmp_path, bug), bug.tests, tmp_path / "report.xml")
    assert [test for test in bug.tests if "failed" not in found.get(test, ())] == []


@pytest.mark.slow
@pytest.mark.parametrize("tests", sorted({bug.tests for bug in TRIED}), ids=lambda tests: tests[0])
def test_without_the_bug_they_are_green(tests: tuple[str, ...], tmp_path: Path) -> None:
    """The same tests, run the same way on a copy of the source as it is."""
    assert outcomes(workshop(tmp_path), tests, tmp_path / "report.xml") == {
        test: {"passed"} for test in tests
    }
