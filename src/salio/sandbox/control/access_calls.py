"""The calls of the control that revoke tokens, and that lock and unlock initiators."""

from datetime import datetime
from typing import Annotated

import msgspec

from salio.core.parties.acts import Act, ActRefusal
from salio.core.parties.operators import Channel, Operator, OperatorRules, OperatorStatus
from salio.sandbox.control.calls import Call, Control
from salio.sandbox.control.guard import Refused
from salio.wire.wording import shown


class Revocation(msgspec.Struct, forbid_unknown_fields=True):
    """One token, or all that an app has: exactly one of the two."""

    token: str | msgspec.UnsetType = msgspec.UNSET
    app: Annotated[int, msgspec.Meta(description="The app's number.")] | msgspec.UnsetType = msgspec.UNSET


class Revoked(msgspec.Struct):
    """What is dead from now on: one token, or all tokens from before a moment."""

    app: int
    issued_at: (
        Annotated[datetime, msgspec.Meta(tz=True, description="Of the one token.")] | msgspec.UnsetType
    ) = msgspec.UNSET
    tokens_valid_from: (
        Annotated[datetime, msgspec.Meta(tz=True, description="Tokens of the app from before it are dead.")]
        | msgspec.UnsetType
    ) = msgspec.UNSET


class Which(msgspec.Struct, forbid_unknown_fields=True):
    """An initiator by the names that requests use."""

    short_code: str
    name: str


class Where(msgspec.Struct, forbid_unknown_fields=True):
    """Whose initiators."""

    short_code: (
        Annotated[str, msgspec.Meta(description="Only those of this short code.")] | msgspec.UnsetType
    ) = msgspec.UNSET


class InitiatorShown(msgspec.Struct):
    """An initiator as it stands: without password, and without what is kept of it."""

    short_code: str
    name: str
    channel: Channel
    status: Annotated[
        OperatorStatus, msgspec.Meta(description="Dormant too when it was not used for too long.")
    ]
    wrong_passwords: Annotated[int, msgspec.Meta(ge=0, description="In a row.")]
    password_expires_at: Annotated[datetime, msgspec.Meta(tz=True)]


class InitiatorsShown(msgspec.Struct):
    """Short code by short code."""

    initiators: list[InitiatorShown]


async def revoke_tokens(control: Control, words: Revocation) -> Revoked:
    """From its answer on no request with such a token is taken."""
    token, app_number = words.token, words.app
    if isinstance(token, str) and app_number is msgspec.UNSET:
        claim = control.revoke_token(token.strip())
        if claim is None:
            raise Refused(404, "this is not a token of this platform")
        return Revoked(app=claim.app_number, issued_at=claim.issued_at)
    if isinstance(app_number, int) and token is msgspec.UNSET:
        app = control.revoke_tokens_of(app_number)
        if app is None:
            raise Refused(404, f"there is no app {app_number}: `salio app list` shows them")
        return Revoked(app=app.number, tokens_valid_from=app.tokens_valid_from or msgspec.UNSET)
    raise Refused(400, "give either `token` or `app`")


async def list_initiators(control: Control, words: Where) -> InitiatorsShown:
    """All, or those of one short code."""
    return InitiatorsShown(
        [
            _shown(each, control)
            for each in control.operators()
            if words.short_code in (msgspec.UNSET, each.short_code)
        ]
    )


async def lock_initiator(control: Control, words: Which) -> InitiatorShown:
    """Every request that is acknowledged after the answer finds it locked."""
    return await _act(control, words, Act.LOCK)


async def unlock_initiator(control: Control, words: Which) -> InitiatorShown:
    """Its wrong passwords are forgotten too."""
    return await _act(control, words, Act.UNLOCK)


async def _act(control: Control, which: Which, act: Act) -> InitiatorShown:
    done = await control.act(which.short_code, which.name, act)
    match done:
        case Operator():
            return _shown(done, control)
        case ActRefusal.OPERATOR_UNKNOWN:
            unknown = f"there is no initiator {shown(which.name)} at {shown(which.short_code)}"
            raise Refused(404, f"{unknown}: `salio initiator list` shows them")
        case ActRefusal.DORMANT:
            raise Refused(409, "this initiator rests by hand and is refused as dormant: lock another one")
        case ActRefusal.NOT_KEPT:
            raise Refused(503, "the store did not take it: nothing has changed, ask again")


def _shown(operator: Operator, control: Control) -> InitiatorShown:
    rules = control.operator_rules
    return InitiatorShown(
        short_code=operator.short_code,
        name=operator.name,
        channel=operator.channel,
        status=_status(operator, rules, control.clock.now()),
        wrong_passwords=operator.wrong_passwords,
        password_expires_at=rules.password_expires_at(operator),
    )


def _status(operator: Operator, rules: OperatorRules, now: datetime) -> OperatorStatus:
    """Who is locked is so even after a long sleep: whoever locked it wants to see that."""
    locked = operator.status is OperatorStatus.LOCKED
    return OperatorStatus.DORMANT if not locked and rules.is_dormant(operator, now) else operator.status


_TOKENS, _INITIATORS = "Tokens", "Initiators"
_UNKNOWN = {404: "No initiator of that name at that short code."}
_NOT_KEPT = {503: "The store is out of reach, or did not take it: nothing has changed."}

CALLS = (
    Call(
        method="POST",
        path="tokens/revoke",
        topic=_TOKENS,
        summary="End one token, or all that an app has, at once",
        carry_out=revoke_tokens,
        errors={404: "No token of this platform, or no app of that number."},
        one_of={"token": (), "app": ()},
    ),
    Call(
        method="GET",
        path="initiators",
        topic=_INITIATORS,
        summary="The initiators, their locks and the age of their passwords",
        carry_out=list_initiators,
    ),
    Call(
        method="POST",
        path="initiators/lock",
        topic=_INITIATORS,
        summary="Lock an initiator, as too many wrong passwords do",
        carry_out=lock_initiator,
        errors=_UNKNOWN | {409: "It rests by hand, which an unlock would end."} | _NOT_KEPT,
    ),
    Call(
        method="POST",
        path="initiators/unlock",
        topic=_INITIATORS,
        summary="Unlock an initiator, and forget its wrong passwords",
        carry_out=unlock_initiator,
        errors=_UNKNOWN | _NOT_KEPT,
    ),
)
