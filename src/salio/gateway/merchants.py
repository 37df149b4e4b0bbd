"""M-PESA Express at the door: whose short code asks, and whether its password is right (Error Codes)."""

from typing import Protocol

from salio.core.access.apps import App
from salio.gateway.desk import Desk
from salio.gateway.refused import Refused
from salio.wire.refusals import Refusal


class Signed(Protocol):
    """What both requests sign with."""

    @property
    def business_short_code(self) -> str:
        """Whose passkey it is."""
        ...

    @property
    def password(self) -> str | None:
        """Base64 of short code, passkey and timestamp."""
        ...

    @property
    def timestamp(self) -> str:
        """YYYYMMDDHHmmss, the same as in the password; no page says how old it may be."""
        ...


def sign_in(desk: Desk, app: App, signed: Signed) -> None:
    """Lets in who knows the short code's passkey; raises Refused."""
    short_code = signed.business_short_code
    if short_code not in app.short_codes:
        cause = f"BusinessShortCode {short_code} is not a short code of app {app.name}"
        raise Refused(Refusal.MERCHANT_UNKNOWN, cause)
    if not desk.passkeys.opened_by(signed.password or "", short_code, signed.timestamp):
        made = "base64 of BusinessShortCode, passkey and Timestamp as they are in the request"
        raise Refused(Refusal.MERCHANT_CREDENTIALS_WRONG, f"Password is not {made}")
