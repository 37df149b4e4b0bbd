"""Whether the bytes that leave say what was decided: read back by other hands than those that wrote them."""

from collections.abc import Mapping
from typing import Any

from tests.simulation.tables import require

STATUS = {"ReceiptNo": "receipt", "TransactionStatus": "state", "Amount": "cents"}
FUNDS = {
    "B2CUtilityAccountAvailableFunds": "Utility Account",
    "B2CWorkingAccountAvailableFunds": "Working Account",
    "B2CChargesPaidAccountAvailableFunds": "Charges Paid Account",
}
"""By parameter what it is in the facts."""


def check(number: int, told: Mapping[str, Any], outcome: str, facts: Mapping[str, Any] | None) -> None:
    """What leaves, a result or a confirmation, against the conclusion of its request."""
    if "Body" in told:
        _check_callback(number, told["Body"]["stkCallback"], outcome, facts)
        return
    if "Result" not in told:
        _check_confirmation(number, told, facts)
        return
    result = told["Result"]
    succeeded = str(result["ResultCode"]) == "0"
    require(succeeded == (outcome == "succeeded"), "P2", f"{number} is {outcome}, told was {result}")
    if facts is None:
        return
    parameters = _parameters(result)
    match facts["type"]:
        case "status":
            wanted = {each: facts["transaction"][name] for each, name in STATUS.items()}
        case "balance":
            wanted = {"AccountBalance": "&".join(map(_line, facts["accounts"]))}
        case "payment":
            funds = {each["kind"]: each["balance"].get("available", 0) for each in facts["accounts"]}
            wanted = {each: funds.get(kind, 0) for each, kind in FUNDS.items()}
            wanted["TransactionAmount"] = facts["cents"]
        case "b2b":
            wanted = {"Amount": facts["cents"]}
        case _:
            wanted = {
                "Amount": facts["transaction"]["cents"],
                "DebitAccountBalance": _line(facts["account"]),
            }
    said = {name: parameters.get(name) for name in wanted}
    fits = all(_same(said[name], value) for name, value in wanted.items())
    require(fits, "P5", f"{number} found {wanted}, told was {said}")


def _check_confirmation(number: int, told: Mapping[str, Any], facts: Mapping[str, Any] | None) -> None:
    require(facts is not None, "P2", f"{number} was not paid, and was confirmed: {told}")
    assert facts is not None
    paid = facts["transaction"]
    wanted = paid["receipt"], paid["credit_party"], _shillings(paid["cents"]), _shillings(facts["balance"])
    names = "TransID", "BusinessShortCode", "TransAmount", "OrgAccountBalance"
    said = tuple(told[each] for each in names)
    require(said == wanted, "P5", f"{number} is {wanted}, confirmed was {said}")


def _check_callback(
    number: int, told: Mapping[str, Any], outcome: str, facts: Mapping[str, Any] | None
) -> None:
    """Of a prompt: whether it was paid, and if so what."""
    succeeded = str(told["ResultCode"]) == "0"
    require(succeeded == (outcome == "succeeded"), "P2", f"{number} is {outcome}, told was {told}")
    require(succeeded == ("CallbackMetadata" in told), "P5", f"{number} is {outcome}, told was {told}")
    if facts is None:
        return
    paid, items = facts["transaction"], told["CallbackMetadata"]["Item"]
    said = {each["Name"]: each.get("Value") for each in items}
    fits = said["MpesaReceiptNumber"] == paid["receipt"] and _same(said["Amount"], paid["cents"])
    require(fits, "P5", f"{number} is {paid}, told was {said}")


def _same(said: object, wanted: object) -> bool:
    """Amounts may be text or numbers, with or without a fraction."""
    if isinstance(wanted, int):
        return isinstance(said, str | int | float) and round(float(said) * 100) == wanted
    return said == wanted


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
