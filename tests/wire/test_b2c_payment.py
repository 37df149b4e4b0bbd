"""A payment to a customer, read."""

import pytest

from salio.wire import b2c_payment
from salio.wire.fields import InvalidField
from salio.wire.profile import DOCUMENTED, OBSERVED, PROFILES, Profile
from salio.wire.strict_json import NumberText

from .examples import CREDENTIAL, CREDENTIAL_LENGTH, payment_members, sample, without

# B2C, Request Parameter Definition, in its order: name, type
PAGE = [
    ("OriginatorConversationID", "String"),
    ("InitiatorName", "Alpha-Numeric"),
    ("SecurityCredential", "String"),
    ("CommandID", "String"),
    ("Amount", "Numeric"),
    ("PartyA", "Numeric"),
    ("PartyB", "Numeric"),
    ("Remarks", "String"),
    ("QueueTimeOutURL", "URL"),
    ("ResultURL", "URL"),
    ("Occassion", "String"),
]
REQUEST = b2c_payment.PaymentRequest(
    initiator="testapi",
    security_credential=CREDENTIAL,
    command_id="BusinessPayment",
    cents=1_000,
    party_a="600992",
    party_b="254705912645",
    remarks="remarked",
    queue_time_out_url="https://mydomain.com/path",
    result_url="https://mydomain.com/path",
    occasion="ChristmasPay",
    originator_conversation_id="600997_Test_32et3241ed8yu",
    unknown_members=(),
)


def read(members: dict[str, object], profile: Profile = DOCUMENTED) -> b2c_payment.PaymentRequest:
    """The members, read as v3 with a key of 256 bytes."""
    return b2c_payment.read(members, profile, CREDENTIAL_LENGTH)


def refused(members: dict[str, object], profile: Profile = DOCUMENTED) -> InvalidField:
    """The error that reading these members raises."""
    with pytest.raises(InvalidField) as caught:
        read(members, profile)
    return caught.value


def test_the_tables_are_the_pages() -> None:
    """v3 has the page's rows in its order; v1 the same, but for the id that it does not need."""
    assert [(field.name, field.kind) for field in b2c_payment.TABLE.fields] == PAGE
    assert all(field.required == (field.name != "Occassion") for field in b2c_payment.TABLE.fields)
    first = {field.name: field.required for field in b2c_payment.FIRST_TABLE.fields}
    assert list(first) == [*(name for name, _ in PAGE[1:]), "OriginatorConversationID"]
    assert not first["OriginatorConversationID"]


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_reads_the_sample(profile: Profile) -> None:
    """Both profiles read the page's sample, with a credential that is whole."""
    assert read(payment_members(), profile) == REQUEST
    assert refused(sample("b2c_request")).name == "SecurityCredential"


def test_v1_needs_no_id() -> None:
    """v3 refuses a payment without an id of the caller's; v1 takes it, and one with an id too."""
    bare = without(payment_members(), "OriginatorConversationID")
    assert refused(bare).name == "OriginatorConversationID"
    assert b2c_payment.read_first(bare, DOCUMENTED, CREDENTIAL_LENGTH).originator_conversation_id is None
    assert b2c_payment.read_first(payment_members(), DOCUMENTED, CREDENTIAL_LENGTH) == REQUEST


@pytest.mark.parametrize("name", [name for name, _ in PAGE if name != "Occassion"])
def test_every_field_must_be_there(name: str) -> None:
    """And is named if it is not."""
    assert refused(without(payment_members(), name)).name == name


@pytest.mark.parametrize(
    ("amount", "cents"),
    [
        pytest.param("10", 1_000, id="text"),
        pytest.param(10, 1_000, id="a number"),
        pytest.param("10.5", 1_050, id="one decimal"),
        pytest.param(NumberText("10.50"), 1_050, id="a decimal number"),
        pytest.param("0.01", 1, id="the least"),
        pytest.param(10**13, 10**15, id="the most"),
    ],
)
def test_amounts(amount: object, cents: int) -> None:
    """Text or number, in whole cents."""
    assert read(payment_members(Amount=amount)).cents == cents


@pytest.mark.parametrize(
    "amount",
    [
        *(
            "0",
            0,
            "-1",
            -1,
            "1.234",
            "1e3",
            NumberText("1e3"),
            "1,000",
            " 1",
            "ten",
            True,
            [],
            {},
            10**13 + 1,
        ),
        *("٣", "1_000", "0x1", "+1", "01", ".", "1."),
    ],
    ids=repr,
)
def test_l2_what_is_no_amount(amount: object) -> None:
    """Nothing, less than nothing, too much, more than two decimals, and whatever else is no number."""
    assert refused(payment_members(Amount=amount)).name == "Amount"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("PartyA", "254708374149", id="an MSISDN pays"),
        pytest.param("PartyA", "6000", id="a short code too short"),
        pytest.param("PartyB", "600000", id="a short code receives"),
        pytest.param("PartyB", "+254708374149", id="with a plus"),
        pytest.param("PartyB", "0708374149", id="as it is dialled"),
        pytest.param("PartyB", "255708374149", id="another country's"),
        pytest.param("Remarks", "x", id="one character"),
        pytest.param("Remarks", "x" * 101, id="too many"),
        pytest.param("Occassion", "x" * 101, id="a long occasion"),
        pytest.param("CommandID", 1, id="no command's form"),
    ],
)
def test_other_forms(name: str, value: object) -> None:
    """The field is named."""
    assert refused(payment_members(**{name: value})).name == name


def test_the_page_and_the_dictionary_spell_the_occasion() -> None:
    """Both ways are read, but not at once."""
    members = without(payment_members(), "Occassion")
    assert read({**members, "Occasion": "x"}).occasion == "x"
    assert refused(payment_members(Occasion="x")).name == "Occassion"


@pytest.mark.parametrize("command", ["BusinessPayment", "SalaryPayment", "PromotionPayment"])
def test_three_commands(command: str) -> None:
    """All of them in both profiles; another one passes the documented one's door only."""
    for profile in PROFILES.values():
        assert read(payment_members(CommandID=command), profile).command_id == command
    assert read(payment_members(CommandID=command.lower())).command_id == command.lower()
    assert refused(payment_members(CommandID=command.lower()), OBSERVED).name == "CommandID"


def test_the_credential_is_not_shown() -> None:
    """In no log and no traceback."""
    assert CREDENTIAL not in repr(REQUEST)
