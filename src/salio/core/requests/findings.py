"""What a second look at a SecurityCredential can find, and its words: the sandbox's alone.

The decision knows only that the password was wrong, and says no more (docs/decisions/0003). A finding says
how the credential was made; it holds nothing of what was in it.
"""

import enum
from datetime import datetime

import msgspec

NOT_OUR_KEY = "; or the SecurityCredential was not made with this platform's own certificate"
"""Said of every wrong password alike: which of the two it is would tell a forger what our key makes of it."""
FOUND = "second look: "
"""How a note begins that keeps a finding."""


class Certificate(enum.Enum):
    """Which certificate a credential was made with."""

    PRESENT = "this environment's"
    PREVIOUS = "this environment's, before the last renewal"
    OTHER = "the other environment's"
    NONE = "none of this platform"


class Padding(enum.Enum):
    """How the password was padded before it was encrypted."""

    PKCS1_V15 = "PKCS #1 v1.5"
    OAEP_SHA1 = "OAEP with SHA-1"
    OAEP_SHA256 = "OAEP with SHA-256"


class Content(enum.Enum):
    """What was encrypted."""

    PASSWORD = "the password"  # noqa: S105 - not one
    BASE64 = "its base64"
    SURROUNDED = "the password in white space"
    UTF16 = "the password in UTF-16"
    ANOTHER = "another text"


class Doubt(msgspec.Struct, frozen=True):
    """A credential that was refused, and the digest of the password that it should have held.

    Neither is kept anywhere but in memory, and no longer than the look takes.
    """

    credential: str
    password_digest: bytes

    def __repr__(self) -> str:
        return "Doubt(...)"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What a look found. ``replaced_at`` belongs to PREVIOUS, ``environment`` to OTHER."""

    certificate: Certificate
    padding: Padding = Padding.PKCS1_V15
    content: Content = Content.ANOTHER
    replaced_at: datetime | None = None
    environment: str = ""


NOT_OURS = Finding(certificate=Certificate.NONE)


def in_words(finding: Finding) -> str:
    """Everything that is wrong with the credential, each with what to do about it."""
    if finding.certificate is Certificate.NONE:
        return "the SecurityCredential was not made with any certificate of this platform"
    wrong = [_wrong_certificate(finding), _wrong_padding(finding), _wrong_content(finding)]
    return "the SecurityCredential " + "; and ".join(each for each in wrong if each)


def explained(cause: str, words: str) -> str:
    """The cause of a wrong password with what was found instead of what it might have been."""
    return f"{cause.removesuffix(NOT_OUR_KEY)}; {words}"


def _wrong_certificate(finding: Finding) -> str:
    match finding.certificate:
        case Certificate.PREVIOUS:
            on = f" on {finding.replaced_at:%Y-%m-%d}" if finding.replaced_at else ""
            return f"was made with the certificate that was renewed{on}: fetch it again"
        case Certificate.OTHER:
            return f"was made with the certificate of {finding.environment}: use this environment's"
        case Certificate.PRESENT | Certificate.NONE:
            return ""


def _wrong_padding(finding: Finding) -> str:
    if finding.padding is Padding.PKCS1_V15:
        return ""
    return f"was padded by {finding.padding.value}: use {Padding.PKCS1_V15.value}"


def _wrong_content(finding: Finding) -> str:
    match finding.content:
        case Content.PASSWORD:
            return ""
        case Content.BASE64:
            return "holds the base64 of the password: encrypt the password itself"
        case Content.SURROUNDED:
            return "holds the password with white space or a line's end around it: encrypt it without"
        case Content.UTF16:
            return "holds the password in UTF-16: encrypt its UTF-8 bytes"
        case Content.ANOTHER:
            return "holds another text than the password"
