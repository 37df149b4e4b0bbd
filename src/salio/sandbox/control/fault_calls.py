"""The calls of the control that put faults in force and take them away."""

from collections.abc import Collection, Mapping
from typing import Annotated

import msgspec

from salio.sandbox.aims import APIS
from salio.sandbox.control.calls import Call, Control, Nothing
from salio.sandbox.control.guard import Refused
from salio.sandbox.fault import Fault, FaultError
from salio.sandbox.faults import MOST_FAULTS, Standing
from salio.sandbox.kinds import EFFECTS, Kind

VALUES: Mapping[str, Collection[str]] = {
    **{kind.value: tuple(words) for kind, words in EFFECTS.items()},
    "api": APIS,
}
"""What the members of a fault that are names may be: its form says only that they are texts."""


class FaultNumber(msgspec.Struct, forbid_unknown_fields=True):
    """Which fault."""

    number: Annotated[int, msgspec.Meta(ge=1, le=10**18)]


class FaultShown(Fault, kw_only=True):
    """A fault in force: how many requests it has touched, and whether its count is used up."""

    number: int
    touched: int
    spent: bool


class FaultsShown(msgspec.Struct):
    """All that are listed, in the order of their numbers."""

    faults: list[FaultShown]


async def list_faults(control: Control, words: Nothing) -> FaultsShown:
    """Spent ones too."""
    del words
    return FaultsShown([_shown(each) for each in control.faults.standing()])


async def add_fault(control: Control, words: Fault) -> FaultShown:
    """Puts it in force."""
    if len(control.faults.standing()) >= MOST_FAULTS:
        raise Refused(409, f"{MOST_FAULTS} faults are in force: take some away first")
    try:
        return _shown(control.faults.add(words))
    except FaultError as error:
        raise Refused(400, str(error)) from None


async def clear_faults(control: Control, words: Nothing) -> FaultsShown:
    """Takes all away."""
    del words
    control.faults.clear()
    control.wake()
    return FaultsShown([])


async def remove_fault(control: Control, words: FaultNumber) -> FaultShown:
    """Takes one away."""
    try:
        removed = control.faults.remove(words.number)
    except FaultError as error:
        raise Refused(404, str(error)) from None
    control.wake()
    return _shown(removed)


def _shown(standing: Standing) -> FaultShown:
    return FaultShown(
        **msgspec.structs.asdict(standing.fault),
        number=standing.number,
        touched=standing.touched,
        spent=standing.spent,
    )


_TOPIC = "Faults"

CALLS = (
    Call(
        method="GET",
        path="faults",
        topic=_TOPIC,
        summary="The faults in force, and how many requests each has touched",
        carry_out=list_faults,
    ),
    Call(
        method="POST",
        path="faults",
        topic=_TOPIC,
        summary="Put a fault in force",
        carry_out=add_fault,
        errors={409: f"{MOST_FAULTS} are in force."},
        one_of={kind.value: ("seconds",) if kind is Kind.DELAY else () for kind in Kind},
    ),
    Call(
        method="DELETE",
        path="faults",
        topic=_TOPIC,
        summary="Take all faults away",
        carry_out=clear_faults,
    ),
    Call(
        method="DELETE",
        path="faults/{number}",
        topic=_TOPIC,
        summary="Take one fault away",
        carry_out=remove_fault,
        errors={404: "No fault has this number."},
    ),
)
