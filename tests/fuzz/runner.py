"""One target under atheris, in a process of its own, which libFuzzer ends.

    python -m tests.fuzz.runner TARGET [libFuzzer's options and folders]

Needs atheris, which `make fuzz` installs and no check does; so nothing else imports this module.
"""

import importlib
import shlex
import sys

INSTRUMENTED = ["salio", "tests.fuzz.targets", "json", "ipaddress", "urllib.parse", "httpx2._urlparse"]
"""The parsers, and those that they are compared with: what is written in C or as a regular expression shows
no way through it, so the other reader's has to lead."""


def main() -> None:
    """Instruments the parsers, then hands the process over."""
    import atheris  # here, because no check needs it

    target, options = sys.argv[1], sys.argv[2:]
    with atheris.instrument_imports(include=INSTRUMENTED):
        # By name, and only now: what was imported before is not instrumented.
        check = importlib.import_module(f"tests.fuzz.targets.{target}").check
    # To merge, libFuzzer starts this very command again through a shell.
    itself = shlex.join([sys.executable, "-m", "tests.fuzz.runner", target])
    atheris.Setup([itself, *options], check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
