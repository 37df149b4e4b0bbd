"""What an organization knows of its own request; nothing here comes from the platform."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

BALANCE_PATH, STATUS_PATH = "/mpesa/accountbalance/v1/query", "/mpesa/transactionstatus/v1/query"
B2C_PATH, B2B_PATH, TAX_PATH = (
    "/mpesa/b2c/v3/paymentrequest",
    "/mpesa/b2b/v1/paymentrequest",
    "/mpesa/b2b/v1/remittax",
)
REVERSAL_PATH, C2B_PATH = "/mpesa/reversal/v1/request", "/mpesa/c2b/v2/simulate"
REGISTER_PATH = "/mpesa/c2b/v2/registerurl"
EXPRESS_PATH = "/mpesa/stkpush/v1/processrequest"
QUERIES = (BALANCE_PATH, STATUS_PATH)


@dataclass(frozen=True)
class Ask:
    """One request as its organization knows it. ``tag`` travels in it, so that anybody can find it."""

    tag: str
    app: int
    path: str
    members: dict[str, Any]
    password: str | None = None
    """What the credential holds; ``None`` for one that nobody here can read, or for none."""

    @property
    def serial(self) -> int:
        """Its place among all that were asked."""
        return int(self.tag.rpartition(" ")[2])

    @property
    def text(self) -> str:
        """One line for the log."""
        kept = {key: value for key, value in self.members.items() if key != "SecurityCredential"}
        return f"{self.tag} of app {self.app}: {self.path[7:]} {kept}"

    @property
    def party(self) -> str:
        """The short code in whose name it is asked."""
        names = ("PartyB",) if self.path == EXPRESS_PATH else ("PartyA", "ReceiverParty", "ShortCode")
        return next((str(self.members[each]) for each in names if each in self.members), "")

    @property
    def initiator(self) -> str | None:
        """Who asks; none of a customer's payment, prompted or not."""
        return self.members.get("InitiatorName", self.members.get("Initiator"))


TAGGED = {"c2b": "bill_reference", "express": "account_reference"}
"""By type of request what holds its tag, if that is not its remarks."""


def tag_of(query: Mapping[str, Any]) -> str:
    """The tag in a request as the platform keeps it."""
    return str(query[TAGGED.get(query["type"], "remarks")])


def own_id(answer: Mapping[str, Any]) -> str:
    """The first id of an acknowledgement; C2B's page spells it in its own way, and Express' names it so."""
    names = ("OriginatorConversationID", "OriginatorCoversationID", "MerchantRequestID")
    return str(next((answer[each] for each in names if each in answer), None))


def conversation(answer: Mapping[str, Any]) -> str | None:
    """The second one, if it is told."""
    told = answer.get("ConversationID", answer.get("CheckoutRequestID"))
    return str(told) if told is not None else None
