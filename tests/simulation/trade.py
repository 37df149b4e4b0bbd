"""What organizations and customers pay, reverse and register: the members of such requests."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from salio.core.access.apps import App
from tests.simulation.asks import (
    B2B_PATH,
    B2C_PATH,
    C2B_PATH,
    EXPRESS_PATH,
    REGISTER_PATH,
    REVERSAL_PATH,
    TAX_PATH,
    Ask,
)
from tests.simulation.network import HOSTS, INBOX_HOST

AMOUNTS = (1, 50, 700, 700, 4_000, 12_000, 90_000, 300_000)
"""Shillings: organizations hold up to a million."""
SMALL_AMOUNTS = (1, 50, 700, 700, 4_000, 12_000, 300_000)
"""Customers hold some thousands; the last is beyond the limit."""
STRANGER = "254722333333"
TAX_COLLECTOR = "572572"
PAYBILL, TILL, B2C = "paybill", "buy goods", "B2C"
B2B_COMMANDS: Mapping[str, tuple[str, ...]] = {
    "BusinessPayBill": (PAYBILL,),
    "BusinessBuyGoods": (TILL,),
    "BusinessPayToBulk": (B2C, PAYBILL),
    "BusinessTransferFromMMFToUtility": (),
    "MerchantTransferFromMerchantToWorking": (),
}
"""Whom each pays; nobody: a move of one's own."""


@dataclass
class Trade:
    """Makes up payments, and reversals of what customers have messages of."""

    chance: Random
    kinds: Mapping[str, str]
    """Of each short code."""
    customers: Sequence[str]
    paid: Sequence[tuple[str, str, str]]
    """Receipt, short code and amount of customers' payments before the beginning."""
    messages: Callable[[], Sequence[tuple[str, str, str]]]
    """The same of the latest ones, made or not."""

    def __post_init__(self) -> None:
        """Money flows among a few, so that it runs out somewhere."""
        self._favourites = {
            kind: self.chance.sample(sorted(each for each in self.kinds if self.kinds[each] == kind), 2)
            for kind in (PAYBILL, TILL, B2C)
        }

    def order(self, app: App, tag: str) -> tuple[str, dict[str, Any]]:
        """Path and members of a payment, a reversal or a registration, without whoever asks."""
        orders: Sequence[Callable[[App, str], tuple[str, dict[str, Any]]]] = (
            self._customer_pays,
            self._have_customer_pay,
            self._pay_customer,
            self._pay_organization,
            self._pay_tax,
            self._put_back,
            self._register,
        )
        return self.chance.choices(orders, (7, 4, 2, 4, 1, 3, 1))[0](app, tag)

    def _own(self, app: App, *kinds: str) -> str:
        """A short code of the app's, of such a kind if it has one; now and then any."""
        fit = sorted(each for each in app.short_codes if self.kinds[each] in kinds)
        few = [each for each in fit if each in self._favourites[self.kinds[each]]]
        if not fit or self.chance.random() < 0.03:
            return self.chance.choice(sorted(self.kinds))
        return self.chance.choice(few or fit)

    def _customer(self) -> str:
        return STRANGER if self.chance.random() < 0.05 else self.chance.choice(self.customers)

    def _amount(self) -> str:
        return str(self.chance.choice(AMOUNTS))

    def _customer_pays(self, app: App, tag: str) -> tuple[str, dict[str, Any]]:
        party = self._own(app, PAYBILL, TILL)
        bill = self.kinds[party] == PAYBILL
        return C2B_PATH, {
            "ShortCode": party,
            "CommandID": "CustomerPayBillOnline" if bill else "CustomerBuyGoodsOnline",
            "Amount": str(self.chance.choice(SMALL_AMOUNTS)),
            "Msisdn": self._customer(),
            "BillRefNumber": tag,
        }

    def _have_customer_pay(self, app: App, tag: str) -> tuple[str, dict[str, Any]]:
        """By a prompt; mostly at the payer's own phone."""
        party, payer = self._own(app, PAYBILL, TILL), self._customer()
        bill = self.kinds[party] == PAYBILL
        return EXPRESS_PATH, {
            "BusinessShortCode": party,
            "Password": party[::-1] if self.chance.random() < 0.97 else party,
            "Timestamp": "20260816093000",
            "TransactionType": "CustomerPayBillOnline" if bill else "CustomerBuyGoodsOnline",
            "Amount": str(self.chance.choice(SMALL_AMOUNTS)),
            "PartyA": payer,
            "PartyB": party,
            "PhoneNumber": self._customer() if self.chance.random() < 0.2 else payer,
            "CallBackURL": f"http://{self.chance.choice(HOSTS)}/inbox/{tag.replace(' ', '-')}",
            "AccountReference": tag,
        }

    def _pay_customer(self, app: App, tag: str) -> tuple[str, dict[str, Any]]:
        return B2C_PATH, {
            "OriginatorConversationID": f"{app.number}-{tag.replace(' ', '-')}",
            "CommandID": "BusinessPayment",
            "PartyA": self._own(app, B2C),
            "PartyB": self._customer(),
            "Amount": self._amount(),
        }

    def _pay_organization(self, app: App, tag: str) -> tuple[str, dict[str, Any]]:
        del tag
        command = self.chance.choice(tuple(B2B_COMMANDS))
        whom = B2B_COMMANDS[command]
        own = TILL if command.startswith("Merchant") else PAYBILL
        party = self._own(app, *((PAYBILL, TILL, B2C) if whom else (own,)))
        paid = self.chance.choice(self._favourites[self.chance.choice(whom)]) if whom else party
        return B2B_PATH, {
            "CommandID": command,
            "PartyA": party,
            "SenderIdentifierType": "4",
            "PartyB": paid,
            "RecieverIdentifierType": "4",
            "Amount": self._amount(),
            "AccountReference": "353353",
        }

    def _pay_tax(self, app: App, tag: str) -> tuple[str, dict[str, Any]]:
        del tag
        return TAX_PATH, {
            "CommandID": "PayTaxToKRA",
            "PartyA": self._own(app, PAYBILL, TILL),
            "SenderIdentifierType": "4",
            "PartyB": TAX_COLLECTOR,
            "RecieverIdentifierType": "4",
            "Amount": self._amount(),
            "AccountReference": "353353",
        }

    def _put_back(self, app: App, tag: str) -> tuple[str, dict[str, Any]]:
        del tag
        known = [*self.messages(), *self.paid]
        own = [each for each in known if each[1] in app.short_codes]
        receipt, party, amount = self.chance.choice(own or known)
        return REVERSAL_PATH, {
            "CommandID": "TransactionReversal",
            "TransactionID": receipt,
            "Amount": amount if self.chance.random() < 0.95 else "3",
            "ReceiverParty": party,
            "RecieverIdentifierType": "11",
        }

    def _register(self, app: App, tag: str) -> tuple[str, dict[str, Any]]:
        name = tag.rpartition(" ")[2]
        outside = [each for each in HOSTS if each != INBOX_HOST]
        return REGISTER_PATH, {
            "ShortCode": self._own(app, PAYBILL, TILL),
            "ResponseType": self.chance.choice(("Completed", "Cancelled")),
            "ConfirmationURL": f"http://{self.chance.choice(HOSTS)}/inbox/paid-{name}",
            "ValidationURL": f"http://{self.chance.choice(outside)}/inbox/may-{name}",
        }


def parties(ask: Ask) -> tuple[str, str] | None:
    """Who pays whom by a request, if anybody does."""
    members = ask.members
    if ask.path == C2B_PATH:
        return members["Msisdn"], members["ShortCode"]
    return (members["PartyA"], members["PartyB"]) if "PartyB" in members else None
