"""Any body that travels, told in plain words: what it is, what it says, what it means and what to do.

For a person with a body in the hand who does not know what it is: everything that `callbacks` and `answers`
read, and a request too. No secret is told again: members are hidden by their name, and words by their form.

Source: wire facts 1.1, 2.2 to 2.8 and 5.
"""

import enum
import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from salio.wire import mitigations
from salio.wire.answered import Balance, Transaction, Unreadable, moment
from salio.wire.answers import (
    MESSAGE_LIMIT,
    Acknowledgement,
    Grant,
    Rejection,
    read_acknowledgement,
    read_grant,
)
from salio.wire.callbacks import Result, read_result
from salio.wire.errors import UnreadableBody
from salio.wire.explanations import Place, explain
from salio.wire.meanings_of_refusals import OF_REFUSALS
from salio.wire.members import Parameter, Value, by_name, read_members, text, unspaced
from salio.wire.payments import is_payment, payment_of
from salio.wire.reason import REASON
from salio.wire.results import TIMED_OUT
from salio.wire.wording import shown

HIDDEN = "(hidden)"
"""In the place of a secret."""
NO_PAGE = "No page that Salio knows says what this code means."
_UNKNOWN = "A query may be asked again; of a payment ask for the status first."
"""What to do where nobody knows what became of a request."""
_LONGEST = 200
"""Characters of one value."""

_SECRETS = frozenset(
    {
        "accesstoken",
        "authorization",
        "consumerkey",
        "consumersecret",
        "passkey",
        "password",
        "securitycredential",
        "token",
    }
)
_SECRET_WORDS = re.compile(
    r"[A-Za-z0-9+/=]{100,}"  # a SecurityCredential
    r"|\b(?=[A-Za-z]*[0-9])[A-Za-z0-9]{24,}\b"  # a token, a key
    r"|(?<=Access Token - )(?=\S*[a-z]\S*[A-Z]|\S*[A-Z]\S*[a-z])[A-Za-z0-9]{20,}"
    r"|(?<=Bearer )\S+|(?<=Basic )\S{8,}"
)
_ASKING = frozenset({"CallBackURL", "CommandID", "ConfirmationURL", "Timestamp"})
"""Members that requests alone have, one or another of them each (AB, TS; wire facts 5)."""
_IDS = ("ConversationID", "OriginatorConversationID")
_IDS_OF_PROMPTS = ("CheckoutRequestID", "MerchantRequestID")
"""Of M-PESA Express, in the same places."""
_STATUS_IN_CODE = re.compile(r"([45][0-9]{2})\.[0-9]{3}\.[0-9]{2,4}|([45][0-9]{2})\.[0-9]{3}")


class Kind(enum.Enum):
    """What a body is. Its value is the word that programs are told."""

    RESULT = "result"
    NOTICE = "notice"
    PAYMENT = "payment"
    ACKNOWLEDGEMENT = "acknowledgement"
    DECLINED = "declined"
    TOKEN = "token"  # noqa: S105  # what it is called
    REFUSAL = "refusal"
    FAULT = "fault"
    REQUEST = "request"
    PAGE = "page"
    EMPTY = "empty"


WORDS: Mapping[Kind, str] = {
    Kind.RESULT: "A result: how a request ended",
    Kind.NOTICE: "A notice at QueueTimeOutURL: the request waited too long",
    Kind.PAYMENT: "A customer's payment, as C2B tells it",
    Kind.ACKNOWLEDGEMENT: "An acknowledgement: the request was taken",
    Kind.DECLINED: "A request that the core did not take",
    Kind.TOKEN: "An access token",
    Kind.REFUSAL: "A refusal: the request was not taken",
    Kind.FAULT: "A fault: whether the request was taken is not known",
    Kind.REQUEST: "A request, as an organization sends it",
    Kind.PAGE: "A page in the place of an answer",
    Kind.EMPTY: "An empty body",
}
"""What people are told: every kind has its row, a test says so."""


class Fact(msgspec.Struct, frozen=True):
    """One thing that a body says."""

    name: str
    value: str


class Decoded(msgspec.Struct, frozen=True, kw_only=True):
    """A body, explained."""

    kind: Kind
    code: str = ""
    said: str = ""
    """Its own words."""
    facts: tuple[Fact, ...] = ()
    answer: Balance | Transaction | None = None
    meaning: str = ""
    remedy: str = ""
    """What to do; empty if there is nothing to do."""


def decode(given: bytes, status: int | None = None, reason: str = "") -> Decoded:
    """What a body means; a whole HTTP answer, with its head, is taken too.

    Raises:
        UnreadableBody: it is nothing that an organization sends or is sent.
    """
    status, reason, body = _without_head(given, status, reason)
    if not body.strip():
        return _empty(status, reason)
    try:
        members = by_name(read_members(body))
    except UnreadableBody as unreadable:
        return _page(body, status, reason, unreadable)
    return _of_members(members, body, status, reason)


def facts_of(result: Result) -> tuple[Fact, ...]:
    """Ids, parameters and references of a result, but for a balance that was read: that is a table."""
    is_prompted = "Body" in by_name(read_members(result.raw))
    ours, theirs = _IDS_OF_PROMPTS if is_prompted else _IDS
    said = [
        (ours, result.conversation_id),
        (theirs, result.originator_conversation_id),
        ("TransactionID", result.transaction_id),
    ]
    is_balance = isinstance(result.answer, Balance)
    kept = [each for each in result.parameters if not (is_balance and each.name == "AccountBalance")]
    return (*_facts(said), *_parameters(kept), *_parameters(result.references))


def _of_members(members: Mapping[str, object], body: bytes, status: int | None, reason: str) -> Decoded:
    if is_payment(members):
        return _payment(members, body)
    if _ASKING & set(members) and "ResultCode" not in members:
        return Decoded(
            kind=Kind.REQUEST, facts=_said_by(members), meaning="It asks; nothing is answered yet."
        )
    if {"ResultCode", "CheckoutRequestID"} <= set(members):
        return msgspec.structs.replace(_result(read_result(members)), facts=_said_by(members))
    if "Result" in members or "Body" in members or "ResultCode" in members:
        return _result(read_result(members))
    if "access_token" in members:
        return _token(body)
    if {"ResponseCode", "errorCode", "errorMessage", "fault", "Envelope"} & set(members):
        found = read_acknowledgement(status or _status_of(members), body, reason)
        return _acknowledged(found) if isinstance(found, Acknowledgement) else _rejected(found, status)
    named = ", ".join(shown(name) for name in list(members)[:10]) or "none"
    raise UnreadableBody(f"JSON, but nothing that an organization is sent; its members: {named}")


# --- callbacks ---------------------------------------------------------------------------------------


def _result(result: Result) -> Decoded:
    noticed = result.description == TIMED_OUT
    meaning, remedy = _meaning(result.code, Place.RESULT_CODE, result.description)
    return Decoded(
        kind=Kind.NOTICE if noticed else Kind.RESULT,
        code=_told(result.code, 80),
        said=_told(result.description),
        facts=facts_of(result),
        answer=result.answer if isinstance(result.answer, Balance | Transaction) else None,
        meaning=" ".join([meaning, *_notes(result)]),
        remedy="" if result.succeeded else result.mitigation or remedy,
    )


def _notes(result: Result) -> Iterator[str]:
    if isinstance(result.answer, Unreadable):
        yield f"Its answer has a form that nobody has seen: {result.answer.reason}."
    if isinstance(result.answer, Transaction) and result.answer.status not in (None, "Completed"):
        yield f"The query succeeded; the transaction is another matter: {shown(result.answer.status or '')}."
    if not result.final:
        yield "ResultType 1: more follows."


def _payment(members: Mapping[str, object], body: bytes) -> Decoded:
    payment_of(members, body)  # what has no amount is no payment
    return Decoded(
        kind=Kind.PAYMENT,
        facts=_said_by(members),
        meaning="A customer pays; at ValidationURL it is asked whether that may be, "
        "at ConfirmationURL it is done.",
        remedy='Answer {"ResultCode": 0, "ResultDesc": "Accepted"} within eight seconds.',
    )


# --- answers -----------------------------------------------------------------------------------------


def _token(body: bytes) -> Decoded:
    grant = read_grant(200, body)
    if not isinstance(grant, Grant):
        raise UnreadableBody("its access_token is none")
    lifetime = "not said" if grant.lifetime is None else f"{grant.lifetime} seconds"
    return Decoded(
        kind=Kind.TOKEN,
        facts=tuple(_facts([("access_token", HIDDEN), ("expires_in", lifetime)])),
        meaning="Whoever has it can ask in the app's name until it ends.",
        remedy="Send it as `Authorization: Bearer TOKEN`; get another a minute before it ends.",
    )


def _acknowledged(found: Acknowledgement) -> Decoded:
    members = by_name(read_members(found.raw))
    meaning, remedy = _what_follows(members)
    return Decoded(
        kind=Kind.ACKNOWLEDGEMENT,
        code=found.code,
        said=_told(found.description),
        facts=_said_by(members),
        meaning=meaning,
        remedy=remedy,
    )


def _what_follows(members: Mapping[str, object]) -> tuple[str, str]:
    """M-PESA Express and C2B have forms of their own; of all others nobody sees which API it was."""
    if "CheckoutRequestID" in members:
        return (
            "The customer is asked for the PIN; one callback follows at CallBackURL.",
            "Wait for it; if none comes, send M-PESA Express's query by CheckoutRequestID.",
        )
    if "ConversationID" not in members:
        return (
            "Of C2B: the addresses are registered, or a payment is simulated. No result follows.",
            "Wait for payments at ConfirmationURL.",
        )
    return (
        "One callback follows. Whether password and permission are good is not known yet.",
        f"Wait for the result. If none comes: {_UNKNOWN}",
    )


def _rejected(found: Rejection, status: int | None) -> Decoded:
    if found.declined:
        kind, (meaning, remedy) = Kind.DECLINED, _meaning(found.code, Place.RESPONSE_CODE)
        remedy = mitigations.OF_CODES.get(found.code, remedy)
    elif found.refusal is not None:
        kind = Kind.REFUSAL if found.certain else Kind.FAULT
        meaning, remedy = OF_REFUSALS[found.refusal].meaning, mitigations.OF_REFUSALS[found.refusal]
    else:
        kind = Kind.REFUSAL if found.certain else Kind.FAULT
        meaning, remedy = _meaning(found.code, Place.ERROR_CODE)
    return Decoded(
        kind=kind,
        code=_told(found.code, 80),
        said=_told(found.message, MESSAGE_LIMIT),
        facts=_of_answer(status, found.reason, ("requestId", found.request_id), ("field", found.field)),
        meaning=meaning,
        remedy=remedy if kind is not Kind.FAULT else f"{remedy} {_UNKNOWN}".strip(),
    )


def _page(body: bytes, status: int | None, reason: str, unreadable: UnreadableBody) -> Decoded:
    """HTML, or the words of a firewall. Any other text is not shown again: it could be a password."""
    found = read_acknowledgement(status or 0, body, reason)
    if not isinstance(found, Rejection) or not (status or b"<" in body or found.certain):
        raise unreadable
    return Decoded(
        kind=Kind.PAGE,
        said=_told(found.message, MESSAGE_LIMIT) if b"<" in body or found.certain else "",
        facts=_of_answer(status, reason),
        meaning=f"{mitigations.BLOCKED} "
        + ("Nothing was taken." if found.certain else "Whether the request was taken is not known."),
        remedy="Ask from another address, with an ordinary User-Agent, or later."
        + ("" if found.certain else f" {_UNKNOWN}"),
    )


def _empty(status: int | None, reason: str) -> Decoded:
    """The token endpoint's word for a wrong key or secret (wire facts 1)."""
    of_tokens = "From the token endpoint, with HTTP 400, it means that consumer key or secret is wrong."
    other = "Elsewhere nobody said why; no callback is ever empty."
    return Decoded(
        kind=Kind.EMPTY,
        facts=_of_answer(status, reason),
        meaning=f"{of_tokens} {other}" if status in (None, 400) else other,
        remedy="Check consumer key and secret, and that they belong to this environment."
        if status in (None, 400, 401)
        else f"Ask again later. {_UNKNOWN}",
    )


# --- what all of them share --------------------------------------------------------------------------


def _meaning(code: str, place: Place, said: str = "") -> tuple[str, str]:
    """Of several meanings at one place the one that has these words, or else the first."""
    found = [each for each in explain(code) if each.place is place]
    found.sort(key=lambda each: said not in {form.text for form in each.forms})
    return (found[0].meaning, found[0].remedy) if found else (NO_PAGE if code else "", "")


def _of_answer(status: int | None, reason: str, *more: tuple[str, str]) -> tuple[Fact, ...]:
    return tuple(_facts([("HTTP status", str(status or "")), *more, ("reason", reason)]))


def _said_by(members: Mapping[str, object]) -> tuple[Fact, ...]:
    return tuple(_facts((name, text(value)) for name, value in members.items()))


def _parameters(parameters: Iterable[Parameter]) -> Iterator[Fact]:
    for each in parameters:
        yield Fact(shown(each.key), _hidden(each.name, _value(each.name, each.value)))


def _value(name: str, value: Value) -> str:
    """A moment, in either form, as a person writes it; anything else as it came."""
    if value is not None and name.endswith(("Time", "Date")):
        try:
            return f"{moment(str(value)):%Y-%m-%d %H:%M:%S} EAT"
        except ValueError:
            pass
    return "-" if value is None or value == "" else str(value)


def _facts(said: Iterable[tuple[str, str | None]]) -> Iterator[Fact]:
    """What has something to say."""
    for name, value in said:
        if value:
            yield Fact(shown(name), _hidden(name, value))


def _hidden(name: str, value: str) -> str:
    return HIDDEN if unspaced(name).replace("_", "").lower() in _SECRETS else _told(value, _LONGEST)


def _told(words: str, limit: int = MESSAGE_LIMIT) -> str:
    """Safe to print, and without what looks like a secret."""
    return shown(_SECRET_WORDS.sub(HIDDEN, words), limit)


def _status_of(members: Mapping[str, object]) -> int:
    """The HTTP status that a body stands for, where nobody said it."""
    if "ResponseCode" in members:
        return 200
    match = _STATUS_IN_CODE.match(text(members.get("errorCode")) or "")
    return int(match[1] or match[2]) if match else 500


def _without_head(given: bytes, status: int | None, reason: str) -> tuple[int | None, str, bytes]:
    """`HTTP/1.1 400 Bad Request`, headers and an empty line, as `curl -i` prints them, perhaps several."""
    while given.startswith(b"HTTP/"):
        head, _, given = given.replace(b"\r\n", b"\n").partition(b"\n\n")
        first, *lines = head.decode("latin-1").split("\n")
        number = first.partition(" ")[2][:3]
        status = int(number) if number.isascii() and number.isdigit() else status
        pairs = (line.partition(":") for line in lines)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        reason = headers.get(REASON.lower(), reason)
    return status, reason, given
