"""Customers: people with an M-PESA account under their phone number."""

import msgspec


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    """One customer: MSISDN (12 digits, ``254…``) and the name that M-PESA shows to the other party."""

    msisdn: str
    name: str
