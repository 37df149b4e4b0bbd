"""Passkeys that the documents give."""

from collections.abc import Mapping

PUBLISHED_PASSKEYS: Mapping[str, str] = {
    "174379": "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919",
}
"""By short code: what the Password of M-PESA Express' sample holds, so that it works as printed."""
