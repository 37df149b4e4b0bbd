"""What a known bug is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bug:
    """One way to be wrong: below ``src/salio`` the file, what it says and what it would say; below ``tests``
    the tests that turn red, every one of them.
    """

    name: str
    file: str
    changes: tuple[tuple[str, str], ...]
    tests: tuple[str, ...]


def bug(name: str, file: str, right: str, wrong: str, *tests: str) -> Bug:
    """A bug of one change."""
    return Bug(name, file, ((right, wrong),), tests)
