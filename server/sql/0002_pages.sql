-- How a person logs in to the pages. The password is an argon2id hash in PHC form; a login without
-- one was disabled.
CREATE TABLE login (
    worker   BLOB PRIMARY KEY REFERENCES worker (id),
    name     TEXT NOT NULL UNIQUE COLLATE NOCASE,
    password TEXT,
    set_ms   INTEGER NOT NULL
) STRICT;

-- Who is logged in. Only the hash of what the cookie holds is kept.
CREATE TABLE session (
    hash    BLOB PRIMARY KEY CHECK (length(hash) = 32),
    worker  BLOB NOT NULL REFERENCES worker (id),
    made_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX session_worker ON session (worker);
