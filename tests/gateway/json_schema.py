"""As much of JSON Schema as the OpenAPI documents use: what is wrong with a value, in words."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]

KNOWN = {
    "$ref", "additionalProperties", "allOf", "anyOf", "oneOf", "contentEncoding", "default", "deprecated",
    "description", "discriminator", "enum", "examples", "exclusiveMinimum", "format", "items", "maximum",
    "maxLength", "minimum", "minLength", "pattern", "properties", "required", "title", "type",
}  # fmt: skip
TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "null": (type(None),),
    "object": (dict,),
    "array": (list,),
    "boolean": (bool,),
}


def faults(value: object, schema: Json, document: Json) -> Iterator[str]:
    """Everything about the value that the schema does not allow."""
    if "$ref" in schema:
        yield from faults(value, resolved(schema["$ref"], document), document)
    yield from (f"unknown keyword {word}" for word in schema.keys() - KNOWN)
    yield from _own(value, schema)
    for part in schema.get("allOf", ()):
        yield from faults(value, part, document)
    for word in ("anyOf", "oneOf"):
        fitting = [part for part in schema.get(word, ()) if not [*faults(value, part, document)]]
        if word in schema and (not fitting or (word == "oneOf" and len(fitting) > 1)):
            yield f"{word}: {len(fitting)} fit {value!r}"
    if isinstance(value, dict):
        for name, part in schema.get("properties", {}).items():
            yield from faults(value[name], part, document) if name in value else ()
    for each in value if isinstance(value, list) else ():
        yield from faults(each, schema.get("items", {}), document)


def resolved(reference: str, document: Json) -> Json:
    """What a reference leads to; ``KeyError`` if it leads nowhere."""
    found: Any = document
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    assert isinstance(found, dict)
    return found


def _own(value: object, schema: Json) -> Iterator[str]:
    given = schema.get("type", list(TYPES))
    types = [each for name in ([given] if isinstance(given, str) else given) for each in TYPES[name]]
    if type(value) not in types:
        yield f"{value!r} is no {given}"
    if "enum" in schema and not [
        each for each in schema["enum"] if each == value and type(each) is type(value)
    ]:
        yield f"{value!r} is none of {schema['enum']}"
    if isinstance(value, str):
        yield from _text(value, schema)
    if type(value) in (int, float):
        yield from _number(value, schema)
    if isinstance(value, dict):
        yield from (f"{name} is missing" for name in schema.get("required", ()) if name not in value)
        if schema.get("additionalProperties") is False:
            yield from (f"{name} is unknown" for name in value.keys() - schema["properties"].keys())


def _number(value: Any, schema: Json) -> Iterator[str]:
    within = schema.get("minimum", value) <= value <= schema.get("maximum", value)
    if not within or value <= schema.get("exclusiveMinimum", value - 1):
        yield f"{value} is out of bounds"


def _text(value: str, schema: Json) -> Iterator[str]:
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        yield f"a text of {len(value)} characters"
    if re.search(schema.get("pattern", ""), value) is None:
        yield f"{value!r} does not match"
