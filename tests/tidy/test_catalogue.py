"""The catalogue's pages are whole and true: each row has tests that exist and carry its id, or a reason."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests import catalogue, catalogue_organization
from tests.catalogue_rows import Row, read
from tests.tidy.source import Function, Module, modules_below

EXPECTED = [*catalogue.EXPECTED, *catalogue_organization.EXPECTED]
ROWS = [*catalogue.ROWS, *catalogue_organization.ROWS]

IN_NAME = re.compile(r"(?<=_)[iatpcl][0-9]{1,2}(?=_|$)")
IN_CASE = re.compile(r"([iatpcl][0-9]{1,2})-")


def carried(module: Module) -> dict[str, set[str]]:
    """By test: the ids in its name, and those of its cases as far as they stand in the same module."""
    tables = dict(tables_of(module))
    return {
        function.name: {
            each.upper() for each in [*IN_NAME.findall(function.name), *in_cases(function, tables)]
        }
        for function in module.functions
        if function.name.startswith("test_")
    }


def tables_of(module: Module) -> Iterator[tuple[str, ast.expr]]:
    """What is assigned to names at the module's own level."""
    for statement in module.tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield name, value
            case _:
                continue


def in_cases(function: Function, tables: dict[str, ast.expr]) -> list[str]:
    """The ids with which cases of the test begin."""
    found = map(IN_CASE.match, texts(function.decorator_list, tables, set()))
    return [each[1] for each in found if each]


def texts(nodes: list[ast.expr], tables: dict[str, ast.expr], seen: set[str]) -> Iterator[str]:
    """Every text in these expressions, and in the tables of the module that they name."""
    for node in (inner for outer in nodes for inner in ast.walk(outer)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.Name) and node.id in tables and node.id not in seen:
            seen.add(node.id)
            yield from texts([tables[node.id]], tables, seen)


CARRIED = {
    f"{module.path.removeprefix('tests/')}::{test}": ids
    for module in modules_below("tests")
    for test, ids in carried(module).items()
}


def untrue(row: Row, tests: dict[str, set[str]]) -> list[str]:
    """What the row says and what is not so."""
    missing = [f"{each} does not exist" for each in row.tests if each not in tests]
    bare = [
        f"{each} does not carry {row.id}" for each in row.tests if row.id not in tests.get(each, {row.id})
    ]
    return missing + bare


def strangers(tests: dict[str, set[str]], rows: list[Row]) -> list[str]:
    """Tests that carry an id of no row, or of a row that says that it has none."""
    known = {row.id for row in rows if row.tests}
    return [f"{test} carries {each}" for test, ids in tests.items() for each in sorted(ids - known)]


def test_every_row_is_there() -> None:
    """All ids of the five parts, in order, once."""
    assert [row.id for row in ROWS] == EXPECTED


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_says_what_became_of_it(row: Row) -> None:
    """Tests, or a reason, or tests and what they do not prove; what cannot happen has no test."""
    assert row.tests or row.not_yet or row.not_here
    assert not (row.not_here and (row.tests or row.not_yet))
    assert len(set(row.tests)) == len(row.tests)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_what_a_row_says_is_so(row: Row) -> None:
    """Every test that it names exists and carries its id."""
    assert untrue(row, CARRIED) == []


def test_no_test_carries_a_strange_id() -> None:
    """The id of a test is that of a row, and of one that names tests: no row has a test that it denies."""
    assert strangers(CARRIED, ROWS) == []


EXAMPLE = """
KINDS = {"i2-twice": 1}
CASES = [*KINDS, f"i3-{1}"]
@mark("case", CASES)
def test_a_body(): ...
def test_p1_p2_of_two(): ...
def test_at_the_end_t9(): ...
def test_promise_3_of_ours(): ...
def test_p3x_i_a_10(): ...
"""


def test_the_ids_of_tests_are_seen() -> None:
    """In names, in cases, in cases that other tables hold; promises and mere letters are no ids."""
    assert carried(Module("tests/x.py", EXAMPLE)) == {
        "test_a_body": {"I2", "I3"},
        "test_p1_p2_of_two": {"P1", "P2"},
        "test_at_the_end_t9": {"T9"},
        "test_promise_3_of_ours": set(),
        "test_p3x_i_a_10": set(),
    }


def test_an_untrue_row_is_seen() -> None:
    """A test that is not there, a test of another row, and a test whose row says that it has none."""
    rows = read("I1 One\n  x.py::test_i1\n  x.py::test_i2\n  x.py::test_i3\nI2 Two\n  not yet: it is\n  long")
    tests = {"x.py::test_i1": {"I1"}, "x.py::test_i2": {"I2"}, "x.py::test_p99": {"P99"}}
    assert untrue(rows[0], tests) == ["x.py::test_i3 does not exist", "x.py::test_i2 does not carry I1"]
    assert strangers(tests, rows) == ["x.py::test_i2 carries I2", "x.py::test_p99 carries P99"]
    assert rows[1] == Row("I2", "Two", (), "it is long", "")
