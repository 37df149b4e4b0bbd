"""The second look at a credential: each way to make a wrong one is told from the others."""

import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import cast

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP, AsymmetricPadding, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256

from salio.core.requests.findings import NOT_OURS, Certificate, Content, Doubt, Finding, Padding
from salio.vault.credentials import CredentialReader
from salio.vault.keys import KeyRing
from salio.vault.padding import bad_ciphertexts
from salio.vault.second_look import CredentialExaminer
from tests.proof import proof_count
from tests.vault.samples import PASSWORD, Seeded

RENEWED_AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def renewed(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    """A ring with a previous key."""
    folder = tmp_path_factory.mktemp("data") / "keys" / "sandbox"
    KeyRing.open(folder, "sandbox", entropy=Seeded(1)).renew("sandbox", entropy=Seeded(2), at=RENEWED_AT)
    return KeyRing.load(folder)


@pytest.fixture(scope="module")
def examiner(renewed: KeyRing, other_keys: KeyRing) -> CredentialExaminer:
    """Of a platform that has a previous key, and whose other environment is ``other_keys``."""
    return CredentialExaminer(renewed, others={"production": other_keys.private_key})


def made(key: RSAPrivateKey, content: bytes, padding: AsymmetricPadding | None = None) -> str:
    """A credential as some client makes it."""
    return base64.b64encode(key.public_key().encrypt(content, padding or PKCS1v15())).decode()


def doubt(keys: KeyRing, credential: str, password: str = PASSWORD) -> Doubt:
    """As the decision leaves it: the credential, and the digest of the initiator's password."""
    return Doubt(credential, CredentialReader(keys, entropy=Seeded(9)).digest(password))


CONTENTS: dict[str, tuple[Callable[[bytes], bytes], Content]] = {
    "the password": (lambda word: word, Content.PASSWORD),
    "its base64": (base64.b64encode, Content.BASE64),
    "its base64 with a line's end": (lambda word: base64.b64encode(word) + b"\n", Content.BASE64),
    "the base64 of it and a line's end": (lambda word: base64.b64encode(word + b"\n"), Content.BASE64),
    "with a line's end": (lambda word: word + b"\n", Content.SURROUNDED),
    "with a line's end of Windows": (lambda word: word + b"\r\n", Content.SURROUNDED),
    "with spaces": (lambda word: b" " + word + b"\t", Content.SURROUNDED),
    "with C's zero byte": (lambda word: word + b"\0", Content.SURROUNDED),
    "in UTF-16 with its mark": (lambda word: word.decode().encode("utf-16"), Content.UTF16),
    "in UTF-16, little end first": (lambda word: word.decode().encode("utf-16-le"), Content.UTF16),
    "in UTF-16, big end first": (lambda word: word.decode().encode("utf-16-be"), Content.UTF16),
    "another text": (lambda word: word[::-1], Content.ANOTHER),
    "another text with a line's end": (lambda word: word[::-1] + b"\n", Content.ANOTHER),
    "another text in UTF-16": (lambda word: word[::-1].decode().encode("utf-16-le"), Content.ANOTHER),
    "the base64 of another text": (lambda word: base64.b64encode(word[::-1]), Content.ANOTHER),
}
_SHA1 = SHA1()  # noqa: S303 - what clients do by mistake
PADDINGS: dict[str, tuple[AsymmetricPadding, Padding]] = {
    "PKCS #1 v1.5": (PKCS1v15(), Padding.PKCS1_V15),
    "OAEP": (OAEP(MGF1(_SHA1), _SHA1, None), Padding.OAEP_SHA1),
    "OAEP with SHA-256": (OAEP(MGF1(SHA256()), SHA256(), None), Padding.OAEP_SHA256),
    "OAEP as Java's default has it": (OAEP(MGF1(_SHA1), SHA256(), None), Padding.OAEP_SHA256),
}
CERTIFICATES = (Certificate.PRESENT, Certificate.PREVIOUS, Certificate.OTHER)
EVERY_CLASS = [
    pytest.param(certificate, *padding, *content, id=f"{certificate.name.lower()}, {how}, {what}")
    for certificate, (how, padding), (what, content) in product(
        CERTIFICATES, PADDINGS.items(), CONTENTS.items()
    )
    if (certificate, how, what) != (Certificate.PRESENT, "PKCS #1 v1.5", "the password")
]
"""All but the right one, which nobody looks at."""


@pytest.mark.parametrize(("certificate", "padding", "name", "form", "content"), EVERY_CLASS)
def test_every_way_to_make_one(
    renewed: KeyRing,
    other_keys: KeyRing,
    examiner: CredentialExaminer,
    certificate: Certificate,
    padding: AsymmetricPadding,
    name: Padding,
    form: Callable[[bytes], bytes],
    content: Content,
) -> None:
    """Certificate, padding and content are each found out, alone and together.

    But of the other environment's key nothing is told unless the initiator's own password is in it.
    """
    assert renewed.previous is not None
    key = {
        Certificate.PRESENT: renewed.private_key,
        Certificate.PREVIOUS: renewed.previous.private_key,
        Certificate.OTHER: other_keys.private_key,
    }[certificate]
    found = examiner.examine(doubt(renewed, made(key, form(PASSWORD.encode()), padding)))
    is_previous, is_other = certificate is Certificate.PREVIOUS, certificate is Certificate.OTHER
    expected = Finding(
        certificate=certificate,
        padding=name,
        content=content,
        replaced_at=RENEWED_AT if is_previous else None,
        environment="production" if is_other else "",
    )
    assert found == (NOT_OURS if is_other and content is Content.ANOTHER else expected)


def test_a_password_in_another_script(renewed: KeyRing, examiner: CredentialExaminer) -> None:
    """Its UTF-8 bytes are what counts; in UTF-16 or base64 it is found out like any other."""
    word = "Ñandú-9999"
    for form, content in (
        (word.encode("utf-16"), Content.UTF16),
        (base64.b64encode(word.encode()), Content.BASE64),
    ):
        found = examiner.examine(doubt(renewed, made(renewed.private_key, form), word))
        assert found == Finding(certificate=Certificate.PRESENT, content=content)


STRANGE = {
    "no base64": lambda _: "!",
    "nothing": lambda _: "",
    "another script": lambda _: "\udce9",
    "another length": lambda _: base64.b64encode(b"x" * 128).decode(),
    "above the modulus": lambda _: base64.b64encode(b"\xff" * 256).decode(),
    "zero": lambda _: base64.b64encode(bytes(256)).decode(),
    "a text too short to be sure of": lambda key: made(key, b"abc"),
    "nothing inside": lambda key: made(key, b""),
    "bytes": lambda key: made(key, bytes(range(128, 160))),
}


@pytest.mark.parametrize("credential", STRANGE.values(), ids=STRANGE.keys())
def test_what_nobody_can_read(
    renewed: KeyRing, examiner: CredentialExaminer, credential: Callable[[RSAPrivateKey], str]
) -> None:
    """Is not made with any certificate of this platform; nothing raises."""
    assert examiner.examine(doubt(renewed, credential(renewed.private_key))) == NOT_OURS


def test_malformed_blocks_are_nobodys(renewed: KeyRing, examiner: CredentialExaminer) -> None:
    """What the self-test makes, under the present key and Safaricom's alike."""
    for kind, ciphertext in bad_ciphertexts(renewed.private_key.public_key()):
        credential = base64.b64encode(ciphertext).decode()
        assert examiner.examine(doubt(renewed, credential)) == NOT_OURS, kind


def test_strangers_are_not_taken_for_ours(keys: KeyRing, other_keys: KeyRing) -> None:
    """Noise is hardly ever legible for six bytes: once in some 50,000, and none of these."""
    count = proof_count(small=100, large=20_000)
    examiner = CredentialExaminer(keys)
    taken = [
        found
        for _ in range(count)
        if (found := examiner.examine(doubt(keys, made(other_keys.private_key, PASSWORD.encode()))))
        != NOT_OURS
    ]
    assert len(taken) <= count // 4_000


def test_a_short_password_is_found_in_any_form(keys: KeyRing) -> None:
    """Only another text has to be long enough: the initiator's own is known by its digest."""
    examiner = CredentialExaminer(keys)
    found = examiner.examine(doubt(keys, made(keys.private_key, b"abc\n"), "abc"))
    assert found == Finding(certificate=Certificate.PRESENT, content=Content.SURROUNDED)


def test_a_ring_without_other_keys(keys: KeyRing, other_keys: KeyRing) -> None:
    """Before a renewal and without production there is one key to try."""
    examiner = CredentialExaminer(keys)
    assert examiner.examine(doubt(keys, made(other_keys.private_key, PASSWORD.encode()))) == NOT_OURS
    assert repr(examiner) == "CredentialExaminer(1 keys)"


class Counting:
    """A private key that counts what it is given to decrypt, and goes on to the real one."""

    def __init__(self, key: RSAPrivateKey) -> None:
        self.key = key
        self.tried: list[AsymmetricPadding] = []

    def decrypt(self, ciphertext: bytes, padding: AsymmetricPadding) -> bytes:
        """Once more."""
        self.tried.append(padding)
        return self.key.decrypt(ciphertext, padding)


def test_every_look_tries_everything(renewed: KeyRing, other_keys: KeyRing) -> None:
    """Also the last key and every padding, whether the first trial found it out or none did."""
    for credential in (
        made(renewed.private_key, b"another text"),
        made(other_keys.private_key, PASSWORD.encode()),
        made(other_keys.private_key, PASSWORD.encode(), PADDINGS["OAEP"][0]),
        "A" * 342 + "==",
    ):
        last = Counting(other_keys.private_key)
        examiner = CredentialExaminer(renewed, others={"production": cast("RSAPrivateKey", last)})
        examiner.examine(doubt(renewed, credential))
        assert len(last.tried) == len(PADDINGS)


def test_nothing_of_the_content_leaves(renewed: KeyRing, examiner: CredentialExaminer) -> None:
    """A finding is made of names: no part of the plaintext is in it."""
    found = examiner.examine(doubt(renewed, made(renewed.private_key, b"canary-in-a-credential")))
    assert not re.search("canary", repr(found))
    assert "canary" not in repr(examiner)


def test_the_decision_goes_on_with_the_present_key_alone(renewed: KeyRing) -> None:
    """To the reader a credential of the previous certificate is noise."""
    assert renewed.previous is not None
    reader = CredentialReader(renewed, entropy=Seeded(9))
    old = reader.open_credential(made(renewed.previous.private_key, PASSWORD.encode()))
    new = reader.open_credential(made(renewed.private_key, PASSWORD.encode()))
    assert (old.digest == reader.digest(PASSWORD), new.digest == reader.digest(PASSWORD)) == (False, True)


def test_the_folder_of_other_keys_is_never_made(tmp_path: Path) -> None:
    """Loading is not opening: a ring that is not there is not made."""
    with pytest.raises(Exception, match="is missing"):
        KeyRing.load(tmp_path / "production")
    assert list(tmp_path.iterdir()) == []
