"""The variables that bring a program to the proxy and let it trust what it is shown there.

They are set all at once: nobody has to know what the program is written in.
"""

import shlex
from collections.abc import Mapping

from salio.redirect.hosts import HOSTS
from salio.redirect.trust import PASSWORD, Trust

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
LOCAL = ("localhost", "127.0.0.1", "::1")
"""What is asked directly: above all the platform itself, and the program's own parts."""

BUNDLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
"""Python's ssl, Ruby, Go and whatever is OpenSSL; Python's requests; curl; Node."""

JAVA_LOCAL = "localhost|127.*|[::1]"


def redirected(environment: Mapping[str, str], port: int, trust: Trust) -> dict[str, str]:
    """The program's environment: what it was, and the proxy at this port of loopback."""
    proxy = f"http://127.0.0.1:{port}"
    exceptions = ",".join((*LOCAL, *_kept_exceptions(environment)))
    changed = dict(environment)
    for name in PROXIES:
        changed[name] = changed[name.lower()] = proxy
    changed["NO_PROXY"] = changed["no_proxy"] = exceptions
    for name in BUNDLES:
        changed[name] = str(trust.bundle)
    changed["NODE_USE_ENV_PROXY"] = "1"  # Node 22.21 and 24 follow it; older ones have no such thing
    # an empty entry stands for the folder that PHP would have read
    changed["PHP_INI_SCAN_DIR"] = f"{environment.get('PHP_INI_SCAN_DIR', '')}:{trust.php}"
    java = (environment.get("JAVA_TOOL_OPTIONS", ""), *_java(port, trust))
    changed["JAVA_TOOL_OPTIONS"] = " ".join(filter(None, java))
    return changed


def _kept_exceptions(environment: Mapping[str, str]) -> list[str]:
    """The exceptions that were there, but for those that would let Safaricom's hosts by."""
    given = environment.get("no_proxy") or environment.get("NO_PROXY") or ""
    stripped = [each.strip() for each in given.split(",")]
    return [each for each in stripped if each and each not in LOCAL and not _lets_by(each)]


def _lets_by(exception: str) -> bool:
    return any(is_excepted(host, exception) for host in HOSTS)


def is_excepted(host: str, exceptions: str) -> bool:
    """Whether a list like that of NO_PROXY names the host, a domain above it, or everything."""
    return any(_names(each.strip().lower(), host.lower()) for each in exceptions.split(","))


def _names(exception: str, host: str) -> bool:
    if exception == "*":
        return True
    suffix = exception.partition(":")[0].removeprefix("*").lstrip(".")
    return bool(suffix) and (host == suffix or host.endswith(f".{suffix}"))


def _java(port: int, trust: Trust) -> list[str]:
    properties = {
        "javax.net.ssl.trustStore": str(trust.java),
        "javax.net.ssl.trustStoreType": "PKCS12",
        "javax.net.ssl.trustStorePassword": PASSWORD,
        "https.proxyHost": "127.0.0.1",
        "https.proxyPort": str(port),
        "http.proxyHost": "127.0.0.1",
        "http.proxyPort": str(port),
        "http.nonProxyHosts": JAVA_LOCAL,
    }
    # the JVM takes quotes apart as a shell does, but for backslashes, which quote() never writes
    return [shlex.quote(f"-D{name}={value}") for name, value in properties.items()]
