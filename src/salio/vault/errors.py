"""What can be wrong with keys; each message says what to do.

VaultError
├── KeyFileError
│   ├── KeyFileDamagedError     missing, unreadable, or not what was written
│   └── KeyFileExposedError     others may read it, or write beside it
├── SealBrokenError             the key files are not those that the data was written with
└── UnsafeCryptographyError     the cryptography library would leak what a bad credential held
"""

from pathlib import Path


class VaultError(Exception):
    """Something about keys that only whoever runs the platform can mend."""


class KeyFileError(VaultError):
    """A key file must not be used as it is."""


class KeyFileDamagedError(KeyFileError):
    """A key file is missing or damaged."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(
            f"The key file {path} {what}. Restore the folder {path.parent} from a backup. Without one, move "
            "it away together with the database: passwords and consumer secrets cannot be read any more."
        )


class KeyFileExposedError(KeyFileError):
    """A key file could be read, or replaced, by other users of the machine."""

    def __init__(self, path: Path, found: int, wanted: int) -> None:
        super().__init__(
            f"{path} has mode {found:04o}: other users may have seen or changed what it protects. If nobody "
            f"else could, run: chmod {wanted:o} '{path}'"
        )


class SealBrokenError(VaultError):
    """A sealed secret does not open with these keys."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"A consumer secret in the database does not open with the keys in {folder}: they do not belong "
            "together, or the row was changed. Restore both from the same backup, or rotate the secret."
        )


class UnsafeCryptographyError(VaultError):
    """This library must not decrypt credentials: its behaviour would be a padding oracle."""

    def __init__(self, library: str, what: str) -> None:
        super().__init__(
            f"{library} is unsafe for SecurityCredentials: {what}. Install cryptography 50 or later as "
            "the published wheel, which brings an OpenSSL with implicit rejection (3.2, default provider)."
        )
