"""The tables of one environment, and of the portal database that spans the environments.

Requests, conclusions, attempts, their ends and the journal are append-only: one row for each thing that
happened. What is open stands in two small work lists, which triggers keep: ``intake`` (accepted, not decided;
it also holds the credential, which goes with the row) and ``outbox`` (decided, not ended). A third,
``prompt``, has what customers' phones show, and the customer's word once there is one. Each commit that
adds to the journal adds a seal, numbered by its last posting (``seals.py``). Instants are whole microseconds
since 1970, UTC. Money is whole cents.

The database itself refuses a posting that does not sum to zero in each currency. On SQLite it looks when the
posting is written, which is therefore behind its entries: their reference to it is held until the commit. On
PostgreSQL it looks when the entries are, and sees then that their posting and accounts are there: no foreign
keys do.

An entry's balance is what its account holds after it, available and reserved together; its kind, and the
posting's payer and payee, are those of the transaction. They are there for statements (``statements.py``).
A posting that moves the account of the customer among the two says so (1), and is found by it.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    literal_column,
    text,
)

environment = MetaData()
portal = MetaData()


Wide = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits on every engine; SQLite's strict tables know it as INTEGER."""


def _number() -> Column[int]:
    return Column("number", Wide, primary_key=True)


def _instant(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, Wide, nullable=nullable)


organization = Table(
    "organization",
    environment,
    Column("short_code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("parent", Text, ForeignKey("organization.short_code")),
    Column("settles_to", Text),
    Column("charges_borne_by", Text, nullable=False),
    sqlite_strict=True,
)
customer = Table(
    "customer",
    environment,
    Column("msisdn", Text, primary_key=True),
    Column("name", Text, nullable=False),
    sqlite_strict=True,
)
operator = Table(
    "operator",
    environment,
    _number(),
    Column("short_code", Text, ForeignKey("organization.short_code"), nullable=False),
    Column("name", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("password_digest", LargeBinary, nullable=False),
    _instant("password_set_at"),
    _instant("last_used_at"),
    Column("wrong_passwords", Integer, nullable=False),
    Index("operator_name", "short_code", "name", unique=True),
    sqlite_strict=True,
)
account = Table(
    "account",
    environment,
    _number(),
    Column("holder", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("available", Wide, nullable=False),
    Column("reserved", Wide, nullable=False),
    Column("uncleared", Wide, nullable=False),
    Index("account_of_holder", "holder", "kind", "currency", unique=True),
    sqlite_strict=True,
)
posting = Table(
    "posting",
    environment,
    _number(),
    _instant("at"),
    Column("narrative", Text, nullable=False),
    Column("receipt", Text),
    Column("payer", Text),
    Column("payee", Text),
    Column("moves_customer", Integer),
    Index("posting_at", "at"),
    Index("posting_of_receipt", "receipt"),
    Index(
        "posting_by_parties",
        "payer",
        "payee",
        "number",
        sqlite_where=text("moves_customer IS NULL"),
        postgresql_where=text("moves_customer IS NULL"),
    ),
    sqlite_strict=True,
)
entry = Table(
    "entry",
    environment,
    _number(),
    Column("posting", Wide, ForeignKey("posting.number"), nullable=False),
    Column("account", Wide, ForeignKey("account.number"), nullable=False),
    Column("bucket", Text, nullable=False),
    Column("cents", Wide, nullable=False),
    Column("balance", Wide, nullable=False),
    Column("kind", Text),
    Index("entry_of_posting", "posting"),
    sqlite_strict=True,
)
ERA_BITS = 17
"""Of an entry's number, to be left out for its era (:mod:`salio.storage.eras`)."""
Index("entry_of_kind", entry.c.account, entry.c.kind, entry.c.number).ddl_if("postgresql")
Index(
    "entry_of_era",
    entry.c.number.bitwise_rshift(literal_column(str(ERA_BITS))),
    entry.c.account,
    entry.c.kind,
    entry.c.number,
).ddl_if("sqlite")
era = Table("era", environment, _number(), sqlite_strict=True)
"""Those that have entries, noted by a trigger; PostgreSQL has none."""
seal = Table(
    "seal",
    environment,
    _number(),
    Column("first", Wide, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    sqlite_strict=True,
)
setback = Table("setback", environment, _number(), _instant("at"), _instant("before"), sqlite_strict=True)
"""A posting of an earlier moment than the one before it, and that one's: a trigger sees when the clock was
set back, so that a statement knows of which spans of time the numbers stand together.
"""
tariff_band = Table(
    "tariff_band",
    environment,
    Column("kind", Text, primary_key=True),
    Column("borne_by", Text, primary_key=True),
    Column("effective_from", Text, primary_key=True),
    Column("up_to", Wide, primary_key=True),
    Column("charge", Wide, nullable=False),
    Column("customer_share", Wide, nullable=False),
    sqlite_strict=True,
)
limit = Table(
    "limit_",
    environment,
    Column("limit_", Text, primary_key=True),
    Column("effective_from", Text, primary_key=True),
    Column("cents", Wide, nullable=False),
    sqlite_strict=True,
)
registration = Table(
    "registration",
    environment,
    Column("short_code", Text, primary_key=True),
    Column("default_action", Text, nullable=False),
    Column("confirmation_url", Text),
    Column("validation_url", Text),
    Column("validated", Integer, nullable=False),
    Column("instructs", Integer, nullable=False, server_default="0"),
    sqlite_strict=True,
)
transaction = Table(
    "transaction_",
    environment,
    Column("receipt", Text, primary_key=True),
    Column("originator_conversation_id", Text),
    Column("details", Text, nullable=False),
    Index("transaction_of_conversation", "originator_conversation_id"),
    sqlite_strict=True,
)
reversal = Table(
    "reversal",
    environment,
    Column("original", Text, primary_key=True),
    Column("receipt", Text, nullable=False),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)
request = Table(
    "request",
    environment,
    _number(),
    Column("app", Integer, nullable=False),
    Column("profile", Text, nullable=False),
    Column("originator_conversation_id", Text, nullable=False),
    Column("conversation_id", Text, nullable=False),
    _instant("accepted_at"),
    Column("chosen_by_caller", Integer, nullable=False),
    Column("query", Text, nullable=False),
    Column("unknown_members", Text),
    sqlite_strict=True,
)
chosen_id = Table(
    "chosen_id",
    environment,
    Column("app", Integer, primary_key=True),
    Column("originator_conversation_id", Text, primary_key=True),
    Column("request", Wide, nullable=False),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)
intake = Table(
    "intake", environment, _number(), Column("credential", Text, nullable=False), sqlite_strict=True
)
prompt = Table(
    "prompt",
    environment,
    _number(),
    Column("receipt", Text, nullable=False),
    Column("word", Text),
    sqlite_strict=True,
)
conclusion = Table(
    "conclusion",
    environment,
    _number(),
    _instant("decided_at"),
    Column("outcome", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("decision", Text, nullable=False),
    sqlite_strict=True,
)
outbox = Table("outbox", environment, _number(), Column("claimant", Wide), sqlite_strict=True)
stripe = Table(
    "stripe",
    environment,
    _number(),
    Column("epoch", Wide, nullable=False),
    Column("holder", Text, nullable=False),
    _instant("held_until"),
    sqlite_strict=True,
)
process = Table(
    "process",
    environment,
    _number(),
    Column("duty", Text, nullable=False),
    Column("name", Text, nullable=False),
    _instant("held_until"),
    Column("environment", Text),
    Column("portal", Text),
    sqlite_strict=True,
)
attempt = Table(
    "attempt",
    environment,
    _number(),
    Column("url", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    _instant("started_at"),
    sqlite_strict=True,
)
resend = Table("resend", environment, _number(), _instant("started_at"), sqlite_strict=True)
attempt_end = Table(
    "attempt_end",
    environment,
    _number(),
    _instant("ended_at"),
    Column("status", Integer),
    Column("fault", Text),
    sqlite_strict=True,
)
refusal = Table(
    "refusal",
    environment,
    _number(),
    Column("request_id", Text, nullable=False),
    _instant("at"),
    Column("method", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("code", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("app", Integer),
    Column("field", Text),
    sqlite_strict=True,
)
note = Table(
    "note",
    environment,
    _number(),
    Column("request", Wide, nullable=False),
    _instant("at"),
    Column("text", Text, nullable=False),
    Index("note_of_request", "request", "number"),
    sqlite_strict=True,
)
usage = Table(
    "usage",
    environment,
    Column("day", Text, primary_key=True),
    Column("app", Integer, primary_key=True),
    Column("accepted", Integer, nullable=False),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)
inbox = Table(
    "inbox",
    environment,
    _number(),
    Column("name", Text, nullable=False),
    _instant("received_at"),
    Column("body", LargeBinary, nullable=False),
    Index("inbox_of_name", "name", "number"),
    sqlite_strict=True,
)

app = Table(
    "app",
    portal,
    _number(),
    Column("name", Text, nullable=False),
    Column("consumer_key", Text, nullable=False, unique=True),
    Column("secret_digest", LargeBinary, nullable=False),
    Column("secret_sealed", LargeBinary, nullable=False),
    Column("products", Text, nullable=False),
    Column("short_codes", Text, nullable=False),
    Column("profile", Text, nullable=False),
    Column("throttle", Text, nullable=False),
    Column("enabled", Integer, nullable=False),
    _instant("tokens_valid_from", nullable=True),
    sqlite_strict=True,
)
revocation = Table(
    "revocation",
    portal,
    Column("app", Integer, primary_key=True),
    Column("issued_at", Wide, primary_key=True),
    Column("serial", Integer, primary_key=True),
    sqlite_strict=True,
)
current_token = Table(
    "current_token",
    portal,
    Column("app", Integer, primary_key=True),
    _instant("issued_at"),
    Column("serial", Integer, nullable=False),
    sqlite_strict=True,
)
