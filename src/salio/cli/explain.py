"""``salio explain``: what a code means, when this platform sends it, and what to do."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from salio.cli.answers_shown import folded
from salio.cli.errors import CommandError
from salio.cli.options import Json

if TYPE_CHECKING:
    from salio.wire.explanations import Explanation, Form

EXAMPLES = """Examples:

  salio explain                    every code, a line each
  salio explain 18
  salio explain 400.002.02 SFC_IC0003
  salio explain 26 --json          for programs, one JSON object a line"""

_WIDTH = 80
_LONGEST_CODE = 20


def explain_codes(
    *codes: Annotated[str, Parameter(name="CODE", help="A code from an answer or a result; all if none.")],
    json: Json = False,
) -> None:
    """Tell what a code means, when this platform sends it and what to do; or list all codes."""
    from salio.wire.explanations import explanations

    found = [each for code in codes for each in _known(code)] if codes else explanations()
    if json:
        _print_json(found)
    elif codes:
        print("\n\n".join("\n".join(_whole(each)) for each in found))
    else:
        _print_table(found)


def _known(code: str) -> "tuple[Explanation, ...]":
    from salio.wire.explanations import explain, nearest
    from salio.wire.wording import shown

    found = explain(code)
    if not found:
        near = nearest(code[:_WIDTH])
        hint = f"did you mean {' or '.join(near)}" if near else "`salio explain` lists all"
        raise CommandError(f'no code is called "{shown(code)}": {hint}')
    return found


def _print_json(found: "Sequence[Explanation]") -> None:
    import msgspec

    for each in found:
        print(msgspec.json.encode(each).decode())


def _whole(explanation: "Explanation") -> Iterator[str]:
    """One explanation in lines of 80 columns."""
    yield f"{explanation.code}, {explanation.place.words}"
    said = ""
    for form in explanation.forms:
        if _said(form) != said:
            yield from folded("" if said else "says", _said(form))
        said = _said(form)
        yield from folded("", f"({_by_whom(form)})")
    yield from folded("means", explanation.meaning)
    yield from folded("sent", explanation.when)
    yield from folded("do", explanation.remedy)


def _said(form: "Form") -> str:
    text = form.text or "(no body)"
    return text if form.http_status is None else f"HTTP {form.http_status}: {text}"


def _by_whom(form: "Form") -> str:
    profiles = "both profiles" if len(form.profiles) > 1 else f"profile {form.profiles[0]}"
    return f"{', '.join(form.where)}; {profiles}"


def _print_table(found: "Sequence[Explanation]") -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Code", no_wrap=True)
    table.add_column("As", no_wrap=True)
    table.add_column("Meaning", overflow="fold")
    for each in found:
        table.add_row(_broken(each.code), each.place.value.partition(".")[0], each.meaning)
    Console(highlight=False, markup=False, emoji=False).print(table)


def _broken(code: str) -> str:
    """The one code that is wider than its column, over two lines."""
    head, dot, tail = code.rpartition(".")
    return f"{head}{dot}\n{tail}" if len(code) > _LONGEST_CODE else code
