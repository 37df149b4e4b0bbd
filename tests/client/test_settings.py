"""What a client is given: what can work is taken, all else is refused before anything is sent."""

from pathlib import Path

import httpx2
import pytest

from salio.client.certificates import BUNDLED, located
from salio.client.client import Client
from salio.client.environments import NAMED, environment_of
from salio.client.errors import NotSent, UnusableSetting
from salio.client.settings import App, Initiator, Options
from salio.wire.asked import Callbacks
from salio.wire.credentials import make_credential
from tests.client.conftest import MakeShell
from tests.client.shells import APP, BASE, CALLBACKS, CANARY_TOKEN, INITIATOR, Network


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
        ("production", APP, with_password(), CALLBACKS, "no certificate of its own"),
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


def test_environments_name_their_certificate() -> None:
    """The sandbox has one here, a platform at a URL serves its own, production's has to be given."""
    assert NAMED["sandbox"].certificate in BUNDLED
    assert NAMED["production"].certificate is None
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
