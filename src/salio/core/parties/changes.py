"""What a turn changes of operators, and the way back if the store does not take it."""

from salio.core.parties.directory import Directory
from salio.core.parties.operators import Operator


class Changes:
    """Puts operators' new states into the directory; settled or undone as its commit ends."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._void: dict[int, list[tuple[Operator, Operator]]] = {}
        """By operator: states that the store never had though a later one was built upon them, each with the
        state before it; in the order of being undone.
        """

    def make(self, after: Operator) -> None:
        """From here on everybody sees this state."""
        self._directory.put(after)

    def settle(self, after: Operator) -> None:
        """The store has this state, and with it all that it was built upon."""
        self._void.pop(after.number, None)

    def undo(self, before: Operator, after: Operator) -> None:
        """The store has not: what stands is the last state that it has, unless a later one was built upon
        this; then that one is settled, which keeps this too, or undone, which goes back behind this.
        """
        if self._directory.operator(after.name, [after.short_code]) is after:
            self._directory.put(self._last_kept(before))
        else:
            self._void.setdefault(after.number, []).append((after, before))

    def _last_kept(self, state: Operator) -> Operator:
        void = self._void.pop(state.number, [])
        while void and void[-1][0] is state:
            _, state = void.pop()
        if void:
            self._void[state.number] = void
        return state
