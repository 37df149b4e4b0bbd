"""The key ring: made once, loaded ever after, refused when exposed or damaged."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_public_key,
)

from salio.vault.credentials import CredentialReader
from salio.vault.errors import KeyFileDamagedError, KeyFileError, KeyFileExposedError
from salio.vault.keys import CERTIFICATE_FILE, MASTER_SECRET_FILE, PRIVATE_KEY_FILE, KeyRing, Purpose
from tests.vault.samples import NOW, Seeded, encrypted


@pytest.fixture
def copy(keys: KeyRing, folder: Path) -> Path:
    """A copy of the ring's files, to be spoilt."""
    folder.mkdir(parents=True, mode=0o700)
    for file in keys.folder.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
        (folder / file.name).chmod(0o600)
    return folder


def opened(folder: Path) -> KeyRing:
    """The ring in a folder."""
    return KeyRing.open(folder, "sandbox", entropy=Seeded(3))


def test_files_are_for_their_owner_alone(keys: KeyRing) -> None:
    """Files 0600 in a folder 0700, and nothing else beside it."""
    modes = {path.name: path.stat().st_mode & 0o777 for path in keys.folder.iterdir()}
    assert modes == dict.fromkeys([CERTIFICATE_FILE, MASTER_SECRET_FILE, PRIVATE_KEY_FILE], 0o600)
    assert keys.folder.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in keys.folder.parent.iterdir()] == ["sandbox"]


def test_the_second_start_loads_what_the_first_made(keys: KeyRing) -> None:
    """Same certificate, same derived keys."""
    again = opened(keys.folder)
    assert again.certificate_pem == keys.certificate_pem
    assert [again.derive(purpose) for purpose in Purpose] == [keys.derive(purpose) for purpose in Purpose]


def test_each_purpose_has_its_own_key(keys: KeyRing, other_keys: KeyRing) -> None:
    """No two purposes, and no two rings, share a key of 32 bytes."""
    derived = {ring.derive(purpose) for ring in (keys, other_keys) for purpose in Purpose}
    assert len(derived) == 2 * len(Purpose)
    assert {len(key) for key in derived} == {32}


def test_the_same_seed_derives_the_same_keys(keys: KeyRing, folder: Path) -> None:
    """A seeded platform's tokens and secrets repeat, though its RSA key cannot."""
    twin = KeyRing.open(folder, "sandbox", entropy=Seeded(1))
    assert twin.derive(Purpose.TOKEN_MAC) == keys.derive(Purpose.TOKEN_MAC)
    assert twin.public_key_pem != keys.public_key_pem


def test_the_certificate_is_what_clients_expect(keys: KeyRing) -> None:
    """RSA of 2048 bits with exponent 65537, self-signed, named after its environment, long valid."""
    certificate = x509.load_pem_x509_certificate(keys.certificate_path.read_bytes())
    numbers = keys.private_key.public_key().public_numbers()
    certificate.verify_directly_issued_by(certificate)
    assert certificate.subject.rfc4514_string() == "CN=Salio sandbox"
    assert (numbers.e, numbers.n.bit_length()) == (65537, 2048)
    assert certificate.not_valid_before_utc == datetime(2017, 1, 1, tzinfo=UTC)
    assert certificate.not_valid_after_utc == datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert x509.load_der_x509_certificate(keys.certificate_der) == certificate
    assert load_pem_public_key(keys.public_key_pem) == certificate.public_key()


@pytest.mark.parametrize("name", [PRIVATE_KEY_FILE, MASTER_SECRET_FILE])
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644, 0o666], ids=oct)
def test_a_secret_that_others_can_reach_is_refused(copy: Path, name: str, mode: int) -> None:
    """The error names file, mode and remedy."""
    (copy / name).chmod(mode)
    with pytest.raises(KeyFileExposedError, match=f"{name} has mode {mode:04o}.*chmod 600"):
        opened(copy)


def test_a_folder_that_others_can_write_to_is_refused(copy: Path) -> None:
    """Whoever writes to the folder can exchange the keys."""
    copy.chmod(0o770)
    with pytest.raises(KeyFileExposedError, match=r"sandbox has mode 0770.*chmod 700"):
        opened(copy)


def test_a_certificate_that_others_can_read_is_fine(copy: Path) -> None:
    """It is made to be handed out."""
    (copy / CERTIFICATE_FILE).chmod(0o644)
    assert opened(copy).certificate_path.exists()


def _pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


DAMAGES: dict[str, tuple[str, Callable[[bytes], bytes | None], str]] = {
    "key missing": (PRIVATE_KEY_FILE, lambda _: None, "is missing"),
    "key empty": (PRIVATE_KEY_FILE, lambda _: b"", "no private key"),
    "key cut": (PRIVATE_KEY_FILE, lambda was: was[:900], "no private key"),
    "key changed": (PRIVATE_KEY_FILE, lambda was: was[:900] + b"AAAA" + was[904:], "no private key"),
    "key of another kind": (
        PRIVATE_KEY_FILE,
        lambda _: _pem(ec.generate_private_key(ec.SECP256R1())),
        "another key",
    ),
    "key of another size": (
        PRIVATE_KEY_FILE,
        lambda _: _pem(rsa.generate_private_key(65537, 2056)),
        "another key",
    ),
    "key exchanged": (
        PRIVATE_KEY_FILE,
        lambda _: _pem(rsa.generate_private_key(65537, 2048)),
        "is the certificate of another private key",
    ),
    "certificate missing": (CERTIFICATE_FILE, lambda _: None, "is missing"),
    "certificate empty": (CERTIFICATE_FILE, lambda _: b"", "no certificate"),
    "certificate cut": (CERTIFICATE_FILE, lambda was: was[:300], "no certificate"),
    "secret missing": (MASTER_SECRET_FILE, lambda _: None, "is missing"),
    "secret empty": (MASTER_SECRET_FILE, lambda _: b"", "does not hold the secret"),
    "secret cut": (MASTER_SECRET_FILE, lambda was: was[:-2], "does not hold the secret"),
    "secret longer": (MASTER_SECRET_FILE, lambda was: was + b"\n", "does not hold the secret"),
    "secret changed": (
        MASTER_SECRET_FILE,
        lambda was: (b"1" if was[:1] == b"0" else b"0") + was[1:],
        "does not hold the secret",
    ),
    "secret of bytes": (MASTER_SECRET_FILE, lambda _: b"\xff" * 82, "does not hold the secret"),
}


@pytest.mark.parametrize(("name", "damage", "what"), DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_file_is_refused(
    copy: Path, name: str, damage: Callable[[bytes], bytes | None], what: str
) -> None:
    """The error names the file, says what is wrong and what to do; nothing is made anew over it."""
    content = damage((copy / name).read_bytes())
    if content is None:
        (copy / name).unlink()
    else:
        (copy / name).write_bytes(content)
    with pytest.raises(KeyFileDamagedError, match=rf"The key file .* {what}.*from a backup"):
        opened(copy)


def test_a_file_in_the_folders_place_is_refused(folder: Path) -> None:
    """A named error, not a stack trace."""
    folder.parent.mkdir()
    folder.write_text("")
    with pytest.raises(KeyFileError, match="cannot be read"):
        opened(folder)


START = """
import os, sys
from pathlib import Path
from salio.vault.keys import KeyRing, Purpose
sys.stdin.readline()
ring = KeyRing.open(Path(sys.argv[1]), "sandbox", entropy=os.urandom)
print(ring.derive(Purpose.TOKEN_MAC).hex(), ring.certificate_der.hex())
"""


@pytest.mark.slow
def test_processes_that_start_at_once_share_one_ring(folder: Path) -> None:
    """All wait at the same line; one makes the keys and every one loads the same."""
    command = [sys.executable, "-c", START, str(folder)]
    pipe = subprocess.PIPE
    processes = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(4)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    printed = {process.communicate(timeout=60)[0] for process in processes}
    assert [process.returncode for process in processes] == [0] * 4
    assert len(printed) == 1
    assert [path.name for path in folder.parent.iterdir()] == ["sandbox"]


# --- renewal ---------------------------------------------------------------------------------------------


def made_for(ring: KeyRing) -> str:
    """A credential made with the ring's present certificate."""
    return encrypted(ring, b"a password")


def reads(ring: KeyRing, credential: str) -> bool:
    """Whether the ring decides by the key that the credential was made for."""
    reader = CredentialReader(ring, entropy=Seeded(4))
    return reader.open_credential(credential).digest == reader.digest("a password")


def test_a_renewal_exchanges_key_and_certificate(copy: Path) -> None:
    """The old key is kept as the previous one and decides nothing; what is derived stays; nothing else lies
    about.
    """
    before = opened(copy)
    before.renew("sandbox", entropy=Seeded(5), at=NOW)
    after = opened(copy)
    assert after.certificate_pem != before.certificate_pem
    assert after.previous is not None
    assert after.previous.private_key.private_numbers() == before.private_key.private_numbers()
    assert after.previous.replaced_at == NOW
    assert [after.derive(each) for each in Purpose] == [before.derive(each) for each in Purpose]
    assert (reads(after, made_for(after)), reads(after, made_for(before))) == (True, False)
    modes = {path.name: path.stat().st_mode & 0o777 for path in copy.iterdir()}
    assert modes == dict.fromkeys([CERTIFICATE_FILE, MASTER_SECRET_FILE, PRIVATE_KEY_FILE], 0o600)
    subject = x509.load_pem_x509_certificate(after.certificate_path.read_bytes()).subject
    assert subject.rfc4514_string() == "CN=Salio sandbox"


def test_the_second_renewal_drops_the_first_key(copy: Path) -> None:
    """One previous key is known; those before it are forgotten as soon as they are two renewals old."""
    rings = []
    for _ in range(3):
        rings.append(opened(copy))
        rings[-1].renew("sandbox", entropy=Seeded(6), at=NOW)
    last = opened(copy)
    assert last.previous is not None
    assert last.previous.private_key.private_numbers() == rings[2].private_key.private_numbers()
    assert (copy / PRIVATE_KEY_FILE).read_bytes().count(b"BEGIN PRIVATE KEY") == 3


def test_a_ring_that_was_never_renewed_has_no_previous_key(keys: KeyRing) -> None:
    """Nor one whose key file others wrote."""
    assert keys.previous is None


RENEW = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from salio.vault.keys import KeyRing

folder, left = Path(sys.argv[1]), int(sys.argv[2])
ring = KeyRing.load(folder)

def look(event, arguments):
    global left
    if event in ("open", "os.rename", "tempfile.mkstemp", "os.remove") and str(folder) in str(arguments):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(look)
ring.renew("sandbox", entropy=os.urandom, at=datetime(2026, 3, 14, tzinfo=UTC))
"""


@pytest.mark.slow
def test_a_renewal_that_is_killed_leaves_the_old_or_the_new(copy: Path, tmp_path: Path) -> None:
    """Killed before each step on the folder in turn: one whole ring, and the old key is known in any case."""
    old = opened(copy)
    ends = []
    for steps in range(40):
        folder = tmp_path / str(steps) / "sandbox"
        shutil.copytree(copy, folder)
        command = [sys.executable, "-c", RENEW, str(folder), str(steps)]
        ended = subprocess.run(command, check=False)
        left = opened(folder)
        known = [left.private_key, *([left.previous.private_key] if left.previous is not None else [])]
        assert old.private_key.private_numbers() in [each.private_numbers() for each in known]
        assert reads(left, made_for(left))
        ends.append(left.previous is not None)
        opened(folder).renew("sandbox", entropy=Seeded(7), at=NOW)
        assert opened(folder).previous is not None
        if ended.returncode == 0:
            break
    assert ends == sorted(ends)
    assert (ends[0], ends[-1]) == (False, True)
