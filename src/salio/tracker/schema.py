"""The tables of a record, in SQLite's words; moments are milliseconds since 1970.

A version is what the one before has become, and ends with its number.
"""

_FIRST = """
CREATE TABLE secret (
  -- Made once. Whoever knows it can make addresses that the receiver takes for its own.
  "only" INTEGER PRIMARY KEY CHECK ("only" = 1),
  secret BLOB NOT NULL
) STRICT;

CREATE TABLE request (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,          -- the name of its API, or CustomerPayment
  content BLOB NOT NULL,       -- the query or order as JSON, or the payment's own body
  subject TEXT UNIQUE,         -- of a payment: what makes two of them one
  state TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  look_at INTEGER,             -- when it is late; NULL once it has ended
  tries INTEGER NOT NULL,      -- how often was asked
  cause TEXT NOT NULL,
  callback INTEGER,            -- which ended it
  ended_at INTEGER
) STRICT;
CREATE INDEX request_late ON request (look_at) WHERE look_at IS NOT NULL;
CREATE INDEX request_pending ON request (number) WHERE state IN ('open', 'needs a person');

CREATE TABLE asking (
  -- One question that was sent, or was about to be: the first of its request, or a later one.
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  request INTEGER NOT NULL REFERENCES request,
  nonce BLOB UNIQUE,           -- of its own address; NULL at the endpoint's
  query BLOB NOT NULL,
  asked_at INTEGER NOT NULL,
  state TEXT NOT NULL,         -- asked, acknowledged, unknown, refused
  originator_conversation_id TEXT,
  conversation_id TEXT,
  error TEXT NOT NULL
) STRICT;
CREATE INDEX asking_request ON asking (request);
CREATE INDEX asking_undecided ON asking (asked_at) WHERE state = 'asked';
CREATE INDEX asking_originator ON asking (originator_conversation_id);
CREATE INDEX asking_conversation ON asking (conversation_id);

CREATE TABLE callback (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  digest BLOB NOT NULL UNIQUE,
  came_at INTEGER NOT NULL,
  copies INTEGER NOT NULL,     -- how often the same bytes came to the same address
  kind TEXT NOT NULL,
  nonce BLOB,                  -- NULL: at the endpoint
  source TEXT NOT NULL,
  body BLOB NOT NULL,
  verdict TEXT,                -- NULL: not judged
  why TEXT NOT NULL,
  asking INTEGER
) STRICT;
CREATE INDEX callback_unjudged ON callback (number) WHERE verdict IS NULL;
CREATE INDEX callback_early ON callback (nonce) WHERE verdict = 'early';
CREATE INDEX callback_apart ON callback (number) WHERE verdict IN ('unknown', 'forged', 'unreadable');

CREATE TABLE handling (
  -- One end that the handler is told, in the order of their numbers.
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  request INTEGER NOT NULL REFERENCES request,
  state TEXT NOT NULL,         -- due, started, finished, stuck
  ended TEXT NOT NULL,         -- the state that the request ended in
  cause TEXT NOT NULL,
  callback INTEGER,
  tries INTEGER NOT NULL,
  look_at INTEGER NOT NULL,
  error TEXT NOT NULL
) STRICT;
CREATE INDEX handling_unfinished ON handling (request, number) WHERE state <> 'finished';
PRAGMA user_version = 1;
"""

_SECOND = """
CREATE TABLE trail (
  -- What a person did to the record.
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  done_at INTEGER NOT NULL,
  who TEXT NOT NULL,
  request INTEGER,             -- NULL: many
  what TEXT NOT NULL,
  because TEXT NOT NULL
) STRICT;
CREATE INDEX callback_asking ON callback (asking) WHERE asking IS NOT NULL;
PRAGMA user_version = 2;
"""

_THIRD = """
CREATE TABLE agreed (
  -- By what the tracker that was begun last judges, as JSON: for commands beside it.
  "only" INTEGER PRIMARY KEY CHECK ("only" = 1),
  content BLOB NOT NULL
) STRICT;
PRAGMA user_version = 3;
"""

VERSIONS = (_FIRST, _SECOND, _THIRD)
"""What makes each, the first first."""
