"""A disk that fails when it is told to, and a loss of power: ``disk.c`` around a platform's system calls."""

import shutil
import struct
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("disk.c")

_ORDERS = struct.Struct("=ii")


def compiler() -> str | None:
    """The C compiler of this machine, if it has one."""
    return shutil.which("cc") or shutil.which("gcc")


def build(folder: Path) -> Path:
    """The library to preload."""
    library = folder / "disk.so"
    command = [str(compiler()), "-shared", "-fPIC", "-O2", "-Wall", "-o", str(library), str(SOURCE), "-ldl"]
    subprocess.run(command, check=True, capture_output=True)
    return library


class Disk:
    """What the databases of one data folder stand on."""

    def __init__(self, library: Path, folder: Path) -> None:
        self._library = library
        self._kept = folder / "kept"
        self._orders = folder / "orders"
        self._kept.mkdir()
        self._orders.write_bytes(_ORDERS.pack(0, 0))

    def under(self, command: list[str]) -> list[str]:
        """The command on this disk."""
        return [
            "env",
            f"LD_PRELOAD={self._library}",
            f"SALIO_DISK_KEPT={self._kept}",
            f"SALIO_DISK_ORDERS={self._orders}",
            *command,
        ]

    def fail(self, count: int = -1) -> None:
        """The next so many fsyncs fail with EIO; below zero: all, until :meth:`heal`."""
        with self._orders.open("r+b", buffering=0) as file:
            file.write(struct.pack("=i", count))

    def heal(self) -> None:
        """They succeed again."""
        self.fail(0)

    def failed(self) -> int:
        """How many fsyncs failed until now."""
        return int(_ORDERS.unpack(self._orders.read_bytes())[1])

    def lose_power(self, data: Path) -> None:
        """Puts in place of the databases what an fsync had brought to the disk; nobody may have them open."""
        for file in data.glob("*.db*"):
            file.unlink()
        for file in self._kept.iterdir():
            shutil.copyfile(file, data / file.name)
