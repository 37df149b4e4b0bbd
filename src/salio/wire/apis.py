"""The APIs and where they live (each page's Environments)."""

import enum
from typing import Self

OAUTH_PATH = "/oauth/v1/generate"
"""Where a token is granted (Authorization, Overview)."""


class Api(enum.Enum):
    """One of the APIs. Its value is its command; those with several, or none, go by their own names."""

    __hash__ = object.__hash__  # one object for each member: Enum hashes its name anew each time

    paths: tuple[str, ...]
    """Where it answers, the page's own path first."""
    prefix: str
    """What its paths begin with: another path under it is *its* unknown path."""
    commands: tuple[str, ...]
    """The CommandIDs that it knows, the usual one first."""

    def __new__(  # the defaults let mypy read Api("…")
        cls,
        value: str,
        folder: str = "",
        ends: tuple[str, ...] = ("v1/query",),
        commands: tuple[str, ...] = (),
    ) -> Self:
        member = object.__new__(cls)
        member._value_ = value
        member.commands = commands or (value,)
        member.prefix = f"/mpesa/{folder}/"
        member.paths = tuple(member.prefix + end for end in ends)
        return member

    @property
    def path(self) -> str:
        """The page's own path."""
        return self.paths[0]

    @property
    def command(self) -> str:
        """The usual command."""
        return self.commands[0]

    ACCOUNT_BALANCE = ("AccountBalance", "accountbalance")
    """What an organization's accounts hold."""

    TRANSACTION_STATUS = ("TransactionStatusQuery", "transactionstatus")
    """What became of one transaction."""

    B2C = (
        "B2C",
        "b2c",
        ("v3/paymentrequest", "v1/paymentrequest"),
        ("BusinessPayment", "SalaryPayment", "PromotionPayment"),
    )
    """An organization pays a customer."""

    B2B = (
        "B2B",
        "b2b",
        ("v1/paymentrequest",),
        (
            "BusinessPayBill",
            "BusinessBuyGoods",
            "BusinessPayToBulk",
            "BusinessTransferFromMMFToUtility",
            "MerchantTransferFromMerchantToWorking",
        ),
    )
    """An organization pays another, or moves money between its own accounts."""

    TAX_REMITTANCE = ("PayTaxToKRA", "b2b", ("v1/remittax",))
    """An organization pays a tax."""

    C2B = (
        "C2B",
        "c2b",
        ("v2/simulate", "v1/simulate"),
        ("CustomerPayBillOnline", "CustomerBuyGoodsOnline"),
    )
    """A customer pays an organization, in the sandbox at anybody's word."""

    C2B_REGISTER = ("C2BRegister", "c2b", ("v2/registerurl", "v1/registerurl"))
    """Where an organization hears of its customers' payments."""

    EXPRESS = (
        "Express",
        "stkpush",
        ("v1/processrequest",),
        ("CustomerPayBillOnline", "CustomerBuyGoodsOnline"),
    )
    """An organization asks a customer for a payment by a prompt on the phone (M-PESA Express)."""

    EXPRESS_QUERY = ("ExpressQuery", "stkpushquery")
    """What became of such a prompt."""

    REVERSAL = ("TransactionReversal", "reversal", ("v1/request",))
    """An organization gives a customer's payment back."""


def api_of(path: str) -> Api | None:
    """The API that a path belongs to, whether or not it answers there; None outside of all.

    Where several share a prefix, an unknown path under it is the first one's.
    """
    under = [api for api in Api if path.startswith(api.prefix) or path == api.prefix[:-1]]
    return next((api for api in under if path in api.paths), under[0] if under else None)
