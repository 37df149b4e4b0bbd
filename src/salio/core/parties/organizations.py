"""Organizations: what a short code belongs to, and where it stands in head office → store → till."""

import enum

import msgspec


class OrganizationKind(enum.Enum):
    """What an organization's short code is for (AB, Use Cases, table of accounts)."""

    PAYBILL = "paybill"
    """Receives payments with an account number into its Utility Account."""
    BUY_GOODS = "buy goods"
    """Receives payments at a till into its Merchant Account."""
    B2C = "B2C"
    """Disburses to customers out of its Utility Account."""


class Level(enum.Enum):
    """Where an organization stands in its tree."""

    HEAD_OFFICE = "head office"
    """Answers to nobody; an organization without a tree is its own head office."""
    STORE = "store"
    """Belongs to a head office."""
    TILL = "till"
    """Belongs to a store or directly to a head office; what IdentifierType 2 names."""


class ChargeBearer(enum.Enum):
    """Who bears what a payment between an organization and a customer costs (AB, Charges Paid Account)."""

    __hash__ = object.__hash__  # one object for each member: Enum hashes its name anew each time

    ORGANIZATION = "organization"
    CUSTOMER = "customer"
    SPLIT = "split"
    """Each a part of it."""


class Organization(msgspec.Struct, frozen=True, kw_only=True):
    """One organization: 5 to 9 digits of short code, its kind, and its parent's short code if it has one."""

    short_code: str
    name: str
    kind: OrganizationKind
    level: Level = Level.HEAD_OFFICE
    parent: str | None = None
    settles_to: str | None = None
    """The settlement option: the M-PESA number of its own that withdrawals go to; its bank if it has none."""
    charges_borne_by: ChargeBearer = ChargeBearer.ORGANIZATION
    """Which tariff it is on."""
