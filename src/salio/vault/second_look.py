"""The second look at a refused SecurityCredential: how was it made? The sandbox's alone (decision 0003).

It is an oracle by intent, so it must not exist where passwords are worth something. Every look tries
everything: which of the trials succeeded shows in its words, not in its time.
"""

import base64
import binascii
import codecs
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from hmac import compare_digest

import msgspec
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP, AsymmetricPadding, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256

from salio.core.requests.findings import NOT_OURS, Certificate, Content, Doubt, Finding, Padding
from salio.vault.credentials import password_digest
from salio.vault.keys import KeyRing, Purpose

SHORTEST_TEXT = 6
"""Bytes: noise is legible and so long about once in 50,000 times, so what is shorter counts as noise."""

_PADDINGS: tuple[tuple[Padding, AsymmetricPadding], ...] = (
    (Padding.PKCS1_V15, PKCS1v15()),
    (Padding.OAEP_SHA1, OAEP(MGF1(SHA1()), SHA1(), None)),  # noqa: S303 - what clients do, not what we ask for
    (Padding.OAEP_SHA256, OAEP(MGF1(SHA256()), SHA256(), None)),
    (Padding.OAEP_SHA256, OAEP(MGF1(SHA1()), SHA256(), None)),  # noqa: S303 - what Java's default makes of it
)
_AROUND = b" \t\r\n\0"
"""What `echo`, editors and C leave at the ends of a text."""


class _Key(msgspec.Struct, frozen=True):
    """A key to try, and what it says of a credential that it opens."""

    private_key: RSAPrivateKey
    certificate: Certificate
    replaced_at: datetime | None = None
    environment: str = ""


class CredentialExaminer:
    """Looks at credentials with every key that this platform has or had. Its thread is the caller's."""

    def __init__(self, keys: KeyRing, *, others: dict[str, RSAPrivateKey] | None = None) -> None:
        """``others`` are the private keys of other environments, by their names."""
        self._password_key = keys.derive(Purpose.PASSWORD_DIGEST)
        self._keys = [_Key(keys.private_key, Certificate.PRESENT)]
        if keys.previous is not None:
            replaced = keys.previous
            self._keys.append(_Key(replaced.private_key, Certificate.PREVIOUS, replaced.replaced_at))
        for name, private_key in (others or {}).items():
            self._keys.append(_Key(private_key, Certificate.OTHER, environment=name))

    def examine(self, doubt: Doubt) -> Finding:
        """The likeliest explanation: what holds the password in any form, else what holds a text at all."""
        found = list(self._trials(doubt))
        with_password = [each for each in found if each.content is not Content.ANOTHER]
        # Nothing is told of what another environment's key makes of a text that is not this initiator's
        # password: the sandbox would be an oracle for credentials that are worth something.
        with_text = [each for each in found if each.certificate is not Certificate.OTHER]
        return next(iter([*with_password, *with_text]), NOT_OURS)

    def _trials(self, doubt: Doubt) -> Iterator[Finding]:
        ciphertext = _decoded(doubt.credential)
        for key in self._keys:
            for name, padding in _PADDINGS:
                content = self._content(_opened(key.private_key, ciphertext, padding), doubt.password_digest)
                if content is not None:
                    yield Finding(
                        certificate=key.certificate,
                        padding=name,
                        content=content,
                        replaced_at=key.replaced_at,
                        environment=key.environment,
                    )

    def _content(self, plaintext: bytes, wanted: bytes) -> Content | None:
        """What the plaintext is to the password; ``None`` for what is no text."""
        fits = [
            content
            for content, password in _readings(plaintext)
            if compare_digest(password_digest(self._password_key, password), wanted)
        ]
        texts = [_is_text(plaintext.strip(_AROUND)), _is_text(_from_utf16(plaintext).strip(_AROUND))]
        return fits[0] if fits else (Content.ANOTHER if any(texts) else None)

    def __repr__(self) -> str:
        return f"CredentialExaminer({len(self._keys)} keys)"


def _decoded(credential: str) -> bytes:
    try:
        return base64.b64decode(credential, validate=True)
    except ValueError:
        return b""


def _opened(key: RSAPrivateKey, ciphertext: bytes, padding: AsymmetricPadding) -> bytes:
    """What the key makes of it; nothing where the library says that it cannot."""
    try:
        return key.decrypt(ciphertext, padding)
    except ValueError:
        return b""


def _is_text(plaintext: bytes) -> bool:
    return len(plaintext) >= SHORTEST_TEXT and plaintext.isascii() and plaintext.decode().isprintable()


def _readings(plaintext: bytes) -> Iterator[tuple[Content, bytes]]:
    """Every way in which the plaintext may stand for a password; always as many."""
    yield Content.PASSWORD, plaintext
    yield Content.SURROUNDED, plaintext.strip(_AROUND)
    yield Content.BASE64, _from_base64(plaintext).strip(_AROUND)
    yield Content.UTF16, _from_utf16(plaintext).strip(_AROUND)


def _from_base64(plaintext: bytes) -> bytes:
    try:
        return base64.b64decode(plaintext.strip(_AROUND), validate=True)
    except binascii.Error:
        return b""


def _from_utf16(plaintext: bytes) -> bytes:
    """With the mark that says the order of the bytes; without one as .NET and Java's clients write it."""
    marked = plaintext.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    looks_big = plaintext[:1] == b"\0"
    with suppress(UnicodeDecodeError):
        text = plaintext.decode("utf-16" if marked else "utf-16-be" if looks_big else "utf-16-le")
        return text.encode("utf-8", "replace")
    return b""
