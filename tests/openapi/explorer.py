"""Requests made up from a document by schemathesis, sent over a socket, their answers held against it.

Each case that schemathesis makes up is sent in several ways: as it is; by somebody who may; with the members
that chance does not hit; by another method; with odd headers. The cases of all operations come in a mixed
order, for the one may change what the next finds. A seed makes the same requests again.
"""

import json
import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.openapi.document import Case, Document, Known

SLOW = 1.0
"""Seconds; no answer may take longer (issue 3)."""
REPEATS = 3
"""A slow answer is asked for again, alone: a busy machine is slow once, a slow platform every time."""
WAYS = 4
"""In which a case is sent, about."""
ALIKE = 2
"""How often a request without any choice is made."""
CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
OTHER_METHODS = ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "GET", "POST", "HEAD", "PROPFIND", "BREW")
ODD_HEADERS = (
    {"Content-Type": "text/plain"},
    {"Content-Type": "application/json; charset=utf-16"},
    {"Content-Type": "application/json, application/json"},
    {"Content-Type": "application/x-www-form-urlencoded"},
    {"Content-Type": "multipart/form-data; boundary=x"},
    {"Content-Type": ""},
    {"Content-Type": "application/JSON;;"},
    {"Content-Encoding": "gzip"},
    {"Content-Encoding": "identity"},
    {"Accept": "text/html;q=0, */*;q=0"},
    {"Accept": "application/xml"},
    {"Accept": "\xff"},
    {"Authorization": "Bearer"},
    {"Authorization": "Bearer a b"},
    {"Authorization": "Basic Og=="},
    {"Authorization": "Basic \xff"},
    {"Authorization": "Digest " + "a" * 12_000},
    {"Cookie": "a=" + "b" * 8_000},
    {"Expect": "100-continue"},
    {"Upgrade": "h2c", "Connection": "Upgrade"},
    {"Range": "bytes=0-0"},
    {"If-None-Match": "*"},
    {"If-Modified-Since": "never"},
    {"Host": "api.safaricom.co.ke"},
    {"Host": "[::1"},
    {"Host": ""},
    {"X-HTTP-Method-Override": "DELETE"},
    {"X-Forwarded-For": "169.254.169.254"},
    {"X-Salio-Key": "wrong"},
    {"Connection": "close"},
)


class Undocumented(AssertionError):  # noqa: N818  # says what is the matter
    """An answer that the document does not describe, or that nothing excuses."""


@dataclass(frozen=True)
class Operation:
    """One operation of the document."""

    label: str
    """`GET /path`."""
    described: Any
    constant: bool
    """Whether every request to it is alike."""


class Explorer:
    """Asks one platform; counts what it asked and what came."""

    def __init__(
        self,
        base_url: str,
        document: Document,
        known: Callable[[Known | None], Known],
        seed: int,
        *,
        slow: float = SLOW,
    ) -> None:
        """``known`` learns anew what changes, given what was known before."""
        self._slow = slow
        self._base_url = base_url
        self._document = document
        self._renew = known
        self._known = known(None)
        self._seed = seed
        self._random = random.Random(seed)
        self._session = requests.Session()
        self._session.trust_env = False
        self.sent = 0
        self.repeated = 0
        """Requests sent once more because the answer was slow."""
        self.statuses: Counter[int] = Counter()
        self.described: set[str] = set()
        """The operations of the document that was explored."""
        self.operations: Counter[str] = Counter()
        self.accepted = 0
        """Queries acknowledged with ResponseCode 0."""

    def explore(self, count: int, described: dict[str, Any]) -> None:
        """Sends at least so many requests; raises :class:`Undocumented` at the first wrong answer."""
        schema = schemathesis.openapi.from_dict(described)
        schema.config.output.sanitization.update(
            enabled=False
        )  # these keys are test data, and replay a failure
        operations = [_operation(each.ok()) for each in schema.get_all_operations() if isinstance(each, Ok)]
        self.described = {each.label for each in operations}
        while self.sent < count:
            cases = [each for operation in operations for each in self._made_up(operation, operations, count)]
            self._random.shuffle(cases)
            for operation, case in cases:
                self._ask_in_all_ways(operation, case)

    def close(self) -> None:
        """Frees the connection."""
        self._session.close()

    def _made_up(
        self, operation: Operation, operations: list[Operation], count: int
    ) -> list[tuple[Operation, Case]]:
        """Valid cases and broken ones, this operation's share of what is still to be sent."""
        if operation.constant:
            return [(operation, operation.described.Case()) for _ in range(ALIKE)]
        varied = sum(not each.constant for each in operations)
        share = (count - self.sent) // (2 * WAYS * varied) + 1
        modes = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
        return [
            (operation, case)
            for mode in modes
            for case in self._drawn(operation.described.as_strategy(generation_mode=mode), share)
        ]

    def _drawn(self, cases: st.SearchStrategy[Case], count: int) -> list[Case]:
        @seed(self._random.getrandbits(32))
        @settings(
            max_examples=count,
            database=None,
            phases=[Phase.generate],
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(cases)
        def draw(case: Case) -> None:
            drawn.append(case)

        drawn: list[Case] = []
        with suppress(Unsatisfiable):  # nothing is wrong for a text that may be any
            draw()
        return drawn

    # --- the ways ------------------------------------------------------------------------------------------

    def _ask_in_all_ways(self, operation: Operation, case: Case) -> None:
        case.body = self._made_harmless(case.body)
        self._ask(operation, case)
        allowed = self._document.headers(operation.label, self._known) or {}
        if allowed:
            self._ask(operation, case, headers=allowed)
            amended = self._derived(case)
            if self._document.amend(operation.label, amended, self._known, self._random):
                self._ask(operation, amended, headers=allowed)
        chance = self._random.random()
        if chance < 0.35 or operation.constant:
            usual = self._random.choice([allowed, {}])
            self._ask(operation, case, headers=usual | self._random.choice(ODD_HEADERS))
        if chance > 0.65 or operation.constant:
            other = self._derived(case)
            others = [each for each in OTHER_METHODS if each not in _methods(operation.described)]
            other.method = self._random.choice(others)
            self._ask(operation, other, headers=allowed)

    def _derived(self, case: Case) -> Case:
        return case.operation.Case(
            method=case.method,
            path_parameters=dict(case.path_parameters),
            headers=dict(case.headers),
            query=case.query,
            body=case.body,
            media_type=case.media_type,
        )

    def _made_harmless(self, body: object) -> object:
        if isinstance(body, dict):
            return self._document.harmless(body, self._known)
        if isinstance(body, bytes | str):
            try:
                members = json.loads(body)
            except ValueError:
                return body
            return self._made_harmless(members) if isinstance(members, dict) else body
        return body

    # --- one request ---------------------------------------------------------------------------------------

    def _ask(self, operation: Operation, case: Case, headers: dict[str, str] | None = None) -> None:
        self.operations[operation.label] += 1
        response = self._sent(case, headers)
        for _ in range(REPEATS):
            if response.elapsed < self._slow:
                break
            self.repeated += 1
            response = self._sent(case, headers)
        if response.elapsed >= self._slow:
            raise Undocumented(
                f"{response.elapsed:.2f} s, {REPEATS} times again: {self._shown(case, response)}"
            )
        self._judge(operation, case, response)
        if self.sent % self._document.renewed_after == 0:
            self._known = self._renew(self._known)

    def _sent(self, case: Case, headers: dict[str, str] | None) -> Any:
        self.sent += 1
        response = case.call(
            base_url=self._base_url,
            session=self._session,
            headers=headers,
            timeout=30,
            allow_redirects=False,
        )
        self.statuses[response.status_code] += 1
        taken = response.status_code == 200 and _member(response, "ResponseCode") == "0"
        self.accepted += taken and not case.path.endswith("/registerurl")  # nothing of it is decided
        return response

    def _judge(self, operation: Operation, case: Case, response: Any) -> None:
        status = response.status_code
        if status >= 500 and _member(response, "errorCode") not in self._document.errors:
            raise Undocumented(f"{status}, and nothing was provoked: {self._shown(case, response)}")
        if case.method not in _methods(operation.described):
            self._judge_other_method(operation, case, response)
        if case.method == "HEAD":
            return  # there is nothing more to hold against the document
        if self._document.excused(operation.label, status, response.content):
            return
        try:
            case.validate_response(response, checks=CHECKS)
        except schemathesis.errors.SchemathesisError:
            raise
        except BaseExceptionGroup as failures:
            raise Undocumented(f"{failures}\n{self._shown(case, response)}") from None

    def _judge_other_method(self, operation: Operation, case: Case, response: Any) -> None:
        """The document's own description says these; no operation of it can."""
        expected = {405}
        if case.method == "HEAD" and "GET" in _methods(operation.described):
            expected |= {200, 400, 404}
        if response.status_code not in expected:
            raise Undocumented(f"another method, none of {expected}: {self._shown(case, response)}")

    def _shown(self, case: Case, response: Any) -> str:
        """What replays it: the seed, and the request as a command."""
        command = case.as_curl_command(headers=dict(response.request.headers), base_url=self._base_url)
        said = response.content[:300]
        return (
            f"document {self._document.name}, seed {self._seed}\n{command}\n{response.status_code} {said!r}"
        )


def _operation(described: Any) -> Operation:
    varied = described.body or described.query or described.path_parameters or described.headers
    return Operation(described.label, described, constant=not varied)


def _member(response: Any, name: str) -> str | None:
    """One member of an answer that is a JSON object."""
    try:
        return str(response.json()[name])
    except (ValueError, KeyError, TypeError):
        return None


def _methods(described: Any) -> set[str]:
    path = described.schema[described.path]
    return {method.upper() for method in path}
