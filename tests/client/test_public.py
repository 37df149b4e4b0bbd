"""The package's public face: what it has by name, and that nothing is imported before it is used."""

import inspect
import subprocess
import sys

import pytest

import salio

NAMES = [
    "Account",
    "App",
    "AskingFailed",
    "AsyncClient",
    "AsyncTracker",
    "Balance",
    "BalanceQuery",
    "Callbacks",
    "Client",
    "CustomerPayment",
    "EndedWithoutResult",
    "Ending",
    "Endpoint",
    "InTransaction",
    "Initiator",
    "Merchant",
    "NeedsAPerson",
    "NotSent",
    "Options",
    "OutcomeUnknown",
    "Patience",
    "Payment",
    "PaymentToCustomer",
    "PaymentToOrganization",
    "Prompt",
    "PromptQuery",
    "Record",
    "Refused",
    "Registration",
    "Result",
    "ResultLate",
    "Reversal",
    "SalioError",
    "SimulatedPayment",
    "State",
    "StatusQuery",
    "TaxRemittance",
    "Tracker",
    "Transaction",
    "UnreadableAnswer",
    "UnreadableBody",
    "UnusableOrder",
    "UnusableSetting",
    "read_callback",
    "read_result",
]
STRUCTS = [each for each in NAMES if hasattr(getattr(salio, each), "__struct_fields__")]
IMPORT_LIMIT = 0.150
"""Seconds of processor time, which no neighbour takes, for `import salio` and for the client's own names."""
TIMED = "import time; began = time.process_time(); {}; print(time.process_time() - began)"


def told(program: str) -> str:
    """What a Python of its own prints."""
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout


def test_the_face_is_held() -> None:
    """A name that goes, or comes, is a change for whoever uses it."""
    assert sorted(salio.__all__) == NAMES
    assert set(NAMES) <= set(dir(salio))


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_there(name: str) -> None:
    """And is called so where it comes from."""
    assert getattr(salio, name).__name__ == name


@pytest.mark.parametrize("name", STRUCTS)
def test_every_signature_can_be_read(name: str) -> None:
    """By editors and documentation, with the types of all its parameters."""
    found = inspect.signature(getattr(salio, name)).parameters
    assert all(each.annotation is not each.empty for each in found.values())


def test_the_type_of_an_option() -> None:
    """Is the real one, which nobody imported before."""
    program = (
        "import inspect, sys, salio; salio.Options; print('ssl' in sys.modules); "
        "found = inspect.signature(salio.Options).parameters['tls'].annotation; "
        "import ssl; print(found == (ssl.SSLContext | None))"
    )
    assert told(program) == "False\nTrue\n"


def test_a_name_that_is_not_there() -> None:
    """As of any module."""
    with pytest.raises(AttributeError, match="no attribute 'Treasury'"):
        _ = salio.Treasury


@pytest.mark.parametrize(
    "use", ["pass", "salio.Client", "salio.AsyncClient", "salio.Tracker", "salio.read_result"]
)
def test_what_is_dear_is_imported_late(use: str) -> None:
    """Neither transport nor cryptography, for no name; nor anything of the platform."""
    dear = (
        "httpx2",
        "httpcore2",
        "cryptography",
        "ssl",
        "sqlalchemy",
        "starlette",
        "salio.core",
        "salio.platform",
    )
    program = f"import sys, salio; {use}; print(sorted(set(sys.modules) & set({dear!r})))"
    late = ["ssl"] if use in ("salio.AsyncClient", "salio.Tracker") else []  # asyncio has it
    assert told(program) == f"{late}\n"


@pytest.mark.parametrize("statement", ["import salio", "from salio import Client, read_result"])
def test_the_import_is_short(statement: str) -> None:
    """At most 150 ms, in the best of ten processes."""
    assert min(float(told(TIMED.format(statement))) for _ in range(10)) <= IMPORT_LIMIT
