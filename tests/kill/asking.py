"""What the callers ask: questions and a payment, right and wrong passwords, ids of their own and ours."""

import random
from base64 import b64encode
from collections.abc import Callable

import msgspec
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509 import load_pem_x509_certificate

PASSWORD, WRONG = b"Safaricom999!*!", b"not the password"

BALANCE, STATUS = "/mpesa/accountbalance/v1/query", "/mpesa/transactionstatus/v1/query"
B2B = "/mpesa/b2b/v1/paymentrequest"

BEHAVIOURS = ("ok", "ok", "ok", "ok", "slow", "no", "drop")
"""Of the receivers, by how often they occur."""


class Asked(msgspec.Struct):
    """One request of a caller, and what became of it as far as the caller knows."""

    marker: int
    path: str
    body: bytes
    own_id: str | None
    expected: str
    """The ResultCode that the documents promise, as text."""
    status: int = 0
    answer: dict[str, str] = {}

    @property
    def acknowledged(self) -> bool:
        """Whether the caller holds a promise."""
        return self.status == 200 and self.answer.get("ResponseCode") == "0"

    @property
    def fate(self) -> str:
        """What the answer means to its caller: ``promised``, ``refused`` (nothing is kept), or the answer."""
        if self.acknowledged:
            return "promised"
        if (self.status == 200 and self.answer.get("ResponseCode") == "100000004") or self.status == 500:
            return "refused"
        return f"{self.status}: {self.answer}"


POISONED = "17"
"""The ResultCode of a request that the platform dies of; no other may end with it."""


FOREIGN = "2032"
"""The ResultCode of a query about another organization's transaction."""
PAID = ("174379", "600992")
"""Who pays whom."""


class _Kind(msgspec.Struct, frozen=True):
    """A row of the mix."""

    path: str
    initiator: str
    party: str
    password: bytes
    expected: str
    members: dict[str, str] = {}


KINDS = (
    _Kind(BALANCE, "testapiuser", "600000", PASSWORD, "0", {"CommandID": "AccountBalance"}),
    _Kind(BALANCE, "testapi", "600310", PASSWORD, "0", {"CommandID": "AccountBalance"}),
    _Kind(
        STATUS,
        "testapi",
        "600310",
        PASSWORD,
        "0",
        {"CommandID": "TransactionStatusQuery", "TransactionID": "MBN31H462N"},
    ),
    _Kind(
        STATUS,
        "testapiuser",
        "600782",
        PASSWORD,
        "0",
        {"CommandID": "TransactionStatusQuery", "TransactionID": "NEF61H8J60"},
    ),
    _Kind(
        STATUS,
        "testapi",
        "600310",
        PASSWORD,
        FOREIGN,
        {"CommandID": "TransactionStatusQuery", "TransactionID": "NEF61H8J60"},
    ),
    _Kind(
        B2B,
        "testapi",
        PAID[0],
        PASSWORD,
        "0",
        {
            "CommandID": "BusinessPayBill",
            "SenderIdentifierType": "4",
            "RecieverIdentifierType": "4",
            "PartyB": PAID[1],
            "Amount": "1",
            "AccountReference": "353353",
        },
    ),
    _Kind(BALANCE, "testapi", "600984", WRONG, "18", {"CommandID": "AccountBalance"}),
    _Kind(
        STATUS,
        "testapi",
        "600992",
        WRONG,
        "18",
        {"CommandID": "TransactionStatusQuery", "TransactionID": "MBN31H462N"},
    ),
)
"""A wrong password is asked for alone at its short code: five of them lock that initiator and no other. One
asks for what is another's, and one moves money.
"""


class Mix:
    """An endless mixture of requests; each has a marker, which is in its ResultURL and its Remarks."""

    def __init__(self, seed: int, url: Callable[[str, int], str], certificate: bytes) -> None:
        self._chance = random.Random(seed)
        self._seed = seed
        self._url = url
        key = load_pem_x509_certificate(certificate).public_key()
        assert isinstance(key, rsa.RSAPublicKey)
        self._credentials = {
            password: [b64encode(key.encrypt(password, padding.PKCS1v15())).decode() for _ in range(8)]
            for password in (PASSWORD, WRONG)
        }
        self.asked: list[Asked] = []

    def next(self) -> Asked:
        """One more request."""
        marker = len(self.asked)
        kind = self._chance.choice(KINDS)
        chooses = kind.path != B2B and self._chance.random() < 0.3
        own_id = f"own-{self._seed}-{marker}" if chooses else None
        members = {
            "Initiator": kind.initiator,
            "SecurityCredential": self._chance.choice(self._credentials[kind.password]),
            "PartyA": kind.party,
            "IdentifierType": "4",
            "Remarks": f"marker {marker}",
            "QueueTimeOutURL": self._url("late", marker),
            "ResultURL": self._url(self._chance.choice(BEHAVIOURS), marker),
            **kind.members,
        }
        if own_id is not None:
            members["OriginatorConversationID"] = own_id
        asked = Asked(marker, kind.path, msgspec.json.encode(members), own_id, kind.expected)
        self.asked.append(asked)
        return asked
