"""What is known of an OpenAPI document beyond itself: how to ask well by it."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.kill.platforms import Platform

Body = dict[str, Any]
Case = Any
"""`schemathesis.Case`, whose generic parameters say nothing here."""


@dataclass(frozen=True)
class Known:
    """What a running platform gives to whoever may use it."""

    token: str
    basic: str
    """Consumer key and secret, as an Authorization header has them."""
    credential: str
    inbox_url: str
    key: str = ""
    """Of the control."""
    names: tuple[str, ...] = ()
    """Ids of requests that were made."""
    faults: tuple[int, ...] = ()
    """The numbers of those in force."""


@dataclass(frozen=True)
class Document:
    """One document, and how a request that was made up from it becomes one that is meant."""

    name: str
    served: str
    """The path at which a running platform hands it out."""
    golden: str
    """The same below the repository's root."""
    know: Callable[[Platform, Known | None], Known]
    """What there is to know, anew; given what was known before."""
    renewed_after: int
    """Requests; then it is asked for again."""
    headers: Callable[[str, Known], dict[str, str] | None]
    """What whoever may use an operation (`GET /path`) sends; None where nothing is asked for."""
    amend: Callable[[str, Case, Known, Random], bool]
    """Gives a case what chance does not hit; whether there was anything to give."""
    harmless: Callable[[Body, Known], Body]
    """A body after which the platform calls nobody but itself."""
    excused: Callable[[str, int, bytes], bool]
    """Whether an answer (operation, status, body) is one that the document has in words alone."""
    errors: frozenset[str] = frozenset()
    """The errorCodes with a status from 500 that a request can bring about by itself."""
