"""Captured results, changed."""

import json
from typing import Any

from tests.wire import captures


def changed(body: bytes, **members: Any) -> bytes:
    """The body with members of its `Result` changed; None takes one out."""
    result = json.loads(body)["Result"] | members
    return json.dumps(
        {"Result": {name: value for name, value in result.items() if value is not None}}
    ).encode()


def with_parameters(*parameters: tuple[str, object]) -> bytes:
    """A status result with these parameters."""
    listed = [{"Key": key, "Value": value} for key, value in parameters]
    return changed(captures.STATUS_2025, ResultParameters={"ResultParameter": listed})
