"""Notes for the tests of whatever keeps or shows them."""

from typing import Any

from salio.core.audit.notes import Note
from tests.builders import NOW, changed


def a_note(number: int = 1, **changes: Any) -> Note:
    """What a fault did to the request of that number."""
    return changed(Note(request=number, at=NOW, text="fault 1: double result"), changes)
