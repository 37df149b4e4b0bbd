"""Outcomes, their codes and wordings."""

import pytest

from salio.wire.result_codes import ResultCode

# code, name, wording: AB, Error Codes; TS, Result codes; B2C, Result Codes; M-PESA Express, Result codes;
# wire facts 3.3
TABLE = """
0          | SUCCESS                       | The service request is processed successfully
1          | BALANCE_INSUFFICIENT          | The balance is insufficient for the transaction.
2          | AMOUNT_TOO_SMALL              | Declined due to limit rule
3 | AMOUNT_TOO_LARGE | Declined due to limit rule: greater than the maximum transaction amount.
4          | DAY_LIMIT_EXCEEDED            | Declined due to limit rule: would exceed daily transfer limit
8          | BALANCE_LIMIT_EXCEEDED        | Declined due to limit rule: would exceed the maximum balance.
11         | DEBIT_PARTY_INVALID           | The DebitParty is in an invalid state.
2006 | ACCOUNT_STATUS_INVALID | Declined due to account rule: The account status \
does not allow this transaction.
2028       | PRODUCT_NOT_ASSIGNED          | The request is not permitted according to product assignment.
2040 | CUSTOMER_TYPE_UNSUPPORTED | Credit Party customer type (Unregistered or Registered Customer) \
can't be supported by the service.
R000001    | ALREADY_REVERSED              | The transaction has already been reversed.
R000002    | ORIGINAL_INVALID              | The OriginalTransactionID is invalid.
15         | DUPLICATE_DETECTED            | Duplicate Detected
17         | INTERNAL_FAILURE              | Internal Failure
18         | CREDENTIAL_CHECK_FAILED       | Initiator Credential Check Failure
19         | SEQUENCE_FAILED               | Message Sequencing Failure
20         | INITIATOR_UNRESOLVED          | Unresolved Initiator
21         | PRIMARY_PARTY_NOT_PERMITTED   | The initiator is not allowed to initiate this request.
22         | INITIATOR_NOT_ACTIVE          | Initiator to Receiver Party Permission Failure
24         | MANDATORY_FIELDS_MISSING      | Missing mandatory fields
25         | PARAMETERS_INVALID            | InvalidRequestParameters
26         | TRAFFIC_BLOCKED               | Traffic blocking condition in place
29         | COMMAND_INVALID               | InvalidCommand
2001       | INITIATOR_INFORMATION_INVALID | The initiator information is invalid.
2032       | RECEIPT_UNKNOWN               | The transaction receipt number does not exist.
8006       | CREDENTIAL_LOCKED             | The security credential is locked.
SFC_IC0003 | OPERATOR_UNKNOWN              | The operator does not exist.
17         | RULE_LIMITED                  | Rule limited.
1001 | SUBSCRIBER_LOCKED | Unable to lock subscriber, a transaction is already in process for the current \
subscriber
1019       | TRANSACTION_EXPIRED           | Transaction has expired.
1025       | PUSH_FAILED                   | An error occurred while sending a push request.
1032       | PROMPT_CANCELLED              | Request cancelled by user.
1037       | PHONE_UNREACHABLE             | DS timeout user cannot be reached.
4999       | STILL_UNDER_PROCESSING        | The transaction is still under processing
"""
ROWS = [[cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize(("code", "name", "wording"), ROWS, ids=[row[1] for row in ROWS])
def test_code_and_wording(code: str, name: str, wording: str) -> None:
    """Each outcome has its code and wording, and is found by its code: 17 by the one that all APIs have."""
    outcome = ResultCode[name]
    assert (outcome.code, outcome.description) == (code, wording)
    assert (ResultCode(code) is outcome) is (outcome is not ResultCode.RULE_LIMITED)
    assert len(code) <= 10


def test_the_table_is_whole() -> None:
    """No outcome is missing above."""
    assert [row[1] for row in ROWS] == list(ResultCode.__members__)


def test_which_codes_name_fields() -> None:
    """24 and 25 tell the names of the fields (AB, Error Codes)."""
    assert [outcome.code for outcome in ResultCode if outcome.names_fields] == ["24", "25"]
