"""The bank test holds against each other: results, confirmations, statements, status queries, balances."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain, pairwise
from typing import Any

from tests.kill.abroad import CENTS
from tests.kill.asking import BALANCE
from tests.kill.bank import Bank
from tests.kill.bank_orders import BY_CUSTOMERS, C2B, CONFIRMED, EXPRESS, REVERSAL, Order
from tests.kill.hands import CODES
from tests.kill.receiver import Callback

NOT_REVERSED = {"1", "R000001"}
"""The shop has not enough since a settlement; or the payment was put back before."""

UNASKED = {"17", "1001"}
"""The customer paid the same a moment ago; two were asked for in one moment. No phone showed it."""
UNANSWERED = "1037"
"""On a slow machine a minute may end between two lives, or between two looks at the phones."""
STATES = {"1032": "Cancelled", UNANSWERED: "Expired"}
"""By code the state of what a phone showed and nobody paid; all others are declined."""
ARRIVAL, CLEARING = "International Money Transfer", "Clearing of Uncleared Funds"
CUSTOMER, EARNED = "MMF Account For Customer", ("M-PESA", "M-PESA Charges Revenue Account")
BY_OPERATORS = {"Organization Revenue Settlement", "Organization Withdrawal of Funds"}


class Audit:
    """Of a bank in which all is finished."""

    def __init__(self, bank: Bank, callbacks: Sequence[Callback]) -> None:
        self._bank = bank
        self._callbacks = callbacks
        self.paid: list[tuple[Order, str]] = []
        """What was paid, and its receipt."""
        self.refused: list[tuple[Order, Mapping[str, Any]]] = []
        """Prompts that were shown and not paid, and their callbacks."""
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
        self._check_charges()
        self._check_abroad()
        self._check_statuses(told)
        self._check_prompts(told)

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
        if order.kind.path == EXPRESS:
            self._sort_prompt(order, told["Body"]["stkCallback"])
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

    def _sort_prompt(self, order: Order, told: Mapping[str, Any]) -> None:
        """It ended as somebody at the phone had it, in whatever life."""
        code, checkout = str(told["ResultCode"]), told["CheckoutRequestID"]
        assert order.answer.get("CheckoutRequestID", checkout) == checkout, (order, told)
        done = self._bank.hands.done.get(checkout, set())
        allowed = set().union(*(CODES[each] for each in done)) if done else UNASKED
        assert code in {*allowed, UNANSWERED}, (order, told, done)
        if code == "0":
            items = {each["Name"]: each.get("Value") for each in told["CallbackMetadata"]["Item"]}
            assert _cents(items["Amount"]) == order.cents, (order, told)
            self.paid.append((order, items["MpesaReceiptNumber"]))
        elif done or code == UNANSWERED:
            self.refused.append((order, told))

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
            sign = 1 if order.kind.path in BY_CUSTOMERS else -1
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

    def _check_charges(self) -> None:
        """Of each payment from or to a customer every cent: each side's share of the charge is its own."""
        moved: defaultdict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
        for row in self._bank.moved():
            moved[row["receipt"]][row["holder"], row["kind"]] += row["cents"]
        for order, receipt in self.paid:
            if not order.customer:
                continue
            sign = 1 if order.kind.path in BY_CUSTOMERS else -1
            party, (owed, borne) = order.kind.short_code, order.kind.shares
            wanted = {
                (party, "Utility Account"): sign * order.cents,
                (order.customer, CUSTOMER): -sign * order.cents - borne,
                (party, "Charges Paid Account"): -owed,
                EARNED: owed + borne,
            }
            found = {place: cents for place, cents in moved[receipt].items() if cents}
            assert found == {place: cents for place, cents in wanted.items() if cents}, (order, found)

    def _check_abroad(self) -> None:
        """What arrived is what was told, or died with its answer; all of it was cleared, once."""
        assert self._bank.uncleared() == self._bank.uncleared_before
        abroad = self._bank.abroad
        uncleared = [row for row in self._bank.moved() if row["bucket"] == "uncleared"]
        for receiver, told in abroad.arrived.items():
            rows = [row for row in uncleared if row["holder"] == receiver]
            came = [row["cents"] for row in rows if row["narrative"] == ARRIVAL]
            cleared = [row["cents"] for row in rows if row["narrative"] == CLEARING]
            assert set(came) == {CENTS}, came
            assert told <= len(came) <= told + abroad.unanswered[receiver], (receiver, len(came), told)
            assert len(came) + len(cleared) == len(rows)
            assert sum(came) + sum(cleared) == 0

    def _check_statuses(self, told: Mapping[int, dict[str, Any]]) -> None:
        """Each payment is asked for: by its conversation, or by its receipt where a customer paid unasked."""
        subjects: list[tuple[Order, Mapping[str, str], str]] = []
        for order, receipt in self.paid:
            result = told[order.marker].get("Result")
            subject = {"TransactionID": receipt}
            if result is not None:
                subject = {"OriginalConversationID": result["OriginatorConversationID"]}
            elif order.kind.path == EXPRESS:
                subject = _prompted(told[order.marker]["Body"]["stkCallback"])
            subjects.append((order, subject, "Completed"))
        for order, callback in self.refused:
            state = STATES.get(str(callback["ResultCode"]), "Declined")
            subjects.append((order, _prompted(callback), state))
        first, receipts = len(self._bank.orders.made), {order.marker: receipt for order, receipt in self.paid}
        self._bank.ask(first, [(order.kind.short_code, subject) for order, subject, _ in subjects])
        answers = self._told()
        for marker, (order, _, state) in enumerate(subjects, first):
            found = _parameters(answers[marker]["Result"])
            receipt = receipts.get(order.marker, found["ReceiptNo"])
            said = (found["ReceiptNo"], found["TransactionStatus"], _cents(found["Amount"]))
            assert said == (receipt, state, order.cents), (order, found)

    def _check_prompts(self, told: Mapping[int, dict[str, Any]]) -> None:
        """The query of the API for prompts answers each as its callback did."""
        callbacks = [each["Body"]["stkCallback"] for each in told.values() if "Body" in each]
        answers = self._bank.ask_of_prompts([each["CheckoutRequestID"] for each in callbacks])
        for callback, answer in zip(callbacks, answers, strict=True):
            assert answer.get("ResultCode") == str(callback["ResultCode"]), (callback, answer)


def _prompted(told: Mapping[str, Any]) -> dict[str, str]:
    return {"OriginalConversationID": told["MerchantRequestID"]}


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
