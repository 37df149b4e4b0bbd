"""The test data in the form that ``salio testdata --json`` prints."""

from collections.abc import Callable

from salio.sandbox.testdata.whole import TestData


def describe(
    data: TestData,
    *,
    base_url: str,
    consumer_key: str,
    consumer_secret: str,
    certificate: str,
    control_key: str,
    passkey_of: Callable[[str], str],
) -> dict[str, object]:
    """Everything that somebody needs for a first request; ``certificate`` is the path of the PEM file,
    ``passkey_of`` gives the passkey of a short code."""
    return {
        "base_url": base_url,
        "consumer_key": consumer_key,
        "consumer_secret": consumer_secret,
        "certificate": certificate,
        "initiators": [
            {
                "name": each.name,
                "password": each.password,
                "short_code": each.short_code,
                "purpose": each.purpose,
            }
            for each in data.initiators
        ],
        "short_codes": [
            {
                "short_code": each.short_code,
                "kind": each.kind.value,
                "name": each.name,
                "passkey": passkey_of(each.short_code),
            }
            for each in data.organizations
        ],
        "msisdns": [each.msisdn for each in data.customers],
        "receipts": [
            {
                "receipt": each.receipt,
                "kind": each.kind.value,
                "state": each.state.value,
                "originator_conversation_id": each.originator_conversation_id,
                "short_code": _short_code(each.debit_party, each.credit_party, data),
            }
            for each in data.transactions
        ],
        "control_key": control_key,
    }


def _short_code(debit_party: str, credit_party: str, data: TestData) -> str:
    """The organization that may ask about a transaction: the paying one, if both are organizations."""
    known = {each.short_code for each in data.organizations}
    return debit_party if debit_party in known else credit_party
