"""Whose command a CommandID is: the APIs of Daraja, so that a misplaced one is told where it belongs.

Source: the Daraja pages of each API; not all of them are served here.
"""

from collections.abc import Mapping

from salio.core.requests.outcomes import Decision, Outcome

APIS: Mapping[str, str] = {
    "AccountBalance": "Account Balance",
    "TransactionStatusQuery": "Transaction Status",
    "TransactionReversal": "Reversals",
    "BusinessPayment": "B2C",
    "SalaryPayment": "B2C",
    "PromotionPayment": "B2C",
    "BusinessPayToBulk": "B2C Account Top Up",
    "BusinessPayBill": "Business Pay Bill",
    "BusinessBuyGoods": "Business Buy Goods",
    "BusinessTransferFromMMFToUtility": "B2B",
    "MerchantTransferFromMerchantToWorking": "B2B",
    "PayTaxToKRA": "Tax Remittance",
    "CustomerPayBillOnline": "C2B",
    "CustomerBuyGoodsOnline": "C2B",
}
"""The API of each command."""

_FOLDED = {command.casefold(): command for command in APIS}


def whose(given: object) -> str:
    """Whose command that is, as the end of a sentence; empty if it is nobody's. It quotes only known ones."""
    command = _FOLDED.get(given.replace(" ", "").casefold()) if isinstance(given, str) else None
    if command is None:
        return ""
    if command != given:
        return f"; a CommandID has no spaces and its own capitals, as in {command} of the {APIS[command]} API"
    return f"; {command} belongs to the {APIS[command]} API"


def unknown(given: str, *meant: str) -> Decision:
    """The end of a request whose CommandID is not the API's, or not one of them."""
    known = " or ".join(meant)
    return Decision(Outcome.COMMAND_UNKNOWN, f"CommandID is not {known}, which this API needs{whose(given)}")
