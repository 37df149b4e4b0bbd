"""The bank test's orders: payments of every kind, each with a marker by which its result is known again."""

import json
import random
from base64 import b64encode
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from tests.kill.asking import BALANCE, STATUS, Asked
from tests.kill.receiver import Receiver

C2B, B2C = "/mpesa/c2b/v2/simulate", "/mpesa/b2c/v3/paymentrequest"
B2B, TAX = "/mpesa/b2b/v1/paymentrequest", "/mpesa/b2b/v1/remittax"
REGISTER, REVERSAL = "/mpesa/c2b/v2/registerurl", "/mpesa/reversal/v1/request"
EXPRESS, PROMPT_QUERY = "/mpesa/stkpush/v1/processrequest", "/mpesa/stkpushquery/v1/query"

SHOP, COUNTER = "600984", "603021"
"""Paybills that customers pay; the second is asked before, says nothing, and so is paid."""
ONE, OTHER = "174379", "600992"
"""They pay each other, at once."""
PAYER, TAXPAYER, COLLECTOR = "600310", "600966", "572572"
BEARING, SHARING, REFUNDS = "600966", "601426", "700300"
"""Whose customers bear the charges: all of them at the first, half of them at the others."""
BROUGHT, BRINGER = ("254705912645", "600984"), "600310"
"""Who gets money from abroad, and through whom."""
TILL = "600979"
"""Is paid for goods into its Merchant account, and moves some of that to its Working account."""
READ = (SHOP, COUNTER, ONE, OTHER, PAYER, TAXPAYER, SHARING, REFUNDS, TILL)
"""Whose balances are asked for while they are paid and pay; those of the closed one are, too."""
CLOSED = "600782"
"""Moves money between its own accounts alone: whenever it is asked, they come to the same."""
INITIATORS: Mapping[str, str] = {CLOSED: "testapiuser"}
"""Of the test data; ``testapi`` everywhere else."""
RICH = ("254708374149", "254700000000", "254722000000")
"""Customers who can pay; the others have first to be paid."""
CUSTOMERS = (*RICH, "254722111111")
CONFIRMED, VALIDATED = "/ok/confirmed", "/ok/validated"
CUSTOMER_IS: Mapping[str, str] = {C2B: "Msisdn", EXPRESS: "PartyA", B2C: "PartyB"}
"""By path the member that names the customer."""
BY_CUSTOMERS = (C2B, EXPRESS)
"""Nobody signs with a credential."""
TIMESTAMP, DIFFERENT = "20260816093000", 89
"""Of every prompt's password; and how many amounts prompts ask for."""
TWICE = 0.3
"""The share of reversals that are asked for a second time."""


class Kind(NamedTuple):
    """A row of the mix."""

    weight: int
    path: str
    short_code: str
    account: str
    """Of the short code: in its statement the payment is looked for."""
    members: Mapping[str, str]
    shares: tuple[int, int] = (0, 0)
    """Of the charge, in cents, by the test data's tariffs: what the short code bears, and its customer."""


def _between(payer: str, payee: str, command: str) -> dict[str, str]:
    types = {"SenderIdentifierType": "4", "RecieverIdentifierType": "4"}
    return {"CommandID": command, "PartyA": payer, "PartyB": payee, "AccountReference": "353353", **types}


def _from_customers(short_code: str) -> dict[str, str]:
    return {"ShortCode": short_code, "CommandID": "CustomerPayBillOnline"}


def _reading(short_code: str, weight: int, account: str) -> Kind:
    members = {"CommandID": "AccountBalance", "PartyA": short_code, "IdentifierType": "4"}
    return Kind(weight, BALANCE, short_code, account, members)


MAIN = {ONE: "working", OTHER: "working", TAXPAYER: "utility", TILL: "merchant"}
READING: Mapping[str, Kind] = {
    CLOSED: _reading(CLOSED, 2, "working"),
    **{each: _reading(each, 1, MAIN.get(each, "utility")) for each in READ},
}
"""By short code the question for its balances."""
REVERSING = Kind(
    2,
    REVERSAL,
    SHOP,
    "utility",
    {"CommandID": "TransactionReversal", "ReceiverParty": SHOP, "RecieverIdentifierType": "11"},
)
KINDS = (
    Kind(7, C2B, SHOP, "utility", _from_customers(SHOP)),
    Kind(2, C2B, COUNTER, "utility", _from_customers(COUNTER)),
    Kind(1, C2B, BEARING, "utility", _from_customers(BEARING), (0, 500)),
    Kind(1, C2B, SHARING, "utility", _from_customers(SHARING), (251, 250)),
    Kind(1, B2C, REFUNDS, "utility", {"CommandID": "BusinessPayment", "PartyA": REFUNDS}, (250, 250)),
    Kind(9, EXPRESS, SHOP, "utility", {"TransactionType": "CustomerPayBillOnline"}),
    Kind(4, B2C, PAYER, "utility", {"CommandID": "BusinessPayment", "PartyA": PAYER}, (500, 0)),
    Kind(3, B2B, ONE, "working", _between(ONE, OTHER, "BusinessPayBill")),
    Kind(3, B2B, OTHER, "working", _between(OTHER, ONE, "BusinessPayBill")),
    Kind(2, B2B, CLOSED, "working", _between(CLOSED, CLOSED, "BusinessTransferFromMMFToUtility")),
    Kind(2, B2B, ONE, "working", _between(ONE, TILL, "BusinessBuyGoods")),
    Kind(2, B2B, OTHER, "working", _between(OTHER, PAYER, "BusinessPayToBulk")),
    Kind(1, B2B, TILL, "merchant", _between(TILL, TILL, "MerchantTransferFromMerchantToWorking")),
    Kind(1, TAX, TAXPAYER, "working", _between(TAXPAYER, COLLECTOR, "PayTaxToKRA")),
    REVERSING,
    *READING.values(),
)
ACCOUNTS = sorted({(each.short_code, each.account) for each in KINDS})
"""Whose statements have all of it."""
INTO: Mapping[str, str] = {"BusinessBuyGoods": "merchant", "BusinessPayToBulk": "utility"}
"""By command the account of the payee's, where its statement is among those."""


class Order(Asked, kw_only=True):
    """One of them, and which account it moves by how much."""

    kind: Kind
    cents: int
    customer: str = ""
    """Who pays, or is paid, if a customer is."""
    original: str = ""
    """The receipt of what is to be reversed."""


class Orders:
    """An endless mixture; what customers paid is reversed once they were told that it came."""

    def __init__(self, seed: int, receiver: Receiver, credential: str, passkey: str) -> None:
        """``passkey``: of the shop, which has customers prompted."""
        self._chance = random.Random(seed)
        self._receiver = receiver
        self._credential = credential
        self._signed = {
            "BusinessShortCode": SHOP,
            "Password": b64encode(f"{SHOP}{passkey}{TIMESTAMP}".encode()).decode(),
            "Timestamp": TIMESTAMP,
        }
        self._reversible = self._receipts()
        self._again: list[tuple[str, int]] = []
        self.made: list[Order] = []

    def next(self) -> Order:
        """One more."""
        kind = self._chance.choices(KINDS, [each.weight for each in KINDS])[0]
        if kind is REVERSING:
            return self._reversal() or self.next()
        marker = len(self.made)
        if kind.path == EXPRESS:
            return self._prompt(kind, marker)
        shillings = self._chance.randint(101, 103) if any(kind.shares) else self._chance.randint(1, 3)
        members = {**kind.members, "Amount": str(shillings)}
        own_id = None
        if kind.path == C2B:
            members |= {"Msisdn": self._chance.choice(RICH), "BillRefNumber": str(marker)}
        elif kind.path == B2C:
            own_id = f"pay-{marker}"
            members |= {"PartyB": self._chance.choice(CUSTOMERS), "OriginatorConversationID": own_id}
        return self._order(kind, members, shillings * 100, own_id=own_id)

    def readings(self) -> list[Order]:
        """All balances are asked for once more."""
        return [self._order(kind, kind.members, 0) for kind in READING.values()]

    def registration(self, short_code: str) -> Asked:
        """Where the short code wants to hear of its customers' payments."""
        base = f"http://127.0.0.1:{self._receiver.port}"
        urls = {"ConfirmationURL": base + CONFIRMED, "ValidationURL": base + VALIDATED}
        members = {"ShortCode": short_code, "ResponseType": "Completed", **urls}
        return Asked(0, REGISTER, msgspec.json.encode(members), None, "0")

    def question(self, marker: int, short_code: str, subject: Mapping[str, str]) -> Asked:
        """What became of a transaction of the short code's."""
        wanted = {"CommandID": "TransactionStatusQuery", "PartyA": short_code, "IdentifierType": "4"}
        return Asked(marker, STATUS, self._body(short_code, marker, {**wanted, **subject}), None, "0")

    def prompt_query(self, marker: int, checkout: str) -> Asked:
        """What became of a prompt, as M-PESA Express Query tells it at once."""
        body = msgspec.json.encode({**self._signed, "CheckoutRequestID": checkout})
        return Asked(marker, PROMPT_QUERY, body, None, "0")

    def _prompt(self, kind: Kind, marker: int) -> Order:
        """Another amount each time: the same one twice within two minutes is a mistake."""
        shillings, payer = 4 + marker % DIFFERENT, self._chance.choice(CUSTOMERS)
        members = {
            **kind.members,
            **self._signed,
            "Amount": str(shillings),
            "PartyA": payer,
            "PartyB": SHOP,
            "PhoneNumber": payer,
            "CallBackURL": self._receiver.url("ok", marker),
            "AccountReference": "rent",
        }
        return self._order(kind, members, shillings * 100)

    def _reversal(self) -> Order | None:
        found = self._again.pop() if self._again else next(self._reversible, None)
        if found is None:
            return None
        if self._chance.random() < TWICE:
            self._again.append(found)
        receipt, cents = found
        members = {**REVERSING.members, "TransactionID": receipt, "Amount": str(cents // 100)}
        return self._order(REVERSING, members, cents, original=receipt)

    def _receipts(self) -> Iterator[tuple[str, int] | None]:
        """Of the confirmations of payments to the shop that came until now; ``None`` while none has come."""
        read = 0
        while True:
            came = self._receiver.callbacks
            if read == len(came):
                yield None
                continue
            read += 1
            if came[read - 1].path == CONFIRMED:
                told = json.loads(came[read - 1].body)
                if told["BusinessShortCode"] == SHOP:
                    yield told["TransID"], round(float(told["TransAmount"])) * 100

    def _order(
        self,
        kind: Kind,
        members: Mapping[str, str],
        cents: int,
        *,
        own_id: str | None = None,
        original: str = "",
    ) -> Order:
        marker = len(self.made)
        by_customer = kind.path in BY_CUSTOMERS
        body = msgspec.json.encode(members) if by_customer else self._body(kind.short_code, marker, members)
        customer = members.get(CUSTOMER_IS.get(kind.path, ""), "")
        order = Order(
            marker,
            kind.path,
            body,
            own_id,
            "0",
            kind=kind,
            cents=cents,
            customer=customer,
            original=original,
        )
        self.made.append(order)
        return order

    def _body(self, short_code: str, marker: int, members: Mapping[str, str]) -> bytes:
        initiator = INITIATORS.get(short_code, "testapi")
        url = self._receiver.url("ok", marker)
        common: dict[str, Any] = {
            "Initiator": initiator,
            "InitiatorName": initiator,
            "SecurityCredential": self._credential,
            "Remarks": "ok",
            "ResultURL": url,
            "QueueTimeOutURL": url,
        }
        return msgspec.json.encode({**common, **members})
