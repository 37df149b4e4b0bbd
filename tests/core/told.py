"""A stage for tests of the cycle."""

from collections.abc import Sequence
from typing import Any

from salio.core.ports import Unit


class Told:
    """A stage that has the items it was given, and writes down what it hears.

    An item that is an exception raises itself when it is written; in ``unspoilable`` it raises when spoilt.
    What follows an item in ``built_upon`` may be built upon it.
    """

    def __init__(
        self,
        name: str,
        heard: list[str],
        *items: Any,
        unspoilable: Sequence[Any] = (),
        built_upon: Sequence[Any] = (),
    ) -> None:
        self.name = name
        self.heard = heard
        self.items: list[Any] = list(items)
        self.unspoilable = unspoilable
        self.built_upon = built_upon

    def take(self) -> Sequence[Any]:
        """Everything, or the failure that stands first."""
        if self.items and self.items[0] is TAKE_FAILS:
            raise self.items[0]
        taken, self.items = self.items, []
        return taken

    def write(self, unit: Unit, batch: Sequence[Any]) -> None:
        """Raises the items that are exceptions."""
        del unit
        self.heard.append(f"{self.name} writes {self._words(batch)}")
        for each in batch:
            if isinstance(each, Exception):
                raise each

    def settle(self, batch: Sequence[Any]) -> None:
        """Writes it down."""
        self.heard.append(f"{self.name} settles {self._words(batch)}")

    def spoil(self, item: Any, error: Exception) -> None:
        """Writes it down."""
        self.heard.append(f"{self.name} spoils {error}")
        if item in self.unspoilable:
            raise item

    def is_built_upon(self, item: Any) -> bool:
        """Whether it was said so."""
        return item in self.built_upon

    def put_back(self, batch: Sequence[Any], error: Exception) -> None:
        """Writes it down."""
        self.heard.append(f"{self.name} puts back {self._words(batch)}: {error}")

    def _words(self, batch: Sequence[Any]) -> str:
        return " ".join(map(str, batch))


BAD, WORSE = ValueError("bad"), ValueError("worse")
NO_MEMORY = MemoryError()
TAKE_FAILS = OSError("cannot read")
