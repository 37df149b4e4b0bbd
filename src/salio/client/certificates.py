"""Where a certificate comes from: bytes, a file, a URL, or a name under which one is bundled.

Only the key counts: nobody looks at a certificate's dates, for Safaricom's own expired years ago and is in
use (wire facts 6).
"""

from pathlib import Path

from salio.client.environments import checked
from salio.client.errors import UnusableSetting
from salio.client.settings import Certificate

BUNDLED = ("sandbox", "production")
"""Safaricom's own, which expired and are in use (wire facts 6): CN=apicrypt.safaricom.co.ke and
CN=apigee.apicaller.safaricom.co.ke. One key signed both, so whoever trusts the sandbox's, which the portal
serves, may trust production's."""


def bundled(name: str) -> bytes:
    """The certificate of that name in `BUNDLED`."""
    from importlib import resources  # for those who need it

    return resources.files("salio.client").joinpath("bundled", f"{name}.pem").read_bytes()


def located(source: Certificate, *, allow_http: bool) -> bytes | str:
    """The certificate, or the URL from which it has to be fetched.

    Raises:
        UnusableSetting: there is no such name or file, or the URL is not one to trust.
    """
    if isinstance(source, bytes):
        return source
    if isinstance(source, str):
        if source in BUNDLED:
            return bundled(source)
        if "://" in source:
            return checked(source, "the certificate's URL", allow_http=allow_http)
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise UnusableSetting(f"the certificate cannot be read: {error}") from None
