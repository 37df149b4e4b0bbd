"""Customers' phones at ``/phone``: whoever sits at the sandbox answers the prompts that they show.

Anybody who reaches the page may answer, as anybody may read an inbox; a page of another origin may not.
"""

from collections.abc import Callable, Sequence
from urllib.parse import parse_qs, urlsplit

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from salio.core.ports import Clock
from salio.core.requests.prompts import CustomerWord, Prompt
from salio.core.requests.validation import Asked
from salio.portal.reading import clock_text
from salio.portal.rendering import Pages

Hear = Callable[[int, CustomerWord, str], bool]
"""Takes a word about the request of that number, and which way it came; ``False`` if none is waited for."""

LARGEST_BODY = 1024
"""Bytes of a form with one field."""
REFRESH = 2
"""Seconds between looks: a prompt is waited for, or another answers it."""

_FORM = "application/x-www-form-urlencoded"


class Button(msgspec.Struct, frozen=True):
    """One way to answer."""

    value: str
    label: str
    means: str


BUTTONS = (
    Button(CustomerWord.PIN_RIGHT.value, "Enter the right PIN", "paid, if the customer can"),
    Button(CustomerWord.PIN_WRONG.value, "Enter a wrong PIN", "ResultCode 2001"),
    Button(CustomerWord.PIN_LOCKED.value, "PIN is locked", "ResultCode 8006"),
    Button(CustomerWord.CANCELLED.value, "Cancel", "ResultCode 1032"),
)
"""In the order of the page; whoever presses none answers nothing: ResultCode 1037 after a minute."""


class _Shown(msgspec.Struct, frozen=True):
    """One phone with its prompt."""

    msisdn: str
    owner: str
    text: str
    seconds: int
    until: str
    checkout_request_id: str
    payer: str | None
    """Whose money it is, where that is another's."""


def routes(
    *,
    clock: Clock,
    waiting: Callable[[], Sequence[Asked]],
    name_of: Callable[[str], str],
    hear: Hear,
    environment: str = "Sandbox",
) -> list[Route]:
    """All phones on one page, and each on one of its own; ``waiting``: whose word is waited for."""
    pages = Pages(environment, forms=True)

    def prompts() -> list[_Shown]:
        return [_shown(each, clock, name_of) for each in waiting() if isinstance(each.question, Prompt)]

    async def phones(request: Request) -> Response:
        refresh = None if request.query_params.get("refresh") == "off" else REFRESH
        return pages.page("phones.html", prompts=prompts(), buttons=BUTTONS, refresh=refresh)

    async def answer(request: Request) -> Response:
        if not _is_of_this_origin(request):
            return PlainTextResponse("a page of another origin may not answer a prompt\n", 403)
        word = await _word(request)
        if word is None:
            return PlainTextResponse("send one of the buttons' values as `answer`\n", 400)
        phone = request.path_params["msisdn"]
        asked = next((each for each in waiting() if _phone(each) == phone), None)
        if asked is None or not hear(asked.accepted.request.number, word, "phone"):
            return PlainTextResponse("the phone shows no prompt any more: its minute is over\n", 409)
        return RedirectResponse("/phone", 303)

    return [Route("/phone", phones), Route("/phone/{msisdn}", answer, methods=["POST"])]


def _is_of_this_origin(request: Request) -> bool:
    """Whether no other page in a browser sends this; programs send neither header."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


async def _word(request: Request) -> CustomerWord | None:
    """The button that was pressed; ``None`` for anything else."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        return None
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_BODY:
                return None
    except ClientDisconnect:
        return None
    given = parse_qs(body.decode("ascii", "replace")).get("answer", [])
    return CustomerWord(given[0]) if len(given) == 1 and given[0] in _WORDS else None


_WORDS = frozenset(each.value for each in CustomerWord)


def _phone(asked: Asked) -> str | None:
    return asked.question.phone if isinstance(asked.question, Prompt) else None


def _shown(asked: Asked, clock: Clock, name_of: Callable[[str], str]) -> _Shown:
    prompt = asked.question
    assert isinstance(prompt, Prompt)  # noqa: S101 - nothing else is shown
    payer = prompt.transaction.debit_party
    return _Shown(
        msisdn=prompt.phone,
        owner=name_of(prompt.phone),
        text=prompt.text,
        seconds=max(0, round((prompt.until - clock.now()).total_seconds())),
        until=clock_text(prompt.until),
        checkout_request_id=asked.accepted.request.conversation_id,
        payer=payer if payer != prompt.phone else None,
    )
