"""The whole platform inside a test run: fixtures for pytest, each with its own plain class behind it.

    plugin      the fixtures
    control     what a platform is told over HTTP: its clock, its faults, its state
    platform    what a test asks a platform for, results above all

A run of pytest that uses none of the fixtures imports nothing of Salio but `plugin`.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from salio.testing.control import Clock, ControlError, Faults
    from salio.testing.platform import ExpectResult, Platform

__all__ = ["Clock", "ControlError", "ExpectResult", "Faults", "Platform"]

_PLACES = {
    "Clock": "control",
    "ControlError": "control",
    "ExpectResult": "platform",
    "Faults": "control",
    "Platform": "platform",
}


def __getattr__(name: str) -> object:
    """The module that a name lives in is imported when the name is first used."""
    place = _PLACES.get(name)
    if place is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{place}"), name)
