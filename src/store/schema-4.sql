CREATE TABLE receiver (               -- who is told what happens, and up to where that was done
  name BLOB PRIMARY KEY CHECK (length(name) = 32),   -- a hash; who it is, the settings say
  rev INTEGER NOT NULL,               -- the last revision of which it was told anything
  part INTEGER NOT NULL,              -- what of it: how many of its events
  notice INTEGER NOT NULL,            -- the last notice
  holder TEXT,                        -- the process that tells it now
  until INTEGER                       -- Unix seconds; no longer than that
) STRICT, WITHOUT ROWID;

CREATE TABLE notice (                 -- what receivers are told besides revisions
  seq INTEGER PRIMARY KEY,
  rev INTEGER NOT NULL REFERENCES event (rev),       -- the newest revision then
  ts INTEGER NOT NULL,                -- Unix seconds
  kind TEXT NOT NULL CHECK (kind IN ('regenerated', 'capacity', 'expired')),
  subject TEXT UNIQUE,                -- of what is told once
  body TEXT NOT NULL CHECK (json_valid(body))
) STRICT;
