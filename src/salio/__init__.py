"""Salio: M-PESA's Daraja, whole — the platform, and the organization's side of it.

What an organization needs is here by name and imported at its first use:

    client = salio.Client("sandbox", salio.App(key, secret), initiator, callbacks)
    tracker = salio.Tracker(client, salio.Record("record.db"), salio.Endpoint(url=url))
    client.balance().result()
    salio.read_result(body)
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from salio.client.async_client import AsyncClient
    from salio.client.client import Client
    from salio.client.errors import (
        AskingFailed,
        NotSent,
        OutcomeUnknown,
        Refused,
        ResultLate,
        SalioError,
        UnusableSetting,
    )
    from salio.client.settings import App, Initiator, Merchant, Options
    from salio.tracker.async_tracker import AsyncTracker
    from salio.tracker.ends import Ending, State
    from salio.tracker.errors import EndedWithoutResult, NeedsAPerson
    from salio.tracker.handlers import InTransaction
    from salio.tracker.record import Record
    from salio.tracker.settings import Endpoint, Patience
    from salio.tracker.tracker import Tracker
    from salio.wire.answered import Account, Balance, Transaction
    from salio.wire.asked import BalanceQuery, Callbacks, StatusQuery
    from salio.wire.c2b_orders import Registration, SimulatedPayment
    from salio.wire.callbacks import Result, read_callback, read_result
    from salio.wire.errors import UnreadableAnswer, UnreadableBody, UnusableOrder
    from salio.wire.orders import PaymentToCustomer, PaymentToOrganization, Reversal, TaxRemittance
    from salio.wire.paid import Payment
    from salio.wire.payments import CustomerPayment
    from salio.wire.prompts import Prompt, PromptQuery

__version__ = "0.1.0"

__all__ = [
    "Account",
    "App",
    "AskingFailed",
    "AsyncClient",
    "AsyncTracker",
    "Balance",
    "BalanceQuery",
    "Callbacks",
    "Client",
    "CustomerPayment",
    "EndedWithoutResult",
    "Ending",
    "Endpoint",
    "InTransaction",
    "Initiator",
    "Merchant",
    "NeedsAPerson",
    "NotSent",
    "Options",
    "OutcomeUnknown",
    "Patience",
    "Payment",
    "PaymentToCustomer",
    "PaymentToOrganization",
    "Prompt",
    "PromptQuery",
    "Record",
    "Refused",
    "Registration",
    "Result",
    "ResultLate",
    "Reversal",
    "SalioError",
    "SimulatedPayment",
    "State",
    "StatusQuery",
    "TaxRemittance",
    "Tracker",
    "Transaction",
    "UnreadableAnswer",
    "UnreadableBody",
    "UnusableOrder",
    "UnusableSetting",
    "read_callback",
    "read_result",
]

_PLACES = {
    "Account": "wire.answered",
    "App": "client.settings",
    "AskingFailed": "client.errors",
    "AsyncClient": "client.async_client",
    "AsyncTracker": "tracker.async_tracker",
    "Balance": "wire.answered",
    "BalanceQuery": "wire.asked",
    "Callbacks": "wire.asked",
    "Client": "client.client",
    "CustomerPayment": "wire.payments",
    "EndedWithoutResult": "tracker.errors",
    "Ending": "tracker.ends",
    "Endpoint": "tracker.settings",
    "InTransaction": "tracker.core",
    "Initiator": "client.settings",
    "Merchant": "client.settings",
    "NeedsAPerson": "tracker.errors",
    "NotSent": "client.errors",
    "Options": "client.settings",
    "OutcomeUnknown": "client.errors",
    "Patience": "tracker.settings",
    "Payment": "wire.paid",
    "PaymentToCustomer": "wire.orders",
    "PaymentToOrganization": "wire.orders",
    "Prompt": "wire.prompts",
    "PromptQuery": "wire.prompts",
    "Record": "tracker.record",
    "Refused": "client.errors",
    "Registration": "wire.c2b_orders",
    "Result": "wire.callbacks",
    "ResultLate": "client.errors",
    "Reversal": "wire.orders",
    "SalioError": "wire.errors",
    "SimulatedPayment": "wire.c2b_orders",
    "State": "tracker.ends",
    "StatusQuery": "wire.asked",
    "TaxRemittance": "wire.orders",
    "Tracker": "tracker.tracker",
    "Transaction": "wire.answered",
    "UnreadableAnswer": "wire.errors",
    "UnreadableBody": "wire.errors",
    "UnusableOrder": "wire.errors",
    "UnusableSetting": "client.errors",
    "read_callback": "wire.callbacks",
    "read_result": "wire.callbacks",
}


def __getattr__(name: str) -> object:
    """The module that a name lives in is imported when the name is first used."""
    place = _PLACES.get(name)
    if place is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{place}"), name)


def __dir__() -> list[str]:
    """What can be used, imported or not."""
    return sorted({*globals(), *_PLACES})
