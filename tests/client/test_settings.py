"""What a client is given: what can work is taken, all else is refused before anything is sent."""

from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

from salio.client.certificates import BUNDLED, bundled, located
from salio.client.client import Client
from salio.client.environments import NAMED, environment_of
from salio.client.errors import NotSent, UnusableSetting
from salio.client.settings import App, Initiator, Options
from salio.wire.asked import Callbacks
from salio.wire.credentials import make_credential
from tests.client.conftest import MakeShell
from tests.client.shells import APP, BASE, CALLBACKS, CANARY_TOKEN, INITIATOR, Network

ISSUER = int(
    "c7c1dae06e7ab54904dbddc98d188bcf9c76ddcbee280cc12d4c9260df18bd8a4d6f31ec1eb09ed760a2877f752b5621"
    "d938f3c3fdd921f3754ade0960661b481ac50ca42468950b4a569c66491366c81575833e13d67d4bda4367de96fe81f5"
    "6b6776008d66fee5313a2f5f68b7318575831822eaf9825b0ca148987acc7f2923696f80075a805b4ea9546e31248157"
    "358f4123a53b8e1b79470ee17d72216ea9ff14e52000374764eab646a7260ae370a20e3e82e0f0360ef24aa6d1ccc1e0"
    "cf8075d736c622792c571e2100dfd618dcbaee06eb078c86697f3a3628605320332ae9da4ba58de61bea011344dcb291"
    "8075a0375ba91faad91532c16bea493d",
    16,
)
"""The modulus of "Safaricom Internal Issuing CA 02"."""


@pytest.mark.parametrize(
    ("given", "base_url"),
    [
        ("sandbox", "https://sandbox.safaricom.co.ke"),
        ("production", "https://api.safaricom.co.ke"),
        ("https://daraja.example/prefix/", "https://daraja.example/prefix"),
        ("http://127.0.0.1:8282", "http://127.0.0.1:8282"),
        ("http://[::1]:8282", "http://[::1]:8282"),
        ("http://salio.localhost:8282", "http://salio.localhost:8282"),
    ],
)
def test_environments(given: str, base_url: str) -> None:
    """By name, or at a base URL."""
    assert environment_of(given).base_url == base_url


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("staging", "sandbox or production, or a base URL"),
        ("http://api.safaricom.co.ke", "not https"),
        ("http://127.0.0.1.example.com", "not https"),
        ("https://user:secret@example.com", "user name or password"),
        ("https://example.com/?a=b", "query"),
        ("ftp://example.com", "not an absolute URL"),
    ],
)
def test_c15_no_secret_goes_there(given: str, reason: str) -> None:
    """Plain HTTP leads to this machine only, unless it is allowed by name."""
    with pytest.raises(UnusableSetting, match=reason):
        environment_of(given)


def test_plain_http_can_be_allowed() -> None:
    """For a sandbox in a network of one's own."""
    assert environment_of("http://salio:8282", allow_http=True).base_url == "http://salio:8282"


def with_password(certificate: bytes | Path | str | None = None) -> Initiator:
    """An initiator whose credential is still to be made."""
    return Initiator(name="a", short_code="600000", password="Safaricom999!*!", certificate=certificate)


@pytest.mark.parametrize(
    ("environment", "app", "initiator", "callbacks", "reason"),
    [
        ("staging", APP, INITIATOR, CALLBACKS, "environment"),
        (BASE, App("", "s"), INITIATOR, CALLBACKS, "consumer key is empty"),
        (BASE, App("k", "s\n"), INITIATOR, CALLBACKS, "consumer secret is empty, or holds"),
        (BASE, App("k:", "s"), INITIATOR, CALLBACKS, "holds a colon"),
        (BASE, APP, Initiator(name="a", short_code="600000"), CALLBACKS, "password or a SecurityCredential"),
        (
            BASE,
            APP,
            INITIATOR,
            Callbacks("example.com", "https://example.com"),
            "result_url: not an absolute",
        ),
        (BASE, APP, with_password("http://example.com/c.pem"), CALLBACKS, "certificate's URL is not https"),
        (BASE, APP, with_password("nowhere.pem"), CALLBACKS, "certificate cannot be read"),
    ],
)
def test_what_cannot_work(
    environment: str, app: App, initiator: Initiator, callbacks: Callbacks, reason: str
) -> None:
    """Said when the client is made, in words."""
    with pytest.raises(UnusableSetting, match=reason):
        Client(environment, app, initiator, callbacks)


# --- certificates ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BUNDLED)
def test_a_bundled_certificate(name: str) -> None:
    """Its dates are long past, and a credential can be made with it: 256 bytes in base64."""
    file = located(name, allow_http=False)
    assert isinstance(file, bytes)
    assert len(make_credential("Safaricom999!*!", file)) == 344


def test_one_key_signed_the_bundled_certificates() -> None:
    """What production's is worth: it has the issuer of the sandbox's, which Safaricom's portal serves. The
    issuer's key is in neither; as the divisor that both signatures have in common it can be computed."""
    signed = [x509.load_pem_x509_certificate(bundled(name)) for name in BUNDLED]
    assert len({each.issuer for each in signed}) == 1
    issuer = RSAPublicNumbers(e=65537, n=ISSUER).public_key()
    for each in signed:
        assert each.signature_hash_algorithm is not None
        issuer.verify(each.signature, each.tbs_certificate_bytes, PKCS1v15(), each.signature_hash_algorithm)


def test_environments_name_their_certificate() -> None:
    """Safaricom's two are here, a platform at a URL serves its own."""
    assert {name: place.certificate for name, place in NAMED.items()} == {name: name for name in BUNDLED}
    assert environment_of(BASE).certificate == f"{BASE}/certificate.pem"


def test_a_file_and_bytes(tmp_path: Path) -> None:
    """The certificate itself, and its file as a path or as text."""
    file = tmp_path / "certificate.pem"
    file.write_bytes(b"whatever")
    assert [located(each, allow_http=False) for each in (file, str(file), b"whatever")] == [b"whatever"] * 3


def test_a_url_is_fetched_once(make_shell: MakeShell) -> None:
    """Before the first question; the credential that is made of it goes on."""
    certificate = located("sandbox", allow_http=False)
    assert isinstance(certificate, bytes)
    ours = httpx2.Response(200, content=certificate)

    class Serving(Network):
        def __call__(self, request: httpx2.Request) -> httpx2.Response:
            answer = super().__call__(request)
            return ours if request.url.path == "/certificate.pem" else answer

    network = Serving()
    shell = make_shell(network, initiator=with_password())
    shell.balance()
    shell.balance()
    assert [each.url.path for each in network.requests].count("/certificate.pem") == 1
    first, second = (each.content for each in network.requests if each.url.path.startswith("/mpesa"))
    assert first == second


@pytest.mark.parametrize("failure", [httpx2.ReadTimeout("slow"), httpx2.ConnectError("down")])
def test_a_certificate_that_cannot_be_fetched(make_shell: MakeShell, failure: Exception) -> None:
    """The question has not left, whatever became of the fetching."""
    with pytest.raises(NotSent):
        make_shell(Network(answers=[failure]), initiator=with_password()).balance()


def test_a_client_without_an_initiator(make_shell: MakeShell) -> None:
    """It gets tokens, and says so when it is asked for more."""
    network = Network()
    shell = make_shell(network, initiator=None)
    assert shell.run(lambda client: client.token()) == CANARY_TOKEN
    with pytest.raises(UnusableSetting, match="without an initiator"):
        shell.balance()
    assert len(network.requests) == 1


def test_a_certificate_that_is_not_there(make_shell: MakeShell) -> None:
    """The error says where it was looked for."""
    network = Network(answers=[httpx2.Response(404)])
    with pytest.raises(
        UnusableSetting, match=r"no certificate at https://platform\.example/certificate\.pem"
    ):
        make_shell(network, initiator=with_password()).balance()


def test_options_can_be_tighter(make_shell: MakeShell) -> None:
    """All of them are optional, and frozen."""
    make_shell(Network(), options=Options(timeout=1, connect_timeout=1, renew_early=5)).balance()
    with pytest.raises(AttributeError):
        Options().timeout = 1  # type: ignore[misc]  # frozen: that is the point
