"""Every code is explained where it stands, in words of its own."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salio.gateway.oauth import GUESS_RATE
from salio.sandbox.kinds import TOKEN_REFUSALS
from salio.wire.acknowledgements import ResponseCode
from salio.wire.apis import Api
from salio.wire.explanations import Explanation, Form, Place, explain, explanations, nearest
from salio.wire.meanings_of_codes import OF_RESPONSE_CODES, OF_RESULT_CODES, SAMPLE_RESPONSE_CODES
from salio.wire.meanings_of_refusals import NEVER, NOWHERE, OF_REFUSALS
from salio.wire.profile import PROFILES, Profile
from salio.wire.refusals import Refusal, answer
from salio.wire.result_codes import ResultCode

BOTH = ("documented", "observed")
APIS = ("Account Balance", "Transaction Status", "B2C", "B2B", "Tax Remittance", "Reversal")
QUERIES, STATUS, PAYMENTS, TO_CUSTOMERS, TO_BUSINESSES = APIS[:2], APIS[1:2], APIS[2:], APIS[2:3], APIS[3:5]
REVERSAL = APIS[5:]
PROMPTS = ("M-PESA Express", "M-PESA Express query")
C2B = ("C2B", "C2B register")
ALL = explanations()
IDS = [f"{each.place.value} {each.code}" for each in ALL]
MEANINGS = [
    *OF_REFUSALS.values(),
    *OF_RESPONSE_CODES.values(),
    *SAMPLE_RESPONSE_CODES.values(),
    *OF_RESULT_CODES.values(),
]

# AB, Response Error Codes and Error Codes; TS, Error Codes, Response codes and Result codes; then what the
# rulings add. Where AB's column Message Type and its details disagree, both places.
DOCUMENTED_CODES = """
AB     | errorCode    | 401.002.01 400.002.02 404.002.01 405.001 500.002.1001 500.003.1001
AB     | errorCode    | 500.003.02 500.003.03 00.002.1001
AB     | ResultCode   | 15 17 18 19 20 21 22 24 25 26 29
AB     | ResponseCode | 24 25 26 100000000 100000001 100000002 100000004 100000005 100000007 100000009
AB     | ResponseCode | 100000010 100000011 0
TS     | errorCode    | 500.003.1001 400.003.01 400.003.02 500.003.03 500.003.02 404.003.01
TS     | errorCode    | 404.001.04 400.002.05
TS     | ResponseCode | 0 1 2001 21
TS     | ResultCode   | 0 SFC_IC0003
B2B    | ResultCode   | 0 1 21 2001 2028 8006 SFC_IC0003
B2C    | ResultCode   | 0 1 2 3 4 8 11 21 2001 2006 2028 2040 8006 SFC_IC0003
Revers | errorCode    | 404.001.03 400.002.02 404.001.01 500.001.1001 500.003.02 500.003.03
Revers | ResultCode   | 0 R000002 R000001 11 21 2001 2006 2028 8006 1
Expres | errorCode    | 400.002.02 404.001.03 404.001.01 405.001 500.001.1001 500.003.02
Expres | errorCode    | 500.003.1001 500.003.03
Expres | ResponseCode | 0
Expres | ResultCode   | 0 1 2 3 4 8 17 1019 1025 1032 1037 2001 2028 8006 SFC_IC0003
wire   | ResultCode   | 1001 4999
ruling | errorCode    | 401.003.01 400.008.01 400.008.02 404.001.01
ruling | ResultCode   | 2001 2032 8006
"""
ROWS = [[cell.strip() for cell in line.split("|")] for line in DOCUMENTED_CODES.strip().splitlines()]
CODES = [(source, place, code) for source, place, codes in ROWS for code in codes.split()]

# what the rulings say is sent only when somebody provokes it, and what nothing in this version sends
UNPROVOKED = {
    "errorCode": {"500.002.1001", "500.003.02"},
    "ResponseCode": {"24", "25", "100000000", "100000002", "100000005", "100000007", "100000009"}
    | {"100000010", "100000011", "1", "21", "2001"},
    "ResultCode": {"15", "19", "24", "26", "2006"},
}


@pytest.mark.parametrize(("source", "place", "code"), CODES, ids=[" ".join(row) for row in CODES])
def test_every_code_of_the_documents_is_explained(source: str, place: str, code: str) -> None:
    """At the place where the document has it."""
    assert place in {each.place.value for each in explain(code)}


@pytest.mark.parametrize(
    ("outcomes", "meanings"),
    [(Refusal, OF_REFUSALS), (ResponseCode, OF_RESPONSE_CODES), (ResultCode, OF_RESULT_CODES)],
    ids=["refusals", "response codes", "result codes"],
)
def test_no_outcome_is_without_a_meaning(outcomes: Iterable[object], meanings: Iterable[object]) -> None:
    """Who adds a code explains it, in the order of its enum."""
    assert list(meanings) == list(outcomes)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
@pytest.mark.parametrize("api", [*Api, None], ids=lambda api: api.name if api else "elsewhere")
@pytest.mark.parametrize("refusal", Refusal, ids=lambda refusal: refusal.name)
def test_every_refusal_that_can_be_met_is_explained(
    refusal: Refusal, api: Api | None, profile: Profile
) -> None:
    """Whatever errorCode the platform answers, in any profile, `explain` knows it."""
    said = answer(refusal, api=api, profile=profile, request_id="1")
    statuses = {form.http_status for each in explain(said.code) for form in each.forms}
    assert said.status in statuses


@pytest.mark.parametrize("explanation", ALL, ids=IDS)
def test_no_explanation_is_empty(explanation: Explanation) -> None:
    """Each part is a sentence, printable and without double spaces."""
    for part in ("meaning", "when", "remedy"):
        sentence = getattr(explanation, part)
        assert sentence.endswith(".")
        assert sentence.isascii()
        assert sentence.isprintable()
        assert "  " not in sentence
        assert sentence.count("`") % 2 == 0


@pytest.mark.parametrize("part", ["meaning", "when"])
def test_no_explanation_is_shared_by_accident(part: str) -> None:
    """No two outcomes have the same sentence; the three sample values of TS say why they have none."""
    sentences = [getattr(each, part) for each in MEANINGS]
    twice = {sentence for sentence in sentences if sentences.count(sentence) > 1}
    assert twice <= {each.when for each in SAMPLE_RESPONSE_CODES.values()}


def test_no_explanation_stands_twice() -> None:
    """A code has several only where they mean different things."""
    said = [(each.code, each.place, each.meaning) for each in ALL]
    assert len(set(said)) == len(said)


OF_EXPRESS = {
    "1": "the customer in PartyA has less than Amount",
    "2": "M-PESA Express: the smallest payment is KES 1",
    "3": "B2C and M-PESA Express",
    "4": "M-PESA Express: what left the account of PartyA",
    "8": "Utility of a paybill or Merchant of a till",
    "17": "M-PESA Express: the customer has paid this amount",
    "1019": "no phone has shown it",
    "1025": "longer than 182 characters",
    "1032": "pressed Cancel on the phone",
    "1037": "no customer has the number in PartyA or PhoneNumber",
    "2001": "M-PESA Express: whoever holds the phone entered a wrong PIN",
    "2028": "M-PESA Express: PartyB is not BusinessShortCode's own",
    "8006": "M-PESA Express: whoever holds the phone found the PIN locked",
    "SFC_IC0003": "M-PESA Express: nobody has PartyB",
}


@pytest.mark.parametrize("code", OF_EXPRESS)
def test_each_result_of_a_prompt_is_told_as_its_page_has_it(code: str) -> None:
    """The payer's limit where B2C has the receiver's, the customer's PIN where others have an initiator."""
    said = [each.when for each in explain(code) if each.place is Place.RESULT_CODE]
    assert any(OF_EXPRESS[code] in each for each in said)


def test_a_customer_whom_nobody_knows() -> None:
    """A simulation in the name of such a one ends so in the log; only of an organization it takes a fault."""
    (invalid,) = explain("11")
    assert "no customer has the number" in invalid.when
    assert "`salio fault`" in invalid.when


def test_what_is_never_sent_by_itself() -> None:
    """The codes without a natural cause, and no others."""
    found: dict[str, set[str]] = {}
    for each in ALL:
        if each.when.startswith((NEVER, NOWHERE)):
            found.setdefault(each.place.value, set()).add(each.code)
    assert found == UNPROVOKED


@pytest.mark.parametrize(
    ("code", "places"),
    [
        ("0", ["ResponseCode", "ResultCode"]),
        ("1", ["ResponseCode", "ResultCode"]),
        ("21", ["ResponseCode", "ResultCode"]),
        ("24", ["ResponseCode", "ResultCode"]),
        ("25", ["ResponseCode", "ResultCode"]),
        ("26", ["ResponseCode", "ResultCode"]),
        ("2001", ["ResponseCode", "ResultCode"]),
        ("17", ["ResultCode", "ResultCode"]),
        ("18", ["ResultCode"]),
        ("400.002.02", ["errorCode", "errorCode"]),
        ("401.002.01", ["errorCode", "errorCode", "errorCode"]),
        ("400.008.01", ["errorCode", "errorCode"]),
        ("404.001.03", ["errorCode", "errorCode"]),
        ("500.001.1001", ["errorCode"] * 5),
        ("500.002.1001", ["errorCode", "errorCode"]),
        ("500.003.02", ["errorCode", "errorCode"]),
        ("policies.ratelimit.SpikeArrestViolation", ["fault.detail.errorcode"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_code_with_several_meanings(code: str, places: list[str]) -> None:
    """All of them are told, in the order of the journey."""
    assert [each.place.value for each in explain(code)] == places


NO_RECEIPT, LOCKED = ResultCode.RECEIPT_UNKNOWN.description, ResultCode.CREDENTIAL_LOCKED.description


@pytest.mark.parametrize(
    ("code", "forms"),
    [
        ("18", [(ResultCode.CREDENTIAL_CHECK_FAILED.description, None, QUERIES, BOTH[:1])]),
        ("20", [(ResultCode.INITIATOR_UNRESOLVED.description, None, APIS[:1], BOTH[:1])]),
        (
            "SFC_IC0003",
            [
                (ResultCode.OPERATOR_UNKNOWN.description, None, STATUS, BOTH[:1]),
                (ResultCode.OPERATOR_UNKNOWN.description, None, (*TO_CUSTOMERS, *PROMPTS), BOTH),
                ("Receiver party is invalid", None, TO_BUSINESSES, BOTH),
            ],
        ),
        ("8006", [(LOCKED, None, QUERIES, BOTH[1:]), (LOCKED, None, (*PAYMENTS, *PROMPTS), BOTH)]),
        ("2032", [(NO_RECEIPT, None, STATUS, BOTH)]),
        ("2040", [(ResultCode.CUSTOMER_TYPE_UNSUPPORTED.description, None, TO_CUSTOMERS, BOTH)]),
        ("29", [(ResultCode.COMMAND_INVALID.description, None, APIS, BOTH[:1])]),
        ("100000005", [("Invalid input value:NAME", 200, (*APIS, *PROMPTS, *C2B), BOTH)]),
        ("400.003.02", [("Bad Request - Invalid NAME", 400, (*STATUS, *C2B), BOTH[:1])]),
        (
            "405.001",
            [
                (
                    "METHOD Method Not Allowed",
                    405,
                    (*APIS, *PROMPTS, *C2B, "token endpoint", "other paths"),
                    BOTH,
                )
            ],
        ),
        ("404.001.01", [("Resource not found", 404, (*REVERSAL, *PROMPTS, "other paths"), BOTH)]),
        ("R000001", [(ResultCode.ALREADY_REVERSED.description, None, REVERSAL, BOTH)]),
        ("R000002", [(ResultCode.ORIGINAL_INVALID.description, None, REVERSAL, BOTH)]),
        (
            "500.003.03",
            [
                ("Quota Violation", 500, (APIS[0], *PAYMENTS, *PROMPTS, "token endpoint"), BOTH),
                ("Error Occurred: Quota Violation", 500, (*STATUS, *C2B), BOTH),
            ],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_who_says_it_and_how(
    code: str, forms: list[tuple[str, int | None, tuple[str, ...], tuple[str, ...]]]
) -> None:
    """The wording of each API in each profile, put together where it is the same."""
    (explanation,) = explain(code)
    assert list(explanation.forms) == [Form(*form) for form in forms]


@pytest.mark.parametrize(
    ("code", "forms"),
    [
        (
            "500.001.1001",
            [
                [("Internal Server Error", 500, REVERSAL, BOTH)],
                [("Merchant does not exist", 500, PROMPTS, BOTH)],
                [("Wrong credentials", 500, PROMPTS, BOTH)],
                [(ResultCode.SUBSCRIBER_LOCKED.description, 500, PROMPTS[:1], BOTH)],
                [("The transaction does not Exist", 500, PROMPTS[1:], BOTH)],
            ],
        ),
        (
            "500.003.02",
            [
                [
                    (
                        "Error Occurred: Spike Arrest Violation",
                        500,
                        (*APIS[:5], *PROMPTS, *C2B, "token endpoint"),
                        BOTH[:1],
                    ),
                    ("Spike Arrest Violation", 500, REVERSAL, BOTH[:1]),
                ],
                [("System is busy. Please try again in few minutes.", 500, PROMPTS, BOTH)],
            ],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_who_says_each_of_several(
    code: str, forms: list[list[tuple[str, int | None, tuple[str, ...], tuple[str, ...]]]]
) -> None:
    """The same, where the code means another thing by other words."""
    assert [list(each.forms) for each in explain(code)] == [[Form(*form) for form in each] for each in forms]


def test_whatever_refuses_a_token_is_explained_there() -> None:
    """By nature or by a fault; and 400 with the word for a body is what any door says to what is no HTTP."""
    for refusal in (*(Refusal[name.upper()] for name in TOKEN_REFUSALS), Refusal.PAYLOAD_INVALID):
        for profile in PROFILES.values():
            code = answer(refusal, api=None, profile=profile, request_id="1", detail=GUESS_RATE).code
            forms = [form for each in explain(code) for form in each.forms]
            here = [each.profiles for each in forms if "token endpoint" in each.where]
            assert profile.name in {each for profiles in here for each in profiles}


def test_success_is_said_as_each_profile_says_it() -> None:
    """With and without the full stop; C2B's v1 with a small letter."""
    accepted, succeeded = explain("0")
    assert {form.text for form in accepted.forms} == {"success"} | {
        page.accepted_text for profile in PROFILES.values() for page in profile.pages.values()
    }
    assert {form.text for form in succeeded.forms} == {
        page.success_text for profile in PROFILES.values() for page in profile.pages.values()
    }


def test_an_answer_without_a_body_has_no_words() -> None:
    """The observed profile's wrong secret."""
    _, wrong = explain("400.008.01")
    assert [form.text for form in wrong.forms if form.profiles == ("observed",)] == [""]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("sfc_ic0003", "SFC_IC0003"),
        (" 18 ", "18"),
        ("00.002.1001", "500.002.1001"),
        ("429", "policies.ratelimit.SpikeArrestViolation"),
        ("POLICIES.RATELIMIT.SPIKEARRESTVIOLATION", "policies.ratelimit.SpikeArrestViolation"),
    ],
)
def test_as_people_write_it(asked: str, code: str) -> None:
    """Capitals, spaces and the document's own slip do not matter."""
    assert {each.code for each in explain(asked)} == {code}


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("400.002.2", "400.002.02"),
        ("SFC_IC003", "SFC_IC0003"),
        ("1000000011", "100000011"),
        ("2023", "2032"),
        ("0.002.1001", "00.002.1001"),
    ],
)
def test_the_nearest_codes(asked: str, near: str) -> None:
    """What was meant comes first among three at most."""
    assert explain(asked) == ()
    found = nearest(asked)
    assert found[0] == near
    assert len(found) <= 3


@pytest.mark.parametrize("asked", ["", "  ", "hello", "*", "\x00"])
def test_nothing_is_near(asked: str) -> None:
    """Then nothing is offered."""
    assert explain(asked) == ()
    assert nearest(asked) == []


@given(st.text(max_size=40))
def test_any_text_may_be_asked(asked: str) -> None:
    """What is offered for it is explained."""
    assert all(explain(code) for code in nearest(asked))


@pytest.mark.parametrize("place", Place, ids=lambda place: place.name)
def test_each_place_is_said_in_words(place: Place) -> None:
    """The member's name first."""
    assert place.words.startswith(f"{place.value} of a")
