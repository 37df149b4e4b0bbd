"""httpx2, wrapped: how a connection is opened, how an answer is read, and what a failure means.

The one module of the client that knows it. Redirects are never followed, for a token would go with them.
"""

import ssl

import httpx2

from salio import __version__
from salio.client.settings import Options
from salio.client.steps import Failure, Left, Request, Response
from salio.wire.reason import REASON
from salio.wire.wording import shown

LARGEST_ANSWER = 1024 * 1024
"""Bytes; an answer has some hundreds, a firewall's page some thousands."""
CONNECTIONS = 100
KEPT_FOR = 4.0
"""Seconds a connection rests at most: servers commonly close after five, and who sends into a connection that
closes does not know whether the request was accepted."""

HEADERS = {"User-Agent": f"salio/{__version__}", "Accept": "application/json", "Accept-Encoding": "identity"}
"""Nothing packed is asked for: a small answer could be made to fill all memory."""

_NOT_SENT = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
    httpx2.LocalProtocolError,
)
"""What happens before the first byte of a request leaves."""


def open_client(options: Options, transport: httpx2.BaseTransport | None) -> httpx2.Client:
    """For threads."""
    return httpx2.Client(
        verify=options.tls or True,
        headers=HEADERS,
        timeout=_timeout(options),
        limits=_limits(),
        transport=transport,
    )


def open_async_client(options: Options, transport: httpx2.AsyncBaseTransport | None) -> httpx2.AsyncClient:
    """For tasks."""
    return httpx2.AsyncClient(
        verify=options.tls or True,
        headers=HEADERS,
        timeout=_timeout(options),
        limits=_limits(),
        transport=transport,
    )


def exchange(client: httpx2.Client, request: Request) -> Response | Failure:
    """Sends the request, once."""
    try:
        with client.stream(
            request.method, request.url, headers=request.headers, content=request.body or None
        ) as response:
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    return _too_large(response)
            return _response(response, bytes(body))
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        return failure(error)


async def exchange_async(client: httpx2.AsyncClient, request: Request) -> Response | Failure:
    """The same in a task."""
    try:
        async with client.stream(
            request.method, request.url, headers=request.headers, content=request.body or None
        ) as response:
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    return _too_large(response)
            return _response(response, bytes(body))
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        return failure(error)


def failure(error: Exception) -> Failure:
    """How far the request had come. Whatever is not known to precede its first byte counts as unknown."""
    why = f"{type(error).__name__}: {shown(str(error), 200)}"
    if isinstance(error, httpx2.ConnectError) and _is_untrusted(error):
        return Failure(Left.UNTRUSTED, why)
    if isinstance(error, (*_NOT_SENT, httpx2.InvalidURL)):
        return Failure(Left.NOTHING, why)
    return Failure(Left.UNKNOWN, why)


def _is_untrusted(error: BaseException | None) -> bool:
    """The server's certificate ended it: an issuer that is not trusted, another name, a date."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY_FAILED" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def _response(response: httpx2.Response, body: bytes) -> Response:
    return Response(response.status_code, body, response.headers.get(REASON, ""))


def _too_large(response: httpx2.Response) -> Failure:
    return Failure(Left.UNKNOWN, f"HTTP {response.status_code} with more than {LARGEST_ANSWER} bytes")


def _timeout(options: Options) -> httpx2.Timeout:
    return httpx2.Timeout(options.timeout, connect=options.connect_timeout)


def _limits() -> httpx2.Limits:
    return httpx2.Limits(
        max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS, keepalive_expiry=KEPT_FOR
    )
