"""What a list shows of customers: no more of each number than its last three digits, unless all is wanted."""

from collections.abc import Mapping
from typing import Any


def as_it_may_be_seen(told: Mapping[str, Any], *, msisdns: bool) -> Mapping[str, Any]:
    """An object of the control's, with its texts masked unless ``msisdns`` are wanted whole."""
    from salio.platform.entries import masked

    if msisdns:
        return told
    return {name: masked(each) if isinstance(each, str) else each for name, each in told.items()}
