"""The checks behind the rules: each looks at one module and yields the line and name of what is wrong."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from tests.tidy.source import Documented, Module, all_lines, docstring_of, type_of_function

MODULE_CAP = 400
FUNCTION_CAP = 60

Finding = tuple[int, str]


# --- sizes -------------------------------------------------------------------------------------------


def long_modules(module: Module) -> Iterator[Finding]:
    """A module is one concept."""
    lines = module.text.count("\n")
    if lines > MODULE_CAP:
        yield MODULE_CAP, f"{lines} lines, at most {MODULE_CAP}"


def long_functions(module: Module) -> Iterator[Finding]:
    """A function does one step."""
    for function in module.functions:
        if all_lines(function) > FUNCTION_CAP:
            yield function.lineno, f"{function.name} has {all_lines(function)} lines, at most {FUNCTION_CAP}"


# --- names that only some places may use -------------------------------------------------------------


@dataclass(frozen=True)
class Reserved:
    """Names that only these places may use; `x.*` means everything below x."""

    names: tuple[str, ...]
    places: tuple[str, ...]

    def check(self, module: Module) -> Iterator[Finding]:
        """Every use of a reserved name outside its places, called or handed on."""
        if module.lies_in(self.places):
            return
        for node, meaning in module.references():
            if any(fnmatchcase(meaning, pattern) for pattern in self.names):
                yield node.lineno, meaning.removeprefix("builtins.")


SPEAKING = Reserved(("builtins.print", "builtins.input"), ("salio.cli",))

DRIVEN = ("salio.storage.postgres.connection", "salio.storage.postgres.notices")
"""PostgreSQL's driver lives in an event loop; a session, whose callers wait, has one in its own thread."""

OUTSIDE = ("salio.client.outside", "salio.tracker.outside")
"""Who uses these as a library passes nothing in: what they take from the world instead stands there."""

CLOCK = Reserved(
    (
        "asyncio.sleep",
        "time.time",
        "time.time_ns",
        "time.monotonic",
        "time.monotonic_ns",
        "time.perf_counter",
        "time.perf_counter_ns",
        "time.sleep",
        "time.localtime",
        "time.gmtime",
        "datetime.date.today",
        "datetime.datetime.now",
        "datetime.datetime.today",
        "datetime.datetime.utcnow",
    ),
    ("salio.platform", "salio.cli", *OUTSIDE, *DRIVEN),
)

CHANCE = Reserved(
    ("random.*", "secrets.*", "os.urandom", "uuid.uuid1", "uuid.uuid4"),
    ("salio.platform", "salio.vault", *OUTSIDE),
)

THREADS = Reserved(
    ("threading.Thread", "threading.Timer", "concurrent.futures.*", "multiprocessing.*"),
    ("salio.platform", "salio.cli", *OUTSIDE, *DRIVEN),
)

NEVER = Reserved(
    ("builtins.eval", "builtins.exec", "builtins.__import__", "pickle.*", "marshal.*", "shelve.*"), ()
)

# --- money -------------------------------------------------------------------------------------------

MONEY_PLACES = (
    "salio.core.ledger",
    "salio.core.transactions",
    "salio.wire.amounts",
    "salio.wire.balance_text",
)


def floats_near_money(module: Module) -> Iterator[Finding]:
    """Money is whole cents: no float, no float literal, no division that makes one."""
    if not module.lies_in(MONEY_PLACES):
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield node.lineno, f"the float {node.value}"
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
            yield node.lineno, "a division that makes a float"
    for node, meaning in module.references():
        if meaning == "builtins.float":
            yield node.lineno, "float"


# --- SQL ---------------------------------------------------------------------------------------------

EXECUTES = {"execute", "executemany", "executescript", "exec_driver_sql", "text"}
SQL_START = re.compile(
    r"\s*(?:(?:SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|ALTER|DROP|PRAGMA|REPLACE|ATTACH|VACUUM)\b"
    r"|(?i:select\s.*\sfrom\b|insert\s+into\b|update\s+\S+\s+set\b|delete\s+from\b|pragma\s+\w"
    r"|(?:create|alter|drop)\s+(?:table|index|view|trigger)\b))",
    re.DOTALL,
)


def built_text(node: ast.expr) -> str | None:
    """The text of a string that is put together at run time, `?` for what is put in; None for any other."""
    match node:
        case ast.JoinedStr(values=values):
            return "".join(str(v.value) if isinstance(v, ast.Constant) else "?" for v in values)
        case ast.BinOp(op=ast.Mod() | ast.Add(), left=ast.Constant(value=str(text))):
            return text
        case ast.BinOp(op=ast.Add(), left=left):
            return built_text(left)
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
            return text
        case _:
            return None


def built_sql(module: Module) -> Iterator[Finding]:
    """SQL is written whole, with parameters; text that is put together is how injections begin."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.expr) and SQL_START.match(built_text(node) or ""):
            yield node.lineno, "SQL put together from pieces"
        if isinstance(node, ast.Call) and node.args and built_text(node.args[0]) is not None:
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in EXECUTES:
                yield node.lineno, f"{called}() of a string put together from pieces"


# --- failures and state ------------------------------------------------------------------------------


def swallowed_exceptions(module: Module) -> Iterator[Finding]:
    """Whoever catches everything, a wish to end included, hands it on."""
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.ExceptHandler):
            continue
        everything = node.type is None or "BaseException" in ast.unparse(node.type)
        if everything and not any(isinstance(inner, ast.Raise) for inner in ast.walk(node)):
            yield node.lineno, "catches everything and hands nothing on"


MUTABLE_DISPLAYS = (ast.Dict, ast.List, ast.Set, ast.DictComp, ast.ListComp, ast.SetComp)
MUTABLE_MAKERS = {"dict", "list", "set", "bytearray", "defaultdict", "deque", "Counter", "OrderedDict"}


def module_state(module: Module) -> Iterator[Finding]:
    """What changes belongs to an object that somebody passes; CAPITALS name tables that never change."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Global):
            yield node.lineno, f"global {', '.join(node.names)}"
    for statement in module.tree.body:
        if not isinstance(statement, ast.Assign | ast.AnnAssign) or not is_mutable(statement.value):
            continue
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        for target in targets:
            if isinstance(target, ast.Name) and not (target.id.isupper() or target.id.startswith("__")):
                yield statement.lineno, f"{target.id} can change"


def is_mutable(value: ast.expr | None) -> bool:
    """Whether an expression makes a dict, a list, a set or one of their kin."""
    if isinstance(value, ast.Call):
        maker = value.func.attr if isinstance(value.func, ast.Attribute) else getattr(value.func, "id", "")
        return maker in MUTABLE_MAKERS
    return isinstance(value, MUTABLE_DISPLAYS)


# --- words -------------------------------------------------------------------------------------------


def missing_docstrings(module: Module) -> Iterator[Finding]:
    """Every public name says what it is for."""
    if not docstring_of(module.tree):
        yield 1, "the module has no docstring"
    yield from undocumented(module.tree)


def undocumented(owner: Documented) -> Iterator[Finding]:
    """The public functions and classes of a module or class that have no docstring, methods included."""
    for node in owner.body:
        if not isinstance(node, (ast.ClassDef, *type_of_function)) or node.name.startswith("_"):
            continue
        if not docstring_of(node) and not is_said_elsewhere(node):
            yield node.lineno, f"{node.name} has no docstring"
        if isinstance(node, ast.ClassDef):
            yield from undocumented(node)


def is_said_elsewhere(node: Documented) -> bool:
    """An override, an overload and a property's setter are documented where they belong to."""
    decorators = [] if isinstance(node, ast.Module) else [ast.unparse(d) for d in node.decorator_list]
    return any(d.rpartition(".")[2] in {"override", "overload", "setter", "deleter"} for d in decorators)


def undocumented_tests(module: Module) -> Iterator[Finding]:
    """Every test says in a sentence what is true."""
    for function in module.functions:
        if function.name.startswith("test_") and not docstring_of(function):
            yield function.lineno, f"{function.name} has no docstring"


UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")


UNREASONED = re.compile(
    r"#\s*(?:noqa\b(?!: [A-Z0-9]+(?:, [A-Z0-9]+)*(?: - |\s+# )\w)|type: ignore\b(?!\[[a-z, -]+\]\s+# \w))"
)


def unreasoned_ignores(module: Module) -> Iterator[Finding]:
    """Whoever silences a check says which, and why, on the same line."""
    for line, comment in module.comments():
        if UNREASONED.search(comment):
            yield line, comment


def unfinished_work(module: Module) -> Iterator[Finding]:
    """What is not done is not committed."""
    for line, comment in module.comments():
        if UNFINISHED.search(comment):
            yield line, comment
    for node, meaning in module.references():
        if meaning == "builtins.NotImplementedError":
            yield node.lineno, "NotImplementedError"
