"""The platform's own certificate, as it is served: any client can make a credential with it."""

import base64
from collections.abc import Callable

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from salio.platform.folder import DataFolder
from salio.sandbox.testdata.operators import PASSWORD
from salio.vault.keys import KeyRing
from salio.wire.apis import Api
from tests.journeys.conftest import Fresh
from tests.journeys.running import BALANCE, Platform
from tests.vault.samples import foreign as made_elsewhere

FORMS: dict[str, Callable[[bytes], object]] = {
    "/certificate.pem": lambda content: x509.load_pem_x509_certificate(content).public_key(),
    "/certificate.cer": lambda content: x509.load_der_x509_certificate(content).public_key(),
    "/public-key.pem": load_pem_public_key,
}


def encrypted(key: object, password: str = PASSWORD) -> str:
    """What TS's algorithm makes of a password."""
    assert isinstance(key, RSAPublicKey)
    return base64.b64encode(key.encrypt(password.encode(), PKCS1v15())).decode()


@pytest.mark.parametrize("path", FORMS)
def test_a_credential_by_the_served_certificate(platform: Platform, api: Api, path: str) -> None:
    """PEM, DER and the bare public key all make credentials that are accepted."""
    served = platform.send("GET", path)
    assert served.status == 200
    credential = encrypted(FORMS[path](served.body))
    assert platform.result(api, {"SecurityCredential": credential}).code == "0"


def test_the_certificate_names_its_environment(platform: Platform) -> None:
    """Nobody takes it for Safaricom's own."""
    certificate = x509.load_pem_x509_certificate(platform.send("GET", "/certificate.pem").body)
    key = certificate.public_key()
    assert isinstance(key, RSAPublicKey)
    assert key.key_size == 2048
    assert "sandbox" in certificate.subject.rfc4514_string()


@pytest.mark.parametrize(
    ("trusted", "foreign", "code"),
    [
        pytest.param(False, True, "18", id="refused, as any wrong one"),
        pytest.param(True, True, "0", id="trusted, when told so"),
        pytest.param(True, False, "18", id="a readable wrong password never"),
    ],
)
def test_a_credential_by_somebody_elses_certificate(
    fresh: Fresh, trusted: bool, foreign: bool, code: str
) -> None:
    """`--foreign-credentials trust` takes what our key cannot read, and nothing that it can."""
    platform = fresh(trust_foreign_credentials=trusted)
    own = load_pem_public_key(platform.send("GET", "/public-key.pem").body)
    assert isinstance(own, RSAPublicKey)
    credential = encrypted(own, "wrong")
    if foreign:
        key = rsa.generate_private_key(65537, 2048).public_key()
        credential = made_elsewhere(KeyRing.load(DataFolder(platform.data).keys), key, PASSWORD.encode())
    assert platform.result(BALANCE, {"SecurityCredential": credential}).code == code
