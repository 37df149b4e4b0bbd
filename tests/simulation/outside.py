"""What else the platform stands on here: time, keys, tokens, and the log of what happened."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from random import Random

from salio.core.access.tokens import TokenClaim
from salio.core.parties.operators import Operator
from salio.core.requests.asking import PresentedCredential
from salio.core.requests.findings import NOT_OURS, Doubt, Finding
from tests.simulation.crashes import Fuse

CREDENTIAL_LENGTH = 256
BEGINNING = datetime(2026, 8, 16, 9, 30, tzinfo=UTC)
_OURS = 2
"""The first byte of what our key can read."""


class Time:
    """The one hand's time. The wall clock may be set; the other only goes on."""

    def __init__(self) -> None:
        self.wall = BEGINNING
        self.seconds = 1000.0

    def advance(self, seconds: float) -> None:
        """Lets time pass on both clocks."""
        self.wall += timedelta(seconds=seconds)
        self.seconds += seconds


class SimulatedClock:
    """Time as the platform sees it; fits :class:`salio.core.ports.Clock`."""

    def __init__(self, time: Time, fuse: Fuse) -> None:
        self._time = time
        self._fuse = fuse

    def now(self) -> datetime:
        """The wall clock."""
        self._fuse.touch("at a look at the clock")
        return self._time.wall

    def monotonic(self) -> float:
        """Seconds that never step back."""
        return self._time.seconds


class EventLog:
    """What happened, line by line; equal seeds give equal bytes."""

    def __init__(self, time: Time) -> None:
        self._time = time
        self.lines: list[str] = []

    def note(self, what: str) -> None:
        """Adds a line with the time."""
        self.lines.append(f"{len(self.lines):5d} {self._time.seconds:10.3f} {what}")

    def tail(self, most: int = 40) -> str:
        """The last lines."""
        return "\n".join(self.lines[-most:])


def digest(secret: str | bytes) -> bytes:
    """What the simulated vault keeps of a password or a consumer secret."""
    plain = secret.encode() if isinstance(secret, str) else secret
    return blake2b(plain, digest_size=32, key=b"of the simulation").digest()


def seal(password: str, noise: bytes) -> str:
    """A password as a SecurityCredential that only looks encrypted; no two are alike."""
    plain = password.encode()
    return base64.b64encode(bytes([_OURS, len(plain)]) + (plain + noise)[: CREDENTIAL_LENGTH - 2]).decode()


def seal_for_others(noise: bytes) -> str:
    """A SecurityCredential made with somebody else's certificate."""
    return base64.b64encode(bytes([0, 0]) + noise[: CREDENTIAL_LENGTH - 2]).decode()


class SimulatedVault:
    """Opens what :func:`seal` sealed; fits :class:`salio.core.ports.Vault`."""

    def __init__(self, fuse: Fuse) -> None:
        self._fuse = fuse

    def open_credential(self, credential: str) -> PresentedCredential:
        """The password's digest, or noise; a customer's payment has none."""
        self._fuse.touch("before a credential is opened")
        raw = base64.b64decode(credential)
        if raw[:1] != bytes([_OURS]):
            return PresentedCredential(digest(raw), readable=False)
        return PresentedCredential(digest(raw[2 : 2 + raw[1]]), readable=True)

    def remember(self, credential: str, operator: Operator) -> None:
        """Remembers nothing: opening is cheap here."""

    def forget(self, operator: Operator) -> None:
        """Knows nothing that could be forgotten."""


class SimulatedLooks:
    """Second looks that end at some step or other, in any order; fits :class:`salio.core.ports.SecondLook`.

    A process that dies forgets them.
    """

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._tells: list[Callable[[Finding | None], None]] = []

    def look(self, doubt: Doubt, tell: Callable[[Finding | None], None]) -> None:
        """One in four is told at once that nobody looks."""
        del doubt
        if self._chance.random() < 0.25:
            tell(None)
        else:
            self._tells.append(tell)

    def run(self) -> None:
        """Ends some of those under way."""
        self._chance.shuffle(self._tells)
        for _ in range(self._chance.randrange(len(self._tells) + 1)):
            self._tells.pop()(self._chance.choice((NOT_OURS, None)))


class SimulatedMint:
    """Tokens that say what they claim in clear; fits :class:`salio.core.ports.TokenMint`."""

    def __init__(self) -> None:
        self._serial = 0

    def issue(self, app_number: int, moment: datetime) -> str:
        """A new token: 28 digits, as long as a real one."""
        self._serial += 1
        return f"{app_number:04d}{int(moment.timestamp()):012d}{self._serial:012d}"

    def read(self, token: str) -> TokenClaim | None:
        """What the digits say."""
        if len(token) != 28 or not token.isdigit():
            return None
        issued_at = datetime.fromtimestamp(int(token[4:16]), tz=UTC)
        return TokenClaim(int(token[:4]), issued_at, int(token[16:]))


class SimulatedSecrets:
    """Fits :class:`salio.core.ports.SecretDigests` and :class:`salio.core.ports.Passkeys`."""

    def digest_secret(self, secret: str) -> bytes:
        """The digest that an app's row holds."""
        return digest(secret)

    def opened_by(self, password: str, short_code: str, timestamp: str) -> bool:
        """Whether somebody sends the short code's number backwards."""
        del timestamp
        return password == short_code[::-1]
