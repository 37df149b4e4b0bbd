"""SecurityCredentials: the right bytes match, all else is noise of one size, and nothing ever raises.

The first byte chooses: any text, a password that is encrypted, a block that is raised raw as an attacker
would, or a file given as certificate.
"""

import base64
import binascii
from collections.abc import Callable
from functools import cache

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from salio.core.requests.asking import PresentedCredential
from salio.vault.credentials import CredentialReader
from salio.wire import fields
from salio.wire.apis import Api
from salio.wire.credentials import (
    PADDING_LENGTH,
    KeyNotRsa,
    UnreadableCertificate,
    UnusablePassword,
    make_credential,
)
from salio.wire.profile import DOCUMENTED
from tests.fuzz.targets.keys import key_ring
from tests.fuzz.targets.ways import way_of
from tests.vault.samples import PASSWORD, Seeded, raised

SIZE = 256
TELLING = 8
"""Bytes of a message that noise does not hit by chance; noise is of any length, none too."""
LONGEST = SIZE - PADDING_LENGTH
TERMS = fields.Terms(Api.ACCOUNT_BALANCE, DOCUMENTED, SIZE)

Open = Callable[[CredentialReader, str], PresentedCredential]


@cache
def reader() -> CredentialReader:
    """Remembers nothing, so that each credential is really opened."""
    return CredentialReader(key_ring(), entropy=Seeded(4), remember_ciphertexts=False)


def check(data: bytes, *, open_credential: Open = CredentialReader.open_credential) -> None:
    """Fails if a credential holds anything but what was put into it."""
    way = way_of(data, WAYS)
    if way is not None:
        way(data[1:], open_credential)


def _any_text(data: bytes, open_credential: Open) -> None:
    text = data.decode("utf-8", "surrogateescape")
    presented = open_credential(reader(), text)
    assert presented == open_credential(reader(), text)
    assert len(presented.digest) == 32
    assert presented.digest != reader().digest(PASSWORD)
    try:
        taken = fields.security_credential("SecurityCredential", text, TERMS)
    except fields.InvalidField as invalid:
        assert invalid.name == "SecurityCredential"
        assert invalid.reason.isascii()
        assert _decoded(text) is None
    else:
        assert taken == text
        assert _decoded(text) is not None


def _decoded(text: str) -> bytes | None:
    """The ciphertext, if this is its one spelling in base64."""
    try:
        decoded = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return decoded if len(decoded) == SIZE and base64.b64encode(decoded).decode() == text else None


def _password(plain: bytes, open_credential: Open) -> None:
    sealed = PKCS1v15()
    public_key = key_ring().private_key.public_key()
    presented = open_credential(
        reader(), base64.b64encode(public_key.encrypt(plain[:LONGEST], sealed)).decode()
    )
    _holds(presented, plain[:LONGEST])
    try:
        password = plain.decode()
        made = make_credential(password, key_ring().certificate_pem)
    except UnicodeDecodeError:
        return
    except UnusablePassword:
        assert not 0 < len(plain) <= LONGEST
        return
    assert open_credential(reader(), made).digest == reader().digest(password)


def _block(data: bytes, open_credential: Open) -> None:
    """RFC 8017, 7.2.2, read once more: 00 02, eight bytes or more without a zero, 00, the message."""
    block = data[:SIZE].rjust(SIZE, b"\0")
    credential = raised(key_ring(), block)
    presented = open_credential(reader(), credential)
    assert presented == open_credential(reader(), credential)
    assert len(presented.digest) == 32
    reduced = (int.from_bytes(block) % key_ring().private_key.public_key().public_numbers().n).to_bytes(SIZE)
    filler, zero, message = reduced[2:].partition(b"\0")
    if reduced[:2] == b"\0\2" and zero and len(filler) >= 8:
        _holds(presented, message)
    elif len(message) >= TELLING:
        assert presented.digest != _digest_of(message)


def _holds(presented: PresentedCredential, plain: bytes) -> None:
    assert presented.digest == _digest_of(plain)
    assert presented.readable == (bool(plain) and all(0x20 <= byte < 0x7F for byte in plain))


def _digest_of(plain: bytes) -> bytes:
    """As :meth:`CredentialReader.digest` has it, for bytes that may be no text."""
    try:
        return reader().digest(plain.decode())
    except UnicodeDecodeError:
        return reader()._present(plain).digest


def _certificate(file: bytes, _open_credential: Open) -> None:
    try:
        made = make_credential(PASSWORD, file)
    except (UnreadableCertificate, KeyNotRsa, UnusablePassword) as error:
        assert str(error).isascii()
    else:
        assert len(base64.b64decode(made, validate=True)) >= len(PASSWORD) + PADDING_LENGTH


WAYS = (_any_text, _password, _block, _certificate)
