"""What the ResultCodes mean that only payments have, when this platform sends them, and what to do.

Source: B2C, Result Codes and FAQs 6, 7 and 9; M-PESA Express and Reversal, Result codes; wire facts
3.3; docs/decisions/0006.
"""

from collections.abc import Mapping

from salio.wire.meanings_of_refusals import NEVER, Meaning
from salio.wire.result_codes import ResultCode

OF_PAYMENTS: Mapping[ResultCode, Meaning] = {
    ResultCode.BALANCE_INSUFFICIENT: Meaning(
        "The account that pays holds less than the amount.",
        "B2C pays out of the Utility Account of PartyA, B2B and taxes out of its Working Account: that one "
        "has less available than Amount, and the others do not count. Charges are owed apart and need no "
        "cover; a customer's share of them does. M-PESA Express: the PIN was right, and the customer in "
        "PartyA has less than Amount and that share. Of a reversal: the account that was paid into, Utility "
        "or Merchant, no longer holds the amount.",
        "Ask for the balance. Move money into that account, or pay less; a customer has to be told.",
    ),
    ResultCode.AMOUNT_TOO_SMALL: Meaning(
        "The amount is below the smallest payment.",
        "B2C: Amount is less than KES 10. M-PESA Express: the smallest payment is KES 1, and less is refused "
        "at the door as an invalid Amount, so that only `salio fault` brings it.",
        "Pay at least the smallest amount.",
    ),
    ResultCode.AMOUNT_TOO_LARGE: Meaning(
        "The amount is above the largest payment.",
        "B2C and M-PESA Express: Amount is more than KES 250,000.",
        "Pay in several parts, each a request of its own.",
    ),
    ResultCode.DAY_LIMIT_EXCEEDED: Meaning(
        "A customer would receive, or send, more in a day than a customer may.",
        "B2C: what came to PartyB since midnight in East Africa, and this amount, are more than KES 500,000. "
        "M-PESA Express: what left the account of PartyA since then, charges among it, and this amount are.",
        "Pay the rest tomorrow; in the sandbox, `salio clock advance`.",
    ),
    ResultCode.BALANCE_LIMIT_EXCEEDED: Meaning(
        "Whoever is paid would hold more than they may.",
        "B2C: what the customer in PartyB holds and this amount are more than KES 500,000. M-PESA Express, "
        "B2B and taxes: the account of PartyB that receives, Utility of a paybill or Merchant of a till, "
        "would hold more than KES 1,000,000,000.",
        "The money has to go elsewhere first: a customer spends it, an organization settles and withdraws. "
        "In the sandbox 700400 is as good as full, and `salio settle 700400` empties it.",
    ),
    ResultCode.DEBIT_PARTY_INVALID: Meaning(
        "Whoever pays is not active.",
        "Of an organization when `salio fault` asks for it, for none is ever out of order here. In "
        "`salio log` also of a C2B payment that no customer has the number for; no callback tells that.",
        "Ask Safaricom what became of the short code; compare Msisdn with the numbers of `salio testdata`.",
    ),
    ResultCode.ACCOUNT_STATUS_INVALID: Meaning(
        "The account that pays is not active.",
        NEVER + "no account is ever out of order here.",
        "Ask Safaricom what became of the account.",
    ),
    ResultCode.PRODUCT_NOT_ASSIGNED: Meaning(
        "This short code may not do this.",
        "B2C: PartyA is a paybill or a till, and only a B2C short code pays customers. B2B: PartyA has no "
        "account of the kind that the command moves money from or to, as a till has no Utility Account. "
        "Reversal: ReceiverParty is a B2C short code, which takes no payments. M-PESA Express: PartyB is not "
        "BusinessShortCode's own, or is of another kind than TransactionType pays: CustomerPayBillOnline a "
        "paybill, CustomerBuyGoodsOnline a till.",
        "Take a short code of the right kind; `salio testdata` shows which those are.",
    ),
    ResultCode.CUSTOMER_TYPE_UNSUPPORTED: Meaning(
        "The customer has no M-PESA account.",
        "PartyB is a mobile number that no customer of the platform has.",
        "Compare PartyB with the numbers of `salio testdata`.",
    ),
    ResultCode.ALREADY_REVERSED: Meaning(
        "The payment was put back before.",
        "A reversal of the same TransactionID has succeeded: a payment is reversed once, and whole.",
        "The customer has the money. The cause in `salio log ID` names the receipt of the first reversal.",
    ),
    ResultCode.ORIGINAL_INVALID: Meaning(
        "TransactionID names nothing that this organization could have reversed.",
        "Nobody has that receipt, or another organization, which looks the same; or it is of no customer's "
        "payment (C2B): what was paid out is not reversed here, nor is a reversal; or the payment was never "
        "completed.",
        "Compare with the receipts of `salio testdata`, capitals too; `salio status` tells kind and state.",
    ),
}
