CREATE TABLE master (                 -- secret; what the seeds of new lists are derived from, if anything
  id INTEGER PRIMARY KEY CHECK (id = 1),
  seed BLOB NOT NULL CHECK (length(seed) = 32)
) STRICT;

CREATE TABLE closure (                -- a list that the issuer closed to allocation, or keeps for longer
  list_id INTEGER PRIMARY KEY REFERENCES list (list_id),
  rev INTEGER NOT NULL REFERENCES event (rev),
  known INTEGER NOT NULL CHECK (known IN (0, 1)),    -- whether this file knows all that was handed out
  kept_until INTEGER                  -- Unix seconds; of entries without an expiry
) STRICT;

CREATE TABLE label (                  -- a token id that an entry got after it was handed out
  pos INTEGER PRIMARY KEY,            -- as in alloc
  idx INTEGER NOT NULL,
  rev INTEGER NOT NULL REFERENCES event (rev),
  token BLOB CHECK (length(token) > 1)               -- as in alloc; NULL: removed by a purge
) STRICT;

CREATE UNIQUE INDEX label_token ON label (token) WHERE token IS NOT NULL;

CREATE TABLE term (                   -- how long entries matter, where alloc and alloc_run do not say it
  list_id INTEGER NOT NULL REFERENCES list (list_id),
  n INTEGER NOT NULL,                 -- the first step of the permutation
  rev INTEGER NOT NULL REFERENCES event (rev),
  count INTEGER NOT NULL CHECK (count > 0),          -- 1, or that of the run with this n and rev
  expires INTEGER,                    -- Unix seconds; said after the entry was handed out
  kept_until INTEGER,                 -- Unix seconds; the status is kept at least until then
  PRIMARY KEY (list_id, n, rev)
) STRICT, WITHOUT ROWID;

CREATE TABLE entry_group (            -- of one holder, device or batch of copies
  group_id INTEGER PRIMARY KEY,
  rev INTEGER NOT NULL REFERENCES event (rev),       -- that named it first
  name BLOB UNIQUE CHECK (length(name) > 1)          -- as a token id; NULL: removed by a purge
) STRICT;

CREATE TABLE member (                 -- an entry of a group; an entry has one at most
  list_id INTEGER NOT NULL REFERENCES list (list_id),
  idx INTEGER NOT NULL,
  rev INTEGER NOT NULL REFERENCES event (rev),
  group_id INTEGER REFERENCES entry_group (group_id),  -- NULL: removed by a purge
  PRIMARY KEY (list_id, idx)
) STRICT, WITHOUT ROWID;

CREATE INDEX member_group ON member (group_id, list_id, idx) WHERE group_id IS NOT NULL;

CREATE TABLE sealed (                 -- what a purge left of a text: how it stands in the chain
  rev INTEGER NOT NULL REFERENCES event (rev),       -- that the text belongs to
  kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 4),  -- token id, label, group, note of a change, of a revision
  list_id INTEGER NOT NULL,           -- 0 for the note of a revision
  idx INTEGER NOT NULL,               -- 0 for the note of a revision
  code BLOB NOT NULL CHECK (length(code) = 32),
  PRIMARY KEY (rev, kind, list_id, idx)
) STRICT, WITHOUT ROWID;
