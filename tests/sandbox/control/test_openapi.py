"""The control's document: as committed, whole, and made of the same table as the routes."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from salio.sandbox.control import fault_calls
from salio.sandbox.control.all_calls import CALLS, document
from salio.sandbox.control.calls import Call, Problem
from salio.sandbox.fault import Fault, FaultError, kind_of
from salio.sandbox.kinds import Kind
from tests.gateway.json_schema import faults, resolved

GOLDEN = Path(__file__).parents[3] / "docs" / "control.openapi.json"
DOCUMENT: Mapping[str, Any] = json.loads(document())
EACH_CALL = pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call.method} {call.path}")


def nodes(node: object = DOCUMENT) -> Iterator[Mapping[str, Any]]:
    """Every object of the document."""
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from nodes(child)


def operation(call: Call) -> Mapping[str, Any]:
    """A row's part of the document."""
    return DOCUMENT["paths"][call.template][call.method.lower()]  # type: ignore[no-any-return] # of JSON


def schema(name: str) -> Mapping[str, Any]:
    """One form."""
    return DOCUMENT["components"]["schemas"][name]  # type: ignore[no-any-return] # of JSON


# --- the document as such --------------------------------------------------------------------------------


def test_the_committed_document_is_this_one() -> None:
    """docs/control.openapi.json is what the code says today."""
    fresh = GOLDEN.exists() and GOLDEN.read_bytes() == document()
    assert fresh, f"{GOLDEN.name} is out of date: run `make openapi`, look at the difference and commit it"


def test_every_reference_leads_somewhere() -> None:
    """No form or response is named that is not there, and none is there that is not named."""
    references = {node["$ref"] for node in nodes() if isinstance(node.get("$ref"), str)}
    for reference in references:
        resolved(reference, DOCUMENT)
    there = {
        f"#/components/{kind}/{name}"
        for kind in ("schemas", "responses")
        for name in DOCUMENT["components"][kind]
    }
    assert there - references == {"#/components/responses/PathUnknown"}


def test_operations_are_named_apart() -> None:
    """Each has an id of its own and a topic that is declared."""
    operations = [operation(call) for call in CALLS]
    identifiers = [each["operationId"] for each in operations]
    assert len(identifiers) == len(set(identifiers)) == len(CALLS)
    assert {tag for each in operations for tag in each["tags"]} == {tag["name"] for tag in DOCUMENT["tags"]}


def test_every_form_uses_known_words() -> None:
    """No keyword that the tests' reader of schemas would pass over."""
    for name in DOCUMENT["components"]["schemas"]:
        found = [*faults(None, schema(name), DOCUMENT)]
        assert not [each for each in found if each.startswith("unknown keyword")], name


# --- each call -------------------------------------------------------------------------------------------


@EACH_CALL
def test_what_every_call_may_answer(call: Call) -> None:
    """Success and the refusals of the door; of a POST also those of its body; each in the one form."""
    responses = operation(call)["responses"]
    expected = {"200", "400", "403", "405", "500", "503"} | set(map(str, call.errors))
    assert responses.keys() == expected | ({"413", "415"} if call.method == "POST" else set())
    for status in responses.keys() - {"200", "500"}:
        response = resolved(responses[status]["$ref"], DOCUMENT) if "$ref" in responses[status] else None
        content = (response or responses[status])["content"]
        assert content == {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


@EACH_CALL
def test_every_word_has_its_place(call: Call) -> None:
    """In the path, in the body of a POST, or in the query; nowhere twice."""
    described = operation(call)
    names = {field.encode_name for field in msgspec.structs.fields(call.words)}
    places = {each["name"]: each["in"] for each in described.get("parameters", ())}
    assert {name for name, place in places.items() if place == "path"} == set(call.places)
    body = described.get("requestBody")
    assert (body is not None) == (call.method == "POST")
    inside: set[str] = set()
    if body is not None:
        form = body["content"]["application/json"]["schema"]
        inside = set((resolved(form["$ref"], DOCUMENT) if "$ref" in form else form)["properties"])
    assert (inside | places.keys(), inside & places.keys()) == (names, set())


@EACH_CALL
def test_words_are_taken_by_their_names_alone(call: Call) -> None:
    """A slip of the pen is refused, so every form forbids what it does not know."""
    assert call.words.__struct_config__.forbid_unknown_fields


def test_the_form_of_a_refusal() -> None:
    """One text."""
    assert [*faults(msgspec.to_builtins(Problem("why")), schema("Problem"), DOCUMENT)] == []


# --- a path that is partly words -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "given", "found"),
    [
        pytest.param("faults/{number}", "faults/3", {"number": "3"}, id="a number"),
        pytest.param("faults/{number}", "faults/3/4", None, id="a slash too many"),
        pytest.param("faults/{number}", "faults/", None, id="nothing"),
        pytest.param("requests/{id:path}", "requests/a/b\nc", {"id": "a/b\nc"}, id="anything"),
        pytest.param("requests/{id:path}", "requests/", None, id="anything but nothing"),
        pytest.param("snapshots/{name}/restore", "snapshots/a/restore", {"name": "a"}, id="in the middle"),
        pytest.param("openapi.json", "openapi-json", None, id="a dot is a dot"),
    ],
)
def test_paths(path: str, given: str, found: dict[str, str] | None) -> None:
    """What a row's path takes, and what it finds there."""
    row = Call(method="GET", path=path, topic="", summary="", carry_out=CALLS[0].carry_out)
    match = row.pattern.fullmatch(given)
    assert (match and match.groupdict()) == found


def test_a_path_as_openapi_writes_it() -> None:
    """With its members in braces and nothing else."""
    row = Call(method="GET", path="a/{b:path}/{c}", topic="", summary="", carry_out=CALLS[0].carry_out)
    assert (row.template, row.places) == ("/_salio/a/{b}/{c}", ("b", "c"))


# --- faults ----------------------------------------------------------------------------------------------

NAMES = [(kind, name) for kind in Kind for name in fault_calls.VALUES[kind.value]]


@pytest.mark.parametrize(("kind", "name"), NAMES, ids=lambda each: getattr(each, "value", each))
def test_every_name_of_a_fault_is_described(kind: Kind, name: str) -> None:
    """And is one that the sandbox knows."""
    given: dict[str, object] = {kind.value: name} | ({"seconds": 5} if kind is Kind.DELAY else {})
    assert [*faults(given, schema("Fault"), DOCUMENT)] == []
    assert kind_of(msgspec.convert(given, Fault)) == (kind, name)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({}, id="none"),
        pytest.param({"refuse": None, "lose": None}, id="none but null"),
        pytest.param({"lose": "result", "end": "duplicate"}, id="two"),
        pytest.param({"end": "well"}, id="an unknown name"),
        pytest.param({"lose": "result", "api": "both"}, id="an unknown API"),
        pytest.param({"delay": "result"}, id="a delay of any length"),
    ],
)
def test_what_no_fault_can_be(given: dict[str, object]) -> None:
    """The document forbids what the sandbox refuses."""
    assert [*faults(given, schema("Fault"), DOCUMENT)] != []
    with pytest.raises(FaultError):
        kind_of(msgspec.convert(given, Fault))


def test_null_is_as_good_as_nothing() -> None:
    """For both."""
    given = {"lose": "result", "end": None, "app": None}
    assert [*faults(given, schema("Fault"), DOCUMENT)] == []
    assert kind_of(msgspec.convert(given, Fault)) == (Kind.LOSE, "result")
