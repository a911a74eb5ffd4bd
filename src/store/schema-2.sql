CREATE TABLE chain_key (              -- secret; of token ids and notes in the chain
  list_id INTEGER PRIMARY KEY REFERENCES list (list_id),
  key BLOB NOT NULL CHECK (length(key) = 32)
) STRICT;

CREATE TABLE revision_key (           -- secret; of a revision's request and note in the chain
  rev INTEGER PRIMARY KEY REFERENCES event (rev),
  key BLOB NOT NULL CHECK (length(key) = 32)
) STRICT;

CREATE TABLE home (                   -- where the file lives; derived from the place itself
  id INTEGER PRIMARY KEY CHECK (id = 1),
  device INTEGER NOT NULL,
  inode INTEGER NOT NULL,
  born INTEGER,                       -- nanoseconds since 1970; NULL where nobody knows
  machine TEXT,                       -- with path, where inodes do not last
  path TEXT,
  anywhere INTEGER NOT NULL CHECK (anywhere IN (0, 1))        -- it travels by design
) STRICT;

CREATE TABLE ancestor (               -- states of a site that a revision adopted
  path TEXT NOT NULL,
  chain BLOB NOT NULL CHECK (length(chain) = 32),
  rev INTEGER NOT NULL REFERENCES event (rev),
  PRIMARY KEY (path, chain)
) STRICT, WITHOUT ROWID;

CREATE TABLE copy (                   -- this file was written as a backup of that revision
  rev INTEGER PRIMARY KEY REFERENCES event (rev),
  at INTEGER NOT NULL                 -- Unix seconds
) STRICT;

CREATE TABLE tally (                  -- of the rows of published: a lost or altered one is seen
  id INTEGER PRIMARY KEY CHECK (id = 1),
  published INTEGER NOT NULL,         -- how many
  published_xor BLOB NOT NULL CHECK (length(published_xor) = 8)
) STRICT;
