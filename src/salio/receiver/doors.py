"""Who may post: the networks that callbacks come from. Besides the secret address, not in its place."""

import ipaddress
from collections.abc import Iterable

SAFARICOM = (
    "196.201.212.69",
    "196.201.212.74",
    "196.201.212.127",
    "196.201.212.129",
    "196.201.212.136",
    "196.201.212.138",
    "196.201.213.44",
    "196.201.213.114",
    "196.201.214.200",
    "196.201.214.206",
    "196.201.214.207",
    "196.201.214.208",
)
"""Where Safaricom's callbacks come from, as its portal lists them (wire facts 6)."""

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Door:
    """Lets pass whoever is in one of these networks; all, if none is named.

    Raises:
        ValueError: one of them is no address and no network.
    """

    def __init__(self, networks: Iterable[str] = ()) -> None:
        self._networks: list[_Network] = [ipaddress.ip_network(each) for each in networks]

    def lets_pass(self, source: str) -> bool:
        """Whether a callback from there is read at all."""
        if not self._networks:
            return True
        try:
            address = ipaddress.ip_address(source)
        except ValueError:
            return False
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped  # a socket for both kinds shows IPv4 like this
        return any(address in network for network in self._networks)
