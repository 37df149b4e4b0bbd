"""What an organization asks in a campaign: balances and statuses, and a third of the times an order, which
has a marker that no other has, so that it is known again in the platform's store whatever its ids are.
"""

import itertools
import json
import random
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from salio.client.orders import Orders
from salio.client.questions import A
from salio.tracker.record import Record
from salio.wire.apis import Api
from tests.kill.bank_orders import CUSTOMERS, ONE, OTHER, RICH, SHOP

KNOWN = "MBN31H462N"
"""A payment of the initiator's own short code, in the test data."""
ORDERED = 1 / 3
"""The share of orders."""
KINDS: Mapping[Api, int] = {Api.B2C: 3, Api.B2B: 3, Api.EXPRESS: 4, Api.REVERSAL: 2}
"""By API how often it is ordered. There are more prompts, for what is reversed was paid by one."""
KNOWN_BY_ITS_OWN_ID = 0.5
"""The share of payments and reversals that have an id of their own: a prompt has none."""
NEWEST = 100
"""So many of the payments that came last are reversed, at random: some of them twice."""
_PAID = f"""
SELECT body FROM request JOIN callback ON callback.number = request.callback
WHERE request.kind = '{Api.EXPRESS.value}' AND request.state = 'settled' AND callback.kind = 'result'
ORDER BY request.number DESC LIMIT {NEWEST}
"""  # noqa: S608 - of our own words


class Asks:
    """An endless mixture: a seed and the number of a life determine all but what is there to reverse."""

    def __init__(self, record: Record, seed: int, life: int) -> None:
        self._record = record
        self._random = random.Random(f"{seed} {life}")
        self._life = life
        self._numbers = itertools.count(1)

    def next(self, client: Orders[A]) -> A:
        """Asks once; what the client returns, and raises."""
        number = next(self._numbers)
        if self._random.random() < ORDERED:
            return self._order(client, f"{self._life}-{number}")
        return client.balance() if self._random.random() < 0.5 else client.status(KNOWN)

    def _order(self, client: Orders[A], marker: str) -> A:
        chance = self._random
        own_id = f"own-{marker}" if chance.random() < KNOWN_BY_ITS_OWN_ID else None
        match chance.choices(list(KINDS), list(KINDS.values()))[0]:
            case Api.B2C:
                msisdn, shillings = chance.choice(CUSTOMERS), chance.randint(10, 12)
                return client.pay_customer(msisdn, shillings, remarks=marker, version=3 if own_id else 1)
            case Api.B2B:
                return client.pay_organization(
                    OTHER,
                    chance.randint(1, 3),
                    account_reference="rent",
                    short_code=ONE,
                    remarks=marker,
                    originator_conversation_id=own_id,
                )
            case Api.REVERSAL if (paid := self._paid()) is not None:
                return client.reverse(
                    *paid, short_code=SHOP, remarks=marker, originator_conversation_id=own_id
                )
            case _:
                return client.prompt(chance.choice(RICH), chance.randint(4, 200), marker)

    def _paid(self) -> tuple[str, Decimal] | None:
        """Receipt and amount of a customer's payment, perhaps of one that was put back before."""
        rows = self._record.rows(_PAID)
        if not rows:
            return None
        told = json.loads(self._random.choice(rows)[0])["Body"]["stkCallback"]
        items: dict[str, Any] = {each["Name"]: each.get("Value") for each in told["CallbackMetadata"]["Item"]}
        return str(items["MpesaReceiptNumber"]), Decimal(str(items["Amount"]))
