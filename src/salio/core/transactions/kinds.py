"""The five kinds of transaction that a status query can find (TS, Good to Know)."""

import enum


class TransactionKind(enum.Enum):
    """Who pays whom."""

    C2B = "C2B"
    """A customer pays an organization."""
    B2C = "B2C"
    """An organization pays a customer."""
    B2B = "B2B"
    """An organization pays an organization."""
    REVERSAL = "Reversal"
    """An earlier payment is put back."""
    IMT = "IMT"
    """International money transfer: money arrives from abroad."""
