"""A platform that a test is: it acknowledges what is asked, and sends callbacks when it is told to."""

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx2

from salio.wire.apis import OAUTH_PATH, Api
from tests.client.shells import accepted, answered, granted

RECEIPT = "UHP7K2M4QX"
"""Of every payment."""
ACCOUNTS = "Working Account|KES|{0}.00|{0}.00|0.00|0.00"


@dataclass(frozen=True)
class Asked:
    """One question that came."""

    number: int
    api: str
    members: dict[str, Any]

    @property
    def own_id(self) -> str:
        """Its OriginatorConversationID: the caller's own, if there is one."""
        return str(self.members.get("OriginatorConversationID", f"{self.number}-1-1"))

    @property
    def result_url(self) -> str:
        """Where its result goes."""
        return str(self.members.get("ResultURL") or self.members["CallBackURL"])

    @property
    def notice_url(self) -> str:
        """Where a notice goes."""
        return str(self.members["QueueTimeOutURL"])

    def result(self, code: object = 0, parameters: dict[str, Any] | None = None, **members: Any) -> bytes:
        """Its callback; a balance tells the number of the question."""
        if parameters is None:
            parameters = _ANSWERS[self.api](self) if code == 0 else {}
        body = {
            "ResultType": 0,
            "ResultCode": code,
            "ResultDesc": f"said {code}",
            "OriginatorConversationID": self.own_id,
            "ConversationID": f"AG_{self.number}",
            "TransactionID": "UHP0000000" if self.api in _QUERIES else RECEIPT,
            **members,
        }
        if parameters:
            listed = [{"Key": key, "Value": value} for key, value in parameters.items()]
            body["ResultParameters"] = {"ResultParameter": listed}
        return json.dumps({"Result": body}).encode()

    def callback(self, code: int = 0, amount: float = 50.0, **members: Any) -> bytes:
        """Of a prompt."""
        told = {
            "MerchantRequestID": f"{self.number}-1-1",
            "CheckoutRequestID": f"ws_CO_{self.number}",
            "ResultCode": code,
            "ResultDesc": f"said {code}",
            **members,
        }
        items = {"Amount": amount, "MpesaReceiptNumber": RECEIPT, "TransactionDate": 20260825140947}
        if code == 0:
            told["CallbackMetadata"] = {
                "Item": [{"Name": name, "Value": value} for name, value in items.items()]
            }
        return json.dumps({"Body": {"stkCallback": told}}).encode()

    def at_once(self, code: str = "4999", **members: Any) -> httpx2.Response:
        """The answer to the query about a prompt."""
        ids = {"MerchantRequestID": "1-1-1", "CheckoutRequestID": self.members["CheckoutRequestID"]}
        said = {"ResponseCode": "0", "ResultCode": code, "ResultDesc": f"said {code}"}
        return answered(200, ids | said | members)

    def acknowledgement(self) -> httpx2.Response:
        """That it was taken."""
        if self.api == Api.EXPRESS_QUERY.path:
            return self.at_once()
        if self.api == Api.EXPRESS.path:
            ids = {"MerchantRequestID": f"{self.number}-1-1", "CheckoutRequestID": f"ws_CO_{self.number}"}
            return answered(200, ids | {"ResponseCode": "0"})
        return accepted(self.number, self.own_id)


def _balance(asked: Asked) -> dict[str, Any]:
    return {"AccountBalance": ACCOUNTS.format(asked.number), "BOCompletedTime": 20260825140947}


def _status(asked: Asked) -> dict[str, Any]:
    return {"ReceiptNo": asked.members["TransactionID"], "TransactionStatus": "Completed", "Amount": "5.00"}


def _customer(asked: Asked) -> dict[str, Any]:
    return {
        "TransactionAmount": asked.members["Amount"],
        "TransactionReceipt": RECEIPT,
        "ReceiverPartyPublicName": f"{asked.members['PartyB']} - Jane Doe",
        "TransactionCompletedDateTime": "25.08.2026 14:09:47",
        "B2CUtilityAccountAvailableFunds": 100.00,
    }


def _organization(asked: Asked) -> dict[str, Any]:
    return {
        "Amount": asked.members["Amount"],
        "TransCompletedTime": "20260825140947",
        "DebitPartyAffectedAccountBalance": ACCOUNTS.format(asked.number),
    }


def _reversal(asked: Asked) -> dict[str, Any]:
    return {
        "Amount": asked.members["Amount"],
        "TransCompletedTime": 20260825140947,
        "OriginalTransactionID": asked.members["TransactionID"],
        "DebitAccountBalance": ACCOUNTS.format(asked.number),
    }


_QUERIES = {Api.ACCOUNT_BALANCE.path: _balance, Api.TRANSACTION_STATUS.path: _status}
_ANSWERS = _QUERIES | {
    Api.B2C.path: _customer,
    Api.B2B.path: _organization,
    Api.TAX_REMITTANCE.path: _organization,
    Api.REVERSAL.path: _reversal,
}


class FakePlatform:
    """Answers every question with an acknowledgement, unless a test puts something else first."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.answers: list[httpx2.Response | Exception] = []
        self.on_asked: Callable[[], object] = lambda: None
        """What happens before it answers."""
        self._numbers = itertools.count(1)

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        """One request."""
        if request.url.path == OAUTH_PATH:
            return granted()
        asked = Asked(next(self._numbers), request.url.path, json.loads(request.content))
        self.asked.append(asked)
        self.on_asked()
        answer = self.answers.pop(0) if self.answers else asked.acknowledgement()
        if isinstance(answer, Exception):
            raise answer
        return httpx2.Response(answer.status_code, content=answer.content)
