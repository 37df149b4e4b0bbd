"""Salio: M-PESA's Daraja, whole — the platform, and the organization's side of it."""

__version__ = "0.1.0"
