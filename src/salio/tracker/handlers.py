"""What the application's handler may be, and that it has run when it is said to have."""

import inspect
from collections.abc import Callable
from typing import Any

import msgspec

from salio.client.errors import UnusableSetting
from salio.tracker.ends import Ending

Transacting = Callable[[Ending, Any], object]
"""A handler that writes beside the record, within the transaction that says that it has finished: on a
`sqlite3.Connection`, or a `psycopg.Connection`.
"""


class InTransaction(msgspec.Struct, frozen=True):
    """A handler that writes into the record's own file or database, in the one transaction that says that it
    has finished: whatever is killed, its effect is there once.
    """

    write: Transacting


class TransactionEndedError(Exception):
    """A handler ended the transaction that it was given, which is the record's."""

    def __init__(self) -> None:
        super().__init__("the handler ended the record's transaction; what it wrote may be there or not")


def check(handler: object, *, in_tasks: bool) -> None:
    """Raises UnusableSetting for a handler that would be called and never run."""
    if isinstance(handler, InTransaction):
        if _makes_coroutines(handler.write):
            raise UnusableSetting("what an InTransaction writes belongs to a transaction: give it a `def`")
    elif not in_tasks and _makes_coroutines(handler):
        raise UnusableSetting("the handler of a Tracker is a `def`; an AsyncTracker has an `async def`")


def has_run(returned: object) -> None:
    """Raises TypeError for what a handler returns that has done nothing yet."""
    if inspect.isawaitable(returned):
        if inspect.iscoroutine(returned):
            returned.close()
        raise TypeError("the handler returned an awaitable, and nobody here awaits it: an AsyncTracker does")


def _makes_coroutines(function: object) -> bool:
    called = getattr(function, "__call__", None)  # noqa: B004 - an object's own
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(called)
