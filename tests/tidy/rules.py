"""The rules of the source, as a table. Each rule carries the code that it must catch and the code it allows.

`test_source.py` holds every rule against the whole source and against its own examples, so that a rule that
has gone blind fails too.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.tidy.checks import (
    CHANCE,
    CLOCK,
    FUNCTION_CAP,
    MODULE_CAP,
    NEVER,
    SPEAKING,
    THREADS,
    Finding,
    built_sql,
    floats_near_money,
    long_functions,
    long_modules,
    missing_docstrings,
    module_state,
    swallowed_exceptions,
    undocumented_tests,
    unfinished_work,
    unreasoned_ignores,
)
from tests.tidy.source import Module


@dataclass(frozen=True)
class Example:
    """A snippet and the module it would stand in."""

    code: str
    place: str = "src/salio/core/example.py"


@dataclass(frozen=True)
class Rule:
    """One rule: its name, the reason for it, the check, and the examples that keep the check honest."""

    name: str
    why: str
    check: Callable[[Module], Iterator[Finding]]
    bad: tuple[Example, ...]
    good: tuple[Example, ...] = ()


LEDGER = "src/salio/core/ledger/example.py"
PLATFORM = "src/salio/platform/example.py"
CLI = "src/salio/cli/example.py"

RULES = (
    Rule(
        "module-cap",
        f"a module has at most {MODULE_CAP} lines",
        long_modules,
        bad=(Example("x = 1\n" * (MODULE_CAP + 1)),),
        good=(Example("x = 1\n" * MODULE_CAP),),
    ),
    Rule(
        "function-cap",
        f"a function has at most {FUNCTION_CAP} lines, its docstring not counted",
        long_functions,
        bad=(Example("def f():\n" + " x = 1\n" * FUNCTION_CAP),),
        good=(Example('def f():\n """Say\n it."""\n' + " x = 1\n" * (FUNCTION_CAP - 1)),),
    ),
    Rule(
        "speaking",
        "only the command speaks to a terminal",
        SPEAKING.check,
        bad=(Example("print(1)"), Example("log = print")),
        good=(Example("print(1)", CLI), Example("page.print(1)")),
    ),
    Rule(
        "clock",
        "the clock is passed in; only the composition root and the command read one",
        CLOCK.check,
        bad=(
            Example("import time\ntime.time()"),
            Example("from time import sleep as nap\nnap(1)"),
            Example("import time as t\ndef f(clock=t.monotonic): ..."),
            Example("from datetime import datetime\ndatetime.now(UTC)"),
            Example("import datetime as dt\ndt.datetime.utcnow()"),
            Example("import asyncio\nasync def f(): await asyncio.sleep(1)"),
        ),
        good=(
            Example("import time\ntime.time()", PLATFORM),
            Example("clock.now()"),
            Example("self.time.time()"),
        ),
    ),
    Rule(
        "chance",
        "chance is passed in, so that a seed replays a run; only keys draw their own",
        CHANCE.check,
        bad=(
            Example("import random\nrandom.random()"),
            Example("from random import Random\nRandom()"),
            Example("import secrets\nsecrets.token_hex()"),
            Example("from os import urandom\nurandom(8)"),
            Example("import uuid\nuuid.uuid4()"),
        ),
        good=(
            Example("import secrets\nsecrets.token_hex()", "src/salio/vault/example.py"),
            Example("import uuid\nuuid.UUID(int=1)"),
        ),
    ),
    Rule(
        "threads",
        "steps, not loops: only the composition root starts what runs beside",
        THREADS.check,
        bad=(Example("import threading\nthreading.Thread(target=f)"),),
        good=(
            Example("import threading\nthreading.Thread(target=f)", PLATFORM),
            Example("import threading\nthreading.Lock()"),
        ),
    ),
    Rule(
        "never",
        "nothing that turns data into code",
        NEVER.check,
        bad=(
            Example("eval('1')", CLI),
            Example("exec('1')", PLATFORM),
            Example("import pickle\npickle.loads(b'')"),
            Example("from marshal import loads\nloads(b'')"),
        ),
        good=(Example("store.exec(1)"),),
    ),
    Rule(
        "money",
        "money is whole cents, never a float",
        floats_near_money,
        bad=(
            Example("x = float('1')", LEDGER),
            Example("def f(x: float): ...", LEDGER),
            Example("x = 1.5", "src/salio/wire/amounts.py"),
            Example("x = cents / 100", "src/salio/wire/balance_text.py"),
            Example("x /= 2", "src/salio/core/transactions/example.py"),
        ),
        good=(Example("x = 1.5"), Example("x = cents // 100", LEDGER)),
    ),
    Rule(
        "sql",
        "SQL is written whole, with parameters",
        built_sql,
        bad=(
            Example("db.execute(f'{verb} x')"),
            Example("db.executemany('DELETE FROM ' + table, rows)"),
            Example("db.execute('%s' % table)"),
            Example("text('{} x'.format(table))"),
            Example("q = f'select * from {table}'"),
            Example("q = f'UPDATE {table}'"),
            Example("q = 'select a ' + 'from ' + table\nq = 'INSERT ' + table"),
        ),
        good=(
            Example("db.execute('select a from b where c = ?', (1,))"),
            Example("m = f'select a kind of {thing}'"),
            Example("m = f'Delete {thing}?'"),
        ),
    ),
    Rule(
        "swallowed",
        "a wish to end is handed on",
        swallowed_exceptions,
        bad=(
            Example("try: x()\nexcept: pass"),
            Example("try: x()\nexcept BaseException: pass"),
            Example("try: x()\nexcept (ValueError, BaseException) as e: log(e)"),
        ),
        good=(
            Example("try: x()\nexcept BaseException:\n undo()\n raise"),
            Example("try: x()\nexcept Exception: log()"),
        ),
    ),
    Rule(
        "state",
        "no state at module level",
        module_state,
        bad=(
            Example("cache = {}"),
            Example("seen: set[int] = set()"),
            Example("from collections import deque\nqueue = deque()"),
            Example("n = 0\ndef f():\n global n\n n = 1"),
        ),
        good=(
            Example("TABLE = {1: 2}"),
            Example("__all__ = ['x']"),
            Example("def f():\n x = []"),
            Example("x = ()"),
        ),
    ),
    Rule(
        "docstrings",
        "every public name says what it is for",
        missing_docstrings,
        bad=(
            Example("x = 1"),
            Example('"""M."""\ndef f(): ...'),
            Example('"""M."""\nclass C: ...'),
            Example('"""M."""\nclass C:\n """C."""\n async def f(self): ...'),
        ),
        good=(Example('"""M."""\ndef _f(): ...\nclass C:\n """C."""\n def __init__(self): ...'),),
    ),
    Rule(
        "unfinished",
        "what is not done is not committed",
        unfinished_work,
        bad=(
            Example("x = 1  # TO" + "DO later"),
            Example("# FIX" + "ME"),
            Example("raise NotImplementedError"),
        ),
        good=(Example("x = 'Invalid Access Token - XX" + "X'"),),
    ),
    Rule(
        "reasons",
        "an ignored finding has its reason beside it",
        unreasoned_ignores,
        bad=(
            Example("x = 1  # noqa"),
            Example("x = 1  # noqa - because"),
            Example("x = 1  # noqa: S105"),
            Example("x = 1  # noqa: S105, S106"),
            Example("x = 1  # type: ignore"),
            Example("x = 1  # type: ignore[misc]"),
            Example("x = 1  # type: ignore[misc] - because"),
        ),
        good=(
            Example("x = 1  # noqa: S105 - a label"),
            Example("x = 1  # noqa: S105, S106  # a label"),
            Example("x = 1  # type: ignore[misc, arg-type]  # as the library's own"),
            Example("x = '# noqa'"),
        ),
    ),
)

TEST_RULES = (
    Rule(
        "test-docstrings",
        "every test says in a sentence what is true",
        undocumented_tests,
        bad=(Example("def test_x(): ..."), Example("class TestX:\n async def test_x(self): ...")),
        good=(Example('def test_x():\n """X is true."""'), Example("def helper(): ...")),
    ),
    *(rule for rule in RULES if rule.name in {"module-cap", "unfinished", "swallowed", "reasons"}),
)
