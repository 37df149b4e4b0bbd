"""Whom the commands of the organization's side ask, and as whom: a profile, and secrets kept elsewhere.

`local` is the platform of a data folder, with its test data. Any other profile stands in `profiles.toml`,
which holds no secret: those come from the environment, or from the system's keyring.
"""

import os
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from salio.cli.errors import CommandError
from salio.cli.options import data_option

if TYPE_CHECKING:
    from salio.client.settings import App, Initiator, Options
    from salio.wire.asked import Callbacks

LOCAL = "local"
FIRST_SHORT_CODE = "600000"
"""Of the test data: what `local` asks about unless something else is named (salio up, first success)."""
VARIABLES: Mapping[str, str] = {
    "consumer_key": "SALIO_CONSUMER_KEY",
    "consumer_secret": "SALIO_CONSUMER_SECRET",
    "initiator_password": "SALIO_INITIATOR_PASSWORD",
    "security_credential": "SALIO_SECURITY_CREDENTIAL",
}
"""Every secret, and the variable that it may come in."""
_ALSO_SECRET = frozenset({"password", "secret", "token", "access_token", "credential"})

Vault = Callable[[str, str], str | None]
"""A service and a name, to the secret that the system keeps there."""


class NoKeyringError(CommandError):
    """The system keeps no secrets that we could ask for."""


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One table of the file."""

    environment: str
    initiator: str = ""
    short_code: str = ""
    certificate: str | None = None
    """A file, beside `profiles.toml` unless it says more; a URL; or a bundled name."""
    result_url: str = ""
    queue_time_out_url: str = ""
    """If it is not said: the same as the other."""
    record: str = ""
    """Where requests are kept: a file, beside `profiles.toml` unless it says more, or a PostgreSQL's URL."""
    allow_http: bool = False


class Asker(msgspec.Struct, frozen=True, kw_only=True):
    """What a client is made of, whichever profile it was."""

    environment: str
    app: "App"
    initiator: "Initiator | None"
    callbacks: "Callbacks | None"
    options: "Options"
    inbox: str | None
    """Where results can be waited for: the result URL, if it is an inbox of the same platform."""
    record: str | None = None
    """Where requests are kept, if the profile says so."""


def asker(
    name: str,
    data: Path,
    *,
    short_code: str | None = None,
    subject: str | None = None,
    initiator: bool = True,
) -> Asker:
    """The one that asks about a short code, or a transaction; without an initiator for a token alone.

    Raises CommandError.
    """
    if name == LOCAL:
        return _local(data, short_code, subject)
    directory = profiles_directory(os.environ)
    profile = read_profile(directory / "profiles.toml", name)
    return _asker(name, profile, Secrets(name, os.environ), directory, initiator=initiator)


def profiles_directory(environ: Mapping[str, str]) -> Path:
    """`~/.config/salio`, or where the desktop's convention has it."""
    base = environ.get("XDG_CONFIG_HOME", "")
    return (Path(base) if base.startswith("/") else Path("~/.config").expanduser()) / "salio"


def read_profile(path: Path, name: str) -> Profile:
    """That table of the file. Raises CommandError; what the file holds is not repeated."""
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        tables = {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} is no TOML: {error}") from None
    _refuse_secrets(path, tables)
    if LOCAL in tables:
        raise CommandError(f"{path}: the profile {LOCAL} is the data folder's platform; name yours otherwise")
    if name not in tables:
        known = ", ".join([LOCAL, *tables])
        raise CommandError(f"there is no profile {name} in {path}: there are {known}")
    try:
        return msgspec.convert(tables[name], Profile)
    except msgspec.ValidationError as error:
        raise CommandError(f"{path}, [{name}]: {error}") from None


def _refuse_secrets(path: Path, tables: Mapping[str, Any]) -> None:
    for table, members in tables.items():
        found = (VARIABLES.keys() | _ALSO_SECRET) & set(members if isinstance(members, dict) else [table])
        if found:
            secret = min(found)
            raise CommandError(
                f"{path} holds no secrets: take {secret} out of it, and say it in the environment "
                f"({', '.join(VARIABLES.values())}) or keep it in the system's keyring"
            )
        if isinstance(members, dict) and _has_password(str(members.get("record", ""))):
            raise CommandError(
                f"{path} holds no secrets: take the password out of record, and say the whole URL in "
                "SALIO_RECORD, or keep the password in PostgreSQL's ~/.pgpass"
            )


def _has_password(record: str) -> bool:
    """Whether a PostgreSQL's URL holds one."""
    _, is_url, rest = record.partition("://")
    user = rest.partition("/")[0].rpartition("@")[0]
    return bool(is_url) and (":" in user or "password=" in rest)


class Secrets:
    """The secrets of one profile: the environment's, else the keyring's."""

    def __init__(self, profile: str, environ: Mapping[str, str], vault: Vault | None = None) -> None:
        self._profile = profile
        self._environ = environ
        self._vault = vault or from_keyring

    def find(self, *names: str) -> tuple[str, str]:
        """The first of these that there is, by its name. Raises CommandError if none is."""
        for name in names:
            if self._environ.get(VARIABLES[name]):
                return name, self._environ[VARIABLES[name]]
        service, why = f"salio/{self._profile}", ""
        try:
            for name in names:
                kept = self._vault(service, name)
                if kept:
                    return name, kept
        except NoKeyringError as error:
            why = f" ({error})"
        raise CommandError(
            f"the profile {self._profile} has no {names[0]}: set {VARIABLES[names[0]]}, or keep it in the "
            f"system's keyring with `keyring set {service} {names[0]}`{why}"
        )


def from_keyring(service: str, name: str) -> str | None:
    """What the system keeps there. Raises NoKeyringError where there is no keyring or it does not open."""
    try:
        import keyring
        import keyring.errors
    except ModuleNotFoundError:
        raise NoKeyringError("which needs pip install 'salio[cli]'") from None
    try:
        kept: str | None = keyring.get_password(service, name)
    except keyring.errors.KeyringError as error:
        raise NoKeyringError(f"which says: {error}") from None
    return kept


# --- what a client is made of ------------------------------------------------------------------------


def _asker(name: str, profile: Profile, secrets: Secrets, directory: Path, *, initiator: bool) -> Asker:
    from salio.client.settings import App, Options
    from salio.wire.asked import Callbacks

    (_, key), (_, secret) = secrets.find("consumer_key"), secrets.find("consumer_secret")
    url = profile.result_url
    if initiator and not (profile.initiator and profile.short_code and url):
        raise CommandError(
            f"the profile {name} lacks initiator, short_code or result_url: without them there "
            "are tokens only"
        )
    return Asker(
        environment=profile.environment,
        app=App(key, secret),
        initiator=_initiator(profile, secrets, directory) if initiator else None,
        callbacks=Callbacks(url, profile.queue_time_out_url or url) if url else None,
        options=Options(allow_http=profile.allow_http),
        inbox=url if url.startswith(f"{profile.environment.rstrip('/')}/inbox/") else None,
        record=record_of(profile.record, directory),
    )


def record_of(said: str, directory: Path) -> str | None:
    """Where that record is, said in a file of that directory; None if nothing was said."""
    if not said or "://" in said:
        return said or None
    return str(directory / said)


def _initiator(profile: Profile, secrets: Secrets, directory: Path) -> "Initiator":
    from salio.client.certificates import BUNDLED
    from salio.client.settings import Initiator

    which, secret = secrets.find("initiator_password", "security_credential")
    certificate = profile.certificate
    if certificate and "://" not in certificate and certificate not in BUNDLED:
        certificate = str(directory / certificate)
    return Initiator(
        name=profile.initiator,
        short_code=profile.short_code,
        certificate=certificate,
        password=secret if which == "initiator_password" else None,
        security_credential=secret if which == "security_credential" else None,
    )


def _local(data: Path, short_code: str | None, subject: str | None) -> Asker:
    """The test data's own: an initiator that works at the short code, or at that of the receipt."""
    from salio.cli.control import NotRunningError
    from salio.cli.testdata import describe_folder
    from salio.client.settings import App, Initiator, Options
    from salio.wire.asked import Callbacks

    described, running = describe_folder(data)
    if not running:
        raise NotRunningError(
            f"no sandbox of {data} runs: start it with `salio up{data_option(data)}`, or "
            "name a profile of your own with --profile"
        )
    told = msgspec.convert(described, _Described)
    found = next((each.short_code for each in told.receipts if subject and subject in each.names), None)
    wanted = short_code or found or FIRST_SHORT_CODE
    initiator = next((each for each in told.initiators if each.short_code == wanted), told.initiators[0])
    inbox = f"{told.base_url}/inbox/demo"
    return Asker(
        environment=told.base_url,
        app=App(told.consumer_key, told.consumer_secret),
        initiator=Initiator(name=initiator.name, short_code=wanted, password=initiator.password),
        callbacks=Callbacks(inbox, inbox),
        options=Options(allow_http=True),  # it is this machine's, whatever it is called
        inbox=inbox,
    )


class _Initiator(msgspec.Struct):
    name: str
    password: str
    short_code: str


class _Receipt(msgspec.Struct):
    receipt: str
    originator_conversation_id: str
    short_code: str

    @property
    def names(self) -> tuple[str, str]:
        """By which it can be asked for."""
        return self.receipt, self.originator_conversation_id


class _Described(msgspec.Struct):
    """What is needed of the test data."""

    base_url: str
    consumer_key: str
    consumer_secret: str
    initiators: list[_Initiator]
    receipts: list[_Receipt]
