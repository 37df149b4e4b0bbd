"""`tests/engines.py` is whole and true: what it names exists, once, below a reason."""

import pytest

from tests import engines
from tests.tidy.source import modules_below

TABLES = (engines.ONLY_SQLITE, engines.ONLY_POSTGRESQL, engines.SPARED_POSTGRESQL)
MODULES = {module.path.removeprefix("tests/"): module for module in modules_below("tests")}
TESTS = {
    f"{path}::{function.name}" for path, module in MODULES.items() for function in module.functions
} | set(MODULES)


@pytest.mark.parametrize("name", sorted({name for table in TABLES for name in table}))
def test_an_entry_is_true(name: str) -> None:
    """It names a test or a module that exists, in one table, with a reason."""
    assert name in TESTS
    reasons = [table[name] for table in TABLES if name in table]
    assert len(reasons) == 1
    assert reasons[0]


def test_a_reason_stands_above_what_it_is_for() -> None:
    """As the tables are read."""
    assert engines.read("\none\n  a.py\n  b.py::test_b\ntwo\n  c.py\n") == {
        "a.py": "one",
        "b.py::test_b": "one",
        "c.py": "two",
    }


def test_what_is_for_the_proofs_is_a_reason() -> None:
    """Word by word."""
    assert set(engines.FOR_PROOFS) <= set(engines.SPARED_POSTGRESQL.values())
