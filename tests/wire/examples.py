"""The documents' samples, and well-formed requests made from them."""

import base64
import json
from datetime import datetime
from pathlib import Path

from salio.wire import times

SAMPLES = Path(__file__).parent.parent / "samples"
CREDENTIAL_LENGTH = 256
CREDENTIAL = base64.b64encode(bytes(range(256))).decode("ascii")
"""As long as a true one: the samples' own are cut short."""


def sample(name: str) -> dict[str, object]:
    """A sample of the documents, with its members in order."""
    members = json.loads((SAMPLES / f"{name}.json").read_bytes())
    assert isinstance(members, dict)
    return members


def balance_members(**changes: object) -> dict[str, object]:
    """AB's sample request with a whole credential, and these members set."""
    return sample("ab_request") | {"SecurityCredential": CREDENTIAL} | changes


def status_members(**changes: object) -> dict[str, object]:
    """TS's sample request with a whole credential and unspaced names, and these members set."""
    members = {name.replace(" ", ""): value for name, value in sample("ts_request").items()}
    return members | {"SecurityCredential": CREDENTIAL} | changes


def payment_members(**changes: object) -> dict[str, object]:
    """The B2C page's sample request with a whole credential, and these members set."""
    return sample("b2c_request") | {"SecurityCredential": CREDENTIAL} | changes


def top_up_members(**changes: object) -> dict[str, object]:
    """The sample of B2C Account Top Up with a whole credential, and these members set."""
    return sample("top_up_request") | {"SecurityCredential": CREDENTIAL} | changes


def bill_members(**changes: object) -> dict[str, object]:
    """The same as a payment of a bill."""
    return top_up_members(CommandID="BusinessPayBill") | changes


def tax_members(**changes: object) -> dict[str, object]:
    """The sample of Tax Remittance with a whole credential and unspaced names, and these members set."""
    members = {name.replace(" ", ""): value for name, value in sample("tax_request").items()}
    return members | {"SecurityCredential": CREDENTIAL} | changes


def reversal_members(**changes: object) -> dict[str, object]:
    """The Reversal page's sample request with a whole credential, and these members set."""
    return sample("reversal_request") | {"SecurityCredential": CREDENTIAL} | changes


def express_members(**changes: object) -> dict[str, object]:
    """The sample of M-PESA Express, and these members set."""
    return sample("express_request") | changes


def express_query_members(**changes: object) -> dict[str, object]:
    """The sample of its query, and these members set."""
    return sample("express_query_request") | changes


def without(members: dict[str, object], *names: str) -> dict[str, object]:
    """The members but for these."""
    return {name: value for name, value in members.items() if name not in names}


def ordered(body: bytes | str) -> object:
    """The body with its members' order as data, and numbers as they were written."""
    return json.loads(body, object_pairs_hook=list, parse_float=lambda text: f"number {text}")


def moment(text: str) -> datetime:
    """The moment of fourteen digits in East Africa Time."""
    return times.from_text(text)
