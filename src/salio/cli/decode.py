"""``salio decode``: any callback, acknowledgement or error body, explained."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
from cyclopts import Parameter

from salio.cli.answers_shown import folded, pairs, print_balance
from salio.cli.errors import CommandError
from salio.cli.options import Json

if TYPE_CHECKING:
    from salio.wire.decoded import Decoded

EXAMPLES = """Examples:

  salio decode '{"errorCode": "401.002.01", "errorMessage": "..."}'
  salio decode < callback.json
  salio decode --file callback.json --json
  curl -si ... | salio decode        with its HTTP status and headers
  salio decode '' --status 400       a body that is empty"""

LARGEST = 1024 * 1024
"""Bytes; the largest callback has some thousands."""


def decode_body(
    body: Annotated[
        str, Parameter(allow_leading_hyphen=True, help="The body; - reads standard input, as nothing does.")
    ] = "-",
    /,
    *,
    file: Annotated[Path | None, Parameter(help="Read this file instead.")] = None,
    status: Annotated[int | None, Parameter(help="The HTTP status that came with it.")] = None,
    json: Json = False,
) -> None:
    """Explain a callback, an acknowledgement or an error: what it says, what it means, what to do."""
    decoded = _decoded(_given(body, file), status)
    if json:
        print(msgspec.json.encode(decoded).decode())
    else:
        show(decoded)


def _decoded(given: bytes, status: int | None) -> "Decoded":
    """Raises CommandError."""
    from salio.wire.decoded import decode
    from salio.wire.errors import UnreadableBody

    try:
        return decode(given, status)
    except UnreadableBody as error:
        printed = _as_printed(given)
        if printed is not None:
            return _decoded(printed, status)
        raise CommandError(_hint(given) or f"this is nothing that Daraja sends: {error}") from None


def _as_printed(given: bytes) -> bytes | None:
    """The body that a program printed as it held it: in a JSON string, or as Python writes a dict. None if it
    is neither.
    """
    try:
        said = given.strip().decode("utf-8")
        if said.startswith('"'):
            held = msgspec.json.decode(said, type=str)
            return held.encode() if held.lstrip().startswith("{") else None
        members = ast.literal_eval(said) if said.startswith("{") else None
        return msgspec.json.encode(members) if isinstance(members, dict) else None
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError, msgspec.MsgspecError):
        return None


def _hint(given: bytes) -> str | None:
    """For whoever has a code in the hand, and no body."""
    from salio.wire.explanations import explain

    code = given.strip().decode("ascii", "replace")
    return (
        f"{code} is a code, and no body: `salio explain {code}` tells what it means"
        if explain(code)
        else None
    )


def _given(body: str, file: Path | None) -> bytes:
    if file is None and body != "-":
        return body.encode("utf-8", "surrogateescape")
    stream = sys.stdin.buffer if file is None else file.open("rb")
    with stream:
        given = stream.read(LARGEST + 1)
    if len(given) > LARGEST:
        raise CommandError(f"more than {LARGEST} bytes: no body of Daraja's is as long")
    return given


def show(decoded: "Decoded") -> None:
    """For a person."""
    from salio.wire.answered import Balance

    for line in _head(decoded):
        print(line)
    if decoded.facts:
        print()
        pairs((each.name, each.value) for each in decoded.facts)
    if isinstance(decoded.answer, Balance):
        print()
        print_balance(decoded.answer)


def _head(decoded: "Decoded") -> Iterator[str]:
    from salio.wire.decoded import WORDS

    yield WORDS[decoded.kind]
    said = f"{decoded.code} {decoded.said}".strip()
    for label, words in (("says", said), ("means", decoded.meaning), ("do", decoded.remedy)):
        yield from folded(label, words)
