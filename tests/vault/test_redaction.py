"""P6: no object of the vault, and none of its errors, shows a secret."""

from pathlib import Path

import pytest

from salio.vault.app_secrets import AppSecrets
from salio.vault.credentials import CredentialReader
from salio.vault.errors import SealBrokenError, VaultError
from salio.vault.keys import MASTER_SECRET_FILE, PRIVATE_KEY_FILE, KeyRing, Purpose
from salio.vault.memory import CiphertextMemory
from salio.vault.tokens import TokenMint
from tests.vault.samples import NOW, Seeded, encrypted, operator

CANARY = "Canary-2f9c!"


def canaries(keys: KeyRing, *more: str) -> set[str]:
    """Everything that must not be seen, in the forms in which it might be."""
    secrets = [keys.derive(purpose) for purpose in Purpose]
    secrets += [CANARY.encode(), (keys.folder / MASTER_SECRET_FILE).read_bytes()[:64]]
    secrets += (keys.folder / PRIVATE_KEY_FILE).read_bytes().splitlines()[1:3]
    texts = {secret.decode("latin-1") for secret in secrets} | {secret.hex() for secret in secrets}
    return texts | {repr(secret) for secret in secrets} | set(more)


def test_no_object_shows_a_secret(keys: KeyRing) -> None:
    """repr, str and format of everything, after secrets have gone through it."""
    reader = CredentialReader(keys, entropy=Seeded(13))
    mint = TokenMint(keys, entropy=Seeded(13))
    secrets = AppSecrets(keys, entropy=Seeded(13))
    memory = CiphertextMemory(CANARY.encode(), 1)
    credential, token, secret = encrypted(keys, CANARY.encode()), mint.issue(1, NOW), CANARY
    presented = reader.open_credential(credential)
    reader.remember(credential, operator(1))
    mint.read(token)
    secrets.unseal_secret(secrets.seal_secret(secret))
    shown = " ".join(f"{each!r} {each!s} {each}" for each in (keys, reader, mint, secrets, memory, presented))
    assert [canary for canary in canaries(keys, credential, token) if canary in shown] == []


def test_no_error_of_the_key_files_shows_a_secret(keys: KeyRing, folder: Path) -> None:
    """Neither the message nor what it was raised from."""
    folder.mkdir(parents=True)
    for file in keys.folder.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
        (folder / file.name).chmod(0o600)
    with (folder / MASTER_SECRET_FILE).open("ab") as damaged:
        damaged.write(b"x")
    with pytest.raises(VaultError) as raised:
        KeyRing.open(folder, "sandbox", entropy=Seeded(1))
    shown = f"{raised.value} {raised.value!r} {raised.value.__cause__!r}"
    assert [canary for canary in canaries(keys) if canary in shown] == []


def test_a_broken_seal_shows_nothing_of_what_was_sealed(keys: KeyRing, other_keys: KeyRing) -> None:
    """Nor its ciphertext."""
    sealed = AppSecrets(keys, entropy=Seeded(1)).seal_secret(CANARY)
    with pytest.raises(SealBrokenError) as raised:
        AppSecrets(other_keys, entropy=Seeded(1)).unseal_secret(sealed)
    shown = f"{raised.value} {raised.value!r} {raised.value.__cause__!r}"
    assert [canary for canary in canaries(keys, sealed.hex(), repr(sealed)) if canary in shown] == []
