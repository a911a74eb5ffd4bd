CREATE TABLE meta (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  lineage TEXT NOT NULL,              -- random UUID, never changes, never published
  rev INTEGER NOT NULL,               -- revision of the newest event
  chain BLOB NOT NULL CHECK (length(chain) = 32),
  config TEXT NOT NULL CHECK (json_valid(config)),  -- the series; every change of it is an event
  copied_at INTEGER                   -- when `backup` wrote this copy; NULL in a file in use
) STRICT;

CREATE TABLE list (
  list_id INTEGER PRIMARY KEY CHECK (list_id BETWEEN 0 AND 4194303),
  bits INTEGER NOT NULL CHECK (bits IN (1, 2, 4, 8)),
  size INTEGER NOT NULL CHECK (size BETWEEN 1 AND 4294967296),
  default_status INTEGER NOT NULL CHECK (default_status >= 0 AND default_status < (1 << bits)),
  state TEXT NOT NULL CHECK (state IN ('spare', 'open', 'full', 'closed', 'retired')),
  perm INTEGER NOT NULL CHECK (perm = 1),            -- version of the permutation
  seed BLOB NOT NULL CHECK (length(seed) = 32),      -- secret
  cursor INTEGER NOT NULL CHECK (cursor BETWEEN 0 AND size),  -- next n of the permutation
  taken INTEGER NOT NULL CHECK (taken BETWEEN 0 AND size),    -- allocated or blocked
  shards INTEGER NOT NULL,                           -- how many rows of shard it has
  shard_xor BLOB NOT NULL CHECK (length(shard_xor) = 8),      -- of their sums: a lost row is seen
  rev INTEGER NOT NULL                               -- last visible revision of this list
) STRICT;

CREATE TABLE list_view (              -- frozen when the list is made, or when a view is added
  list_id INTEGER NOT NULL REFERENCES list (list_id),
  view TEXT NOT NULL,
  uri TEXT NOT NULL UNIQUE,
  PRIMARY KEY (list_id, view)
) STRICT, WITHOUT ROWID;

CREATE TABLE shard (                  -- an absent shard has the default status everywhere
  pos INTEGER PRIMARY KEY,            -- list_id << 32 | number of the shard
  rev INTEGER NOT NULL,
  sum BLOB NOT NULL CHECK (length(sum) = 8),         -- of SHA-256(pos, rev, data)
  data BLOB NOT NULL CHECK (length(data) = 4000)     -- least significant bit first
) STRICT;

CREATE INDEX shard_rev ON shard (rev);

CREATE TABLE alloc_run (              -- one per allocating command and list
  list_id INTEGER NOT NULL REFERENCES list (list_id),
  n INTEGER NOT NULL,
  count INTEGER NOT NULL CHECK (count > 0),          -- with the n that rows of alloc had taken
  rev INTEGER NOT NULL REFERENCES event (rev),
  expires INTEGER,                    -- of the entries without a row in alloc
  PRIMARY KEY (list_id, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE alloc (                  -- an allocation with a token id, or out of turn
  pos INTEGER PRIMARY KEY,            -- list_id << 40 | n, where the permutation takes n to idx
  idx INTEGER NOT NULL,
  rev INTEGER NOT NULL REFERENCES event (rev),
  token BLOB CHECK (length(token) > 1),  -- 01 and a UUID's 16 bytes, or 00 and UTF-8
  expires INTEGER,
  kind INTEGER NOT NULL DEFAULT 0 CHECK (kind BETWEEN 0 AND 2)   -- 0 allocated, 1 blocked, 2 decoy
) STRICT;

CREATE UNIQUE INDEX alloc_token ON alloc (token) WHERE token IS NOT NULL;

CREATE TABLE event (
  rev INTEGER PRIMARY KEY,
  ts INTEGER NOT NULL,                -- Unix seconds, never less than the one before
  op TEXT NOT NULL,
  op_id TEXT NOT NULL UNIQUE,
  request BLOB NOT NULL CHECK (length(request) = 32),         -- SHA-256 of the request
  visible INTEGER NOT NULL CHECK (visible IN (0, 1)),         -- changes a published byte
  actor TEXT NOT NULL,
  note TEXT NOT NULL,
  body TEXT NOT NULL CHECK (json_valid(body)),
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  chain BLOB NOT NULL UNIQUE CHECK (length(chain) = 32)
) STRICT;

CREATE INDEX event_ts ON event (ts);

CREATE TABLE change (
  list_id INTEGER NOT NULL,
  idx INTEGER NOT NULL,
  rev INTEGER NOT NULL REFERENCES event (rev),
  old INTEGER NOT NULL,
  new INTEGER NOT NULL,
  reason INTEGER NOT NULL DEFAULT 0,  -- RFC 5280, section 5.3.1
  note TEXT,
  since INTEGER,                      -- date of the fact
  PRIMARY KEY (list_id, idx, rev)
) STRICT, WITHOUT ROWID;

CREATE INDEX change_rev ON change (rev, list_id, idx);

CREATE TABLE document (               -- a hash that OpenAttestation readers ask for
  list_id INTEGER NOT NULL REFERENCES list (list_id),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  role INTEGER NOT NULL CHECK (role IN (0, 1)),      -- 0 of a document, 1 on the way to its root
  idx INTEGER NOT NULL,               -- of the entry; of several with this hash the first
  rev INTEGER NOT NULL REFERENCES event (rev),
  PRIMARY KEY (list_id, hash, role)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX document_hash ON document (hash) WHERE role = 0;

CREATE UNIQUE INDEX document_entry ON document (list_id, idx) WHERE role = 0;

CREATE TABLE published (              -- a record; the site's own manifest decides
  list_id INTEGER NOT NULL,
  view TEXT NOT NULL,
  rev INTEGER NOT NULL,
  iat INTEGER NOT NULL,
  exp INTEGER,                        -- NULL: what does not expire
  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
  target TEXT NOT NULL,
  PRIMARY KEY (list_id, view, iat, target)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'event is append-only'); END;

CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'event is append-only'); END;

CREATE TRIGGER change_no_update BEFORE UPDATE ON change BEGIN SELECT RAISE(ABORT, 'change is append-only'); END;

CREATE TRIGGER change_no_delete BEFORE DELETE ON change BEGIN SELECT RAISE(ABORT, 'change is append-only'); END;

CREATE TRIGGER document_no_update BEFORE UPDATE ON document BEGIN SELECT RAISE(ABORT, 'document is append-only'); END;

CREATE TRIGGER document_no_delete BEFORE DELETE ON document BEGIN SELECT RAISE(ABORT, 'document is append-only'); END;
