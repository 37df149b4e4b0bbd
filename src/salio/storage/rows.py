"""Rows to the core's values and back: the only place that knows both."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from salio.core.audit.inbox import ReceivedCallback
from salio.core.audit.notes import Note
from salio.core.audit.refusals import RefusedRequest
from salio.core.ledger.accounts import UNCLEARED, Account, AccountKind, Balance, Bucket
from salio.core.ledger.postings import Entry, Posting
from salio.core.parties.customers import Customer
from salio.core.parties.operators import Channel, Operator, OperatorStatus
from salio.core.parties.organizations import ChargeBearer, Level, Organization, OrganizationKind
from salio.core.parties.registration import DefaultAction, Registration
from salio.core.parties.roles import Role
from salio.core.ports import AcceptedRequest
from salio.core.requests.deliveries import Attempt, OpenDelivery
from salio.core.requests.findings import FOUND, explained
from salio.core.requests.outcomes import Conclusion, Decision, Outcome
from salio.core.requests.prompts import CustomerWord
from salio.core.requests.queries import Query, Request
from salio.core.transactions.originals import Original
from salio.core.transactions.transaction import Transaction
from salio.storage import schema

Row = Sequence[Any]

_REQUEST_WIDTH = len(schema.request.columns)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

_encode = msgspec.json.Encoder().encode
_read_query = msgspec.json.Decoder(Query).decode
_read_decision = msgspec.json.Decoder(Decision).decode
_read_transaction = msgspec.json.Decoder(Transaction).decode
_read_texts = msgspec.json.Decoder(tuple[str, ...]).decode
_read_roles = msgspec.json.Decoder(frozenset[Role]).decode


def text(value: object) -> str:
    """A value of the core as the JSON text that a column keeps."""
    return _encode(value).decode()


def instant(moment: datetime) -> int:
    """Whole microseconds since 1970, UTC."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(microseconds: int) -> datetime:
    """The aware datetime of a stored instant."""
    return _EPOCH + microseconds * _MICROSECOND


def request_row(request: Request) -> Row:
    """In the order of the table ``request``."""
    return (
        request.number,
        request.app_number,
        request.profile,
        request.originator_conversation_id,
        request.conversation_id,
        instant(request.accepted_at),
        int(request.chosen_by_caller),
        text(request.query),
        text(request.unknown_members) if request.unknown_members else None,
    )


def read_request(row: Row) -> Request:
    """From all columns of ``request``."""
    return Request(
        number=row[0],
        app_number=row[1],
        profile=row[2],
        originator_conversation_id=row[3],
        conversation_id=row[4],
        accepted_at=moment(row[5]),
        chosen_by_caller=bool(row[6]),
        query=_read_query(row[7]),
        unknown_members=_read_texts(row[8]) if row[8] else (),
    )


def conclusion_row(conclusion: Conclusion) -> Row:
    """In the order of the table ``conclusion``."""
    decision = conclusion.decision
    return (
        conclusion.number,
        instant(conclusion.decided_at),
        decision.outcome.value,
        decision.cause,
        text(decision),
    )


def read_conclusion(row: Row) -> Conclusion:
    """From all columns of ``conclusion``."""
    return Conclusion(number=row[0], decided_at=moment(row[1]), decision=_read_decision(row[4]))


def read_accepted(row: Row) -> AcceptedRequest:
    """From all columns of ``request`` and the credential."""
    return AcceptedRequest(read_request(row), row[_REQUEST_WIDTH])


def read_due(row: Row) -> tuple[Request, Conclusion]:
    """From all columns of ``request`` and all of ``conclusion``."""
    return read_request(row), read_conclusion(row[_REQUEST_WIDTH:])


def read_looked_up(row: Row) -> tuple[Request, Conclusion | None]:
    """The same, where there may be no conclusion."""
    return read_request(row), read_conclusion(row[_REQUEST_WIDTH:]) if row[_REQUEST_WIDTH] else None


def read_words(found: Sequence[Row]) -> dict[int, CustomerWord]:
    """From number and word of ``prompt``; what nobody has answered is left out."""
    return {row[0]: CustomerWord(row[1]) for row in found if row[1] is not None}


def read_prompted(row: Row) -> tuple[Request, Transaction]:
    """From all columns of ``request`` and ``transaction_``."""
    return read_request(row), read_transaction(row[_REQUEST_WIDTH:])


def attempt_row(attempt: Attempt) -> Row:
    """In the order of the table ``attempt``."""
    return (attempt.number, attempt.url, attempt.body, instant(attempt.started_at))


def read_attempt(row: Row, resent_at: int | None) -> Attempt:
    """From all columns of ``attempt`` and the instant of its resend, if there was one."""
    started_at = moment(resent_at if resent_at is not None else row[3])
    return Attempt(
        number=row[0], url=row[1], body=row[2], started_at=started_at, resent=resent_at is not None
    )


def read_open_delivery(row: Row) -> OpenDelivery:
    """From the outbox's number, all columns of ``attempt``, the resend's instant, outcome and cause of the
    conclusion, and what a second look found; all but the first may be missing.
    """
    if row[1] is None:
        return OpenDelivery(number=row[0])
    attempt = read_attempt(row[1:5], row[5])
    if row[6] is None:
        return OpenDelivery(number=row[0], attempt=attempt)
    cause = row[7] if row[8] is None else explained(row[7], row[8].removeprefix(FOUND))
    return OpenDelivery(number=row[0], attempt=attempt, outcome=Outcome(row[6]), cause=cause)


def refusal_row(refused: RefusedRequest) -> Row:
    """In the order of the table ``refusal``; the database numbers it."""
    return (
        None,
        refused.request_id,
        instant(refused.at),
        refused.method,
        refused.path,
        refused.status,
        refused.code,
        refused.cause,
        refused.app_number,
        refused.field,
    )


def note_row(note: Note) -> Row:
    """In the order of the table ``note``; the database numbers it."""
    return None, note.request, instant(note.at), note.text


def read_note(row: Row) -> Note:
    """From all columns of ``note``."""
    return Note(request=row[1], at=moment(row[2]), text=row[3])


def read_callback(row: Row) -> ReceivedCallback:
    """From all columns of ``inbox``."""
    return ReceivedCallback(inbox=row[1], received_at=moment(row[2]), body=row[3])


def read_refusal(row: Row) -> RefusedRequest:
    """From all columns of ``refusal``."""
    return RefusedRequest(
        request_id=row[1],
        at=moment(row[2]),
        method=row[3],
        path=row[4],
        status=row[5],
        code=row[6],
        cause=row[7],
        app_number=row[8],
        field=row[9],
    )


def organization_row(organization: Organization) -> Row:
    """In the order of the table ``organization``."""
    return (
        organization.short_code,
        organization.name,
        organization.kind.value,
        organization.level.value,
        organization.parent,
        organization.settles_to,
        organization.charges_borne_by.value,
    )


def read_organization(row: Row) -> Organization:
    """From all columns of ``organization``."""
    return Organization(
        short_code=row[0],
        name=row[1],
        kind=OrganizationKind(row[2]),
        level=Level(row[3]),
        parent=row[4],
        settles_to=row[5],
        charges_borne_by=ChargeBearer(row[6]),
    )


def customer_row(customer: Customer) -> Row:
    """In the order of the table ``customer``."""
    return (customer.msisdn, customer.name)


def read_customer(row: Row) -> Customer:
    """From all columns of ``customer``."""
    return Customer(msisdn=row[0], name=row[1])


def operator_row(operator: Operator) -> Row:
    """In the order of the table ``operator``."""
    return (
        operator.number,
        operator.short_code,
        operator.name,
        operator.channel.value,
        operator.status.value,
        text(operator.roles),
        operator.password_digest,
        instant(operator.password_set_at),
        instant(operator.last_used_at),
        operator.wrong_passwords,
    )


def read_operator(row: Row) -> Operator:
    """From all columns of ``operator``."""
    return Operator(
        number=row[0],
        short_code=row[1],
        name=row[2],
        channel=Channel(row[3]),
        status=OperatorStatus(row[4]),
        roles=_read_roles(row[5]),
        password_digest=row[6],
        password_set_at=moment(row[7]),
        last_used_at=moment(row[8]),
        wrong_passwords=row[9],
    )


def account_row(account: Account, balance: Balance) -> Row:
    """In the order of the table ``account``."""
    return (
        account.number,
        account.holder,
        account.kind.value,
        account.currency,
        balance.available,
        balance.reserved,
        balance.uncleared,
    )


def read_account(row: Row) -> tuple[Account, Balance]:
    """From all columns of ``account``."""
    account = Account(number=row[0], holder=row[1], kind=AccountKind(row[2]), currency=row[3])
    return account, Balance(row[4], row[5], row[6])


def posting_rows(postings: Sequence[Posting]) -> list[Row]:
    """In the order of the table ``posting``."""
    return [
        (
            each.number,
            instant(each.at),
            each.narrative,
            each.receipt,
            *(each.parties or (None, None)),
            1 if each.moves_customer else None,
        )
        for each in postings
    ]


def entry_rows(postings: Sequence[Posting], held: Mapping[int, int]) -> list[Row]:
    """In the order of the table ``entry``; the database numbers them.

    ``held``: what each account holds before the first of them; nothing, if it says nothing.
    """
    rows: list[Row] = []
    balances = defaultdict(int, held)
    for posting in postings:
        kind = posting.kind.value if posting.kind is not None else None
        for entry in posting.entries:
            account, cents = entry.account, entry.cents
            if entry.bucket is not UNCLEARED:
                balances[account] += cents
            rows.append((None, posting.number, account, entry.bucket.value, cents, balances[account], kind))
    return rows


def registration_row(registration: Registration) -> Row:
    """In the order of the table ``registration``."""
    return (
        registration.short_code,
        registration.default_action.value,
        registration.confirmation_url,
        registration.validation_url,
        int(registration.validated),
        int(registration.instructs),
    )


def read_registration(row: Row) -> Registration:
    """From all columns of ``registration``."""
    return Registration(
        short_code=row[0],
        default_action=DefaultAction(row[1]),
        confirmation_url=row[2],
        validation_url=row[3],
        validated=bool(row[4]),
        instructs=bool(row[5]),
    )


def transaction_row(transaction: Transaction) -> Row:
    """In the order of the table ``transaction_``."""
    return (transaction.receipt, transaction.originator_conversation_id, text(transaction))


def read_transaction(row: Row) -> Transaction:
    """From all columns of ``transaction_``."""
    return _read_transaction(row[2])


class _Names(msgspec.Struct, frozen=True):
    """What a statement needs of a transaction: the rest is not read, which is half of a page's time."""

    debit_party: str
    debit_party_name: str
    credit_party_name: str


_read_names = msgspec.json.Decoder(_Names).decode


def name_of_party(details: str, party: str) -> str:
    """The name that one of a transaction's two parties had, from the column ``details``."""
    names = _read_names(details)
    return names.debit_party_name if party == names.debit_party else names.credit_party_name


def reversal_rows(transactions: Sequence[Transaction]) -> list[Row]:
    """In the order of the table ``reversal``."""
    return [(each.reverses, each.receipt) for each in transactions if each.reverses is not None]


def read_originals(found: Sequence[Row]) -> dict[str, Original]:
    """By receipt, from all columns of ``transaction_``, account, bucket and cents of an entry, and the
    reversal's receipt: a row for each entry, or one for a transaction without any.
    """
    width = len(schema.transaction.columns)
    last, entries = {row[0]: row for row in found}, defaultdict[str, list[Entry]](list)
    for row in found:
        account, bucket, cents = row[width : width + 3]
        if account is not None:
            entries[row[0]].append(Entry(account, Bucket(bucket), cents))
    return {
        receipt: Original(read_transaction(row), tuple(entries[receipt]), row[width + 3])
        for receipt, row in last.items()
    }
