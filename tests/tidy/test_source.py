"""The whole source keeps the rules of `rules.py`, and each rule still sees what it is there for."""

from itertools import chain
from statistics import median

import pytest

from tests.tidy.rules import RULES, TEST_RULES, Example, Rule
from tests.tidy.source import ROOT, Module, body_lines, modules_below

MODULE_MEDIAN = 150
FUNCTION_MEDIAN = 10

SOURCE = modules_below("src")
TESTS = modules_below("tests", "bench")


def findings(rule: Rule, modules: list[Module]) -> list[str]:
    """What a rule finds, as an editor can jump to it."""
    return [f"{module.path}:{line}: {what}" for module in modules for line, what in rule.check(module)]


def examples(kind: str) -> list[object]:
    """The bad or the good examples of all rules, each with an id."""
    rules = {rule.name: rule for rule in chain(RULES, TEST_RULES)}.values()
    return [
        pytest.param(rule, example, id=f"{rule.name}-{number}")
        for rule in rules
        for number, example in enumerate(rule.bad if kind == "bad" else rule.good, start=1)
    ]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_source_keeps_the_rule(rule: Rule) -> None:
    """No module of the source breaks the rule."""
    assert findings(rule, SOURCE) == [], rule.why


@pytest.mark.parametrize("rule", TEST_RULES, ids=lambda rule: rule.name)
def test_the_tests_keep_the_rule(rule: Rule) -> None:
    """No test and no benchmark breaks the rule."""
    assert findings(rule, TESTS) == [], rule.why


@pytest.mark.parametrize(("rule", "example"), examples("bad"))
def test_the_rule_sees(rule: Rule, example: Example) -> None:
    """The rule finds something in code that breaks it."""
    assert list(rule.check(Module(example.place, example.code)))


@pytest.mark.parametrize(("rule", "example"), examples("good"))
def test_the_rule_allows(rule: Rule, example: Example) -> None:
    """The rule finds nothing in code that keeps it."""
    assert list(rule.check(Module(example.place, example.code))) == []


def test_modules_are_small() -> None:
    """Half of the modules are short enough to read in one go."""
    assert median(module.text.count("\n") for module in SOURCE) <= MODULE_MEDIAN


def test_functions_are_small() -> None:
    """Half of the functions fit in ten lines, signature and docstring not counted."""
    lengths = [body_lines(function) for module in SOURCE for function in module.functions]
    assert median(lengths) <= FUNCTION_MEDIAN


def test_every_package_has_its_tests() -> None:
    """Whoever looks for the tests of a package finds them under the package's name."""
    packages = sorted(path.parent.name for path in (ROOT / "src" / "salio").glob("*/__init__.py"))
    untested = [name for name in packages if not list((ROOT / "tests" / name).rglob("test_*.py"))]
    assert untested == []
