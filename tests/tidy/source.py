"""A source file as the tidy rules see it: read once, parsed once, with its names resolved."""

import ast
import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]

type_of_function = (ast.FunctionDef, ast.AsyncFunctionDef)
Function = ast.FunctionDef | ast.AsyncFunctionDef
Documented = ast.Module | ast.ClassDef | Function


@dataclass(frozen=True)
class Module:
    """One file: where it lies below the root, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed text."""
        return ast.parse(self.text)

    @cached_property
    def name(self) -> str:
        """The dotted name, as an import would write it."""
        parts = Path(self.path).with_suffix("").parts
        return ".".join(part for part in parts if part not in {"src", "__init__"})

    def lies_in(self, places: tuple[str, ...]) -> bool:
        """Whether the module is one of these packages or modules, or below one of them."""
        return any(self.name == place or self.name.startswith(f"{place}.") for place in places)

    @cached_property
    def functions(self) -> list[Function]:
        """Every function and method, nested ones too."""
        return [node for node in ast.walk(self.tree) if isinstance(node, type_of_function)]

    @cached_property
    def origins(self) -> dict[str, str]:
        """What each imported name means: after `from time import sleep as nap`, nap means time.sleep."""
        found = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    bound = alias.asname or alias.name.partition(".")[0]
                    found[bound] = alias.name if alias.asname else bound
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.update({a.asname or a.name: f"{node.module}.{a.name}" for a in node.names})
        return found

    def references(self) -> Iterator[tuple[ast.expr, str]]:
        """Every name that is read, with its full dotted meaning; a bare builtin is `builtins.x`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
                meaning = self.meaning(node)
                if meaning:
                    yield node, meaning

    def meaning(self, node: ast.expr) -> str:
        """The dotted meaning of a name or attribute; empty if it hangs on something computed."""
        if isinstance(node, ast.Name):
            return self.origins.get(node.id, f"builtins.{node.id}")
        if isinstance(node, ast.Attribute):
            owner = self.meaning(node.value)
            return f"{owner}.{node.attr}" if owner else ""
        return ""

    def comments(self) -> Iterator[tuple[int, str]]:
        """Every comment with its line."""
        for token in tokenize.generate_tokens(io.StringIO(self.text).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string


def modules_below(*folders: str) -> list[Module]:
    """Every Python file below these folders of the repository."""
    files = sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))
    return [Module(file.relative_to(ROOT).as_posix(), file.read_text("utf-8")) for file in files]


def docstring_of(node: Documented) -> ast.stmt | None:
    """The statement that documents a module, class or function."""
    return node.body[0] if ast.get_docstring(node, clean=False) is not None else None


def body_lines(function: Function) -> int:
    """How many lines a function's body has; its signature and docstring do not count."""
    statements = function.body[1:] if docstring_of(function) else function.body
    return (statements[-1].end_lineno or 0) - statements[0].lineno + 1 if statements else 0


def all_lines(function: Function) -> int:
    """How many lines a function has, decorators aside; its docstring does not count."""
    docstring = docstring_of(function)
    spent = (docstring.end_lineno or 0) - docstring.lineno + 1 if docstring else 0
    return (function.end_lineno or 0) - function.lineno + 1 - spent
