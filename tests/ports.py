"""Ports for what cannot say itself which one it got."""

import random
import socket
from contextlib import suppress

LOWEST, HIGHEST = 20_000, 32_000
"""Below those that systems give to whoever asks for any: nobody gets one of these by chance meanwhile."""


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    while True:
        port = random.SystemRandom().randint(LOWEST, HIGHEST)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
