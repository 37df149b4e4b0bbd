"""Whether the bytes that leave say what was decided: read back by other hands than those that wrote them."""

from collections.abc import Mapping
from typing import Any

from tests.simulation.tables import require


def check(number: int, result: Mapping[str, Any], outcome: str, facts: Mapping[str, Any] | None) -> None:
    """A result's code and facts against the conclusion of its request."""
    succeeded = str(result["ResultCode"]) == "0"
    require(succeeded == (outcome == "succeeded"), "P2", f"{number} is {outcome}, told was {result}")
    if facts is None:
        return
    told = _parameters(result)
    if facts["type"] == "status":
        receipt = facts["transaction"]["receipt"]
        require(told.get("ReceiptNo") == receipt, "P5", f"{number} found {receipt}, told was {told}")
        return
    balances = [_line(account) for account in facts["accounts"]]
    lines = str(told.get("AccountBalance", "")).split("&")
    require(lines == balances or not balances, "P5", f"{number} found {balances}, told was {lines}")


def _parameters(result: Mapping[str, Any]) -> dict[str, Any]:
    given = result["ResultParameters"]["ResultParameter"]
    listed = given if isinstance(given, list) else [given]
    return {each["Key"]: each.get("Value") for each in listed}


def _line(account: Mapping[str, Any]) -> str:
    balance = account["balance"]
    available, reserved, uncleared = (balance.get(each, 0) for each in ("available", "reserved", "uncleared"))
    amounts = (available + reserved, available, reserved, uncleared)
    return "|".join((account["kind"], account["currency"], *map(_shillings, amounts)))


def _shillings(cents: int) -> str:
    shillings, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{shillings}.{rest:02}"
