"""The auditor can fail: whatever is broken on purpose, it notices, and it names the promise."""

from pathlib import Path

import pytest

from tests.simulation.hand import Hand
from tests.simulation.sabotages import CASES, Case
from tests.simulation.tables import Breach

SEEDS = range(100, 130)
"""Not every seed comes to every kind of step; one of these must."""

EYES = (
    "acts",
    "asks",
    "auditor",
    "bodies",
    "books",
    "instructions",
    "moves",
    "payments",
    "phones",
    "reach",
    "switches",
    "tables",
)
"""The modules that make up the auditor."""


def first_breach(case: Case) -> Breach | None:
    """What the auditor says of the broken platform, at the first seed where it says anything."""
    for seed in SEEDS:
        try:
            Hand(seed, case.sabotage).run()
        except Breach as breach:
            return breach
    return None


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_the_auditor_notices(case: Case) -> None:
    """A platform that is broken in this one way is caught, under the right name."""
    breach = first_breach(case)
    assert breach is not None
    assert breach.promise == case.promise, breach


@pytest.mark.parametrize("module", EYES)
def test_the_auditor_is_independent(module: str) -> None:
    """The auditor imports nothing of the platform, so that no fault is theirs together."""
    text = Path(__file__).with_name(f"{module}.py").read_text("utf-8")
    imported = [line for line in text.splitlines() if line.startswith(("import ", "from "))]
    own = {f"tests.simulation.{each}" for each in EYES} | {"tests.simulation"}
    assert [line for line in imported if "salio" in line] == []
    assert {line.split()[1] for line in imported if "tests" in line} <= own
