"""A payment to an organization and a tax: read, and told in the words of its four pages."""

import json
from datetime import datetime
from decimal import Decimal

import msgspec
import pytest

from salio.wire import b2b_payment, results
from salio.wire.apis import Api
from salio.wire.balance_text import AccountAmounts
from salio.wire.callbacks import read_result
from salio.wire.decoded import Kind, decode
from salio.wire.fields import InvalidField
from salio.wire.profile import DOCUMENTED, OBSERVED, PROFILES, Profile
from salio.wire.result_codes import ResultCode

from .examples import (
    CREDENTIAL,
    CREDENTIAL_LENGTH,
    SAMPLES,
    bill_members,
    moment,
    sample,
    tax_members,
    top_up_members,
    without,
)

# Business Pay Bill, Request Parameter Definition, in its order, and the id that all APIs may be given:
# name, type here, whether it must be there
PAGE = """
CommandID                | String        | required
Initiator                | Alpha-Numeric | required
SecurityCredential       | String        | required
PartyA                   | Numeric       | required
SenderIdentifierType     | Numeric       | required
PartyB                   | Numeric       | required
RecieverIdentifierType   | Numeric       | required
Requester                | Numeric       | optional
Amount                   | Numeric       | required
AccountReference         | String        | optional
Remarks                  | String        | required
QueueTimeOutURL          | URL           | required
ResultURL                | URL           | required
Occassion                | String        | optional
OriginatorConversationID | String        | optional
"""
ROWS = [tuple(cell.strip() for cell in line.split("|")) for line in PAGE.strip().splitlines()]
REQUIRED = [name for name, _, must in ROWS if must == "required"]
REQUEST = b2b_payment.PaymentRequest(
    initiator="testapi",
    security_credential=CREDENTIAL,
    command_id="BusinessPayToBulk",
    cents=23_900,
    party_a="600979",
    sender_type=4,
    party_b="600000",
    receiver_type=4,
    requester="254708374149",
    account_reference="353353",
    remarks="OK",
    queue_time_out_url="https://mydomain/path/timeout",
    result_url="https://mydomain/path/result",
    occasion=None,
    originator_conversation_id=None,
    unknown_members=(),
)


def read(members: dict[str, object], profile: Profile = DOCUMENTED) -> b2b_payment.PaymentRequest:
    """The members, read with a key of 256 bytes."""
    return b2b_payment.read(members, profile, CREDENTIAL_LENGTH)


def read_tax(members: dict[str, object], profile: Profile = DOCUMENTED) -> b2b_payment.PaymentRequest:
    """The same of a tax."""
    return b2b_payment.read_tax(members, profile, CREDENTIAL_LENGTH)


def refused(members: dict[str, object], profile: Profile = DOCUMENTED, *, tax: bool = False) -> InvalidField:
    """The error that reading these members raises."""
    with pytest.raises(InvalidField) as caught:
        (read_tax if tax else read)(members, profile)
    return caught.value


# --- requests --------------------------------------------------------------------------------------------


def test_the_tables_are_the_pages() -> None:
    """Of a tax all but the Requester, and its AccountReference must be there."""
    told = [
        (field.name, field.kind, "required" if field.required else "optional")
        for field in b2b_payment.TABLE.fields
    ]
    assert told == ROWS
    tax = {field.name: field.required for field in b2b_payment.TAX_TABLE.fields}
    assert list(tax) == [name for name, *_ in ROWS if name != "Requester"]
    assert {name for name in tax if tax[name]} == {*REQUIRED, "AccountReference"}


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_reads_the_sample_of_a_top_up(profile: Profile) -> None:
    """Both profiles; it is the one sample without a spaced name and with parties that can be."""
    assert read(top_up_members(), profile) == REQUEST


@pytest.mark.parametrize("name", ["pay_bill_request", "buy_goods_request"])
def test_reads_the_other_samples(name: str) -> None:
    """`Command ID` has a space. PartyB, the credential and a port that is 0000 stand for something."""
    members = sample(name) | {"SecurityCredential": CREDENTIAL, "QueueTimeOutURL": "http://0.0.0.0:1/"}
    assert refused(members).name == "PartyB"
    found = read(members | {"PartyB": "600000"})
    assert found.command_id == members["Command ID"]
    assert (found.account_reference, found.requester, found.cents) == ("353353", "254700000000", 23_900)
    assert refused(members, OBSERVED).name == "Command ID"


def test_reads_the_sample_of_a_tax() -> None:
    """With a whole credential, in the profile that takes the space."""
    members = sample("tax_request") | {"SecurityCredential": CREDENTIAL}
    found = read_tax(members)
    assert (found.command_id, found.party_b, found.account_reference) == ("PayTaxToKRA", "572572", "353353")
    assert found.requester is None
    assert refused(members, OBSERVED, tax=True).name == "Command ID"


@pytest.mark.parametrize("name", REQUIRED)
def test_every_field_must_be_there(name: str) -> None:
    """And is named if it is not."""
    assert refused(without(top_up_members(), name)).name == name
    assert refused(without(tax_members(), name), tax=True).name == name


def test_a_bill_and_a_tax_need_their_reference() -> None:
    """Whatever is spelt how; other commands have no bill."""
    bill = without(bill_members(), "AccountReference")
    spaced = {**without(bill, "CommandID"), "Command ID": "BusinessPayBill"}
    for members in (bill, spaced, bill_members(AccountReference=""), bill_members(AccountReference=None)):
        assert refused(members).name == "AccountReference"
    assert refused(without(tax_members(), "AccountReference"), tax=True).name == "AccountReference"
    assert read(without(top_up_members(), "AccountReference")).account_reference is None


def test_the_reference_with_a_space() -> None:
    """As two of the tables print it."""
    members = {**without(bill_members(), "AccountReference"), "Account Reference": "353353"}
    assert read(members).account_reference == "353353"
    assert refused(members, OBSERVED).name == "Account Reference"


def test_the_pages_spelling_is_the_name() -> None:
    """Whoever spells the receiver rightly is told what is missing, and how it is written."""
    members = without(top_up_members(), "RecieverIdentifierType") | {"ReceiverIdentifierType": "4"}
    found = refused(members)
    assert found.name == "RecieverIdentifierType"
    assert found.reason == (
        "missing; did you mean `RecieverIdentifierType`: you sent `ReceiverIdentifierType`"
    )


@pytest.mark.parametrize("value", [2, "2", 4, "4"])
def test_tills_and_short_codes_receive(value: object) -> None:
    """Text or number; a tax goes to a short code alone."""
    assert read(top_up_members(RecieverIdentifierType=value)).receiver_type == int(str(value))
    if value in (2, "2"):
        error = refused(tax_members(RecieverIdentifierType=value), tax=True)
        assert error.name == "RecieverIdentifierType"


WRONG: dict[str, tuple[object, ...]] = {
    "SenderIdentifierType": (1, 2, "2", 5, "four", None, True),
    "RecieverIdentifierType": (1, "1", 11, "", []),
    "PartyA": ("254708374149", "6000", "000000"),
    "PartyB": ("254708374149", "6000", "000000", "abc"),
    "Amount": ("0", "-1", "1.234", "ten", True),
    "AccountReference": ("x" * 14, 353353, "a\0"),
    "Requester": ("0708374149", "600000", "x"),
    "Remarks": ("x" * 101, "", 7),
    "Occassion": ("x" * 101, 7),
    "CommandID": (1, "x" * 65),
}


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name, values in WRONG.items() for value in values],
    ids=lambda value: repr(value)[:20],
)
def test_other_forms(name: str, value: object) -> None:
    """The field is named."""
    assert refused(top_up_members(**{name: value})).name == name


def test_the_longest_reference() -> None:
    """Thirteen characters of any kind, as the page's own."""
    for reference in ("ACC#03929/4yu", "x" * 13):
        assert read(top_up_members(AccountReference=reference)).account_reference == reference


def test_whose_commands() -> None:
    """All of them in both profiles; another one passes the documented one's door only."""
    for profile in PROFILES.values():
        for command in Api.B2B.commands:
            assert read(top_up_members(CommandID=command), profile).command_id == command
    for other in ("PayTaxToKRA", "MerchantToMerchantTransfer"):
        assert read(top_up_members(CommandID=other)).command_id == other
        assert refused(top_up_members(CommandID=other), OBSERVED).name == "CommandID"


def test_the_credential_is_not_shown() -> None:
    """In no log and no traceback."""
    assert CREDENTIAL not in repr(REQUEST)


# --- results ---------------------------------------------------------------------------------------------

WORKING = AccountAmounts("Working Account", "KES", 34_656_883, 618_683, 34_038_200, 0)
PAYMENT = b2b_payment.PaymentDetails(
    amount=19_000, charge=0, receiver_name="000000\u2013 Biller Companty", debited=WORKING
)
PAID_AT = moment("20221110110717")
FAILED_AT: datetime = moment("20200120164825")
GOODS_URL = "https://mydomain.com/b2b/businessbuygoods/queue/"
TAX_URL = "https://mydomain.com/b2b/remittax/queue/"


def head(queue_time_out_url: str, bill: str | None = "19008") -> results.ResultHead:
    """Of the pages' successes, that of taxes with another conversation."""
    conversation = "AG_20181005_00004d7ee675c0c7ee0b" if "remittax" in queue_time_out_url else ""
    return results.ResultHead(
        "626f6ddf-ab37-4650-b882-b1de92ec9aa4",
        conversation or "12345677dfdf89099B3",
        "QKA81LK5CY",
        {"BillReferenceNumber": bill, "QueueTimeoutURL": queue_time_out_url},
    )


def ordered(body: bytes | str) -> object:
    """The body with its members' order as data."""
    return json.loads(body, object_pairs_hook=list)


@pytest.mark.parametrize(
    ("name", "api", "url"),
    [
        ("pay_bill", Api.B2B, "http://172.31.234.68:8888/Listener.php"),
        ("buy_goods", Api.B2B, GOODS_URL),
        ("top_up", Api.B2B, GOODS_URL),
        ("tax", Api.TAX_REMITTANCE, TAX_URL),
    ],
)
def test_produces_the_samples(name: str, api: Api, url: str) -> None:
    """Member for member, in order. The pages' own are no JSON: quotes, braces and commas were mended."""
    receiver = "00000 - Tax Collecting Company" if name == "tax" else PAYMENT.receiver_name
    payment = msgspec.structs.replace(PAYMENT, receiver_name=receiver)
    body = b2b_payment.result(head(url), api, payment, PAID_AT, DOCUMENTED)
    assert ordered(body) == ordered((SAMPLES / f"{name}_result.json").read_text())


@pytest.mark.parametrize(
    ("name", "url", "slips"),
    [
        ("pay_bill", "https://internalapi.safaricom.co.ke/mpesa/abresults/v1/submit", {}),
        ("buy_goods", GOODS_URL, {}),
        (
            "tax",
            TAX_URL,
            {
                '"ResultType": 0': '"ResultType": "0"',
                '{"Key": "BOCompletedTime", "Value": 20200120164825}': '[{"Key": "BOCompletedTime", '
                '"Value": "20200120164825"}]',
                '"OAK0000000"': '"OAK000000"',
            },
        ),
    ],
)
def test_produces_the_failed_samples(name: str, url: str, slips: dict[str, str]) -> None:
    """Numbers, and one parameter as an object; where the sample of taxes differs, its own table does not."""
    failed = results.ResultHead(
        "12337-23509183-5",
        "AG_20200120_0000657265d5fa9ae5c0",
        "OAK0000000",
        {"BillReferenceNumber": "19008", "QueueTimeoutURL": url},
    )
    api = Api.TAX_REMITTANCE if name == "tax" else Api.B2B
    code = ResultCode.INITIATOR_INFORMATION_INVALID
    body = results.failed_result(failed, api, code, DOCUMENTED, completed_at=FAILED_AT)
    told = json.dumps(json.loads(body))
    for ours, printed in slips.items():
        assert told.count(ours) == 1
        told = told.replace(ours, printed)
    assert ordered(told) == ordered((SAMPLES / f"{name}_failed_result.json").read_text())


def test_the_failed_sample_of_a_top_up() -> None:
    """Its references are what the wire has; that its one parameter is a reference too is a slip."""
    printed = json.loads((SAMPLES / "top_up_failed_result.json").read_text())["Result"]
    code = ResultCode.INITIATOR_INFORMATION_INVALID
    body = results.failed_result(head("", "12323333"), Api.B2B, code, OBSERVED, completed_at=FAILED_AT)
    told = json.loads(body)["Result"]
    assert list(told) == list(printed)
    assert told["ResultParameters"] == {
        "ResultParameter": {"Key": "BOCompletedTime", "Value": 20200120164825}
    }
    keys = [
        [[*sorted(each), each["Key"]] for each in of["ReferenceData"]["ReferenceItem"]]
        for of in (told, printed)
    ]
    assert keys[0] == keys[1]


def test_what_the_wire_sends() -> None:
    """Numbers, another name of the debited balance, and references that were captured (wire facts 5.2)."""
    told = json.loads(b2b_payment.result(head("http://x/"), Api.B2B, PAYMENT, PAID_AT, OBSERVED))["Result"]
    compound = "{Amount={CurrencyCode=KES, MinimumAmount=618683, BasicAmount=6186.83}}"
    assert [*map(tuple, map(dict.values, told["ResultParameters"]["ResultParameter"]))] == [
        ("DebitAccountCurrentBalance", compound),
        ("InitiatorAccountCurrentBalance", compound),
        ("Amount", 190.0),
        ("DebitPartyAffectedAccountBalance", "Working Account|KES|346568.83|6186.83|340382.00|0.00"),
        ("TransCompletedTime", 20221110110717),
        ("DebitPartyCharges",),
        ("ReceiverPartyPublicName", PAYMENT.receiver_name),
        ("Currency", "KES"),
    ]
    assert (told["ResultType"], told["ResultCode"]) == (0, 0)
    assert told["ReferenceData"]["ReferenceItem"] == [
        {"Key": "BillReferenceNumber", "Value": "19008"},
        {
            "Key": "QueueTimeoutURL",
            "Value": "https://internalsandbox.safaricom.co.ke/mpesa/b2bresults/v1/submit",
        },
        {"Key": "Occassion"},
    ]


def test_without_a_bill() -> None:
    """No such reference: then the documented one is alone, an object as in its failures."""
    url = {"Key": "QueueTimeoutURL", "Value": "http://x/"}
    for profile, expected in ((DOCUMENTED, url), (OBSERVED, ["QueueTimeoutURL", "Occassion"])):
        body = b2b_payment.result(head("http://x/", None), Api.B2B, PAYMENT, PAID_AT, profile)
        item = json.loads(body)["Result"]["ReferenceData"]["ReferenceItem"]
        assert (item if isinstance(item, dict) else [each["Key"] for each in item]) == expected


def test_a_charge_is_an_amount() -> None:
    """In the form of the Amount beside it."""
    payment = msgspec.structs.replace(PAYMENT, charge=3_050)
    for profile, written in ((DOCUMENTED, b'"30.50"'), (OBSERVED, b"30.5")):
        body = b2b_payment.result(head("http://x/"), Api.B2B, payment, PAID_AT, profile)
        assert b'{"Key":"DebitPartyCharges","Value":%s}' % written in body


@pytest.mark.parametrize("api", [Api.B2B, Api.TAX_REMITTANCE], ids=lambda api: api.name)
@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_the_receiver_is_the_matter(api: Api, profile: Profile) -> None:
    """SFC_IC0003 has words of its own here (wire facts 3.3)."""
    body = results.failed_result(
        head("http://x/"), api, ResultCode.OPERATOR_UNKNOWN, profile, completed_at=FAILED_AT
    )
    assert json.loads(body)["Result"]["ResultDesc"] == "Receiver party is invalid"


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_our_own_reader_agrees(profile: Profile) -> None:
    """What the organization's half reads of it is what was said, to the cent; and `decode` tells it."""
    payment = msgspec.structs.replace(PAYMENT, charge=3_050)
    body = b2b_payment.result(head("http://x/"), Api.B2B, payment, PAID_AT, profile)
    found = read_result(body)
    assert (found.succeeded, found.transaction_id) == (True, "QKA81LK5CY")
    paid = found.payment
    assert (paid.receipt, paid.amount, paid.completed_at) == ("QKA81LK5CY", Decimal("190.00"), PAID_AT)
    assert (paid.charge and paid.charge.amount) == Decimal("30.50")
    assert [str(found.amount(key)) for key in ("Amount", "DebitPartyCharges")] == ["190.00", "30.50"]
    assert found.moment("TransCompletedTime") == PAID_AT
    assert (found.references[0].key, found.references[0].value) == ("BillReferenceNumber", "19008")
    told = decode(body)
    assert told.kind is Kind.RESULT
    facts = {each.name: each.value for each in told.facts}
    assert facts["TransCompletedTime"] == "2022-11-10 11:07:17 EAT"
    assert facts["InitiatorAccountCurrentBalance"] == b2b_payment.compound("KES", 618_683)
    assert facts["BillReferenceNumber"] == "19008"
