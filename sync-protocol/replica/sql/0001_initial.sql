-- The tablet's local copy, its change log and the state of its sync.
--
-- Ids, stamps and dates are text as they travel, so that any SQLite tool can read this file.
-- Times in columns named *_ms are milliseconds since 1970 in UTC.

-- Who this tablet is. One row, made with the file.
CREATE TABLE identity (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    -- Made once, before enrolment, so that a lost enrolment reply can be asked for again.
    install     TEXT NOT NULL,
    server_url  TEXT,
    device      INTEGER CHECK (device BETWEEN 1 AND 4294967295),
    token       TEXT,
    device_name TEXT,
    worker_id   TEXT,
    worker_name TEXT,
    -- Why this replica may not sync until it is enrolled anew.
    stopped     TEXT CHECK (stopped IN ('device_cloned', 'log_lost'))
) STRICT;

-- Where the sync stands. One row; a page of the feed and this row change in one transaction.
CREATE TABLE sync_state (
    one               INTEGER PRIMARY KEY CHECK (one = 1),
    epoch             TEXT,
    cursor            TEXT,
    -- Counts resets. Mirror rows of an older one are dropped on the last page of the reset.
    generation        INTEGER NOT NULL DEFAULT 0,
    resetting         INTEGER NOT NULL DEFAULT 0 CHECK (resetting IN (0, 1)),
    -- The reset came from another epoch: what it does not bring may be lost, not moved away.
    new_history       INTEGER NOT NULL DEFAULT 0 CHECK (new_history IN (0, 1)),
    -- Whether the last page so far said that nothing more is to pull.
    pull_complete     INTEGER NOT NULL DEFAULT 0 CHECK (pull_complete IN (0, 1)),
    -- The server's word, this tablet's own newest receipt, and the newest entry that ever left it.
    acked_through     INTEGER NOT NULL DEFAULT 0,
    receipted_through INTEGER NOT NULL DEFAULT 0,
    sent_through      INTEGER NOT NULL DEFAULT 0,
    -- The number of the present clock, and the latest wall time seen under it.
    clock             INTEGER NOT NULL DEFAULT 0,
    last_wall_ms      INTEGER NOT NULL DEFAULT 0,
    -- By the server's clock, which the tablet's own may not agree with.
    server_time_ms    INTEGER NOT NULL DEFAULT 0,
    last_sent_ms      INTEGER,
    last_received_ms  INTEGER,
    -- Changes in one request, and successes since it was halved.
    batch             INTEGER NOT NULL,
    successes         INTEGER NOT NULL DEFAULT 0,
    -- Areas that disagreed at the end of the last pull (JSON list), and when that made a new pull.
    differs           TEXT NOT NULL DEFAULT '[]',
    repulled_ms       INTEGER,
    upgrade           INTEGER NOT NULL DEFAULT 0 CHECK (upgrade IN (0, 1)),
    -- A wipe that the server ordered has begun. Nothing is saved any more, and nothing stops it.
    wiping            INTEGER NOT NULL DEFAULT 0 CHECK (wiping IN (0, 1)),
    areas_etag        TEXT,
    areas_fetched_ms  INTEGER
) STRICT;

-- The worker's scope, as the last page said it.
CREATE TABLE scope_area (
    area TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Every save of this tablet, for ever: a restored server is mended from here.
CREATE TABLE change_log (
    -- Dense from 1 per install, kept when the tablet is enrolled anew.
    seq              INTEGER PRIMARY KEY CHECK (seq >= 1),
    -- The device number under which the entry was first saved.
    device           INTEGER NOT NULL,
    kind             TEXT NOT NULL,
    id               TEXT NOT NULL,
    child_id         TEXT,
    register         TEXT NOT NULL CHECK (register IN ('state', 'place')),
    -- The exact JSON that is sent. Never written again: its hash is the change's identity.
    bytes            TEXT NOT NULL,
    made_at_ms       INTEGER NOT NULL,
    clock            INTEGER NOT NULL,
    base             TEXT,
    -- The receipt.
    outcome          TEXT CHECK (outcome IN ('applied', 'superseded', 'parked', 'discarded')),
    stamp            TEXT,
    code             TEXT,
    field            TEXT,
    message          TEXT,
    -- An open entry is part of the overlay.
    open             INTEGER NOT NULL DEFAULT 1 CHECK (open IN (0, 1)),
    -- Which later version took its place, when another hand made it.
    replaced_by      TEXT,
    replaced_stamp   TEXT,
    replaced_content TEXT
) STRICT;
CREATE INDEX change_log_record ON change_log (id, seq);
CREATE INDEX change_log_open ON change_log (id, seq) WHERE open = 1;
CREATE INDEX change_log_open_child ON change_log (child_id) WHERE open = 1;
CREATE INDEX change_log_parked ON change_log (seq) WHERE outcome = 'parked';

-- Exactly what the feed said, of any kind: rows of kinds that this app does not know count in the
-- digest, too.
CREATE TABLE mirror (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    child_id   TEXT,
    area       TEXT NOT NULL,
    stamp      TEXT NOT NULL,
    "by"       TEXT NOT NULL,
    deleted    TEXT,
    body       TEXT,
    generation INTEGER NOT NULL,
    CHECK ((deleted IS NULL) <> (body IS NULL))
) STRICT;
CREATE INDEX mirror_child ON mirror (child_id);
CREATE INDEX mirror_area ON mirror (area);
CREATE INDEX mirror_generation ON mirror (generation);

-- The mirror of a server history that a restore replaced. It may hold what nobody else has; the
-- office can import it.
CREATE TABLE mirror_aside (
    epoch        TEXT NOT NULL,
    set_aside_ms INTEGER NOT NULL,
    id           TEXT NOT NULL,
    kind         TEXT NOT NULL,
    child_id     TEXT,
    area         TEXT NOT NULL,
    stamp        TEXT NOT NULL,
    "by"         TEXT NOT NULL,
    deleted      TEXT,
    body         TEXT,
    PRIMARY KEY (epoch, id)
) STRICT;

-- The last known state of a child that the feed dropped while changes of it were open: it left the
-- scope (gone), or a restored server does not have it yet.
CREATE TABLE departed (
    id      TEXT PRIMARY KEY,
    gone    INTEGER NOT NULL CHECK (gone IN (0, 1)),
    kind    TEXT NOT NULL,
    area    TEXT NOT NULL,
    stamp   TEXT NOT NULL,
    "by"    TEXT NOT NULL,
    deleted TEXT,
    body    TEXT
) STRICT;

-- Which children came into the scope, left it, or changed desa inside it.
CREATE TABLE movement (
    number    INTEGER PRIMARY KEY,
    child_id  TEXT NOT NULL,
    name      TEXT,
    direction TEXT NOT NULL CHECK (direction IN ('in', 'out', 'within')),
    from_area TEXT,
    to_area   TEXT,
    at_ms     INTEGER NOT NULL
) STRICT;

-- Names, for people. Codes are what syncs.
CREATE TABLE area_name (
    code TEXT PRIMARY KEY,
    name TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE posyandu_name (
    area TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (area, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE puskesmas_area (
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    area TEXT NOT NULL,
    PRIMARY KEY (code, area)
) STRICT, WITHOUT ROWID;

-- One table a kind, overlay over mirror: what the worker sees. Each is derived and can be rebuilt.
-- Its columns are the kind's fields beside id, area, "by", stamp and three marks. No field is NOT
-- NULL or checked, since a row from a newer server must never fail to be stored.
CREATE TABLE child (
    id              TEXT PRIMARY KEY,
    area            TEXT,
    "by"            TEXT,
    stamp           TEXT,
    pending         INTEGER NOT NULL CHECK (pending IN (0, 1)),
    parked          INTEGER NOT NULL CHECK (parked IN (0, 1)),
    gone            INTEGER NOT NULL CHECK (gone IN (0, 1)),
    posyandu        TEXT,
    name            TEXT,
    sex             TEXT,
    birth_date      TEXT,
    nik             TEXT,
    kk              TEXT,
    mother_name     TEXT,
    guardian_name   TEXT,
    guardian_nik    TEXT,
    parents_raw     TEXT,
    phone           TEXT,
    address         TEXT,
    rt              TEXT,
    rw              TEXT,
    birth_weight_g  INTEGER,
    birth_length_mm INTEGER,
    birth_head_mm   INTEGER,
    gestation_weeks INTEGER,
    birth_order     INTEGER,
    imd             INTEGER,
    kia_book        INTEGER,
    kia_small_baby  INTEGER,
    status          TEXT,
    status_on       TEXT,
    moved_to        TEXT
) STRICT;
CREATE INDEX child_name ON child (name COLLATE NOCASE);

CREATE TABLE measurement (
    id          TEXT PRIMARY KEY,
    area        TEXT,
    "by"        TEXT,
    stamp       TEXT,
    pending     INTEGER NOT NULL CHECK (pending IN (0, 1)),
    parked      INTEGER NOT NULL CHECK (parked IN (0, 1)),
    gone        INTEGER NOT NULL CHECK (gone IN (0, 1)),
    child_id    TEXT,
    measured_on TEXT,
    weight_g    INTEGER,
    height_mm   INTEGER,
    position    TEXT,
    muac_mm     INTEGER,
    head_mm     INTEGER,
    oedema      INTEGER,
    vitamin_a   TEXT,
    asi         INTEGER,
    kelas_ibu   INTEGER,
    mbg         INTEGER,
    confirmed   TEXT,
    measured_by TEXT,
    note        TEXT
) STRICT;
CREATE INDEX measurement_child ON measurement (child_id, measured_on);

CREATE TABLE visit (
    id            TEXT PRIMARY KEY,
    area          TEXT,
    "by"          TEXT,
    stamp         TEXT,
    pending       INTEGER NOT NULL CHECK (pending IN (0, 1)),
    parked        INTEGER NOT NULL CHECK (parked IN (0, 1)),
    gone          INTEGER NOT NULL CHECK (gone IN (0, 1)),
    child_id      TEXT,
    visited_on    TEXT,
    purpose       TEXT,
    topics        TEXT,
    pmt           TEXT,
    referred_to   TEXT,
    outcome       TEXT,
    next_visit_on TEXT,
    visited_by    TEXT,
    note          TEXT
) STRICT;
CREATE INDEX visit_child ON visit (child_id, visited_on);
