"""The bank test holds against each other: results, confirmations, statements, status queries, balances."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain, pairwise
from typing import Any

from tests.kill.asking import BALANCE
from tests.kill.bank import Bank
from tests.kill.bank_orders import C2B, CONFIRMED, REVERSAL, Order
from tests.kill.receiver import Callback

NOT_REVERSED = {"1", "R000001"}
"""The shop has not enough since a settlement; or the payment was put back before."""

BY_OPERATORS = {"Organization Revenue Settlement", "Organization Withdrawal of Funds"}


class Audit:
    """Of a bank in which all is finished."""

    def __init__(self, bank: Bank, callbacks: Sequence[Callback]) -> None:
        self._bank = bank
        self._callbacks = callbacks
        self.paid: list[tuple[Order, str]] = []
        """What was paid, and its receipt."""
        self.not_reversed = 0
        self.closed: set[int] = set()
        """Cents of all accounts of the closed short code together, as balance queries told them."""

    def check(self) -> None:
        """Everything."""
        told = self._told()
        for order in self._bank.orders.made:
            if order.marker in told:
                self._sort(order, told[order.marker])
            else:
                assert not order.acknowledged, f"promised, and nobody was told: {order}"
        originals = Counter(order.original for order, _ in self.paid if order.original)
        assert set(originals.values()) <= {1}, "a payment was put back twice"
        assert len(self.closed) == 1, f"of a short code that pays nobody: {self.closed}"
        self._check_statements()
        self._check_books()
        self._check_statuses(told)

    def _told(self) -> dict[int, dict[str, Any]]:
        """By marker what its receiver was told: one thing, be it twice."""
        told: defaultdict[int, set[bytes]] = defaultdict(set)
        for each in self._callbacks:
            name = each.path.rpartition("/")[2]
            if each.path == CONFIRMED:
                told[int(json.loads(each.body)["BillRefNumber"])].add(each.body)
            elif name.isdigit():
                told[int(name)].add(each.body)
        assert [bodies for bodies in told.values() if len(bodies) != 1] == []
        return {marker: json.loads(*bodies) for marker, bodies in told.items()}

    def _sort(self, order: Order, told: dict[str, Any]) -> None:
        """All went well, but for some reversals."""
        if order.kind.path == C2B:
            self.paid.append((order, told["TransID"]))
            return
        result = told["Result"]
        if order.kind.path == BALANCE:
            self.closed.add(_whole(_parameters(result)["AccountBalance"]))
        elif str(result["ResultCode"]) == "0":
            self.paid.append((order, result["TransactionID"]))
        else:
            assert order.kind.path == REVERSAL, (order, result)
            assert str(result["ResultCode"]) in NOT_REVERSED, (order, result)
            self.not_reversed += 1

    def _check_statements(self) -> None:
        """Each payment is there once, with its amount; what is there besides, operators did."""
        statements = self._bank.statements()
        moved: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
        for (short_code, account), lines in statements.items():
            for before, line in pairwise(lines):
                assert _cents(line["balance"]) == _cents(before["balance"]) + _moved(line), (before, line)
            for line in lines:
                moved[short_code, account, line["receipt"]].append(_moved(line))
        for order, receipt in self.paid:
            sign = 1 if order.kind.path == C2B else -1
            found = moved.pop((order.kind.short_code, order.kind.account, receipt))
            assert found == [sign * order.cents], (order, found)
        answered = {each.get("receipt") for each in self._bank.operated}
        unknown = {receipt for _, _, receipt in moved} - answered
        assert len(unknown) <= self._bank.unanswered, unknown
        narratives = {line["narrative"] for line in chain(*statements.values()) if line["receipt"] in unknown}
        assert narratives <= BY_OPERATORS, narratives

    def _check_books(self) -> None:
        assert self._bank.reserved() == self._bank.reserved_before
        checked = self._bank.check()
        assert checked["holds"], checked
        assert checked["unsealed"] == 0

    def _check_statuses(self, told: Mapping[int, dict[str, Any]]) -> None:
        """Each payment is asked for: by its conversation, or by its receipt where a customer paid."""
        subjects = []
        for order, receipt in self.paid:
            result = told[order.marker].get("Result")
            subject = {"TransactionID": receipt}
            if result is not None:
                subject = {"OriginalConversationID": result["OriginatorConversationID"]}
            subjects.append((order.kind.short_code, subject))
        first = len(self._bank.orders.made)
        self._bank.ask(first, subjects)
        answers = self._told()
        for marker, (order, receipt) in enumerate(self.paid, first):
            found = _parameters(answers[marker]["Result"])
            said = (found["ReceiptNo"], found["TransactionStatus"], _cents(found["Amount"]))
            assert said == (receipt, "Completed", order.cents), (order, found)


def _parameters(result: Mapping[str, Any]) -> dict[str, Any]:
    given = result["ResultParameters"]["ResultParameter"]
    return {each["Key"]: each.get("Value") for each in given}


def _whole(text: str) -> int:
    """Of a balance's text: what is current and uncleared, in cents, of all accounts together."""
    rows = (row.split("|") for row in text.split("&"))
    return sum(_cents(current) + _cents(uncleared) for _, _, current, _, _, uncleared in rows)


def _cents(text: str) -> int:
    return round(float(text) * 100)


def _moved(line: Mapping[str, Any]) -> int:
    return _cents(line["paid_in"] or "0") - _cents(line["withdrawn"] or "0")
