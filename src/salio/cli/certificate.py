"""``salio certificate``: the key pair that SecurityCredentials are made for is renewed."""

import cyclopts

from salio.cli.options import DEFAULT_DATA, Data, started_before

EXAMPLES = """Examples:

  salio certificate renew
  salio certificate renew --data /srv/salio"""


def build(*, sort_key: int) -> cyclopts.App:
    """The group of commands."""
    group = cyclopts.App(
        name="certificate",
        help="Renew the certificate that passwords are encrypted with.",
        help_epilogue=EXAMPLES,
        sort_key=sort_key,
    )
    group.command(renew)
    return group


def renew(*, data: Data = DEFAULT_DATA) -> None:
    """Make a new key and certificate while no platform runs. Passwords, tokens and app secrets stay valid.

    Credentials made with the old certificate are refused from the next start on, and the log says why.
    """
    from salio.platform.clock import SystemClock
    from salio.platform.folder import SANDBOX
    from salio.platform.identifiers import entropy_of
    from salio.vault.keys import KeyRing

    folder = started_before(data)
    folder.take()
    try:
        keys = KeyRing.load(folder.keys)
        keys.renew(SANDBOX, entropy=entropy_of(None, "certificate"), at=SystemClock().now())
    finally:
        folder.leave()
    print(f"renewed: {keys.certificate_path}; fetch it again wherever credentials are made")
