"""What `programs.txt` lists: each program as its registry names it, and the folder that it is got into."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

LIST = Path(__file__).with_name("programs.txt")
GOT = "got"
"""The file that stands in a program's folder when it is whole."""


@dataclass(frozen=True)
class Program:
    """One of the list."""

    language: str
    requirement: str
    """As the language's own installer takes it."""
    besides: tuple[str, ...] = ()
    """What it needs and does not say so."""

    @property
    def name(self) -> str:
        """Without the version."""
        return self._parts()[0]

    @property
    def version(self) -> str:
        """The one that is asked for."""
        return self._parts()[1]

    def folder(self, all_of_them: Path) -> Path:
        """Its own; another version has another."""
        return all_of_them / self.requirement.lstrip("@").replace("/", "-")

    def _parts(self) -> tuple[str, str]:
        name, version = re.split(r"==|:|(?<=.)@", self.requirement, maxsplit=1)
        return name, version


def programs() -> list[Program]:
    """All of them, in the list's order."""
    rows = (line.split() for line in LIST.read_text("utf-8").splitlines())
    return [Program(language, requirement, tuple(besides)) for language, requirement, *besides in rows]


def program(name: str) -> Program:
    """One by its name."""
    return next(each for each in programs() if each.name == name)


def folder(name: str) -> Path:
    """Where SALIO_PROGRAMS has it, whether or not it could be got."""
    return program(name).folder(Path(os.environ["SALIO_PROGRAMS"]).absolute())
