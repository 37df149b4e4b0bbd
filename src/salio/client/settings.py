"""What a client is given: whose app, which initiator, how patient. No secret shows in a repr."""

from pathlib import Path
from typing import TYPE_CHECKING, ForwardRef

import msgspec

from salio.client.errors import UnusableSetting
from salio.wire import urls
from salio.wire.asked import Callbacks

if TYPE_CHECKING:
    from ssl import SSLContext
else:
    # Who asks for the signature gets the type; nobody else waits for its module, which is slow to import.
    SSLContext = ForwardRef("__import__('ssl').SSLContext")

Certificate = bytes | Path | str
"""A certificate or public key itself; its file; or, as text, a bundled name, a URL or a file's path."""


class App(msgspec.Struct, frozen=True):
    """The app that asks, as the developer portal shows it."""

    consumer_key: str
    consumer_secret: str

    def __repr__(self) -> str:
        """Without key and secret."""
        return "App(...)"


class Initiator(msgspec.Struct, frozen=True, kw_only=True):
    """The operator in whose name is asked: a SecurityCredential that exists, or a password to make one of."""

    name: str
    short_code: str
    """The organization's own: what is asked about unless another is named."""
    password: str | None = None
    certificate: Certificate | None = None
    """None: the environment's own."""
    security_credential: str | None = None

    def __repr__(self) -> str:
        """Without password and credential."""
        return f"Initiator(name={self.name!r}, short_code={self.short_code!r}, ...)"


class Merchant(msgspec.Struct, frozen=True, kw_only=True):
    """The short code in whose name customers are asked for payments (M-PESA Express)."""

    short_code: str
    """BusinessShortCode: a paybill, or the head office or store of a till."""
    passkey: str

    def __repr__(self) -> str:
        """Without the passkey."""
        return f"Merchant(short_code={self.short_code!r}, ...)"


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How patient the client is, and what it may do. Seconds everywhere."""

    connect_timeout: float = 5
    timeout: float = 30
    """For every wait after the connection stands; the platform acknowledges within seconds."""
    patience: float = 10
    """What the pauses after spike arrests may come to in one call; 0: none is waited for."""
    renew_early: float = 60
    """So long before its end a token is renewed."""
    allow_http: bool = False
    """Plain HTTP to other machines too. Only for a sandbox in a network of one's own."""
    tls: "SSLContext | None" = None
    """None: the certificates that this machine trusts, or those that SSL_CERT_FILE names."""


def check(
    app: App, initiator: Initiator | None, callbacks: Callbacks | None, merchant: Merchant | None
) -> None:
    """Refuses what cannot work, before anything is sent.

    Raises:
        UnusableSetting: something is missing or malformed.
    """
    for what, value in (("consumer key", app.consumer_key), ("consumer secret", app.consumer_secret)):
        if not value or not value.isprintable() or not value.isascii():
            raise UnusableSetting(f"the {what} is empty, or holds characters that none has")
    if ":" in app.consumer_key:
        raise UnusableSetting("the consumer key holds a colon")
    if initiator is not None and (initiator.password is None) == (initiator.security_credential is None):
        raise UnusableSetting("an initiator needs a password or a SecurityCredential, and not both")
    if merchant is not None and not (merchant.passkey and merchant.passkey.isascii()):
        raise UnusableSetting("the merchant's passkey is empty, or holds characters that none has")
    if callbacks is not None:
        check_callbacks(callbacks)


def check_callbacks(callbacks: Callbacks) -> None:
    """Refuses what is no address. Raises UnusableSetting."""
    given = {"result_url": callbacks.result_url, "queue_time_out_url": callbacks.queue_time_out_url}
    for name, url in given.items():
        problem = urls.problem(url)
        if problem:
            raise UnusableSetting(f"{name}: {problem}")
