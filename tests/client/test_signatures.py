"""The public face in full: how each name is called and what it has. A change is one for every caller."""

import enum
import inspect
from collections.abc import Iterator
from pathlib import Path

import msgspec

import salio

FACE = Path(__file__).with_name("face.txt")


def face() -> Iterator[str]:
    """A line for each name and, below it, for what it has of its own or inherits from us."""
    for name in sorted(salio.__all__):
        found = getattr(salio, name)
        yield f"{name}{called(found)}"
        if inspect.isclass(found):
            yield from (f"  .{each}" for each in sorted(members(found)))


def members(kind: type) -> Iterator[str]:
    """Methods with their parameters, everything else by its name; fields of a struct stand in its call."""
    ours = [each for each in kind.__mro__ if each.__module__.startswith("salio.")]
    shown = set(getattr(kind, "__struct_fields__", ()))
    for name in {each for base in ours for each in vars(base) if not each.startswith("_")} - shown:
        value = inspect.getattr_static(kind, name)
        yield f"{name}{called(value, bound=True)}" if inspect.isfunction(value) else name


def called(found: object, *, bound: bool = False) -> str:
    """`(a, b=, *, c=)`: names and order, which may be left out, which have to be named."""
    if isinstance(found, type) and issubclass(found, msgspec.Struct):
        return f"({', '.join(fields(found))})"
    nobody_calls_it = isinstance(found, type) and issubclass(found, Exception | enum.Enum)
    if nobody_calls_it or not callable(found):
        return ""
    said, named = [], False
    for each in list(inspect.signature(found).parameters.values())[bound:]:
        if each.kind is each.KEYWORD_ONLY and not named:
            said.append("*")
            named = True
        said.append(each.name if each.default is each.empty else f"{each.name}=")
    return f"({', '.join(said)})"


def fields(kind: type[msgspec.Struct]) -> Iterator[str]:
    """Those of a struct, in an order that is the same on every Python."""
    names, defaults = kind.__struct_fields__, kind.__struct_defaults__
    for at, name in enumerate(names, len(defaults) - len(names)):
        yield f"{name}=" if at >= 0 and defaults[at] is not msgspec.NODEFAULT else name


def test_the_face_is_held() -> None:
    """Every name that is public, with every parameter."""
    assert "\n".join(face()) == FACE.read_text("utf-8").rstrip()
