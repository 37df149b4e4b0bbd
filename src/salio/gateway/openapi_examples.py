"""The documents' own samples, written by the wire: a request, its acknowledgement, its callbacks.

The tests hold them against the samples as the two pages print them.
"""

from collections.abc import Mapping

import msgspec

from salio.gateway.openapi_schemas import Json
from salio.wire import account_balance, b2b_payment, b2c_payment, results, reversal, times, transaction_status
from salio.wire.acknowledgements import ResponseCode, acknowledge, decline
from salio.wire.apis import Api
from salio.wire.balance_text import AccountAmounts
from salio.wire.oauth import grant
from salio.wire.profile import BILL_REFERENCE_NUMBER, DOCUMENTED, QUEUE_TIMEOUT_URL
from salio.wire.result_codes import InitiatorRefusal

GRANT: Json = msgspec.json.decode(grant("c9SQxWWhmdVRlyh0zh8gZDTkubVF", 3599))

REQUESTS: Mapping[Api, Json] = {
    Api.ACCOUNT_BALANCE: {
        "Initiator": "testapiuser",
        "SecurityCredential": "SAFVNChNHfVtXEZMBuVo+a1Hwr+DtrUVN3zVg==",
        "CommandID": "AccountBalance",
        "PartyA": "600000",
        "IdentifierType": "4",
        "Remarks": "ok",
        "QueueTimeOutURL": "http://myservice:8080/queuetimeouturl",
        "ResultURL": "http://myservice:8080/result",
    },
    Api.TRANSACTION_STATUS: {
        "Initiator": "testapiuser",
        "SecurityCredential": "ClONZiMYBpc65lmpJ7nvnrDmUe0WvHvA5QbOsPjEo92B6IGF"
        "wDdvdeJIFL0kgwsEKWu6SQKG4ZZUxjC",
        "CommandID": "TransactionStatusQuery",
        "TransactionID": "NEF61H8J60",
        "OriginalConversationID": "7071-4170-a0e5-8345632bad442144258",
        "PartyA": "600782",
        "IdentifierType": "4",
        "ResultURL": "http://myservice:8080/transactionstatus/result",
        "QueueTimeOutURL": "http://myservice:8080/timeout",
        "Remarks": "OK",
        "Occasion": "OK",
    },
    Api.B2C: {
        "OriginatorConversationID": "600997_Test_32et3241ed8yu",
        "InitiatorName": "testapi",
        "SecurityCredential": "RC6E9WDxXR4b9X2c6z3gp0oC5Th==",
        "CommandID": "BusinessPayment",
        "Amount": "10",
        "PartyA": "600992",
        "PartyB": "254705912645",
        "Remarks": "remarked",
        "QueueTimeOutURL": "https://mydomain.com/path",
        "ResultURL": "https://mydomain.com/path",
        "Occassion": "ChristmasPay",
    },
    Api.B2B: {
        "Initiator": "testapi",
        "SecurityCredential": "IAJVUHDGj0yDU3aop/WI9oSPhkW3DVlh7EAt3iRyymTZhljpzCNnI/xFKZNooOf8PUFgjmEOihUn"
        "B24adZDOv3Ri0Citk60LgMQnib0gjsoc9WnkHmGYqGtNivWE20jyIDUtEKLlPr3snV4d/H54uwSRVcsATEQPNl5n3+EGgJFIKQzZbhxDaftM"
        "nxQNGoIHF9+77tfIFzvhYQen352F4D0SmiqQ91TbVc2Jdfx/wd4HEdTBU7S6ALWfuCCqWICHMqCnpCi+Y/ow2JRjGYHdfgmcY8pP"
        "5oyH25uQk1RpWV744aj2UROjDrxTnE7a6tDN6G/dA21MXKaIsWJT/JyyXg==",
        "CommandID": "BusinessPayToBulk",
        "SenderIdentifierType": "4",
        "RecieverIdentifierType": "4",
        "Amount": "239",
        "PartyA": "600979",
        "PartyB": "600000",
        "AccountReference": "353353",
        "Requester": "254708374149",
        "Remarks": "OK",
        "QueueTimeOutURL": "https://mydomain/path/timeout",
        "ResultURL": "https://mydomain/path/result",
    },
    Api.TAX_REMITTANCE: {
        "Initiator": "TaxPayer",
        "SecurityCredential": "FKXl/KPzT8hFOnozI+unz7mXDgTRbrlrZ+C1Vblxpbz7jliLAFa0E//uO4gz"
        "UkABQuCxAeq+0Hd0A==",
        "CommandID": "PayTaxToKRA",
        "SenderIdentifierType": "4",
        "RecieverIdentifierType": "4",
        "Amount": "239",
        "PartyA": "888880",
        "PartyB": "572572",
        "AccountReference": "353353",
        "Remarks": "OK",
        "QueueTimeOutURL": "https://mydomain.com/b2b/remittax/queue/",
        "ResultURL": "https://mydomain.com/b2b/remittax/result/",
    },
    Api.REVERSAL: {
        "Initiator": "apiop37",
        "SecurityCredential": "jUb+dOXJiBDui8FnruaFckZJQup3kmmCH5XJ4NY/Oo3KaUTmJbxUiVgzBjqdL533u5Q435MT2VJwr/"
        "/1fuZvA==",
        "CommandID": "TransactionReversal",
        "TransactionID": "PDU91HIVIT",
        "Amount": "200",
        "ReceiverParty": "603021",
        "RecieverIdentifierType": "11",
        "ResultURL": "https://mydomain.com/reversal/result",
        "QueueTimeOutURL": "https://mydomain.com/reversal/queue",
        "Remarks": "Payment reversal",
    },
}
"""Their SecurityCredential is cut short, as the pages print it."""

_ACKNOWLEDGED: Mapping[Api, tuple[str, str]] = {
    Api.ACCOUNT_BALANCE: ("515-5258779-3", "AG_20200123_0000417fed8ed666e976"),
    Api.TRANSACTION_STATUS: ("1236-7134259-1", "AG_20210709_1234409f86436c583e3f"),
    Api.B2C: ("600997_Test_32et3241ed8yu", "AG_20240706_20106e9209f64bebd05b"),
    Api.B2B: ("5118-111210482-1", "AG_20230420_2010759fd5662ef6d054"),
    Api.TAX_REMITTANCE: ("5118-111210482-1", "AG_20230420_2010759fd5662ef6d054"),
    Api.REVERSAL: ("f1e2-4b95-a71d-b30d3cdbb7a7735297", "AG_20210706_20106e9209f64bebd05b"),
}
_HEADS: Mapping[Api, results.ResultHead] = {
    Api.ACCOUNT_BALANCE: results.ResultHead(
        "16917-22577599-3", "AG_20200206_00005e091a8ec6b9eac5", "OA90000000"
    ),
    Api.TRANSACTION_STATUS: results.ResultHead(
        "3213-416199-2", "AG_20180223_0000493344ae97d86f75", "MBN0000000"
    ),
    Api.B2C: results.ResultHead(
        "53e3-4aa8-9fe0-8fb5e4092cdd3533373", "AG_20240706_2010364430d9bbdaf872", "SG632NMUAB"
    ),
    Api.B2B: results.ResultHead(
        "626f6ddf-ab37-4650-b882-b1de92ec9aa4",
        "12345677dfdf89099B3",
        "QKA81LK5CY",
        {
            BILL_REFERENCE_NUMBER: "19008",
            QUEUE_TIMEOUT_URL: "https://mydomain.com/b2b/businessbuygoods/queue/",
        },
    ),
    Api.TAX_REMITTANCE: results.ResultHead(
        "626f6ddf-ab37-4650-b882-b1de92ec9aa4",
        "AG_20181005_00004d7ee675c0c7ee0b",
        "QKA81LK5CY",
        {
            BILL_REFERENCE_NUMBER: "19008",
            QUEUE_TIMEOUT_URL: "https://mydomain.com/b2b/remittax/queue/",
        },
    ),
    Api.REVERSAL: results.ResultHead(
        "dad6-4c34-8787-c8cb963a496d1268232", "AG_20211114_201018edbbf9f1582eaa", "SKE52PAWR9"
    ),
}
_ACCOUNTS = (
    AccountAmounts("Working Account", "KES", 70_000_000, 70_000_000, 0, 0),
    AccountAmounts("Float Account", "KES", 0, 0, 0, 0),
    AccountAmounts("Utility Account", "KES", 22_803_700, 22_803_700, 0, 0),
    AccountAmounts("Charges Paid Account", "KES", -154_000, -154_000, 0, 0),
    AccountAmounts("Organization Settlement Account", "KES", 0, 0, 0, 0),
)
_COMPLETED = times.from_text("20200109125710")
_TRANSACTION = transaction_status.TransactionDetails(
    debit_party_name="600310 - Safaricom333",
    credit_party_name="254708374149 - John Doe",
    originator_conversation_id="3211-416020-3",
    conversation_id="AG_20180223_000041b09c22e613d6c9",
    initiated_at=times.from_text("20180223054112"),
    finalised_at=times.from_text("20180223054112"),
    debit_account_type="Utility Account",
    debit_party_charges="Fee For B2C Payment|KES|22.40",
    credit_party_charges=None,
    reason=None,
    reason_type="Business Payment to Customer via API",
    transaction_status="Completed",
    amount=30_000,
    receipt="MBN31H462N",
)


_PAID = times.from_text("20240706224852")
_PAYMENT = b2c_payment.PaymentDetails(
    amount=1_000,
    receiver_name="254705912645 - NICHOLAS JOHN SONGOK",
    utility_funds=895_926_960,
    working_funds=119_937_100,
    charges_paid_funds=-198_000,
)
_B2B_PAID = times.from_text("20221110110717")
_WORKING = AccountAmounts("Working Account", "KES", 34_656_883, 618_683, 34_038_200, 0)
_B2B_PAYMENTS: Mapping[Api, b2b_payment.PaymentDetails] = {
    api: b2b_payment.PaymentDetails(amount=19_000, charge=0, receiver_name=receiver, debited=_WORKING)
    for api, receiver in (
        (Api.B2B, "000000– Biller Companty"),  # noqa: RUF001 - the page's dash
        (Api.TAX_REMITTANCE, "00000 - Tax Collecting Company"),
    )
}
_REVERSAL = reversal.ReversalDetails(
    debit_account=AccountAmounts("Utility Account", "KES", 772_217_962, 772_217_962, 0, 0),
    amount=100,
    completed_at=times.from_text("20211114132711"),
    original_receipt="SKC82PACB8",
    credit_party_name="254705912645 - NICHOLAS JOHN SONGOK",
    debit_party_name="600992 - Safaricom Daraja 992",
)


def acknowledgements(api: Api) -> dict[str, Json]:
    """One that says yes and one that says no."""
    own_id, conversation_id = _ACKNOWLEDGED[api]
    yes = acknowledge(api, DOCUMENTED, originator_conversation_id=own_id, conversation_id=conversation_id)
    no = decline(
        ResponseCode.OVERLOADED,
        api,
        DOCUMENTED,
        originator_conversation_id=own_id,
        conversation_id=conversation_id,
    )
    return {"accepted": _example(yes), "overloaded": _example(no)}


def callbacks(api: Api) -> dict[str, Json]:
    """A success, as the page prints it, and a failure."""
    head = _HEADS[api]
    match api:
        case Api.ACCOUNT_BALANCE:
            success = account_balance.result(head, _ACCOUNTS, _COMPLETED, DOCUMENTED)
        case Api.TRANSACTION_STATUS:
            success = transaction_status.result(head, _TRANSACTION, DOCUMENTED)
        case Api.B2C:
            success = b2c_payment.result(head, _PAYMENT, _PAID, DOCUMENTED)
        case Api.REVERSAL:
            success = reversal.result(head, _REVERSAL, DOCUMENTED)
        case Api.B2B | Api.TAX_REMITTANCE:
            success = b2b_payment.result(head, api, _B2B_PAYMENTS[api], _B2B_PAID, DOCUMENTED)
        case _:
            raise ValueError(f"{api.value} has no result")
    code = DOCUMENTED.initiator_refused(InitiatorRefusal.PASSWORD_WRONG, api)
    failure = results.failed_result(head, api, code, DOCUMENTED, completed_at=_COMPLETED)
    return {"success": _example(success), "failure": _example(failure)}


def timeout(api: Api) -> dict[str, Json]:
    """A request that waited too long."""
    return {"timeout": _example(results.timeout_notice(_HEADS[api], api, DOCUMENTED))}


def _example(body: bytes) -> Json:
    return {"value": msgspec.json.decode(body)}
