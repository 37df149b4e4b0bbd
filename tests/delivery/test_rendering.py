"""Facts to bytes: the documents' own samples, and what each end of a request says."""

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from salio.core.ledger.accounts import AccountBalance, AccountKind, Balance
from salio.core.requests.outcomes import (
    B2BFacts,
    Conclusion,
    Decision,
    Outcome,
    PaymentFacts,
    PromptFacts,
    StatusFacts,
)
from salio.core.requests.queries import Query, Request
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.states import TransactionState
from salio.core.transactions.transaction import Charge, ChargedSide, Transaction
from salio.delivery.rendering import render, render_reason
from tests.builders import NOW, a_payment, a_request, a_transaction
from tests.core.requests.test_express_payment import a_push
from tests.core.requests.trading import a_bill, a_tax
from tests.delivery.samples import NOON, balance_facts, balance_request, refused, status_request

FEE_OF_SAMPLE = Charge("Fee For B2C Payment", 2240, ChargedSide.DEBIT)
PAID_AT = datetime(2018, 2, 23, 2, 41, 12, tzinfo=UTC)


def payment(
    *,
    kind: TransactionKind = TransactionKind.B2C,
    charge: Charge | None = FEE_OF_SAMPLE,
) -> Transaction:
    """The transaction of TS's callback sample."""
    return Transaction(
        receipt="MBN31H462N",
        kind=kind,
        state=TransactionState.COMPLETED,
        cents=30000,
        currency="KES",
        debit_party="600310",
        debit_party_name="Safaricom333",
        debit_account=AccountKind.UTILITY,
        credit_party="254708374149",
        credit_party_name="John Doe",
        reason_type="Business Payment to Customer via API",
        initiated_at=PAID_AT,
        finalised_at=PAID_AT,
        charge=charge,
        originator_conversation_id="3211-416020-3",
        conversation_id="AG_20180223_000041b09c22e613d6c9",
    )


def result(request: Request, conclusion: Conclusion) -> dict[str, Any]:
    """The members of ``Result``."""
    members: dict[str, Any] = json.loads(render(request, conclusion))["Result"]
    return members


def parameters(members: dict[str, Any]) -> dict[str, Any]:
    """ResultParameter by key; a key without a value has none."""
    listed = members["ResultParameters"]["ResultParameter"]
    return {each["Key"]: each.get("Value") for each in listed}


def found(transaction: Transaction, at: datetime = NOON) -> Conclusion:
    """A status query that found this transaction."""
    decision = Decision(Outcome.SUCCEEDED, facts=StatusFacts(transaction))
    return Conclusion(number=1, decided_at=at, decision=decision)


def test_the_balance_sample_is_produced() -> None:
    """AB's Result body, member for member."""
    facts = balance_facts(
        (AccountKind.WORKING, 70000000),
        (AccountKind.FLOAT, 0),
        (AccountKind.UTILITY, 22803700),
        (AccountKind.CHARGES_PAID, -154000),
        (AccountKind.ORGANIZATION_SETTLEMENT, 0),
    )
    at = datetime(2020, 1, 9, 9, 57, 10, tzinfo=UTC)
    conclusion = Conclusion(number=1, decided_at=at, decision=Decision(Outcome.SUCCEEDED, facts=facts))
    assert result(balance_request(), conclusion) == {
        "ResultType": "0",
        "ResultCode": "0",
        "ResultDesc": "The service request is processed successfully",
        "OriginatorConversationID": "16917-22577599-3",
        "ConversationID": "AG_20200206_00005e091a8ec6b9eac5",
        "TransactionID": "OA90000000",
        "ResultParameters": {
            "ResultParameter": [
                {
                    "Key": "AccountBalance",
                    "Value": "Working Account|KES|700000.00|700000.00|0.00|0.00"
                    "&Float Account|KES|0.00|0.00|0.00|0.00&Utility Account|KES|228037.00|228037.00|0.00|0.00"
                    "&Charges Paid Account|KES|-1540.00|-1540.00|0.00|0.00"
                    "&Organization Settlement Account|KES|0.00|0.00|0.00|0.00",
                },
                {"Key": "BOCompletedTime", "Value": "20200109125710"},
            ]
        },
        "ReferenceData": {
            "ReferenceItem": {
                "Key": "QueueTimeoutURL",
                "Value": "https://internalsandbox.safaricom.co.ke/mpesa/abresults/v1/submit",
            }
        },
    }


def test_the_status_sample_is_produced() -> None:
    """TS's callback, but for the slip of the second DebitPartyName."""
    members = result(status_request(), found(payment(), PAID_AT))
    assert members["TransactionID"] == "MBN0000000"
    assert members["ReferenceData"] == {"ReferenceItem": {"Key": "Occasion"}}
    assert parameters(members) == {
        "DebitPartyName": "600310 - Safaricom333",
        "CreditPartyName": "254708374149 - John Doe",
        "OriginatorConversationID": "3211-416020-3",
        "InitiatedTime": "20180223054112",
        "DebitAccountType": "Utility Account",
        "DebitPartyCharges": "Fee For B2C Payment|KES|22.40",
        "TransactionReason": None,
        "ReasonType": "Business Payment to Customer via API",
        "TransactionStatus": "Completed",
        "FinalisedTime": "20180223054112",
        "Amount": "300",
        "ConversationID": "AG_20180223_000041b09c22e613d6c9",
        "ReceiptNo": "MBN31H462N",
    }


FEE = "Fee|KES|1.00"
CHARGES = [
    (TransactionKind.C2B, None, {"CreditPartyCharges": None}),
    (TransactionKind.C2B, ChargedSide.CREDIT, {"CreditPartyCharges": FEE}),
    (TransactionKind.C2B, ChargedSide.DEBIT, {"DebitPartyCharges": FEE, "CreditPartyCharges": None}),
    (TransactionKind.B2C, None, {"DebitPartyCharges": None}),
    (TransactionKind.B2C, ChargedSide.CREDIT, {"CreditPartyCharges": FEE}),
    (TransactionKind.B2B, ChargedSide.DEBIT, {"DebitPartyCharges": FEE}),
]


@pytest.mark.parametrize(("kind", "side", "expected"), CHARGES)
@pytest.mark.parametrize("profile", ["documented", "observed"])
def test_charges_stand_on_the_side_that_bears_them(
    kind: TransactionKind, side: ChargedSide | None, expected: dict[str, str | None], profile: str
) -> None:
    """A payment to an organization carries the credit side's key, even empty (wire facts 2.6)."""
    charge = None if side is None else Charge("Fee", 100, side)
    members = result(status_request(profile=profile), found(payment(kind=kind, charge=charge)))
    charges = {key: value for key, value in parameters(members).items() if key.endswith("PartyCharges")}
    assert charges == expected


def test_a_shared_charge_stands_on_both_sides() -> None:
    """Each side with its own part."""
    shared = (Charge("Fee", 150, ChargedSide.CREDIT), Charge("Fee", 100, ChargedSide.DEBIT))
    paid = msgspec.structs.replace(
        payment(kind=TransactionKind.C2B, charge=shared[0]), other_charge=shared[1]
    )
    told = parameters(result(status_request(), found(paid)))
    assert (told["DebitPartyCharges"], told["CreditPartyCharges"]) == (FEE, "Fee|KES|1.50")


def test_the_occasion_comes_back() -> None:
    """TS returns the request's Occasion, on success and on failure."""
    expected = {"ReferenceItem": {"Key": "Occasion", "Value": "rent"}}
    request = status_request(occasion="rent")
    assert result(request, found(payment()))["ReferenceData"] == expected
    assert result(request, refused(Outcome.TRANSACTION_UNKNOWN))["ReferenceData"] == expected


def test_the_named_fields_are_told() -> None:
    """25 carries one parameter that names the fields (rulings, Two wire profiles)."""
    fields = ("TransactionID", "OriginalConversationID")
    members = result(status_request(), refused(Outcome.PARAMETERS_CONFLICT, fields=fields))
    assert members["ResultCode"] == 25
    assert parameters(members) == {"ErrorMsg": "TransactionID, OriginalConversationID"}


@pytest.mark.parametrize("outcome", [o for o in Outcome if o is not Outcome.SUCCEEDED], ids=lambda o: o.name)
@pytest.mark.parametrize("profile", ["documented", "observed"])
@pytest.mark.parametrize("ask", [balance_request, status_request])
def test_every_end_can_be_told(outcome: Outcome, profile: str, ask: Any) -> None:
    """No outcome is without words, and none shows its exact cause to the caller."""
    body = render(ask(profile=profile), refused(outcome))
    assert json.loads(body)["Result"]["ConversationID"] == "AG_20200206_00005e091a8ec6b9eac5"
    assert b"why" not in body


INTERNAL = "https://internalsandbox.safaricom.co.ke/mpesa/b2bresults/v1/submit"
PAID = PaymentFacts(
    1_050,
    "254708374149",
    "John Doe",
    (
        AccountBalance(AccountKind.WORKING, "KES", Balance(available=7)),
        AccountBalance(AccountKind.UTILITY, "KES", Balance(available=100_000, reserved=5)),
        AccountBalance(AccountKind.CHARGES_PAID, "KES", Balance(available=-2_240)),
    ),
)


def test_a_payment_is_told_with_its_receipt() -> None:
    """What was paid to whom, and what is available since; the transaction's own receipt, not the day's."""
    members = result(a_request(query=a_payment()), found_payment())
    assert members["TransactionID"] == "UHG5J2K991"
    assert parameters(members) == {
        "TransactionAmount": 10.5,
        "TransactionReceipt": "UHG5J2K991",
        "ReceiverPartyPublicName": "254708374149 - John Doe",
        "TransactionCompletedDateTime": "16.08.2026 12:30:00",
        "B2CUtilityAccountAvailableFunds": 1000,
        "B2CWorkingAccountAvailableFunds": 0.07,
        "B2CRecipientIsRegisteredCustomer": "Y",
        "B2CChargesPaidAccountAvailableFunds": -22.4,
    }


@pytest.mark.parametrize(
    ("query", "profile", "references"),
    [
        (a_bill(), "documented", ["353353", "http://myservice:8080/queuetimeouturl"]),
        (a_bill(account_reference=None), "documented", ["http://myservice:8080/queuetimeouturl"]),
        (a_bill(command="BusinessBuyGoods"), "documented", ["353353", a_bill().queue_time_out_url]),
        (a_bill(), "observed", ["353353", INTERNAL, None]),
        (a_bill(command="BusinessBuyGoods"), "observed", [INTERNAL, None]),
        (a_tax(), "observed", ["PRN1234XN", INTERNAL, None]),
    ],
)
def test_what_of_a_payment_to_an_organization_comes_back(
    query: Query, profile: str, references: list[str | None]
) -> None:
    """The bill where the profile tells it; by the pages the caller's own address, on the wire another."""
    facts = B2BFacts(1_050, "600782", "Shop", 3_000, AccountBalance(AccountKind.WORKING, "KES", Balance(7)))
    decision = Decision(Outcome.SUCCEEDED, facts=facts, receipt="UHG5J2K991")
    conclusion = Conclusion(number=1, decided_at=NOW, decision=decision)
    members = result(a_request(query=query, profile=profile), conclusion)
    assert members["TransactionID"] == "UHG5J2K991"
    told = parameters(members)
    assert told["DebitPartyAffectedAccountBalance"] == "Working Account|KES|0.07|0.07|0.00|0.00"
    assert told["ReceiverPartyPublicName"] == "600782 - Shop"
    assert told["DebitPartyCharges"] == ("30.00" if profile == "documented" else 30.0)
    items = members["ReferenceData"]["ReferenceItem"]
    listed = items if isinstance(items, list) else [items]
    assert [each.get("Value") for each in listed] == references


def found_payment() -> Conclusion:
    """A payment that was made at NOW."""
    decision = Decision(Outcome.SUCCEEDED, facts=PAID, receipt="UHG5J2K991")
    return Conclusion(number=1, decided_at=NOW, decision=decision)


def test_a_refused_payment_has_its_receipt_too() -> None:
    """As the page's sample of a failure."""
    decision = Decision(Outcome.BALANCE_INSUFFICIENT, "why", receipt="UHG5J2K991")
    conclusion = Conclusion(number=1, decided_at=NOW, decision=decision)
    members = result(a_request(query=a_payment()), conclusion)
    assert (members["ResultCode"], members["TransactionID"]) == (1, "UHG5J2K991")
    assert "ResultParameters" not in members


def ended(outcome: Outcome, profile: str, facts: PromptFacts | None = None) -> dict[str, Any]:
    """The members of ``stkCallback`` of a prompt that ended so at NOW."""
    decision = Decision(outcome, "why", facts=facts, receipt="UHG5J2K991")
    request = a_request(query=a_push(), profile=profile)
    body = render(request, Conclusion(number=1, decided_at=NOW, decision=decision))
    members: dict[str, Any] = json.loads(body)["Body"]["stkCallback"]
    assert (members["MerchantRequestID"], members["CheckoutRequestID"]) == (
        request.originator_conversation_id,
        request.conversation_id,
    )
    return members


@pytest.mark.parametrize("profile", ["documented", "observed"])
def test_a_paid_prompt_is_told_with_its_receipt(profile: str) -> None:
    """Who paid what, and when; `observed` has a balance that says nothing (wire facts 5.4)."""
    paid = a_transaction(receipt="UHG5J2K991", cents=10_050, debit_party="254708374149", finalised_at=PAID_AT)
    members = ended(Outcome.SUCCEEDED, profile, PromptFacts(paid))
    assert members["ResultCode"] == 0
    balance = [{"Name": "Balance"}] if profile == "observed" else []
    assert members["CallbackMetadata"]["Item"] == [
        {"Name": "Amount", "Value": 100.5},
        {"Name": "MpesaReceiptNumber", "Value": "UHG5J2K991"},
        *balance,
        {"Name": "TransactionDate", "Value": 20180223054112},
        {"Name": "PhoneNumber", "Value": 254708374149},
    ]


@pytest.mark.parametrize("outcome", [o for o in Outcome if o is not Outcome.SUCCEEDED], ids=lambda o: o.name)
@pytest.mark.parametrize("profile", ["documented", "observed"])
def test_every_end_of_a_prompt_can_be_told(outcome: Outcome, profile: str) -> None:
    """To the one URL, a timeout too; without what was not paid and without the exact cause."""
    members = ended(outcome, profile)
    assert list(members) == ["MerchantRequestID", "CheckoutRequestID", "ResultCode", "ResultDesc"]
    assert members["ResultCode"] != 0
    assert "why" not in members["ResultDesc"]


def test_a_prompt_that_waited_too_long_is_told_its_own_code() -> None:
    """1019, where the other APIs have 17 and words of ours."""
    members = ended(Outcome.QUEUE_TIMED_OUT, "documented")
    assert (members["ResultCode"], members["ResultDesc"]) == (1019, "Transaction has expired.")


def test_a_queue_timeout_is_told_as_such() -> None:
    """17 without parameters, in our own words (rulings, Results)."""
    members = result(status_request(), refused(Outcome.QUEUE_TIMED_OUT))
    assert (members["ResultType"], members["ResultCode"]) == (0, 17)
    assert "waited too long" in members["ResultDesc"]
    assert "ResultParameters" not in members


def test_a_day_without_a_letter_is_an_error() -> None:
    """Receipts end in 2031: whoever renders must be ready for a refusal."""
    with pytest.raises(ValueError, match="no letter for the year"):
        render(balance_request(), refused(Outcome.PASSWORD_WRONG, at=datetime(2040, 1, 1, tzinfo=UTC)))


def test_the_reason_is_the_cause() -> None:
    """As kept; but of a fault of ours only its name, for its words could quote anybody's row."""
    assert render_reason(Outcome.PASSWORD_WRONG, "wrong password: x") == "wrong password: x"
    fault = render_reason(Outcome.INTERNAL_FAILURE, "KeyError: 'Jane Doe'")
    assert fault == "a fault of the platform's own, KeyError; its log has the rest"
