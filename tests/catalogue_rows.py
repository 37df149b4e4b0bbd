"""How a text like that of `tests/catalogue.py` is read."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One row and what became of it."""

    id: str
    title: str
    tests: tuple[str, ...]
    not_yet: str
    not_here: str


_HEADING = re.compile(r"([A-Z]\d+) (.+)")


def read(table: str) -> list[Row]:
    """The rows of such a text, in its order; a line that begins like none above it goes on with the last."""
    rows: list[tuple[str, str, list[str]]] = []
    for line in filter(None, table.splitlines()):
        heading = _HEADING.fullmatch(line)
        if heading is not None:
            rows.append((heading[1], heading[2], []))
        elif "::" in line or line.strip().startswith("not "):
            rows[-1][2].append(line.strip())
        else:
            rows[-1][2][-1] += f" {line.strip()}"
    return [Row(number, title, *_told(lines)) for number, title, lines in rows]


def _told(lines: list[str]) -> tuple[tuple[str, ...], str, str]:
    notes = dict.fromkeys(("not yet", "not here"), "")
    for kind, _, reason in (line.partition(": ") for line in lines if "::" not in line):
        notes[kind] = reason
    return tuple(line for line in lines if "::" in line), notes["not yet"], notes["not here"]
