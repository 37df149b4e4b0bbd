"""The control as an OpenAPI 3.1 document, made from its table and the forms of its words and answers."""

import inspect
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec

from salio.sandbox.control.calls import Call, Problem
from salio.sandbox.control.guard import KEY_HEADER, LARGEST_BODY

Json = dict[str, Any]

_ABOUT = f"""\
The control of Salio's sandbox, for tests in any language: time, state, faults, tokens, initiators, what
became of requests. Production has none of it.

Calls come from the machine itself, or from anywhere with the header {KEY_HEADER}. A POST is JSON, `{{}}` if
there is nothing to say. What is not carried out is told as `{{"error": "..."}}`, whatever the reason: a path
that does not exist gets 404 (the response PathUnknown) and another method 405. HEAD is answered like GET,
without the body. A request that is no HTTP at all gets 400 in the form of the public API, with requestId,
errorCode and errorMessage: it reaches no call."""

_EVERY_CALL: dict[int, tuple[str, str]] = {
    400: ("WrongForm", "The words are not of the documented form."),
    403: ("NotAdmitted", f"From another machine, or through a proxy, without the right {KEY_HEADER}."),
    405: ("OtherMethod", "Another method; `Allow` names those of the path."),
    500: ("OwnFault", "A fault of the platform's own; its log says which."),
    503: ("StoreAway", "The store is out of reach: nothing has changed."),
}
"""What may become of any call: the name of its response, and when."""
_EVERY_POST: dict[int, tuple[str, str]] = {
    413: ("TooLarge", f"The body is larger than {LARGEST_BODY // 1024} KiB."),
    415: ("OtherMediaType", "The Content-Type is not application/json."),
}
_UNKNOWN_PATH = "Nothing answers on this path."
_SCHEMAS = "#/components/schemas/"


def document(calls: Sequence[Call], version: str, *, values: Mapping[str, Collection[str]]) -> bytes:
    """The document, the same bytes for the same version.

    ``values`` says what some members of the words may be, by their names, beyond what their forms say.
    """
    forms = _schemas(calls, values)
    paths: Json = {}
    for call in calls:
        paths.setdefault(call.template, {})[call.method.lower()] = _operation(call, forms)
    whole: Json = {
        "openapi": "3.1.0",
        "info": {
            "title": "Salio's control",
            "version": version,
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/", "description": "Where this document was fetched."}],
        "security": [{}, {"key": []}],
        "tags": [{"name": topic} for topic in dict.fromkeys(call.topic for call in calls)],
        "paths": paths,
        "components": {
            "schemas": _named(calls, forms),
            "responses": {
                **{name: _problem(when) for name, when in (_EVERY_CALL | _EVERY_POST).values()},
                "OwnFault": _text(_EVERY_CALL[500][1]),
                "PathUnknown": _problem(_UNKNOWN_PATH),
            },
            "securitySchemes": {
                "key": {
                    "type": "apiKey",
                    "in": "header",
                    "name": KEY_HEADER,
                    "description": "`salio testdata` shows it; calls from the machine itself need none.",
                }
            },
        },
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2) + b"\n"


def _schemas(calls: Sequence[Call], values: Mapping[str, Collection[str]]) -> Json:
    """Every form by its name."""
    answers = [call.answer for call in calls if call.answer is not msgspec.Raw]
    types = [*(call.words for call in calls), *answers, Problem]
    _, forms = msgspec.json.schema_components(types, ref_template=_SCHEMAS + "{name}")
    for call in calls:
        form = forms[call.words.__name__]
        for name in values.keys() & form["properties"].keys():
            form["properties"][name] = _one_of_these(form["properties"][name], values[name])
        if call.one_of:
            form["oneOf"] = [_given(form, name, *more) for name, more in call.one_of.items()]
    return forms


def _one_of_these(schema: Json, values: Collection[str]) -> Json:
    named = {"type": "string", "enum": list(values)}
    others = {name: each for name, each in schema.items() if name not in ("type", "anyOf")}
    return {"anyOf": [named, {"type": "null"}], **others} if "anyOf" in schema else {**named, **others}


def _given(form: Json, *names: str) -> Json:
    """That these members are there, and not null."""
    properties = {}
    for name in names:
        schema = form["properties"][name]
        properties[name] = next(each for each in schema.get("anyOf", [schema]) if each.get("type") != "null")
    return {"required": list(names), "properties": properties}


def _named(calls: Sequence[Call], forms: Json) -> Json:
    """The forms that something refers to: words of a path or a query are described where they stand."""
    spread = {call.words.__name__ for call in calls if not _is_body(call)}
    bodies = {call.words.__name__ for call in calls if _is_body(call)}
    return {name: form for name, form in forms.items() if name in bodies or name not in spread}


def _is_body(call: Call) -> bool:
    return call.method == "POST" and not call.places


def _operation(call: Call, forms: Json) -> Json:
    form = forms[call.words.__name__]
    operation: Json = {
        "tags": [call.topic],
        "operationId": _camel(call.carry_out.__name__),
        "summary": call.summary,
    }
    parameters = [_parameter(name, each, form, call) for name, each in form["properties"].items()]
    parameters = [each for each in parameters if each["in"] == "path" or call.method != "POST"]
    if parameters:
        operation["parameters"] = parameters
    if call.method == "POST":
        schema = _without(form, call.places) if call.places else _ref(call.words)
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    operation["responses"] = _responses(call)
    return operation


def _parameter(name: str, schema: Json, form: Json, call: Call) -> Json:
    in_path = name in call.places
    described = {key: value for key, value in schema.items() if key != "description"}
    about = {"description": schema["description"]} if "description" in schema else {}
    return {
        "name": name,
        "in": "path" if in_path else "query",
        "required": name in form["required"],
        **about,
        "schema": described,
    }


def _without(form: Json, places: Collection[str]) -> Json:
    """The form of the body of a call that has some of its words in the path."""
    return form | {
        "properties": {name: each for name, each in form["properties"].items() if name not in places},
        "required": [name for name in form["required"] if name not in places],
    }


def _responses(call: Call) -> Json:
    schema = {"type": "object"} if call.answer is msgspec.Raw else _ref(call.answer)
    about = "The document." if call.answer is msgspec.Raw else inspect.getdoc(call.answer)
    done = {"description": about, "content": {"application/json": {"schema": schema}}}
    told = {str(status): _problem(when) for status, when in call.errors.items()}
    for status, (name, _) in (_EVERY_CALL | (_EVERY_POST if call.method == "POST" else {})).items():
        told.setdefault(str(status), {"$ref": f"#/components/responses/{name}"})
    return {"200": done, **dict(sorted(told.items()))}


def _problem(description: str) -> Json:
    return {"description": description, "content": {"application/json": {"schema": _ref(Problem)}}}


def _text(description: str) -> Json:
    return {"description": description, "content": {"text/plain": {"schema": {"type": "string"}}}}


def _ref(form: Any) -> Json:
    return {"$ref": _SCHEMAS + form.__name__}


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))
