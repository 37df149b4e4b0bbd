"""Customers' phones at ``/phone``: whoever sits at the sandbox answers the prompts that they show.

Anybody who reaches the page may answer, as anybody may read an inbox; a page of another origin may not.
"""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from salio.core.ports import Clock, StoreUnavailableError
from salio.core.requests.prompts import AnswerEnd, CustomerWord, Phones, Ringing, answer_at
from salio.portal.reading import clock_text
from salio.portal.rendering import Pages

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
    Button(CustomerWord.NOT_ANSWERED.value, "Do not answer", "ResultCode 1037, at once"),
)
"""In the order of the page; whoever presses none has not answered after a minute."""


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
    *, clock: Clock, phones: Phones, name_of: Callable[[str], str], environment: str = "Sandbox"
) -> list[Route]:
    """All phones on one page, each with its buttons."""
    pages = Pages(environment, forms=True)

    async def show(request: Request) -> Response:
        refresh = None if request.query_params.get("refresh") == "off" else REFRESH
        try:
            prompts = [_shown(each, clock, name_of) for each in await phones.ringing()]
        except StoreUnavailableError:
            return _OUT_OF_REACH
        return pages.page("phones.html", prompts=prompts, buttons=BUTTONS, refresh=refresh)

    async def answer(request: Request) -> Response:
        if not _is_of_this_origin(request):
            return PlainTextResponse("a page of another origin may not answer a prompt\n", 403)
        word = await _word(request)
        if word is None:
            return PlainTextResponse("send one of the buttons' values as `answer`\n", 400)
        try:
            _, end = await answer_at(phones, request.path_params["msisdn"], word)
        except StoreUnavailableError:
            return _OUT_OF_REACH
        return _AFTERWARDS[end]

    return [Route("/phone", show), Route("/phone/{msisdn}", answer, methods=["POST"])]


_OUT_OF_REACH = PlainTextResponse("the store is out of reach: nothing has changed\n", 503)
_AFTERWARDS = {
    AnswerEnd.HEARD: RedirectResponse("/phone", 303),
    AnswerEnd.TOO_LATE: PlainTextResponse("the phone shows no prompt any more: its minute is over\n", 409),
    AnswerEnd.NOT_KEPT: _OUT_OF_REACH,
}


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


def _shown(ringing: Ringing, clock: Clock, name_of: Callable[[str], str]) -> _Shown:
    prompt = ringing.prompt
    payer = prompt.transaction.debit_party
    return _Shown(
        msisdn=prompt.phone,
        owner=name_of(prompt.phone),
        text=prompt.text,
        seconds=max(0, round((prompt.until - clock.now()).total_seconds())),
        until=clock_text(prompt.until),
        checkout_request_id=ringing.checkout_request_id,
        payer=payer if payer != prompt.phone else None,
    )
