"""The inbox as a stage: who waits is told."""

from collections.abc import Sequence

from salio.core.audit.inbox import ReceivedCallback
from salio.portal.inbox import Arrival, Inbox
from tests.builders import NOW


def arrival(mark: str) -> Arrival:
    """A callback and who waits."""
    return Arrival(ReceivedCallback(inbox="mine", received_at=NOW, body=b"{}"), mark)


def test_a_shut_inbox() -> None:
    """Whoever waits, and whoever comes later, hears that nothing was kept; there is nothing to take."""
    told: list[tuple[object, bool]] = []

    def answered(group: Sequence[tuple[object, bool]]) -> None:
        told.extend(group)

    inbox = Inbox(answered)
    assert inbox.submit(arrival("a")) is None
    inbox.shut()
    assert told == [("a", False)]
    assert inbox.submit(arrival("b")) is False
    assert inbox.take() == []
