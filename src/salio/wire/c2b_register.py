"""Where customers' payments are told: the table of a registration and its typed request.

Source: C2B and Register URL, Request Parameter Definition and URL requirements; wire facts 5.3.
"""

import re
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

import msgspec

from salio.wire import fields
from salio.wire.apis import Api
from salio.wire.c2b_simulate import SHORT_CODE
from salio.wire.profile import Profile

COMPLETED, CANCELLED = "Completed", "Cancelled"
_FORBIDDEN = re.compile(r"m[-_~+ ]?pesa|safaricom|exec?|cmd|sql|query", re.IGNORECASE)
"""The page's words and their variants. A dot or a slash makes two names of one: `team.pesa.example`."""
_TESTERS = (
    ("ngrok", "ngrok"),
    ("mockbin", "mockbin"),
    ("requestbin", "requestbin"),
    ("requestb", "requestbin"),
)
"""How a label of their hosts begins, and the page's name of them (URL requirements)."""


def response_type(name: str, value: object, _terms: fields.Terms) -> str:
    """`Completed` or `Cancelled`, in sentence case and well spelt."""
    if value not in (COMPLETED, CANCELLED):
        raise fields.InvalidField(name, f"is neither `{COMPLETED}` nor `{CANCELLED}`, spelt exactly so")
    return str(value)


def url(name: str, value: object, terms: fields.Terms) -> str:
    """An address without the words that the page forbids, wherever in it."""
    text = fields.url(name, value, terms)
    found = _FORBIDDEN.search(unquote(text))
    if found is not None:
        raise fields.InvalidField(name, f"holds `{found[0].lower()}`, which no registered URL may")
    return text


def public_tester(address: str) -> str:
    """The public URL tester that a registered address leads to; empty for none. Production refuses them."""
    labels = (urlsplit(address).hostname or "").split(".")
    return next((name for start, name in _TESTERS if any(each.startswith(start) for each in labels)), "")


RESPONSE_TYPE = fields.Field(
    name="ResponseType",
    attribute="response_type",
    kind="String",
    meaning="What becomes of a payment whose validation nobody answers: Completed or Cancelled.",
    form=response_type,
)
CONFIRMATION_URL = fields.Field(
    name="ConfirmationURL",
    attribute="confirmation_url",
    kind="URL",
    meaning="Who is told of a payment that was made.",
    form=url,
)
VALIDATION_URL = fields.Field(
    name="ValidationURL",
    attribute="validation_url",
    kind="URL",
    meaning="Who is asked before a payment is made, where external validation is switched on.",
    form=url,
)

TABLE = fields.table(Api.C2B_REGISTER, SHORT_CODE, RESPONSE_TYPE, CONFIRMATION_URL, VALIDATION_URL)
"""In the order of the page's sample, which is the order of the checks."""


class RegisterRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Where payments to a short code are to be told, well-formed."""

    short_code: str
    response_type: str
    confirmation_url: str
    validation_url: str
    unknown_members: tuple[str, ...]


def read(members: Mapping[str, object], profile: Profile, credential_length: int) -> RegisterRequest:
    """The typed request; there is no credential whose length would matter.

    Raises:
        InvalidField: the first missing field in the page's order, or else the first malformed one.
    """
    return RegisterRequest(**fields.read(TABLE, members, profile, credential_length))
