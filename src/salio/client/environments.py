"""The addresses that an environment's name stands for, and which addresses a secret may be sent to."""

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

import msgspec

from salio.client.errors import UnusableSetting
from salio.wire import urls


class Environment(msgspec.Struct, frozen=True):
    """Where requests go, and with which certificate passwords are encrypted unless another is given."""

    base_url: str
    certificate: str
    """A bundled name or a URL."""


NAMED: Mapping[str, Environment] = {
    "sandbox": Environment("https://sandbox.safaricom.co.ke", "sandbox"),
    "production": Environment("https://api.safaricom.co.ke", "production"),
}
"""Safaricom's two (AB and TS, Environments). Any other is named by its base URL."""


def environment_of(name_or_url: str, *, allow_http: bool = False) -> Environment:
    """The environment of that name, or at that base URL. One at a URL is taken for a platform of ours, which
    serves its certificate.

    Raises:
        UnusableSetting: neither a name nor an address that a secret may be sent to.
    """
    if name_or_url in NAMED:
        return NAMED[name_or_url]
    if "://" not in name_or_url:
        names = " or ".join(NAMED)
        raise UnusableSetting(f"the environment is {names}, or a base URL that begins with https://")
    base_url = checked(name_or_url, "the base URL", allow_http=allow_http).rstrip("/")
    if "?" in base_url:
        raise UnusableSetting("the base URL has a query")
    return Environment(base_url, f"{base_url}/certificate.pem")


def checked(url: str, what: str, *, allow_http: bool) -> str:
    """The address, if it is one over TLS, or leads to this machine, or plain HTTP is allowed.

    Raises:
        UnusableSetting: it is not.
    """
    problem = urls.problem(url)
    if problem:
        raise UnusableSetting(f"{what}: {problem}")
    parts = urlsplit(url)
    if parts.scheme.lower() != "https" and not (allow_http or _is_here(parts.hostname or "")):
        raise UnusableSetting(f"{what} is not https: whoever is on the way could read keys and tokens")
    return url


def _is_here(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
