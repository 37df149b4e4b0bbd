"""Bodies as they were seen on the wire or are printed on a page, one for each shape (wire facts 2 and 5).

Names, numbers and addresses of people are invented, as there.
"""

from pathlib import Path

SAMPLES = Path(__file__).parent.parent / "samples"

BALANCE_2026 = b"""{"Result":{"ResultType":0,"ResultCode":0,
 "ResultDesc":"The service request is processed successfully.",
 "OriginatorConversationID":"8d0a-4cf1-a3f3-ebad341607ad16074",
 "ConversationID":"AG_20260825_010020480ucukatfpxp2","TransactionID":"UHP0000000",
 "ResultParameters":{"ResultParameter":[
  {"Key":"ActionType","Value":"AccountBalance"},
  {"Key":"AccountBalance","Value":"Working Account|KES|0.00|0.00|0.00|0.00&Utility Account|KES|0.00|0.00|0.00|0.00&Charges Paid Account|KES|0.00|0.00|0.00|0.00&Merchant Account|KES|0.00|0.00|0.00|0.00&Organization Settlement Account|KES|0.00|0.00|0.00|0.00"},
  {"Key":"BOCompletedTime","Value":20260825140947}]},
 "ReferenceData":{"ReferenceItem":{"Key":"QueueTimeoutURL",
  "Value":"https://internalapi.safaricom.co.ke/mpesa/abresults/v1/submit"}}}}"""  # noqa: E501  # as it was

BALANCE_FAILED_2020 = b"""{"Result":{"ResultDesc":"The initiator information is invalid.",
 "ConversationID":"AG_20200625_0000650ea6a99ae1c0bb","TransactionID":"OFP0000000",
 "ResultParameters":{"ResultParameter":{"Key":"BOCompletedTime","Value":20200625232427}},
 "ResultCode":2001,
 "ReferenceData":{"ReferenceItem":{
  "Value":"https://internalapi.safaricom.co.ke/mpesa/abresults/v1/submit","Key":"QueueTimeoutURL"}},
 "OriginatorConversationID":"13443-10746354-1","ResultType":0}}"""

BALANCE_LOCKED_2026 = b"""{"Result":{"ResultType":0,"ResultCode":8006,
 "ResultDesc":"The security credential is locked.","OriginatorConversationID":"1-1-1",
 "ConversationID":"AG_20261006_010010101aaaaaaaaaaa","TransactionID":"UJ60000000",
 "ResultParameters":{"ResultParameter":[{"Key":"ActionType","Value":"AccountBalance"},
  {"Key":"ErrorMsg","Value":"API Password is locked. "},
  {"Key":"BOCompletedTime","Value":20261006093245}]},
 "ReferenceData":{"ReferenceItem":{"Key":"QueueTimeoutURL"}}}}"""

STATUS_2025 = b"""{"Result":{"ResultType":0,"ResultCode":0,
 "ResultDesc":"The service request is processed successfully.",
 "OriginatorConversationID":"21dc-4436-8408-ee2f032ee36b9257921",
 "ConversationID":"AG_20250117_20305b55146d275e7daf","TransactionID":"TAH0000000",
 "ResultParameters":{"ResultParameter":[
  {"Key":"DebitPartyName","Value":"0790000000 - JANE  DOE"},
  {"Key":"CreditPartyName","Value":"4100000 -  SOME ENTERPRISE"},
  {"Key":"OriginatorConversationID","Value":"6b16-43f4-a9f6-8e81ad29eeab2987739"},
  {"Key":"InitiatedTime","Value":20250117170614},
  {"Key":"CreditPartyCharges"},
  {"Key":"DebitAccountType","Value":"MMF Account For Customer"},
  {"Key":"TransactionReason"},
  {"Key":"ReasonType","Value":"Pay Bill Online"},
  {"Key":"TransactionStatus","Value":"Completed"},
  {"Key":"FinalisedTime","Value":20250117170614},
  {"Key":"Amount","Value":1.0},
  {"Key":"ConversationID","Value":"AG_20250117_20503343d9b604c7af7e"},
  {"Key":"ReceiptNo","Value":"TAH5J2K991"}]},
 "ReferenceData":{"ReferenceItem":{"Key":"Occasion","Value":"Query"}}}}"""

STATUS_2017 = b"""{"Result":{"ResultType":0,"ResultCode":0,
 "ResultDesc":"The service request has been accepted successfully.",
 "OriginatorConversationID":"10816-694520-2","ConversationID":"AG_20170727_000059c52529a8e080bd",
 "TransactionID":"LGR0000000","ResultParameters":{"ResultParameter":[
  {"Key":"ReceiptNo","Value":"LGR919G2AV"},
  {"Key":"Conversation ID","Value":"AG_20170727_00004492b1b6d0078fbe"},
  {"Key":"FinalisedTime","Value":20170727101415},
  {"Key":"Amount","Value":10},
  {"Key":"TransactionStatus","Value":"Completed"},
  {"Key":"ReasonType","Value":"Salary Payment via API"},
  {"Key":"TransactionReason"},
  {"Key":"DebitPartyCharges","Value":"Fee For B2C Payment|KES|33.00"},
  {"Key":"DebitAccountType","Value":"Utility Account"},
  {"Key":"InitiatedTime","Value":20170727101415},
  {"Key":"Originator Conversation ID","Value":"19455-773836-1"},
  {"Key":"CreditPartyName","Value":"254708374149 - John Doe"},
  {"Key":"DebitPartyName","Value":"600134 - Safaricom157"}]},
 "ReferenceData":{"ReferenceItem":{"Key":"Occasion","Value":"aaaa"}}}}"""

STATUS_FAILED_2018 = b"""{"Result":{"ResultType":0,"ResultCode":2001,
 "ResultDesc":"The initiator information is invalid.",
 "OriginatorConversationID":"6618-1387084-1","ConversationID":"AG_20180128_0000650adeb6d1e32571",
 "TransactionID":"MAS0000000",
 "ReferenceData":{"ReferenceItem":{"Key":"Occasion","Value":"xf"}}}}"""

RECEIPT_UNKNOWN = b"""{"Result":{"ResultType":0,"ResultCode":2032,
 "ResultDesc":"The transaction receipt number does not exist.","OriginatorConversationID":"a",
 "ConversationID":"b","TransactionID":"UJ60000000",
 "ReferenceData":{"ReferenceItem":{"Key":"Occasion"}}}}"""

PAYMENT_TO_CUSTOMER = b"""{"Result":{"ResultType":0,"ResultCode":0,
 "ResultDesc":"The service request is processed successfully.",
 "OriginatorConversationID":"10571-7910404-1","ConversationID":"AG_20191219_00004e48cf7e3533f581",
 "TransactionID":"NLJ41HAY6Q","ResultParameters":{"ResultParameter":[
  {"Key":"TransactionAmount","Value":10},
  {"Key":"TransactionReceipt","Value":"NLJ41HAY6Q"},
  {"Key":"B2CRecipientIsRegisteredCustomer","Value":"Y"},
  {"Key":"B2CChargesPaidAccountAvailableFunds","Value":-4510.00},
  {"Key":"ReceiverPartyPublicName","Value":"254708374149 - John Doe"},
  {"Key":"TransactionCompletedDateTime","Value":"19.12.2019 11:45:50"},
  {"Key":"B2CUtilityAccountAvailableFunds","Value":10116.00},
  {"Key":"B2CWorkingAccountAvailableFunds","Value":900000.00}]},
 "ReferenceData":{"ReferenceItem":{"Key":"QueueTimeoutURL",
  "Value":"https://internalsandbox.safaricom.co.ke/mpesa/b2cresults/v1/submit"}}}}"""

PAYMENT_TO_BUSINESS = b"""{"Result":{"ResultType":"0","ResultCode":"0","ResultDesc":"done",
 "OriginatorConversationID":"1","ConversationID":"2","TransactionID":"QKA81LK5CY",
 "ResultParameters":{"ResultParameter":[
  {"Key":"DebitAccountBalance",
   "Value":"{Amount={CurrencyCode=KES, MinimumAmount=618683, BasicAmount=6186.83}}"},
  {"Key":"Amount","Value":"190.00"},{"Key":"Currency","Value":"KES"},
  {"Key":"TransCompletedTime","Value":"20221110110717"},{"Key":"DebitPartyCharges","Value":""}]},
 "ReferenceData":{"ReferenceItem":[{"Key":"BillReferenceNumber","Value":"19008"},
  {"Key":"QueueTimeoutURL","Value":"https://internalsandbox.safaricom.co.ke/b2bresults/v1/submit"},
  {"Key":"Occassion"}]}}}"""

REVERSAL_FAILED = b"""{"Result":{"ResultType":0,"ResultCode":"R000002",
 "ResultDesc":"The OriginalTransactionID is invalid.","OriginatorConversationID":"a",
 "ConversationID":"b","TransactionID":"UJ70000000",
 "ReferenceData":{"ReferenceItem":{"Key":"QueueTimeoutURL",
  "Value":"https://internalsandbox.safaricom.co.ke/mpesa/reversalresults/v1/submit"}}}}"""

PUSH = b"""{"Body":{"stkCallback":{"MerchantRequestID":"29115-34620561-1",
 "CheckoutRequestID":"ws_CO_191220191020363925","ResultCode":0,
 "ResultDesc":"The service request is processed successfully.","CallbackMetadata":{"Item":[
  {"Name":"Amount","Value":1.00},{"Name":"MpesaReceiptNumber","Value":"NLJ7RT61SV"},
  {"Name":"Balance"},{"Name":"TransactionDate","Value":20191219102115},
  {"Name":"PhoneNumber","Value":254708374149}]}}}}"""

PUSH_CANCELLED = b"""{"Body":{"stkCallback":{"MerchantRequestID":"29115-34620561-1",
 "CheckoutRequestID":"ws_CO_191220191020363925","ResultCode":1032,
 "ResultDesc":"Request cancelled by user."}}}"""


def sample(name: str) -> bytes:
    """A page's own JSON."""
    return (SAMPLES / f"{name}.json").read_bytes()


RESULTS: dict[str, bytes] = {
    "AB page": sample("ab_result"),
    "TS page": sample("ts_result"),
    "balance 2026": BALANCE_2026,
    "balance failed 2020": BALANCE_FAILED_2020,
    "balance locked 2026": BALANCE_LOCKED_2026,
    "status 2025": STATUS_2025,
    "status 2017": STATUS_2017,
    "status failed 2018": STATUS_FAILED_2018,
    "receipt unknown": RECEIPT_UNKNOWN,
    "payment to customer": PAYMENT_TO_CUSTOMER,
    "payment to business": PAYMENT_TO_BUSINESS,
    "reversal failed": REVERSAL_FAILED,
    "push": PUSH,
    "push cancelled": PUSH_CANCELLED,
}
"""Every result."""
