"""The calls of the control that keep the state as a whole, bring it back, and begin it anew."""

import re
from collections.abc import Awaitable
from typing import Annotated, TypeVar

import msgspec

from salio.core.ports import StoreUnavailableError
from salio.sandbox.control.calls import Call, Control, Nothing
from salio.sandbox.control.guard import Refused
from salio.sandbox.state import Snapshot, StateError, UnknownSnapshotError

NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
"""Safe as a file's name, and never one of our own, which begin with a dot."""

_Name = Annotated[str, msgspec.Meta(extra_json_schema={"pattern": NAME})]
T = TypeVar("T")


class NewSnapshot(msgspec.Struct, forbid_unknown_fields=True):
    """What the snapshot is to be called, and whether it takes the place of one of that name."""

    name: _Name
    replace: bool = False


class SnapshotName(msgspec.Struct, forbid_unknown_fields=True):
    """Which snapshot."""

    name: _Name


class SnapshotsShown(msgspec.Struct):
    """All of them, the oldest first."""

    snapshots: list[Snapshot]


class Anew(msgspec.Struct):
    """The test data alone are there."""

    reset: bool


async def list_snapshots(control: Control, words: Nothing) -> SnapshotsShown:
    """The oldest first."""
    del words
    return SnapshotsShown(control.state.snapshots())


async def take_snapshot(control: Control, words: NewSnapshot) -> Snapshot:
    """Keeps the present state."""
    return await _done(control.state.take(_safe(words.name), replace=words.replace))


async def restore_snapshot(control: Control, words: SnapshotName) -> Snapshot:
    """Goes back to a state."""
    return await _done(control.state.restore(_safe(words.name)))


async def remove_snapshot(control: Control, words: SnapshotName) -> Snapshot:
    """Forgets a state."""
    return await _done(control.state.remove(_safe(words.name)))


async def reset(control: Control, words: Nothing) -> Anew:
    """Goes back to the test data."""
    del words
    await _done(control.state.reset())
    return Anew(reset=True)


async def _done(call: Awaitable[T]) -> T:
    try:
        return await call
    except UnknownSnapshotError as error:
        raise Refused(404, str(error)) from None
    except StateError as error:
        raise Refused(409, str(error)) from None
    except (StoreUnavailableError, OSError) as error:
        raise Refused(503, f"{error}: nothing was changed, ask again when that is mended") from error


def _safe(name: str) -> str:
    if re.fullmatch(NAME[1:-1], name) is None:
        raise Refused(
            400,
            "a snapshot's name is 1 to 64 letters, digits, dots, dashes and _, "
            "and begins with a letter or a digit",
        )
    return name


_TOPIC = "State"
_UNKNOWN = {404: "There is no snapshot of this name."}
_NOT_MENDED = {503: "The disk is full, or another program holds a database: nothing has changed."}

CALLS = (
    Call(
        method="GET",
        path="snapshots",
        topic=_TOPIC,
        summary="The snapshots, the oldest first",
        carry_out=list_snapshots,
    ),
    Call(
        method="POST",
        path="snapshots",
        topic=_TOPIC,
        summary="Keep the present state under a name",
        carry_out=take_snapshot,
        errors={409: "The name is taken, and `replace` is not said."} | _NOT_MENDED,
    ),
    Call(
        method="POST",
        path="snapshots/{name:path}/restore",
        topic=_TOPIC,
        summary="Bring a state back; what was open then is taken up again",
        carry_out=restore_snapshot,
        errors=_UNKNOWN | {409: "It is damaged, or of a newer Salio."} | _NOT_MENDED,
    ),
    Call(
        method="DELETE",
        path="snapshots/{name:path}",
        topic=_TOPIC,
        summary="Forget a snapshot",
        carry_out=remove_snapshot,
        errors=_UNKNOWN | _NOT_MENDED,
    ),
    Call(
        method="POST",
        path="reset",
        topic=_TOPIC,
        summary="Begin anew with the test data",
        carry_out=reset,
        errors=_NOT_MENDED,
    ),
)
