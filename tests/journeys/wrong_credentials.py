"""How a SecurityCredential can be wrong, as a table: how a client makes it, and what a second look says."""

import base64
from collections.abc import Callable
from functools import cache

from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP, AsymmetricPadding, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA1, SHA256

from salio.sandbox.testdata.operators import PASSWORD
from salio.vault.keys import KeyRing
from tests.builders import ago
from tests.journeys.reasons import Failure, escaped
from tests.journeys.running import Platform

RENEWED_AT = ago(days=20)
"""When the keys of the template were renewed."""
ANOTHER = b"Safaricom999!*?"
_RIGHT = PASSWORD.encode()
_SHA1 = SHA1()  # noqa: S303 - what clients do by mistake
_OAEP = OAEP(MGF1(_SHA1), _SHA1, None)
_OAEP_SHA256 = OAEP(MGF1(SHA256()), SHA256(), None)

Key = Callable[[Platform], RSAPrivateKey]


def present(platform: Platform) -> RSAPrivateKey:
    """The key of the certificate that the platform serves."""
    return platform.sandbox.keys.private_key


def previous(platform: Platform) -> RSAPrivateKey:
    """The one before."""
    stored = platform.sandbox.keys.previous
    assert stored is not None
    return stored.private_key


def production(platform: Platform) -> RSAPrivateKey:
    """The other environment's."""
    return KeyRing.load(platform.sandbox.folder.other_keys).private_key


@cache
def _strangers() -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


def strangers(platform: Platform) -> RSAPrivateKey:
    """Safaricom's, say."""
    del platform
    return _strangers()


def made(key: Key, content: bytes, padding: AsymmetricPadding | None = None) -> Callable[[Platform], str]:
    """A credential as that client makes it."""

    def of(platform: Platform) -> str:
        ciphertext = key(platform).public_key().encrypt(content, padding or PKCS1v15())
        return base64.b64encode(ciphertext).decode()

    return of


NOBODYS = "was not made with any certificate of this platform"
RENEWED = f"was made with the certificate that was renewed on {RENEWED_AT:%Y-%m-%d}: fetch it again"
BASE64 = "holds the base64 of the password: encrypt the password itself"
OAEP_USED = "was padded by OAEP with SHA-1: use PKCS #1 v1.5"


def _row(short_code: str, what: str, words: str, credential: Callable[[Platform], str]) -> Failure:
    """A short code of its own for each, or nearly, so that none is locked by the others, nor by the wrong
    passwords of other tables.
    """
    cause = rf"wrong password for initiator testapi of {short_code} \(\d in a row, locked at 5\); "
    pattern = cause + escaped(f"the SecurityCredential {words}")
    return Failure(what, pattern, {"PartyA": short_code, "Initiator": "testapi"}, credential=credential)


CREDENTIALS = [
    _row("600978", "another password", "holds another text than the password", made(present, ANOTHER)),
    _row("600984", "the base64 of the password", BASE64, made(present, base64.b64encode(_RIGHT))),
    _row(
        "600979",
        "a line's end behind the password",
        "holds the password with white space or a line's end around it: encrypt it without",
        made(present, _RIGHT + b"\n"),
    ),
    _row(
        "600992",
        "the password in UTF-16",
        "holds the password in UTF-16: encrypt its UTF-8 bytes",
        made(present, PASSWORD.encode("utf-16-le")),
    ),
    _row("600996", "OAEP", OAEP_USED, made(present, _RIGHT, _OAEP)),
    _row(
        "600997",
        "OAEP with SHA-256",
        "was padded by OAEP with SHA-256: use PKCS #1 v1.5",
        made(present, _RIGHT, _OAEP_SHA256),
    ),
    _row("600999", "the previous certificate", RENEWED, made(previous, _RIGHT)),
    _row(
        "601426",
        "production's certificate",
        "was made with the certificate of production: use this environment's",
        made(production, _RIGHT),
    ),
    _row("603021", "a stranger's certificate", NOBODYS, made(strangers, _RIGHT)),
    _row("174379", "production's certificate and password", NOBODYS, made(production, ANOTHER)),
    _row(
        "572572",
        "three mistakes at once",
        f"{RENEWED}; and {OAEP_USED}; and {BASE64}",
        made(previous, base64.b64encode(_RIGHT), _OAEP),
    ),
    _row("600992", "noise", NOBODYS, lambda _: "A" * 342 + "=="),
]
