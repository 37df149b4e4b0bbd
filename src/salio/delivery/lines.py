"""A line: one reusable HTTP transfer, and everything that it is forbidden to do (fault catalogue, B)."""

import socket
import ssl
from pathlib import Path
from typing import Any

import msgspec
import pycurl

from salio import __version__
from salio.core.requests.deliveries import Attempt
from salio.delivery.addresses import AddressRules, check_address, check_port
from salio.delivery.watch import Watch
from salio.wire.reason import REASON

ELSEWHERE = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
"""Where systems keep their certificates, should Python's own build not know."""


class CourierSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The limits of one POST."""

    connect_seconds: float = 3.0
    """Name, connection and TLS together."""
    total_seconds: float = 10.0
    question_seconds: float = 8.0
    """The same of a question, from the moment it leaves (Register URL, Overview 6)."""
    largest_answer: int = 4096
    """Bytes of body; more than that ends the transfer, and the status alone counts."""
    idle_seconds: int = 2
    """An idle connection is not used again after this: below the shortest keep-alive of common servers, so
    that a result seldom meets a connection on its way out."""
    remembered_seconds: float = 10.0
    """So long the addresses that a name led to are called again without a look-up."""
    certificates: str | None = None
    """A bundle of certificates to trust; ``None`` takes the system's."""


class Way(msgspec.Struct, frozen=True):
    """Where an attempt's name led."""

    name: str
    port: int
    addresses: tuple[str, ...]
    """Vetted, the preferred first."""
    waited: float
    """Seconds that it took to find out; they count."""

    def entry(self) -> str:
        """libcurl's word for it. The plus lets it grow old in libcurl's cache, which thus stays small; it is
        never read there by anybody else, for each attempt at a name brings an entry of its own."""
        listed = ",".join(f"[{each}]" if ":" in each else each for each in self.addresses)
        return f"+{self.name}:{self.port}:{listed}"


HEADERS = ["Content-Type: application/json", "Accept: application/json", "Expect:"]
"""Of every POST."""


def system_certificates() -> str | None:
    """The system's bundle, which a libcurl from a wheel does not find alone; ``None`` if there is none."""
    known = ssl.get_default_verify_paths().cafile
    return next((path for path in (known, *ELSEWHERE) if path and Path(path).is_file()), None)


class _Lent(socket.socket):
    """A socket that pycurl duplicates and drops: the original closes without a warning."""

    def __del__(self) -> None:
        self.close()


class Line:
    """An easy handle with its fixed options; only URL, body and reason change from attempt to attempt."""

    def __init__(self, settings: CourierSettings, rules: AddressRules, watch: Watch) -> None:
        self.handle: Any = pycurl.Curl()
        self.attempt: Attempt | None = None
        self._url = self._receiver = ""
        """Where it goes, as a whole, and the part by which libcurl keeps connections."""
        self.refused: str | None = None
        """Why an address was not called."""
        self.sent = False
        """Whether the request went its way on some connection."""
        self._told: str | None = None
        """The reason among the headers that the handle has at present."""
        self._rules = rules
        self._watch = watch
        self._settings = settings
        self._limited = 0.0, False
        """What the handle's limits are made for at present."""
        self._fresh = False
        """Whether the handle uses no kept connection at present."""
        self.answer = bytearray()
        """Of a question, as far as it has come."""
        for option, value in _options(settings, rules):
            self.handle.setopt(option, value)
        self.handle.setopt(pycurl.OPENSOCKETFUNCTION, self._open_socket)
        self.handle.setopt(pycurl.SOCKOPTFUNCTION, self._watch_socket)
        self.handle.setopt(pycurl.PREREQFUNCTION, self._before_request)

    def load(self, attempt: Attempt, way: Way | None = None) -> None:
        """Takes an attempt; raises what pycurl raises for a URL that it cannot take.

        ``way`` says where its name leads; without one, libcurl finds the way itself.
        """
        self.attempt = attempt
        self.refused = None
        self.sent = False
        if attempt.url != self._url:
            self.handle.setopt(pycurl.URL, attempt.url)
            self._url, self._receiver = attempt.url, _receiver(attempt.url)
        self.handle.setopt(pycurl.POSTFIELDS, attempt.body)
        if attempt.reason != self._told:
            self._tell(attempt.reason)
        fresh = self._watch.has_ended(self._receiver)
        if fresh is not self._fresh:
            self.handle.setopt(pycurl.FRESH_CONNECT, int(fresh))
            self._fresh = fresh
        if way is not None:
            self.handle.setopt(pycurl.RESOLVE, [way.entry()])
        if attempt.asks:
            self.answer = bytearray()
        wanted = 0.0 if way is None else way.waited, attempt.asks
        if wanted != self._limited:
            self._limit(*wanted)

    def _limit(self, waited: float, asks: bool) -> None:
        """Leaves the rest of the attempt's time to libcurl; never zero, which means for ever."""
        settings = self._settings
        total = settings.question_seconds if asks else settings.total_seconds
        for option, value in _limits(settings, total, waited):
            self.handle.setopt(option, value)
        self.handle.setopt(pycurl.WRITEFUNCTION, self._take if asks else len)
        self._limited = waited, asks

    def _take(self, piece: bytes) -> int:
        """Called by libcurl with what comes of an answer; it says itself when that is too long."""
        self.answer += piece[: self._settings.largest_answer - len(self.answer)]
        return len(piece)

    def _tell(self, reason: str | None) -> None:
        """Puts the reason among the headers, or takes the last attempt's away."""
        more = [] if reason is None else [f"{REASON}: {reason}"]
        self.handle.setopt(pycurl.HTTPHEADER, [*HEADERS, *more])
        self._told = reason

    def _before_request(self, *connection: Any) -> int:
        """Called by libcurl when a connection stands and the request is about to go.

        libcurl sends a request again by itself, on another connection, if a reused one dies before the
        answer. The receiver may have acted on it, so that is refused here: one attempt, one POST (P3).
        """
        del connection
        if self.sent:
            return pycurl.PREREQFUNC_ABORT  # type: ignore[no-any-return] # pycurl has no types
        self.sent = True
        return pycurl.PREREQFUNC_OK  # type: ignore[no-any-return] # pycurl has no types

    def _open_socket(self, purpose: int, address: Any) -> Any:
        """Called by libcurl with the address it resolved, before it connects."""
        del purpose
        if self.sent:
            return pycurl.SOCKET_BAD
        family, kind, protocol, where = address
        self.refused = self._refusal(family, where)
        if self.refused is not None:
            return pycurl.SOCKET_BAD
        try:
            return _Lent(family, kind, protocol)
        except OSError as error:
            self.refused = f"no socket: {error.strerror}"
            return pycurl.SOCKET_BAD

    def _watch_socket(self, descriptor: int, purpose: int) -> Any:
        """Called by libcurl with the duplicate, before it connects."""
        del purpose
        self._watch.add(descriptor, self._receiver)
        return pycurl.SOCKOPT_OK

    def _refusal(self, family: int, where: Any) -> str | None:
        if family not in (socket.AF_INET, socket.AF_INET6):
            return "address not allowed: no internet address"
        reason = check_address(where[0], self._rules) or check_port(where[1], self._rules)
        return None if reason is None else f"address not allowed: {reason}"


def _receiver(url: str) -> str:
    """Scheme, host and port as they are written: libcurl keeps connections for each."""
    return "/".join(url.split("/", 3)[:3])


def _options(settings: CourierSettings, rules: AddressRules) -> list[tuple[int, Any]]:
    """What holds for every POST. The answer's body goes to ``len``: taken, counted, dropped, all in C."""
    protocols = pycurl.PROTO_HTTPS if rules.https_only else pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS
    certificates = settings.certificates or system_certificates()
    trusted = [(pycurl.CAINFO, certificates)] if certificates else []
    return [
        (pycurl.NOSIGNAL, 1),
        (pycurl.PROTOCOLS, protocols),
        (pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1),
        (pycurl.HTTP09_ALLOWED, 0),
        (pycurl.FOLLOWLOCATION, 0),
        (pycurl.REDIR_PROTOCOLS, 0),
        (pycurl.PROXY, ""),
        (pycurl.NOPROXY, "*"),
        (pycurl.NETRC, 0),
        (pycurl.HTTPHEADER, HEADERS),
        (pycurl.USERAGENT, f"Salio/{__version__}"),
        *_limits(settings, settings.total_seconds, 0.0),
        (pycurl.MAXFILESIZE_LARGE, settings.largest_answer),
        (pycurl.WRITEFUNCTION, len),
        (pycurl.MAXAGE_CONN, settings.idle_seconds),
        (pycurl.SSL_VERIFYPEER, 1),
        (pycurl.SSL_VERIFYHOST, 2),
        (pycurl.SSLVERSION, pycurl.SSLVERSION_TLSv1_2),
        *trusted,
    ]


def _limits(settings: CourierSettings, total: float, waited: float) -> list[tuple[int, int]]:
    """The limits in milliseconds, but for what was waited."""
    return [
        (pycurl.CONNECTTIMEOUT_MS, max(1, round((settings.connect_seconds - waited) * 1000))),
        (pycurl.TIMEOUT_MS, max(1, round((total - waited) * 1000))),
    ]
