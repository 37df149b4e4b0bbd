"""An entry in a line, whole, and as JSON: the exact cause, and never a secret."""

import json
from datetime import UTC, datetime

import pytest

from salio.cli.log_lines import as_json, line, whole
from salio.core.audit.stories import Story
from salio.core.requests.outcomes import Decision, Outcome
from salio.core.requests.queries import IdentifierType
from salio.platform.entries import address, masked, utc
from tests.builders import (
    a_balance_query,
    a_conclusion,
    a_refusal,
    a_request,
    a_status_query,
    an_attempt,
    an_end,
)
from tests.core.audit.noting import a_note
from tests.core.requests.trading import a_bill, a_tax

WRONG = Decision(
    Outcome.PASSWORD_WRONG,
    "wrong password for initiator testapiuser of 600000 (1 in a row, locked at 5)",
)
FAILED = Story(
    request=a_request(12, originator_conversation_id="37412-12-3", conversation_id="AG_1"),
    conclusion=a_conclusion(12, decision=WRONG),
    attempt=an_attempt(12),
    end=an_end(12, status=200, fault=None),
)
MSISDN = "254708374149"
OF_A_CUSTOMER = Story(
    request=a_request(
        13, query=a_status_query(party=MSISDN, identifier_type=IdentifierType.MSISDN), conversation_id="AG_2"
    ),
    conclusion=a_conclusion(
        13,
        decision=Decision(Outcome.TRANSACTION_UNKNOWN, f"no transaction of {MSISDN} has receipt MBN31H462N"),
    ),
)


def test_a_failed_request_in_a_line() -> None:
    """Time, number, API, short code, initiator, ids, states, code, cause, and the receiver's answer."""
    assert line(FAILED) == (
        "2026-08-16T09:30:00.000Z #12 AccountBalance 600000 testapiuser 37412-12-3 AG_1 "
        "accepted → decided → delivered · 18 password wrong: wrong password for initiator testapiuser of "
        "600000 (1 in a row, locked at 5) · HTTP 200"
    )


def test_an_api_of_many_commands() -> None:
    """The one that was sent is told; of what is none the API's usual one, for it could say anything."""
    for command, told in (("BusinessPayToBulk", "BusinessPayToBulk"), ("rm -rf", "BusinessPayBill")):
        story = Story(request=a_request(12, query=a_bill(command=command)))
        assert line(story).split()[1:3] == ["#12", told]
        assert next(iter(whole(story))) == f"request #12: {told}"


def test_a_payment_whole() -> None:
    """To whom, how much, what for and for whom; in JSON too."""
    story = Story(request=a_request(query=a_bill(requester=MSISDN)))
    columns = {each[2:28].strip(): each[28:] for each in list(whole(story))[1:]}
    assert [columns[each] for each in ("Amount", "PartyB", "AccountReference", "Requester")] == [
        "100.00",
        "600782",
        "353353",
        MSISDN,
    ]
    full = json.loads(as_json(story, everything=True))
    assert (full["receiver"], full["account_reference"], full["requester"]) == ("600782", "353353", MSISDN)
    tax = json.loads(as_json(Story(request=a_request(query=a_tax())), everything=True))
    assert (tax["account_reference"], "requester" in tax) == ("PRN1234XN", False)


def test_notes_are_told() -> None:
    """In the line, whole with their time, and as JSON."""
    noted = Story(request=a_request(), notes=(a_note(text="fault 3: double result"), a_note(text="\x1b[2J")))
    assert line(noted).endswith(r"accepted · fault 3: double result · \x1b[2J")
    assert "  note                      2026-08-16T09:30:00.000Z fault 3: double result" in list(whole(noted))
    assert json.loads(as_json(noted, everything=False))["notes"][0] == "fault 3: double result"


@pytest.mark.parametrize(
    ("story", "end"),
    [
        (Story(request=a_request()), "accepted"),
        (
            Story(request=a_request(), conclusion=a_conclusion(decision=Decision(Outcome.SUCCEEDED))),
            "accepted → decided · 0 succeeded",
        ),
        (
            Story(
                request=a_request(profile="observed"),
                conclusion=a_conclusion(decision=WRONG),
                end=an_end(status=None, fault="connection refused"),
            ),
            f"accepted → decided → undelivered · 2001 password wrong: {WRONG.cause} · connection refused",
        ),
        (
            Story(
                request=a_request(),
                conclusion=a_conclusion(decision=Decision(Outcome.QUEUE_TIMED_OUT, "waited 61 s")),
                end=an_end(status=500, fault=None),
            ),
            "accepted → timed_out → undelivered · 17 queue timed out: waited 61 s · HTTP 500",
        ),
    ],
    ids=["accepted", "decided", "no answer", "timed out"],
)
def test_states_in_a_line(story: Story, end: str) -> None:
    """As far as the story goes; the code is that of the request's profile."""
    assert line(story).endswith(end)


def test_a_refusal_in_a_line() -> None:
    """What was called, what was answered, the field and the exact cause."""
    assert line(a_refusal(3)) == (
        "2026-08-16T09:30:00.000Z refused POST /mpesa/accountbalance/v1/query 400 400.002.02 "
        "documented-refused-3 · Remarks: Remarks is missing"
    )


def test_a_field_is_named_once() -> None:
    """A cause that begins with its field is not given it again."""
    refused = a_refusal(3, cause="Remarks: missing")
    assert line(refused).endswith("documented-refused-3 · Remarks: missing")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("of 254708374149 has", "of 254******149 has"),
        ("254708374149", "254******149"),
        ("1254708374149", "1254708374149"),
        ("2547083741490", "2547083741490"),
        ("20260816093000", "20260816093000"),
        ("600000", "600000"),
    ],
)
def test_msisdns_are_masked(text: str, shown: str) -> None:
    """Twelve digits that begin with 254 and stand alone."""
    assert masked(text) == shown


def test_lists_mask_msisdns() -> None:
    """In PartyA and in the cause, as a line and as JSON; whole, by id, they are readable."""
    assert MSISDN not in line(OF_A_CUSTOMER)
    assert MSISDN not in as_json(OF_A_CUSTOMER, everything=False)
    assert "254******149" in line(OF_A_CUSTOMER)
    assert MSISDN in "\n".join(whole(OF_A_CUSTOMER))
    assert json.loads(as_json(OF_A_CUSTOMER, everything=True))["short_code"] == MSISDN


def test_a_request_whole() -> None:
    """Everything that was asked, decided and sent."""
    story = Story(
        request=a_request(
            14,
            query=a_status_query(occasion="OK", original_conversation_id="7071-x"),
            originator_conversation_id="mine",
            conversation_id="AG_3",
            chosen_by_caller=True,
            unknown_members=("Ammount",),
        ),
        conclusion=a_conclusion(14, decision=WRONG),
        attempt=an_attempt(14, resent=True, url="https://host/result?key=s3cret", body=b'{"Result":{"x":1}}'),
        end=an_end(14, status=204, fault=None),
    )
    told = list(whole(story))
    assert told[0] == "request #14: TransactionStatusQuery"
    columns = {each[2:28].strip(): each[28:] for each in told[1:]}
    assert columns["OriginatorConversationID"] == "mine (the caller's own)"
    assert columns["OriginalConversationID"] == "7071-x"
    assert columns["Occasion"] == "OK"
    assert columns["ignored members"] == "Ammount"
    assert columns["decided"].endswith(f"18 password wrong: {WRONG.cause}")
    assert columns["sent"].endswith("to https://host/result?..., again after an interruption")
    assert columns["body"] == '{"Result":{"x":1}}'
    assert columns["delivered"].endswith("HTTP 204")


def test_a_refusal_whole() -> None:
    """The id, the answer, the app, the field and the cause."""
    told = "\n".join(whole(a_refusal(3)))
    for word in (
        "documented-refused-3",
        "HTTP 400, errorCode 400.002.02",
        "Remarks is missing",
        "app ",
        "2026-08-16T09:30:00.000Z",
    ):
        assert word in told


def test_json_of_a_story() -> None:
    """Members that say nothing are left out; details come only when one entry is asked for."""
    short = json.loads(as_json(FAILED, everything=False))
    assert short == {
        "type": "request",
        "number": 12,
        "api": "AccountBalance",
        "short_code": "600000",
        "initiator": "testapiuser",
        "originator_conversation_id": "37412-12-3",
        "conversation_id": "AG_1",
        "app": 1,
        "profile": "documented",
        "state": "delivered",
        "accepted_at": "2026-08-16T09:30:00.000Z",
        "decided_at": "2026-08-16T09:30:00.000Z",
        "outcome": "password wrong",
        "result_code": "18",
        "cause": WRONG.cause,
        "sent_at": "2026-08-16T09:30:00.000Z",
        "ended_at": utc(an_end().ended_at),
        "http_status": 200,
    }
    full = json.loads(as_json(FAILED, everything=True))
    assert {name: full[name] for name in short} == short
    assert full["body"] == '{"Result":{}}'
    assert full["remarks"] == a_balance_query().remarks


def test_json_of_a_refusal() -> None:
    """The same whether one is asked for or many."""
    told = json.loads(as_json(a_refusal(3), everything=False))
    assert told == json.loads(as_json(a_refusal(3), everything=True))
    assert (told["type"], told["error_code"], told["field"]) == ("refusal", "400.002.02", "Remarks")


def test_i14_no_terminal_obeys_what_callers_wrote() -> None:
    """Escape sequences and odd letters are spelt out, in lines and whole."""
    evil = "\x1b[2J\u202e\nforged"
    story = Story(
        request=a_request(query=a_balance_query(initiator=evil, remarks=evil), unknown_members=(evil,)),
        conclusion=a_conclusion(decision=Decision(Outcome.INITIATOR_UNKNOWN, evil)),
        attempt=an_attempt(body=evil.encode() + b"\xff"),
    )
    refused = a_refusal(method=evil, path=evil, cause=evil, field=evil)
    for told in (line(story), line(refused), *whole(story), *whole(refused)):
        assert set(told) <= {chr(each) for each in range(0x20, 0x7F)} | set("→·")
    for told in (as_json(story, everything=True), as_json(refused, everything=False)):
        assert not set(told) & set("\x1b\n")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://host/result", "http://host/result"),
        ("http://host/result?key=s3cret", "http://host/result?..."),
        ("http://host?", "http://host?..."),
    ],
)
def test_an_address_is_shown_without_its_query(url: str, shown: str) -> None:
    """It may hold a secret."""
    assert address(url) == shown


def test_times_are_utc_with_milliseconds() -> None:
    """Cut, never rounded up into the future."""
    assert utc(datetime(2026, 1, 2, 3, 4, 5, 6_999, tzinfo=UTC)) == "2026-01-02T03:04:05.006Z"
