"""The hosts that are brought to the platform."""

HOSTS = ("sandbox.safaricom.co.ke", "api.safaricom.co.ke")
"""Daraja's two environments."""

HTTPS = 443


def is_redirected(host: str) -> bool:
    """Whether a host, as a program names it, is one of them."""
    return host.lower().rstrip(".") in HOSTS
