"""A plan of faults in a file: ``[[fault]]`` tables of TOML, each as the control takes it."""

import tomllib
from pathlib import Path

import msgspec

from salio.sandbox.fault import Fault, FaultError, kind_of
from salio.sandbox.faults import MOST_FAULTS


class PlanError(Exception):
    """The plan cannot be followed; the text names the file and says why."""


class _Plan(msgspec.Struct, forbid_unknown_fields=True):
    fault: list[Fault] = []


def read_plan(path: Path) -> list[Fault]:
    """The faults in the file's order; raises :class:`PlanError`."""
    try:
        with path.open("rb") as file:
            faults = msgspec.convert(tomllib.load(file), type=_Plan).fault
        for fault in faults:
            kind_of(fault)
    except OSError as error:
        raise PlanError(f"{path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, FaultError) as error:
        raise PlanError(f"{path}: {error}") from error
    if not faults:
        raise PlanError(f"{path}: there is no `[[fault]]` in it")
    if len(faults) > MOST_FAULTS:
        raise PlanError(f"{path}: {len(faults)} faults, {MOST_FAULTS} can be in force at once")
    return faults
