"""``salio decode``: any callback, acknowledgement or error body, explained."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
    from salio.wire.decoded import decode
    from salio.wire.errors import UnreadableBody

    try:
        decoded = decode(_given(body, file), status)
    except UnreadableBody as error:
        raise CommandError(f"this is nothing that Daraja sends: {error}") from None
    if json:
        import msgspec

        print(msgspec.json.encode(decoded).decode())
    else:
        show(decoded)


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
