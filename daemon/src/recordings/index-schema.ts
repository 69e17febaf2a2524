/** The tables of `index.sqlite`. All of it follows from the segments, so a new version simply starts anew. */

export const SCHEMA_VERSION = 2;

export const TABLES = [
  'position',
  'sessions',
  'requests',
  'request_rules',
  'approvals',
  'policy_changes',
  'notes',
] as const;

export const SCHEMA = `
-- One row: the last record that is in the tables.
CREATE TABLE position (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  segment INTEGER NOT NULL,
  line_at INTEGER NOT NULL,   -- where the last record's line begins
  offset INTEGER NOT NULL,    -- where the next one will
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT;

CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  opened_seq INTEGER NOT NULL,
  opened_segment INTEGER NOT NULL,
  opened_offset INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  opened_at TEXT NOT NULL,
  last_at TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'closed', 'lost')),
  closed_reason TEXT,
  resource TEXT NOT NULL,
  protocol TEXT NOT NULL,
  person TEXT NOT NULL,
  groups TEXT NOT NULL,       -- a JSON list
  agent TEXT NOT NULL,
  workspace TEXT NOT NULL,
  task TEXT NOT NULL,
  client_address TEXT NOT NULL,
  client_application TEXT NOT NULL,
  requests INTEGER NOT NULL DEFAULT 0,
  denied INTEGER NOT NULL DEFAULT 0,
  approved INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  rows INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX sessions_by_opening ON sessions (opened_seq);
CREATE INDEX sessions_open ON sessions (state) WHERE state = 'open';

CREATE TABLE requests (
  seq INTEGER PRIMARY KEY,
  segment INTEGER NOT NULL,
  offset INTEGER NOT NULL,
  id TEXT NOT NULL,
  session TEXT NOT NULL,
  at TEXT NOT NULL,
  stage TEXT NOT NULL,
  text TEXT NOT NULL,
  text_cut INTEGER NOT NULL,
  effect TEXT NOT NULL,
  observed TEXT NOT NULL,
  reason TEXT NOT NULL,
  undecidable TEXT,
  digest TEXT NOT NULL,
  policy_digest TEXT NOT NULL,
  approval TEXT,
  decide_ms REAL NOT NULL,
  plan_cost REAL,
  resource TEXT NOT NULL,
  agent TEXT NOT NULL,
  person TEXT NOT NULL,
  answered_seq INTEGER,
  outcome TEXT,
  tag TEXT,
  rows INTEGER,
  bytes INTEGER,
  duration_ms REAL,
  error_code TEXT,
  error_message TEXT
) STRICT;
CREATE INDEX requests_by_session ON requests (session, id);
CREATE INDEX requests_by_time ON requests (at);

CREATE TABLE request_rules (
  request_seq INTEGER NOT NULL,
  policy TEXT NOT NULL,
  rule TEXT NOT NULL,
  effect TEXT NOT NULL,
  file TEXT NOT NULL,
  line INTEGER NOT NULL,
  error TEXT,
  PRIMARY KEY (request_seq, policy, rule, file, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE approvals (
  id TEXT PRIMARY KEY,
  session TEXT NOT NULL,
  asked_seq INTEGER NOT NULL,
  asked_at TEXT NOT NULL,
  text TEXT NOT NULL,
  text_cut INTEGER NOT NULL,
  digest TEXT NOT NULL,
  by TEXT NOT NULL,           -- a JSON list of lists
  expires TEXT NOT NULL,
  reason TEXT NOT NULL,
  policy_digest TEXT NOT NULL,
  answered_seq INTEGER,
  answered_at TEXT,
  answer TEXT,
  answered_by TEXT,
  answer_reason TEXT
) STRICT;
CREATE INDEX approvals_by_session ON approvals (session);

CREATE TABLE policy_changes (
  seq INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  state TEXT NOT NULL,
  policy_digest TEXT NOT NULL,
  by TEXT,
  detail TEXT
) STRICT;

CREATE TABLE notes (
  seq INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  kind TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;

PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** How much of a request's text is in the index; all of it is in its record. */
export const INDEXED_TEXT = 4096;
