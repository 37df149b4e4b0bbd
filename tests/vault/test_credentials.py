"""SecurityCredentials: right ones match, and whatever is wrong looks like every other wrong one."""

import base64
import os
import string
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from hypothesis import given
from hypothesis import strategies as st

from salio.core.ports import Vault
from salio.vault.credentials import CredentialReader
from salio.vault.keys import KeyRing
from tests.vault.samples import PASSWORD, Seeded, encrypted, operator, raised

PRINTABLE = string.digits + string.ascii_letters + string.punctuation + " "


@pytest.fixture(scope="module")
def reader(keys: KeyRing) -> CredentialReader:
    """A reader that remembers nothing unless told."""
    return CredentialReader(keys, entropy=Seeded(4))


class CountingKey:
    """Stands before the private key and counts decryptions."""

    def __init__(self, key: RSAPrivateKey) -> None:
        self._key = key
        self.decryptions = 0

    def decrypt(self, ciphertext: bytes, padding: PKCS1v15) -> bytes:
        """As the key does."""
        self.decryptions += 1
        return self._key.decrypt(ciphertext, padding)


@pytest.fixture
def counted(
    keys: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[CredentialReader, CountingKey]]:
    """Makes a reader whose decryptions are counted."""

    def make(*, remember_ciphertexts: bool = True) -> tuple[CredentialReader, CountingKey]:
        made = CredentialReader(keys, entropy=Seeded(5), remember_ciphertexts=remember_ciphertexts)
        key = CountingKey(keys.private_key)
        monkeypatch.setattr(made, "_private_key", key)
        return made, key

    return make


def test_the_reader_fits_the_cores_port(reader: CredentialReader) -> None:
    """The type checker proves it."""
    vault: Vault = reader
    assert vault is reader


@given(password=st.text(PRINTABLE, min_size=1, max_size=245))
def test_a_password_comes_back(keys: KeyRing, reader: CredentialReader, password: str) -> None:
    """Whatever is printable ASCII and fits matches its digest and no other."""
    presented = reader.open_credential(encrypted(keys, password.encode()))
    assert (presented.digest, presented.readable) == (reader.digest(password), True)
    assert presented.digest != reader.digest(password + "x")


@given(plaintext=st.binary(max_size=245))
def test_the_digest_is_of_the_bytes_as_they_are(
    keys: KeyRing, reader: CredentialReader, plaintext: bytes
) -> None:
    """Readable or not, equal bytes have equal digests (I21); text counts only if all of it is printable."""
    first, second = (reader.open_credential(encrypted(keys, plaintext)) for _ in range(2))
    assert first == second
    assert first.readable == (bool(plaintext) and all(0x20 <= byte < 0x7F for byte in plaintext))


UNREADABLE = {
    "empty": b"",
    "a newline at the end": b"Safaricom999!*!\n",
    "a zero at the end": b"Safaricom999!*!\0",
    "tab": b"a\tb",
    "delete": b"a\x7f",
    "latin-1": b"caf\xe9",
    "utf-8": "café".encode(),
}


@pytest.mark.parametrize("plaintext", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_is_not_printable_ascii_is_unreadable(
    keys: KeyRing, reader: CredentialReader, plaintext: bytes
) -> None:
    """And is no other's digest: filling up to one length adds nothing to confuse."""
    presented = reader.open_credential(encrypted(keys, plaintext))
    assert not presented.readable
    assert presented.digest != reader.digest(PASSWORD)


@pytest.mark.parametrize("other", [PASSWORD + " ", PASSWORD + " " * 20, PASSWORD.ljust(245), " " + PASSWORD])
def test_spaces_are_part_of_the_password(keys: KeyRing, reader: CredentialReader, other: str) -> None:
    """What fills a password up to one length is not taken for the password's own."""
    assert reader.open_credential(encrypted(keys, other.encode())).digest == reader.digest(other)
    assert reader.digest(other) != reader.digest(PASSWORD)


def test_a_base64_of_the_password_is_not_the_password(keys: KeyRing, reader: CredentialReader) -> None:
    """Rulings, Requests: the password's bytes, not their base64; taking both would double the guesses."""
    twice = encrypted(keys, base64.b64encode(PASSWORD.encode()))
    assert reader.open_credential(twice).digest != reader.digest(PASSWORD)


PADDING = b"\x5a" * 300
MESSAGE = PASSWORD.encode()
RIGHT_LENGTH = 256 - 3 - len(MESSAGE)

MALFORMED = {
    "type 0": b"\0\0" + PADDING[:RIGHT_LENGTH] + b"\0" + MESSAGE,
    "type 1": b"\0\1" + PADDING[:RIGHT_LENGTH] + b"\0" + MESSAGE,
    "type 3": b"\0\3" + PADDING[:RIGHT_LENGTH] + b"\0" + MESSAGE,
    "type 255": b"\0\xff" + PADDING[:RIGHT_LENGTH] + b"\0" + MESSAGE,
    "first byte 1": b"\1\2" + PADDING[:RIGHT_LENGTH] + b"\0" + MESSAGE,
    "no padding": b"\0\2\0" + PADDING[: 256 - 3 - len(MESSAGE)] + MESSAGE,
    "padding of 7": b"\0\2" + PADDING[:7] + b"\0" + PADDING[: 256 - 10 - len(MESSAGE)] + MESSAGE,
    "zero as second byte of padding": b"\0\2\x5a\0" + PADDING[: 256 - 4 - len(MESSAGE)] + MESSAGE,
    "no zero at all": b"\0\2" + PADDING[:254],
    "message right-aligned without padding": bytes(256 - len(MESSAGE)) + MESSAGE,
    "all zero": bytes(256),
    "one": bytes(255) + b"\1",
    "all ones below the modulus": b"\0" + b"\xff" * 255,
}


@pytest.mark.parametrize("block", MALFORMED.values(), ids=MALFORMED.keys())
def test_a14_i21_a_malformed_block_is_one_wrong_password_like_any_other(
    keys: KeyRing, reader: CredentialReader, block: bytes
) -> None:
    """A14, I21: no exception, a digest of the usual size that is nobody's, the same each time."""
    assert len(block) == 256
    credential = raised(keys, block)
    presented = reader.open_credential(credential)
    assert presented == reader.open_credential(credential)
    assert len(presented.digest) == len(reader.digest(PASSWORD))
    assert presented.digest != reader.digest(PASSWORD)


def test_the_shortest_padding_allowed_is_right(keys: KeyRing, reader: CredentialReader) -> None:
    """Eight bytes (RFC 8017, 7.2.1): the malformed blocks above fail for their fault, not by our raw RSA."""
    block = b"\0\2" + PADDING[:8] + b"\0" + b"x" * 245
    assert reader.open_credential(raised(keys, block)).digest == reader.digest("x" * 245)


def _modulus(keys: KeyRing) -> int:
    return keys.private_key.public_key().public_numbers().n


ODD: dict[str, Callable[[KeyRing], str]] = {
    "empty": lambda _: "",
    "not base64": lambda _: "!" * 344,
    "url-safe base64": lambda _: "-_" * 172,
    "spaces": lambda keys: " " + encrypted(keys, MESSAGE),
    "cut": lambda keys: encrypted(keys, MESSAGE)[:-4],
    "one byte short": lambda _: base64.b64encode(bytes(255)).decode(),
    "one byte long": lambda _: base64.b64encode(bytes(257)).decode(),
    "the modulus": lambda keys: base64.b64encode(_modulus(keys).to_bytes(256)).decode(),
    "above the modulus": lambda _: base64.b64encode(b"\xff" * 256).decode(),
    "not ascii": lambda _: "é" * 344,
    "lone surrogate": lambda _: "\ud800",
    "zero byte": lambda _: "\0",
}


@pytest.mark.parametrize("make", ODD.values(), ids=ODD.keys())
def test_i21_an_odd_shape_is_unreadable_noise(
    keys: KeyRing, reader: CredentialReader, make: Callable[[KeyRing], str]
) -> None:
    """The gateway refuses these; should one come through, it is a wrong password too."""
    credential = make(keys)
    presented = reader.open_credential(credential)
    assert presented == reader.open_credential(credential)
    assert (len(presented.digest), presented.readable) == (32, False)
    assert presented.digest != reader.digest(credential.encode("utf-8", "replace").decode())


@given(
    garbage=st.one_of(
        st.text(), st.binary(min_size=256, max_size=256).map(base64.b64encode).map(bytes.decode)
    )
)
def test_a14_garbage_never_raises(reader: CredentialReader, garbage: str) -> None:
    """A14: any text at all has an answer of one size."""
    assert len(reader.open_credential(garbage).digest) == 32


def test_a_credential_for_other_keys_matches_nobody(
    keys: KeyRing, other_keys: KeyRing, reader: CredentialReader
) -> None:
    """Rulings, Requests: made with a certificate that is not ours, it is noise."""
    foreign = reader.open_credential(encrypted(other_keys, MESSAGE))
    assert foreign.digest != reader.digest(PASSWORD)


def test_digests_depend_on_the_key_file(keys: KeyRing, other_keys: KeyRing, reader: CredentialReader) -> None:
    """A stolen database without its key file cannot be guessed at; the same files digest alike."""
    stranger = CredentialReader(other_keys, entropy=Seeded(4))
    twin = CredentialReader(keys, entropy=Seeded(6))
    assert stranger.digest(PASSWORD) != reader.digest(PASSWORD) == twin.digest(PASSWORD)


Counted = Callable[..., tuple[CredentialReader, CountingKey]]


def test_what_is_remembered_is_not_decrypted_again(keys: KeyRing, counted: Counted) -> None:
    """The answer is the same."""
    reader, key = counted()
    credential = encrypted(keys, MESSAGE)
    first = reader.open_credential(credential)
    reader.remember(credential, operator(1))
    assert [reader.open_credential(credential) for _ in range(3)] == [first] * 3
    assert key.decryptions == 1


def test_what_was_never_right_is_decrypted_each_time(keys: KeyRing, counted: Counted) -> None:
    """Opening alone remembers nothing."""
    reader, key = counted()
    credential = encrypted(keys, b"wrong")
    for _ in range(3):
        reader.open_credential(credential)
    assert key.decryptions == 3


@pytest.mark.parametrize("make", ODD.values(), ids=ODD.keys())
def test_a14_whatever_it_is_there_is_one_decryption(
    keys: KeyRing, counted: Counted, make: Callable[[KeyRing], str]
) -> None:
    """A14: what could not even be decrypted takes the time of a decryption all the same."""
    reader, key = counted()
    reader.open_credential(make(keys))
    assert key.decryptions == 1


def test_a_forgotten_operator_is_decrypted_again(keys: KeyRing, counted: Counted) -> None:
    """Password, lock or roles changed; another operator's memory stays."""
    reader, key = counted()
    credentials = [encrypted(keys, MESSAGE) for _ in range(2)]
    for number, credential in enumerate(credentials):
        reader.open_credential(credential)
        reader.remember(credential, operator(number))
    reader.forget(operator(0))
    for credential in credentials:
        reader.open_credential(credential)
    assert key.decryptions == 3


@pytest.mark.parametrize("between", ["another opened", "operator forgotten"])
def test_only_what_was_opened_last_is_remembered(keys: KeyRing, counted: Counted, between: str) -> None:
    """What a ciphertext holds is known only just after it was opened."""
    reader, key = counted()
    credential = encrypted(keys, MESSAGE)
    reader.open_credential(credential)
    if between == "another opened":
        reader.open_credential("x")
    else:
        reader.forget(operator(1))
    reader.remember(credential, operator(1))
    before = key.decryptions
    reader.open_credential(credential)
    assert key.decryptions == before + 1


def test_the_memory_can_be_switched_off(keys: KeyRing, counted: Counted) -> None:
    """For the benchmark with a fresh ciphertext on every request."""
    reader, key = counted(remember_ciphertexts=False)
    credential = encrypted(keys, MESSAGE)
    for _ in range(2):
        reader.open_credential(credential)
        reader.remember(credential, operator(1))
    assert key.decryptions == 2


def test_the_reader_tests_its_own_library(reader: CredentialReader) -> None:
    """It may be used here."""
    reader.self_test()


def test_noise_is_readable_about_once_in_four_hundred(reader: CredentialReader) -> None:
    """What `--foreign-credentials trust` leaves out: short noise that happens to be text."""
    noises = (base64.b64encode(b"\0" + os.urandom(255)).decode() for _ in range(500))
    assert sum(reader.open_credential(noise).readable for noise in noises) < 15
