"""Who is asking, and may they: the checks that both questions share, in the documented order.

The order protects strangers: nobody whose app does not own the short code can learn anything about its
initiators, or lock one (rulings, "order of checks").
"""

from datetime import datetime
from hmac import compare_digest

import msgspec

from salio.core.access.apps import App
from salio.core.parties.directory import Directory
from salio.core.parties.operators import Channel, Operator, OperatorRules, OperatorStatus
from salio.core.parties.organizations import Level
from salio.core.parties.roles import Right, gives, roles_that_give
from salio.core.requests.outcomes import Decision, Outcome
from salio.core.requests.queries import IdentifierType, Query


class PresentedCredential(msgspec.Struct, frozen=True):
    """A SecurityCredential after decryption: the keyed digest of what it held, and whether that was text.

    An unreadable one decrypts to noise (implicit rejection), so its digest matches nobody's.
    """

    digest: bytes
    readable: bool


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the rules may look at besides the question: a snapshot, taken for one decision."""

    app: App
    credential: PresentedCredential
    directory: Directory
    rules: OperatorRules
    now: datetime


class Identified(msgspec.Struct, frozen=True):
    """The answer of the checks: the refusal, or none; the operator as found, and as the checks leave it."""

    refusal: Decision | None
    before: Operator | None = None
    after: Operator | None = None


def short_codes_to_act_for(asking: Asking, short_code: str) -> list[str]:
    """The short codes whose initiators may ask about this one: itself, and those above within reach."""
    return asking.directory.within_reach(short_code, asking.app.short_codes)


def party_in_reach(query: Query, asking: Asking) -> tuple[list[str], Decision | None]:
    """The short codes whose initiators may ask about PartyA, or the refusal if PartyA is out of reach."""
    short_codes = short_codes_to_act_for(asking, query.party)
    if not short_codes:
        return [], _not_own(f"PartyA {query.party} is not a short code of the app, nor below one")
    if query.identifier_type is IdentifierType.TILL and not _is_till(query.party, asking):
        return [], _not_own(f"PartyA {query.party} is not a till, as IdentifierType 2 says")
    return short_codes, None


def _not_own(cause: str) -> Decision:
    return Decision(Outcome.PARTY_NOT_OWN, cause)


def _is_till(short_code: str, asking: Asking) -> bool:
    organization = asking.directory.organization(short_code)
    return organization is not None and organization.level is Level.TILL


def identify(query: Query, short_codes: list[str], right: Right, asking: Asking) -> Identified:
    """Finds the initiator at the nearest of the short codes and checks it, first failure first."""
    operator = asking.directory.operator(query.initiator, short_codes)
    if operator is None:
        return Identified(
            Decision(Outcome.INITIATOR_UNKNOWN, _why_unknown(query.initiator, short_codes, asking))
        )
    refusal = _standing(operator, right, asking)
    if refusal is not None:
        return Identified(refusal, operator, operator)
    return _password(operator, asking)


def _standing(operator: Operator, right: Right, asking: Asking) -> Decision | None:
    """Channel, activity, role, lock and age of the password: all before the password itself."""
    who = f"initiator {operator.name} of {operator.short_code}"
    rules, now = asking.rules, asking.now
    if operator.channel is not Channel.API:
        return Decision(
            Outcome.INITIATOR_UNKNOWN, f"{who} is of the {operator.channel.value} channel, not API"
        )
    if rules.is_dormant(operator, now):
        last_used = f"last used on {operator.last_used_at:%Y-%m-%d}"
        return Decision(Outcome.INITIATOR_DORMANT, f"{who} is dormant, {last_used}")
    if not gives(operator.roles, right):
        needed = " or ".join(role.value for role in roles_that_give(right))
        return Decision(Outcome.ROLE_MISSING, f"{who} lacks the role {needed}")
    if operator.status is OperatorStatus.LOCKED:
        return Decision(
            Outcome.INITIATOR_LOCKED, f"{who} is locked after {operator.wrong_passwords} wrong passwords"
        )
    if now >= rules.password_expires_at(operator):
        expired = rules.password_expires_at(operator)
        return Decision(Outcome.PASSWORD_EXPIRED, f"the password of {who} expired on {expired:%Y-%m-%d}")
    return None


def _password(operator: Operator, asking: Asking) -> Identified:
    """Compares digests in constant time; counts a wrong password, forgets earlier ones after a right one."""
    credential, rules = asking.credential, asking.rules
    trusted = rules.trust_foreign_credentials and not credential.readable
    if compare_digest(credential.digest, operator.password_digest) or trusted:
        return Identified(None, operator, rules.after_right_password(operator, asking.now))
    after = rules.after_wrong_password(operator)
    count = f"{after.wrong_passwords} in a row, locked at {rules.wrong_passwords_allowed}"
    cause = f"wrong password for initiator {operator.name} of {operator.short_code} ({count})"
    return Identified(Decision(Outcome.PASSWORD_WRONG, cause), operator, after)


def _why_unknown(name: str, short_codes: list[str], asking: Asking) -> str:
    """The exact cause, for the log alone: another short code's name is never told to the caller."""
    here = f"no initiator {name} at {' or '.join(short_codes)}"
    own = {each.short_code for each in asking.directory.operators_named(name)} & asking.app.short_codes
    return f"{here}; that name exists at {', '.join(sorted(own))}" if own else here
