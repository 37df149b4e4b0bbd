"""The self-test refuses every library that would be a padding oracle."""

import base64
import os
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from salio.vault.errors import UnsafeCryptographyError
from salio.vault.keys import KeyRing
from salio.vault.padding import BAD_CIPHERTEXTS, bad_ciphertexts, check_padding
from tests.vault.samples import encrypted

Decrypt = Callable[[bytes], bytes]


def honest(keys: KeyRing) -> Decrypt:
    """What the installed library does."""
    return lambda ciphertext: keys.private_key.decrypt(ciphertext, PKCS1v15())


def changed(keys: KeyRing, answer: Callable[[bytes], bytes]) -> Decrypt:
    """A library that does something else with bad ciphertexts: the noise of the right one is changed."""
    bad = {ciphertext for _, ciphertext in bad_ciphertexts(keys.private_key.public_key())}
    right = honest(keys)
    return lambda ciphertext: answer(right(ciphertext)) if ciphertext in bad else right(ciphertext)


def raising(_noise: bytes) -> bytes:
    """What OpenSSL before 3.2 did."""
    raise ValueError("Encryption/decryption failed.")


def test_the_installed_library_is_safe(keys: KeyRing) -> None:
    """The platform may start."""
    check_padding(honest(keys), keys.private_key.public_key())


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        pytest.param(raising, "a ciphertext raised ValueError", id="raises"),
        pytest.param(lambda _: os.urandom(16), "two different answers", id="wavers"),
        pytest.param(lambda _: b"Salio self-test", "was taken for a right one", id="does-not-check"),
    ],
)
def test_an_unsafe_library_is_refused(keys: KeyRing, answer: Callable[[bytes], bytes], what: str) -> None:
    """The error names library, version, what it did and what to do."""
    with pytest.raises(UnsafeCryptographyError, match=rf"cryptography \d.*OpenSSL.*{what}.*Install"):
        check_padding(changed(keys, answer), keys.private_key.public_key())


def test_a_library_that_cannot_decrypt_is_refused(keys: KeyRing) -> None:
    """Not even its own."""
    with pytest.raises(UnsafeCryptographyError, match="did not decrypt what it had encrypted"):
        check_padding(lambda _: b"", keys.private_key.public_key())


def test_the_bad_ciphertexts_are_bad_and_cover_every_kind(keys: KeyRing) -> None:
    """64 different ones (but for those of nothing), of eight kinds, whose blocks are really malformed."""
    found = list(bad_ciphertexts(keys.private_key.public_key()))
    assert len(found) == BAD_CIPHERTEXTS
    assert len({kind for kind, _ in found}) == 8
    assert len({ciphertext for _, ciphertext in found}) >= BAD_CIPHERTEXTS - 7
    assert [kind for kind, ciphertext in found if _is_well_formed(keys, ciphertext)] == []


def test_well_formed_blocks_are_told_apart(keys: KeyRing) -> None:
    """The measure of the test above sees a right one."""
    assert _is_well_formed(keys, base64.b64decode(encrypted(keys, b"x")))


def _is_well_formed(keys: KeyRing, ciphertext: bytes) -> bool:
    """RFC 8017, 7.2.2, step 3, by raw RSA."""
    numbers = keys.private_key.private_numbers()
    block = pow(int.from_bytes(ciphertext), numbers.d, numbers.public_numbers.n).to_bytes(256)
    return block[:2] == b"\0\2" and block.find(b"\0", 2) >= 10
