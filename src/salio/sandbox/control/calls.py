"""The calls of the control as rows of a table: from a row come the route and its part of the document.

What a call is told and what it answers stand in the annotations of the function that carries it out::

    async def advance_clock(control: Control, words: Passing) -> Time: ...

``words`` has a member for each name in braces in the row's path; the others come from the JSON body of a
POST, or from the query of a GET or DELETE.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, get_type_hints
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request

from salio.core.access.apps import App
from salio.core.access.tokens import TokenClaim
from salio.core.audit.entries import Entry
from salio.core.parties.acts import Act, ActRefusal
from salio.core.parties.operators import Operator, OperatorRules
from salio.core.parties.organizations import ChargeBearer, Organization
from salio.core.parties.registration import Registration
from salio.core.requests.abroad import AbroadAct
from salio.core.requests.bearers import BearingRefusal
from salio.core.requests.funds import FundsAct, FundsMoved, FundsRefused
from salio.core.requests.prompts import Phones
from salio.core.requests.validation import Asked, Word
from salio.sandbox.clock import SandboxClock
from salio.sandbox.control.guard import Refused, read_body
from salio.sandbox.faults import Faults
from salio.sandbox.state import State

PREFIX = "/_salio"
_MEMBER = re.compile(r"\{([a-z_]+)(:path)?\}")


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a call that needs no words: ``{}``."""


class Problem(msgspec.Struct):
    """Why a call was not carried out, and what to do."""

    error: str


class Control(msgspec.Struct, frozen=True, kw_only=True):
    """What the calls reach. Whatever reads or writes may raise StoreUnavailableError."""

    key: str
    """Whoever shows it may call from anywhere."""
    clock: SandboxClock
    faults: Faults
    state: State
    wake: Callable[[], None]
    """Tells whatever waits that time or the faults have changed: it may go on now."""
    flush: Callable[[float], Awaitable[bool]]
    """Waits until nothing is under way, so many seconds at most; whether that came to pass."""
    look_up: Callable[[str], list[Entry]]
    """Everything that is called so, whole."""
    requests: Callable[[int | None, int], list[Entry]]
    """The first requests after a number, at most so many; the latest if no number is given."""
    revoke_token: Callable[[str], TokenClaim | None]
    """Ends one token at once; ``None`` for what is no token of this platform."""
    revoke_tokens_of: Callable[[int], App | None]
    """Ends all tokens that an app has, at once; ``None`` for a number that no app has."""
    operators: Callable[[], list[Operator]]
    operator_rules: OperatorRules
    act: Callable[[str, str, Act], Awaitable[Operator | ActRefusal]]
    """Locks or unlocks the operator of a short code and name; answers after the commit."""
    organizations: Callable[[], list[Organization]]
    bear: Callable[[str, ChargeBearer], Awaitable[Organization | BearingRefusal]]
    """Has the charges of a short code's payments borne so; answers after the commit."""
    registrations: Callable[[], list[Registration]]
    registration: Callable[[str], Registration | None]
    """What is registered for a short code, whatever that is; ``None`` where there is no such short code."""
    register: Callable[[Registration], Awaitable[bool]]
    """Whether it was kept; answers after the commit."""
    move: Callable[[FundsAct | AbroadAct], Awaitable[FundsMoved | FundsRefused | ActRefusal]]
    """Settles an organization's revenue, withdraws of it, or brings money from abroad or clears it; answers
    after the commit.
    """
    phones: Phones
    waiting: Callable[[], list[Asked]]
    """Whose word is waited for, oldest first."""
    hear: Callable[[int, Word, str], bool]
    """Takes a word about the request of that number, and which way it came; ``False`` if none is waited for
    any more.
    """


class PhoneControl(msgspec.Struct, frozen=True, kw_only=True):
    """What the calls of phones reach where there is no more: at a gateway of several processes."""

    key: str
    phones: Phones


CarryOut = Callable[[Any, Any], Awaitable[Any]]
"""Told what it reaches, and its words."""


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One row: a method and a path below ``/_salio/``, and what they do.

    ``{name}`` in the path is one of the words and has no slash in it, ``{name:path}`` may have any.
    """

    method: str
    path: str
    topic: str
    summary: str
    carry_out: CarryOut
    errors: Mapping[int, str] = {}
    """When it answers with a status that not every call has."""
    one_of: Mapping[str, tuple[str, ...]] = {}
    """Words of which exactly one is given, and what each needs beside it, for the document: ``carry_out``
    sees to it.
    """

    @property
    def words(self) -> type[msgspec.Struct]:
        """The form of what it is told."""
        form: type[msgspec.Struct] = get_type_hints(self.carry_out)["words"]
        return form

    @property
    def answer(self) -> Any:
        """The form of what it answers; :class:`msgspec.Raw` for any JSON."""
        return get_type_hints(self.carry_out)["return"]

    @property
    def places(self) -> tuple[str, ...]:
        """The words that stand in the path."""
        return tuple(name for name, _ in _MEMBER.findall(self.path))

    @property
    def template(self) -> str:
        """The path as OpenAPI writes it."""
        return f"{PREFIX}/" + _MEMBER.sub(r"{\1}", self.path)

    @property
    def pattern(self) -> re.Pattern[str]:
        """What paths it answers on, after the prefix and its slash."""
        parts = _MEMBER.split(self.path)
        plain, names, kinds = parts[::3], parts[1::3], parts[2::3]
        groups = [f"(?P<{name}>{'.+' if kind else '[^/]+'})" for name, kind in zip(names, kinds, strict=True)]
        whole = "".join(re.escape(text) + group for text, group in zip(plain, [*groups, ""], strict=True))
        return re.compile(whole, re.DOTALL)


async def read_words(request: Request, call: Call, form: type[msgspec.Struct], places: dict[str, str]) -> Any:
    """What the call is told, in its form; raises :class:`Refused`."""
    given = await _body(request) if call.method == "POST" else _query(request)
    if given.keys() & places.keys():
        raise Refused(400, f"{' and '.join(places)} stands in the path alone")
    try:
        return msgspec.convert(given | places, form, strict=call.method == "POST")
    except msgspec.ValidationError as error:
        raise Refused(400, f"{error}") from None


async def _body(request: Request) -> dict[str, Any]:
    if request.url.query:
        raise Refused(400, "this call takes its words in the body, and no query")
    try:
        given = msgspec.json.decode(await read_body(request))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused(400, f"{error}") from None
    except RecursionError:
        raise Refused(400, "the body is nested too deeply") from None
    if not isinstance(given, dict):
        raise Refused(400, "the body is no JSON object: send {} if there is nothing to say")
    return {name: _whole(value) for name, value in given.items()}


def _whole(value: Any) -> Any:
    """JSON has one kind of number: 5.0 is as whole as 5."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _query(request: Request) -> dict[str, Any]:
    pairs = parse_qsl(request.url.query, keep_blank_values=True)
    given: dict[str, Any] = dict(pairs)
    if len(given) < len(pairs):
        raise Refused(400, "a parameter is given twice")
    return given
