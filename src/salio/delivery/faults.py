"""What kept an answer from coming, in words that the organization's people understand."""

import errno
import os

import pycurl

from salio.wire.wording import shown

LONGEST = 160
"""A fault fits in a line of the log."""

HEADERS_TOO_LARGE = 100
"""CURLE_TOO_LARGE, which pycurl does not name; older libcurl says E_RECV_ERROR and "header"."""

PLAIN: dict[int, str] = {
    pycurl.E_COULDNT_RESOLVE_HOST: "no such host",
    pycurl.E_GOT_NOTHING: "the connection was closed without an answer",
    pycurl.E_PARTIAL_FILE: "the answer was cut off",
    pycurl.E_SEND_ERROR: "the connection was closed while the result was being sent",
    pycurl.E_URL_MALFORMAT: "address not allowed: it is no URL",
    pycurl.E_UNSUPPORTED_PROTOCOL: "the answer, or the address, is not HTTP",
    pycurl.E_FTP_WEIRD_SERVER_REPLY: "the answer is not HTTP",
    HEADERS_TOO_LARGE: "the headers of the answer are too large",
}

NO_CONNECTION: dict[int, str] = {
    errno.ECONNREFUSED: "connection refused",
    errno.ENETUNREACH: "no route to the host",
    errno.EHOSTUNREACH: "no route to the host",
    errno.ECONNRESET: "connection reset",
}

TLS = frozenset(
    {
        pycurl.E_SSL_CONNECT_ERROR,
        pycurl.E_PEER_FAILED_VERIFICATION,
        pycurl.E_SSL_CERTPROBLEM,
        pycurl.E_SSL_CIPHER,
        pycurl.E_SSL_CACERT_BADFILE,
        pycurl.E_SSL_ISSUER_ERROR,
        pycurl.E_SSL_INVALIDCERTSTATUS,
    }
)


def in_words(
    code: int, message: str, system_error: int, *, connect_seconds: float, total_seconds: float
) -> str:
    """The fault behind a libcurl error code; its own message where nothing better is known."""
    if code == pycurl.E_OPERATION_TIMEDOUT:
        return _timed_out(message, connect_seconds, total_seconds)
    if code == pycurl.E_COULDNT_CONNECT:
        return NO_CONNECTION.get(system_error) or f"no connection: {_reason(system_error, message)}"
    if code in TLS:
        return f"TLS: {shown(message, LONGEST)}"
    if code == pycurl.E_RECV_ERROR and "header" in message:
        return PLAIN[HEADERS_TOO_LARGE]
    if code == pycurl.E_RECV_ERROR:
        return NO_CONNECTION.get(system_error, "connection reset")
    return PLAIN.get(code) or shown(message, LONGEST) or f"libcurl error {code}"


def _timed_out(message: str, connect_seconds: float, total_seconds: float) -> str:
    if message.startswith("Resolving"):
        return f"host name not resolved within {connect_seconds:g} s"
    if message.startswith(("Connection", "SSL connection", "Failed to connect")):
        return f"no connection within {connect_seconds:g} s"
    return f"timed out after {total_seconds:g} s"


def _reason(system_error: int, message: str) -> str:
    return os.strerror(system_error) if system_error else shown(message, LONGEST)
