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

-- Half-filled sheets of a posyandu's day: nobody's but the person's who fills them in. They are no
-- records and do not sync. `fields` is JSON: what was typed, as it was typed, by child.
CREATE TABLE draft (
    worker   BLOB NOT NULL REFERENCES worker (id),
    area     TEXT NOT NULL,
    posyandu TEXT NOT NULL,             -- empty: the whole desa
    day      TEXT NOT NULL,
    fields   TEXT NOT NULL,
    saved_ms INTEGER NOT NULL,
    PRIMARY KEY (worker, area, posyandu, day)
) STRICT;

-- What is known last of a live child that was measured: what lists by name show and are narrowed by,
-- without a look at every measurement. Kept up with the scores; of each index the category of the
-- latest measurement that has what it needs, by the rules of the reports: none of an implausible
-- score, the lowest with oedema.
CREATE TABLE child_status (
    rid         INTEGER PRIMARY KEY REFERENCES record (rid),
    measured_on TEXT NOT NULL,
    weighed_on  TEXT,
    weight_g    INTEGER,
    height_mm   INTEGER,
    bbu TEXT, tbu TEXT, bbtb TEXT,
    gain        TEXT CHECK (gain IN ('N', 'T', 'O', 'B')),
    twice_not_gained INTEGER NOT NULL CHECK (twice_not_gained IN (0, 1))
) STRICT;

CREATE INDEX child_status_bbu ON child_status (bbu);
CREATE INDEX child_status_tbu ON child_status (tbu);
CREATE INDEX child_status_bbtb ON child_status (bbtb);
CREATE INDEX child_status_gain ON child_status (gain, twice_not_gained);

-- Lists by name: of a few desa from their children, of many in the order of the names.
CREATE INDEX record_child_place ON record (area) WHERE kind = 'child';
CREATE INDEX child_name ON child (name COLLATE NOCASE);

-- Fills child_status at the next start.
UPDATE server SET growth = '';
