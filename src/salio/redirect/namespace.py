"""A network and a table of hosts of one's own, for programs that know no proxy (Linux).

Safaricom's names mean this machine there, and port 443 is free. Nobody else sees either.
"""

import ctypes
import fcntl
import os
import socket
import struct
from errno import EACCES, EINVAL, ENOSPC, EPERM
from pathlib import Path

from salio.redirect.hosts import HOSTS

ADDRESS = "127.0.0.1"
TABLE = Path("/etc/hosts")

# <linux/sched.h>, <linux/mount.h>, <linux/sockios.h>, <linux/if.h>
_NEW_MOUNTS, _NEW_USER, _NEW_NETWORK = 0x00020000, 0x10000000, 0x40000000
_BIND, _RECURSIVE, _PRIVATE = 0x1000, 0x4000, 0x40000
_SET_FLAGS, _UP_AND_RUNNING = 0x8914, 0x41

_NOT_ALLOWED = {EPERM, EACCES, ENOSPC, EINVAL}
"""Also how a limit of no namespaces, and a kernel without any, are told (unshare(2))."""

ADVICE = (
    "leave out --hosts, or run it as root or where users may make namespaces "
    "(docs/run.md#programs-that-know-no-proxy)"
)


class NamespaceError(Exception):
    """The rights do not allow it; the message says what was refused and what to do."""


def enter(draft: Path) -> None:
    """Moves this process, which has one thread, and those that it starts; raises NamespaceError.

    ``draft`` is where the table is written; the machine's own stays as it is.
    """
    user, group = os.geteuid(), os.getegid()
    try:
        try:
            _call("unshare", _NEW_MOUNTS | _NEW_NETWORK)
        except PermissionError:
            _call("unshare", _NEW_USER | _NEW_MOUNTS | _NEW_NETWORK)
            _stay(user, group)
        _replace_table(draft)
        _raise_loopback()
    except OSError as error:
        if error.errno not in _NOT_ALLOWED:
            raise
        raise NamespaceError(
            f"--hosts needs a mount and a network namespace of its own, which is not allowed here: {ADVICE}"
        ) from error


def table(former: str) -> str:
    """A table of hosts in which Safaricom's names mean this machine; the first line of a name counts."""
    return f"{ADDRESS} {' '.join(HOSTS)}\n{former}"


def _stay(user: int, group: int) -> None:
    """The same user and group as before: without a map everybody is nobody (user_namespaces(7))."""
    process = Path("/proc/self")
    (process / "setgroups").write_text("deny", "ascii")
    (process / "uid_map").write_text(f"{user} {user} 1", "ascii")
    (process / "gid_map").write_text(f"{group} {group} 1", "ascii")


def _replace_table(draft: Path) -> None:
    former = TABLE.read_text("utf-8", "surrogateescape") if TABLE.exists() else ""
    draft.write_text(table(former), "utf-8", "surrogateescape")
    draft.chmod(0o644)
    _call("mount", None, b"/", None, _RECURSIVE | _PRIVATE, None)  # or everybody would see what follows
    _call("mount", os.fsencode(draft), os.fsencode(TABLE), None, _BIND, None)


def _raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sH14x", b"lo", _UP_AND_RUNNING))


def _call(name: str, *arguments: object) -> None:
    """One call of the C library; os.unshare comes with Python 3.12, and mount with none."""
    library = ctypes.CDLL(None, use_errno=True)
    counted = [ctypes.c_ulong(each) if isinstance(each, int) else each for each in arguments]
    if getattr(library, name)(*counted) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), name)
