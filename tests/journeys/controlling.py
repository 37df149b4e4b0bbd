"""Calls of the control; each answer is held against the control's own document."""

import json
from collections.abc import Mapping
from typing import Any

from salio.sandbox.control.all_calls import CALLS, document
from tests.gateway.json_schema import faults, resolved
from tests.journeys.client import Answer
from tests.journeys.running import Platform

DOCUMENT: Mapping[str, Any] = json.loads(document())


def call(platform: Platform, method: str, path: str, body: object = None) -> Answer:
    """A call from this machine, without a key; the body as JSON."""
    headers = [("Content-Type", "application/json")] if method == "POST" else []
    content = json.dumps({} if body is None else body).encode() if method == "POST" else b""
    return conforming(method, path, platform.send(method, path, headers, content))


def conforming(method: str, path: str, answer: Answer) -> Answer:
    """The same answer, which the document foresees: its status, and the form of its body."""
    operation = DOCUMENT["paths"][_template(method, path)][method.lower()]
    response = operation["responses"][str(answer.status)]
    if "$ref" in response:
        response = resolved(response["$ref"], DOCUMENT)
    schema = response["content"]["application/json"]["schema"]
    assert [*faults(answer.json, schema, DOCUMENT)] == []
    return answer


def _template(method: str, path: str) -> str:
    below = path.partition("?")[0].removeprefix("/_salio/")
    return next(each.template for each in CALLS if each.method == method and each.pattern.fullmatch(below))
