"""What a second look found, in words that name the fix."""

from itertools import product
from typing import Any

import pytest

from salio.core.requests.findings import (
    NOT_OUR_KEY,
    NOT_OURS,
    Certificate,
    Content,
    Doubt,
    Finding,
    Padding,
    explained,
    in_words,
)
from tests.builders import NOW

PRESENT: dict[str, Any] = {"certificate": Certificate.PRESENT}
RIGHT: dict[str, Any] = {"content": Content.PASSWORD}

WORDS = {
    "another password": (Finding(**PRESENT), "holds another text than the password"),
    "its base64": (
        Finding(**PRESENT, content=Content.BASE64),
        "holds the base64 of the password: encrypt the password itself",
    ),
    "white space": (
        Finding(**PRESENT, content=Content.SURROUNDED),
        "holds the password with white space or a line's end around it: encrypt it without",
    ),
    "UTF-16": (
        Finding(**PRESENT, content=Content.UTF16),
        "holds the password in UTF-16: encrypt its UTF-8 bytes",
    ),
    "OAEP": (
        Finding(**PRESENT, **RIGHT, padding=Padding.OAEP_SHA1),
        "was padded by OAEP with SHA-1: use PKCS #1 v1.5",
    ),
    "previous": (
        Finding(certificate=Certificate.PREVIOUS, **RIGHT, replaced_at=NOW),
        "was made with the certificate that was renewed on 2026-08-16: fetch it again",
    ),
    "previous, nobody knows since when": (
        Finding(certificate=Certificate.PREVIOUS, **RIGHT),
        "was made with the certificate that was renewed: fetch it again",
    ),
    "production's": (
        Finding(certificate=Certificate.OTHER, **RIGHT, environment="production"),
        "was made with the certificate of production: use this environment's",
    ),
    "everything at once": (
        Finding(
            certificate=Certificate.PREVIOUS,
            padding=Padding.OAEP_SHA256,
            content=Content.BASE64,
            replaced_at=NOW,
        ),
        "was made with the certificate that was renewed on 2026-08-16: fetch it again; and "
        "was padded by OAEP with SHA-256: use PKCS #1 v1.5; and "
        "holds the base64 of the password: encrypt the password itself",
    ),
    "nobody's": (NOT_OURS, "was not made with any certificate of this platform"),
}


@pytest.mark.parametrize(("finding", "words"), WORDS.values(), ids=WORDS.keys())
def test_words(finding: Finding, words: str) -> None:
    """Each thing that is wrong, and what to do about it."""
    assert in_words(finding) == f"the SecurityCredential {words}"


def test_no_two_findings_read_alike() -> None:
    """Whatever the combination."""
    found = [
        Finding(certificate=certificate, padding=padding, content=content, environment="production")
        for certificate, padding, content in product(Certificate, Padding, Content)
        if certificate is not Certificate.NONE
    ]
    assert len({in_words(each) for each in [*found, NOT_OURS]}) == len(found) + 1


def test_the_finding_replaces_the_guess() -> None:
    """What was unknown at the decision is left out once it is known."""
    assert explained(f"wrong password{NOT_OUR_KEY}", "it was OAEP") == "wrong password; it was OAEP"


def test_a_doubt_shows_nothing() -> None:
    """Neither credential nor digest, wherever it is printed."""
    assert repr(Doubt("c2VjcmV0", b"digest")) == "Doubt(...)"
