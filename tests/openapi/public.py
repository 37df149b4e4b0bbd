"""The public document: a token, two queries, pages and the inbox."""

import re
from random import Random

from salio.gateway import openapi_express
from salio.wire import urls
from salio.wire.apis import Api
from tests.journeys.client import basic
from tests.kill.platforms import Platform
from tests.openapi.document import Body, Case, Document, Known


def known(platform: Platform, _before: Known | None = None) -> Known:
    """What its test app has, with a fresh token."""
    said = platform.said
    return Known(
        token=platform.token(),
        basic=basic(said["consumer_key"], said["consumer_secret"]),
        credential=said["security_credential"],
        inbox_url=said["inbox_url"],
    )


PAYING = frozenset({Api.B2C, Api.B2B, Api.TAX_REMITTANCE})
_SIGNED = {name: openapi_express.PUSH[name] for name in ("BusinessShortCode", "Password", "Timestamp")}
"""As printed: the sandbox has that passkey."""
_NOBODYS = "254799999999"


def _headers(operation: str, known: Known) -> dict[str, str] | None:
    if operation == "GET /oauth/v1/generate":
        return {"Authorization": known.basic}
    return {"Authorization": f"Bearer {known.token}"} if operation.startswith("POST /mpesa/") else None


def _amend(operation: str, case: Case, known: Known, _chance: Random) -> bool:
    if not operation.startswith("POST /mpesa/") or not isinstance(case.body, dict):
        return False
    api = next(api for api in Api for path in api.paths if operation.endswith(path))
    right = {"CommandID": api.command, "SecurityCredential": known.credential}
    right |= {"ResultURL": known.inbox_url, "QueueTimeOutURL": known.inbox_url}
    if api is Api.B2C:
        right |= {"PartyA": "600997", "PartyB": "254708374149", "Amount": "10"}
    elif api in PAYING:
        right |= {"PartyA": "600997", "PartyB": "572572", "Amount": "10", "AccountReference": "353353"}
    elif api is Api.REVERSAL:
        right |= {"ReceiverParty": "600000", "RecieverIdentifierType": "11", "Amount": "10"}
    elif api is Api.EXPRESS:
        right |= _SIGNED | {"CallBackURL": known.inbox_url, "PartyB": "174379", "Amount": "10"}
    elif api is Api.EXPRESS_QUERY:
        right |= _SIGNED
    else:
        right |= {"PartyA": "600000", "IdentifierType": "4"}
    spaced = {"QueueTimeoutURL", "Command ID", "Transaction ID", "Account Reference"}
    spaced |= {"Occasion"} if api in PAYING else set()
    case.body = {name: value for name, value in case.body.items() if name not in spaced} | right
    return True


def _harmless(body: Body, known: Known) -> Body:
    """Every address that the platform would call is its own inbox, and no phone shows a prompt for a minute;
    what is neither stays as it is.
    """
    kept = {
        name: known.inbox_url if isinstance(value, str) and not urls.problem(value) else value
        for name, value in body.items()
    }
    rings = re.fullmatch("254[0-9]{9}", str(kept.get("PhoneNumber")))
    return kept | ({"PhoneNumber": _NOBODYS} if rings else {})


def _excused(operation: str, status: int, content: bytes) -> bool:
    """In the profile `observed` a wrong key or secret gets 400 with an empty body."""
    return operation == "GET /oauth/v1/generate" and status == 400 and not content


PUBLIC = Document(
    name="public",
    served="/openapi.json",
    golden="docs/openapi.json",
    know=known,
    renewed_after=250,
    headers=_headers,
    amend=_amend,
    harmless=_harmless,
    excused=_excused,
    errors=frozenset({"500.002.1001", "500.001.1001"}),
)
"""Errors: an OriginatorConversationID that was sent before; a short code, passkey or prompt that is not the
app's. An internal error of the reversal, which has the code of the latter too, would stand in the log."""
