"""The address guard: every disguise of an address that must not be called (fault catalogue, B)."""

import socket

import pytest

from salio.delivery.addresses import PRODUCTION, SANDBOX, AddressRules, check_address, check_url

NEVER_TEXT = """
0.0.0.0 0.1.2.3 169.254.169.254 169.254.0.1 169.254.255.255 224.0.0.1 239.255.255.250 255.255.255.255
100.100.100.200 192.0.0.192 168.63.129.16 fd00:ec2::254 :: fe80::1 fe80::1%eth0 febf::1 ff02::1 ff0e::1
::ffff:169.254.169.254 ::ffff:0.0.0.0 ::ffff:224.0.0.1 ::ffff:0:169.254.169.254 ::169.254.169.254
64:ff9b::169.254.169.254 64:ff9b::a9fe:a9fe 64:ff9b:1::a9fe:a9fe 2002:a9fe:a9fe::1 ::ffff:a9fe:a9fe
2001:0:4136:e378:8000:63bf:5601:5601 64:ff9b:1:ffff::1
"""
NEVER = NEVER_TEXT.split()

NOT_PUBLIC_TEXT = """
127.0.0.1 127.1.2.3 127.255.255.255 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1
100.64.0.1 100.127.255.255 192.0.0.1 192.0.0.8 192.0.2.1 198.51.100.7 203.0.113.9 192.88.99.1 198.18.0.1
198.19.255.255 240.0.0.1 254.1.1.1 192.31.196.1 192.52.193.1 192.175.48.1
::1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:10.0.0.1 ::127.0.0.1 ::8.8.8.8 ::ffff:0:127.0.0.1
64:ff9b::127.0.0.1 64:ff9b::8.8.8.8 64:ff9b:1::7f00:1 100::1 100:0:0:1::1
2001::1 2001:0:53aa:64c:0:0:80ff:fffe 2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1::1
2002:808:808::1 3fff::1 3fff:fff::1 5f00::1 fc00::1 fd12:3456::1 fec0::1 feff::1 4000::1 e000::1 1::1 8000::1
"""
NOT_PUBLIC = NOT_PUBLIC_TEXT.split()

PUBLIC_TEXT = """
8.8.8.8 1.1.1.1 41.90.64.1 196.201.214.200 100.63.255.255 100.128.0.1 172.15.255.255 172.32.0.1 192.0.1.1
198.17.255.255 198.20.0.1 223.255.255.255 2606:4700:4700::1111 2c0f:fe38::1 2a00:1450::1 2001:4860:4860::8888
2003::1 3ffe::1
"""
PUBLIC = PUBLIC_TEXT.split()


def test_the_table_is_long_enough() -> None:
    """At least sixty disguises are tried."""
    assert len(set(NEVER + NOT_PUBLIC)) >= 60


@pytest.mark.parametrize("ip", NEVER)
@pytest.mark.parametrize("rules", [SANDBOX, PRODUCTION], ids=["sandbox", "production"])
def test_b_some_addresses_are_never_called(ip: str, rules: AddressRules) -> None:
    """Metadata, multicast, broadcast and unspecified addresses are refused in both environments."""
    assert check_address(ip, rules) is not None


@pytest.mark.parametrize("ip", NOT_PUBLIC)
def test_b_production_calls_public_addresses_only(ip: str) -> None:
    """Whatever is not global unicast is refused in production, in each of its disguises."""
    reason = check_address(ip, PRODUCTION)
    assert reason is not None
    assert reason.startswith(f"{ip} is ")


@pytest.mark.parametrize("ip", NOT_PUBLIC)
def test_the_sandbox_calls_private_addresses(ip: str) -> None:
    """The documents' samples have private hosts, so the sandbox allows them."""
    assert check_address(ip, SANDBOX) is None


@pytest.mark.parametrize("ip", PUBLIC)
@pytest.mark.parametrize("rules", [SANDBOX, PRODUCTION], ids=["sandbox", "production"])
def test_public_addresses_are_called(ip: str, rules: AddressRules) -> None:
    """Neighbours of the refused ranges are not refused with them."""
    assert check_address(ip, rules) is None


def test_what_is_no_address_is_refused() -> None:
    """A resolver's nonsense is not called."""
    assert check_address("nonsense", SANDBOX) == "nonsense is no IP address"


@pytest.mark.parametrize("host", ["0177.0.0.1", "2130706433", "127.1", "0x7f.1", "0x7f000001", "127.0.1"])
def test_b_the_text_of_a_host_is_not_trusted(host: str) -> None:
    """What glibc makes of these is loopback, and it is what glibc makes of them that is judged."""
    resolved = str(socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)[0][4][0])
    assert check_address(resolved, PRODUCTION) == "127.0.0.1 is loopback"


URLS = [
    ("https://example.com/r", SANDBOX, None),
    ("http://myservice:8080/result", SANDBOX, None),
    ("http://127.0.0.1/r", SANDBOX, None),
    ("https://example.com/r", PRODUCTION, None),
    ("https://example.com:8443/r", PRODUCTION, None),
    ("HTTPS://example.com/r", PRODUCTION, None),
    ("http://example.com/r", PRODUCTION, "https is required here"),
    ("https://example.com:80/r", PRODUCTION, "port 80 is none of 443, 8443"),
    ("https://example.com:22/r", PRODUCTION, "port 22 is none of 443, 8443"),
]


@pytest.mark.parametrize(("url", "rules", "expected"), URLS)
def test_b_each_environment_has_its_urls(url: str, rules: AddressRules, expected: str | None) -> None:
    """Sandbox: http and any port. Production: https on 443 or 8443."""
    assert check_url(url, rules) == expected


@pytest.mark.parametrize(
    "url",
    ["", "x", "ftp://example.com/", "file:///etc/passwd", "gopher://x/", "http://", "http://a b/", "//x/y",
     "http://x:0/", "http://x:99999/", "http://[::1/", "http://x\r\ny/", "http://x#y", "dict://x:11211/",
     "http://a@b/"],
)  # fmt: skip
def test_b_garbage_is_no_url(url: str) -> None:
    """Other schemes, user names, control characters and half addresses are refused in both environments."""
    assert check_url(url, SANDBOX)
    assert check_url(url, PRODUCTION)
