"""Rows of the portal's tables to the core's values and back."""

import msgspec

from salio.core.access.apps import App, Product, Throttle
from salio.core.access.tokens import TokenClaim
from salio.storage.rows import Row, instant, moment, text

_read_products = msgspec.json.Decoder(frozenset[Product]).decode
_read_short_codes = msgspec.json.Decoder(frozenset[str]).decode
_read_throttle = msgspec.json.Decoder(Throttle).decode


def app_row(app: App) -> Row:
    """In the order of the table ``app``."""
    return (
        app.number,
        app.name,
        app.consumer_key,
        app.secret_digest,
        app.secret_sealed,
        text(app.products),
        text(app.short_codes),
        app.profile,
        text(app.throttle),
        int(app.enabled),
        instant(app.tokens_valid_from) if app.tokens_valid_from is not None else None,
    )


def read_app(row: Row) -> App:
    """From all columns of ``app``."""
    return App(
        number=row[0],
        name=row[1],
        consumer_key=row[2],
        secret_digest=row[3],
        secret_sealed=row[4],
        products=_read_products(row[5]),
        short_codes=_read_short_codes(row[6]),
        profile=row[7],
        throttle=_read_throttle(row[8]),
        enabled=bool(row[9]),
        tokens_valid_from=moment(row[10]) if row[10] is not None else None,
    )


def token_row(claim: TokenClaim) -> Row:
    """In the order of ``revocation`` and ``current_token``."""
    return (claim.app_number, instant(claim.issued_at), claim.serial)


def read_token(row: Row) -> TokenClaim:
    """From all columns of ``revocation`` or ``current_token``."""
    return TokenClaim(row[0], moment(row[1]), row[2])
