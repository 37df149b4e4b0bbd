"""`salio testdata --json` has the members that the issue names, and tells the truth."""

from datetime import UTC, datetime

import pytest

from salio.sandbox.testdata import parties
from salio.sandbox.testdata.description import describe
from salio.sandbox.testdata.whole import build

DESCRIBED = describe(
    build(now=datetime(2026, 11, 21, tzinfo=UTC), digest=str.encode),
    base_url="http://127.0.0.1:8282",
    consumer_key="key",
    consumer_secret="secret",
    certificate="/data/keys/sandbox/certificate.pem",
    control_key="0123",
    passkey_of=lambda short_code: f"passkey of {short_code}",
)


def rows(member: str) -> list[dict[str, str]]:
    """The rows of a member that is a table."""
    found = DESCRIBED[member]
    assert isinstance(found, list)
    return found


def test_the_members_are_those_of_the_issue() -> None:
    """In its order, and after them the key of the control."""
    assert list(DESCRIBED) == [
        "base_url",
        "consumer_key",
        "consumer_secret",
        "certificate",
        "initiators",
        "short_codes",
        "msisdns",
        "receipts",
        "control_key",
    ]


@pytest.mark.parametrize(
    ("member", "columns"),
    [
        ("initiators", ["name", "password", "short_code", "purpose"]),
        ("short_codes", ["short_code", "kind", "name", "passkey"]),
        ("receipts", ["receipt", "kind", "state", "originator_conversation_id", "short_code"]),
    ],
)
def test_tables_have_the_columns_of_the_issue(member: str, columns: list[str]) -> None:
    """Each row has them all, as text; a short code its passkey too (M-PESA Express, Prerequisites)."""
    assert rows(member)
    assert all(list(row) == columns for row in rows(member))
    assert all(type(value) is str for row in rows(member) for value in row.values())
    assert all(value for row in rows(member) for value in row.values())


def test_a_short_code_has_its_own_passkey() -> None:
    """By which its prompts are signed."""
    told = {row["short_code"]: row["passkey"] for row in rows("short_codes")}
    assert told == {short_code: f"passkey of {short_code}" for short_code in told}


def test_what_is_given_is_handed_on() -> None:
    """Where it runs, with which keys."""
    assert [DESCRIBED[name] for name in list(DESCRIBED)[:4]] == [
        "http://127.0.0.1:8282",
        "key",
        "secret",
        "/data/keys/sandbox/certificate.pem",
    ]


@pytest.mark.parametrize(
    ("receipt", "short_code", "conversation"),
    [
        ("MBN31H462N", "600310", "3211-416020-3"),
        ("NEF61H8J60", "600782", "7071-4170-a0e5-8345632bad442144258"),
    ],
)
def test_the_documents_receipts(receipt: str, short_code: str, conversation: str) -> None:
    """With the short code that may ask about each."""
    (row,) = (row for row in rows("receipts") if row["receipt"] == receipt)
    assert (row["short_code"], row["originator_conversation_id"]) == (short_code, conversation)


def test_every_purpose_is_works_or_fails() -> None:
    """`works` or `fails: why`."""
    assert {row["purpose"].partition(": ")[0] for row in rows("initiators")} == {"works", "fails"}


def test_receipts_name_short_codes_of_the_table() -> None:
    """Each can be asked about by an initiator of its row."""
    assert {row["short_code"] for row in rows("receipts")} <= parties.short_codes()


def test_the_documents_customer_is_listed_first() -> None:
    """Numbers alone, as in the issue."""
    msisdns = DESCRIBED["msisdns"]
    assert isinstance(msisdns, list)
    assert msisdns[0] == "254708374149"
