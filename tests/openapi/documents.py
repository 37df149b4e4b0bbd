"""The OpenAPI documents, a row each, and what must be known beyond them to ask well."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from salio.wire import urls
from salio.wire.apis import Api

Body = dict[str, Any]


@dataclass(frozen=True)
class Known:
    """What a running platform gives to whoever may use it."""

    token: str
    basic: str
    """Consumer key and secret, as an Authorization header has them."""
    credential: str
    inbox_url: str


@dataclass(frozen=True)
class Document:
    """One document, and how a request that was made up from it becomes one that is meant."""

    name: str
    served: str
    """The path at which a running platform hands it out."""
    golden: str
    """The same below the repository's root."""
    authorization: Callable[[str, Known], str | None]
    """What whoever may use an operation (`GET /path`) sends; None where nothing is asked for."""
    amend: Callable[[str, Body, Known], Body]
    """A body with the members that chance does not hit."""
    harmless: Callable[[Body, Known], Body]
    """A body after which the platform calls nobody but itself."""
    excused: Callable[[str, int, bytes], bool]
    """Whether an answer (operation, status, body) is one that the document has in words alone."""
    errors: frozenset[str] = frozenset()
    """The errorCodes with a status from 500 that a request can bring about by itself."""


def _authorization(operation: str, known: Known) -> str | None:
    if operation == "GET /oauth/v1/generate":
        return known.basic
    return f"Bearer {known.token}" if operation.startswith("POST /mpesa/") else None


def _amended(operation: str, body: Body, known: Known) -> Body:
    if not operation.startswith("POST /mpesa/"):
        return body
    command = next(api.command for api in Api if operation.endswith(api.path))
    right = {"CommandID": command, "SecurityCredential": known.credential, "IdentifierType": "4"}
    right |= {"PartyA": "600000", "ResultURL": known.inbox_url, "QueueTimeOutURL": known.inbox_url}
    spaced = {"QueueTimeoutURL", "Command ID", "Transaction ID"}
    return {name: value for name, value in body.items() if name not in spaced} | right


def _harmless(body: Body, known: Known) -> Body:
    """Every address that the platform would call is its own inbox; what is no address stays as it is."""
    return {
        name: known.inbox_url if isinstance(value, str) and not urls.problem(value) else value
        for name, value in body.items()
    }


def _excused(operation: str, status: int, content: bytes) -> bool:
    """In the profile `observed` a wrong key or secret gets 400 with an empty body."""
    return operation == "GET /oauth/v1/generate" and status == 400 and not content


PUBLIC = Document(
    name="public",
    served="/openapi.json",
    golden="docs/openapi.json",
    authorization=_authorization,
    amend=_amended,
    harmless=_harmless,
    excused=_excused,
    errors=frozenset({"500.002.1001"}),  # an OriginatorConversationID that was sent before
)

DOCUMENTS: Mapping[str, Document] = {each.name: each for each in (PUBLIC,)}
"""Every document that a platform hands out; a new one is a row."""
