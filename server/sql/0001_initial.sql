-- The server's database. One writer; readers see snapshots of the WAL.
--
-- Ids of records and workers are 16-byte blobs, areas are Kemendagri codes as text, times are
-- milliseconds since 1970, ticks are (ms << 16 | counter) so that they sort as stamps do.

-- One row: what the server knows of itself.
CREATE TABLE server (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    epoch     BLOB NOT NULL CHECK (length(epoch) = 16),
    zone      TEXT NOT NULL,               -- IANA name; decides what "today" is
    feed      INTEGER NOT NULL DEFAULT 0,  -- the last feed place given out
    now_ms    INTEGER NOT NULL DEFAULT 0,  -- server time never goes back below this
    lag_ms    INTEGER NOT NULL DEFAULT 0,  -- added to a wall clock that fell behind the stamps
    last_tick INTEGER NOT NULL DEFAULT 0,  -- the greatest stamp stored
    program   TEXT NOT NULL DEFAULT '',    -- which version, with which kinds, last opened this file
    growth    TEXT NOT NULL DEFAULT ''   -- by which growth rules the scores were made
) STRICT;

-- Reference data ---------------------------------------------------------------------------------

CREATE TABLE area (
    code TEXT PRIMARY KEY,
    name TEXT NOT NULL
) STRICT;

CREATE TABLE puskesmas (
    code TEXT PRIMARY KEY,
    name TEXT NOT NULL
) STRICT;

-- Not a level of the area code: a kecamatan may have two puskesmas.
CREATE TABLE puskesmas_area (
    puskesmas TEXT NOT NULL REFERENCES puskesmas (code),
    area      TEXT NOT NULL REFERENCES area (code),
    PRIMARY KEY (puskesmas, area)
) STRICT;

CREATE TABLE posyandu (
    area TEXT NOT NULL REFERENCES area (code),
    name TEXT NOT NULL,
    PRIMARY KEY (area, name)
) STRICT;

-- People and tablets -----------------------------------------------------------------------------

CREATE TABLE worker (
    id      BLOB PRIMARY KEY CHECK (length(id) = 16),
    name    TEXT NOT NULL,
    role    TEXT NOT NULL CHECK (role IN ('tenaga', 'penyelia', 'pengamat', 'admin')),
    made_ms INTEGER NOT NULL
) STRICT;

-- Ended grants are kept: what was done before the tablet could know of the end is still accepted.
CREATE TABLE worker_grant (
    id        INTEGER PRIMARY KEY,
    worker    BLOB NOT NULL REFERENCES worker (id),
    area      TEXT REFERENCES area (code),
    puskesmas TEXT REFERENCES puskesmas (code),
    given_ms  INTEGER NOT NULL,
    ended_ms  INTEGER,
    for_cause INTEGER NOT NULL DEFAULT 0 CHECK (for_cause IN (0, 1)),
    CHECK ((area IS NULL) <> (puskesmas IS NULL))
) STRICT;
CREATE INDEX worker_grant_worker ON worker_grant (worker);

-- Device 0 is the server itself: imports and office edits.
CREATE TABLE device (
    number            INTEGER PRIMARY KEY CHECK (number BETWEEN 0 AND 4294967295),
    worker            BLOB REFERENCES worker (id),
    install           BLOB,
    name              TEXT NOT NULL,
    token_hash        BLOB UNIQUE,
    state             TEXT NOT NULL CHECK (state IN ('active', 'draining', 'revoked')),
    enrolled_ms       INTEGER NOT NULL,
    acked             INTEGER NOT NULL DEFAULT 0,  -- its log is stored without a gap up to here
    last_tick         INTEGER,                     -- its previous stamp
    told_feed         INTEGER NOT NULL DEFAULT 0,  -- it has shown that it received the feed up to here
    -- What it last reported of itself.
    app               TEXT,
    clock             INTEGER,
    skew_ms           INTEGER,
    last_push_ms      INTEGER,
    last_pull_ms      INTEGER,
    pending           INTEGER,
    oldest_pending_ms INTEGER,
    parked            INTEGER,
    free_mb           INTEGER,
    differs           TEXT
) STRICT;

-- The skew of each clock that a device has had; a clock is renumbered when somebody moved it.
CREATE TABLE device_clock (
    device  INTEGER NOT NULL REFERENCES device (number),
    clock   INTEGER NOT NULL,
    skew_ms INTEGER NOT NULL,
    PRIMARY KEY (device, clock)
) STRICT;

-- When a device was last heard with a log of that length: a change that came later cannot have been
-- made before. Rows that no future change can ask for are deleted.
CREATE TABLE exchange (
    device   INTEGER NOT NULL REFERENCES device (number),
    last_seq INTEGER NOT NULL,
    at_ms    INTEGER NOT NULL,
    PRIMARY KEY (device, last_seq)
) STRICT;

CREATE TABLE enrol_code (
    name        TEXT PRIMARY KEY CHECK (length(name) = 4),
    secret_hash TEXT NOT NULL,      -- argon2id, PHC string
    worker      BLOB NOT NULL REFERENCES worker (id),
    expires_ms  INTEGER NOT NULL,
    wrong       INTEGER NOT NULL DEFAULT 0,
    device      INTEGER REFERENCES device (number)   -- the one that used it
) STRICT;

-- People who work without a tablet show one of these.
CREATE TABLE person_token (
    id       INTEGER PRIMARY KEY,
    worker   BLOB NOT NULL REFERENCES worker (id),
    hash     BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    made_ms  INTEGER NOT NULL,
    ended_ms INTEGER
) STRICT;
CREATE INDEX person_token_worker ON person_token (worker);

-- Who did what, for ever. Each row's hash covers its own text and the row before it.
CREATE TABLE audit (
    pos  INTEGER PRIMARY KEY,
    text TEXT NOT NULL,      -- canonical JSON: at, who, act, subject
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE (ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE (ABORT, 'the audit log is append-only'); END;

-- The log: every change ever received, with its verdict -------------------------------------------

CREATE TABLE log (
    pos         INTEGER PRIMARY KEY,
    device      INTEGER NOT NULL REFERENCES device (number),
    seq         INTEGER NOT NULL,
    hash        BLOB NOT NULL CHECK (length(hash) = 32),
    raw         BLOB NOT NULL,      -- the exact text as it arrived
    body_at     INTEGER,            -- where in raw the body begins, in bytes; NULL when there is none
    body_len    INTEGER,
    -- NULL until it is merged. A new record and its first version name each other.
    record      INTEGER REFERENCES record (rid) DEFERRABLE INITIALLY DEFERRED,
    place       TEXT,               -- the area, when this change sets one
    deleted     TEXT CHECK (deleted IN ('salah_input', 'ganda')),
    tick        INTEGER NOT NULL,   -- its stamp, given once
    stamp_device INTEGER NOT NULL,  -- differs from device only when an old stamp was kept
    base_tick   INTEGER,
    base_device INTEGER,
    made_ms     INTEGER NOT NULL,   -- the tablet's clock, repaired
    received_ms INTEGER NOT NULL,
    worker      BLOB REFERENCES worker (id),
    outcome     TEXT NOT NULL CHECK (outcome IN ('applied', 'superseded', 'parked', 'discarded')),
    code        TEXT,               -- why it is or was parked
    field       TEXT,
    reason      TEXT,               -- why a person discarded it
    uncertain   INTEGER NOT NULL DEFAULT 0 CHECK (uncertain IN (0, 1)),
    after_move  INTEGER NOT NULL DEFAULT 0 CHECK (after_move IN (0, 1)),
    same_as     INTEGER REFERENCES log (pos),        -- sent before under another device number
    UNIQUE (device, seq)
) STRICT;
-- rids grow, so this index grows at its end.
CREATE INDEX log_record ON log (record) WHERE record IS NOT NULL;
CREATE INDEX log_same_as ON log (same_as) WHERE same_as IS NOT NULL;

-- Parked changes again, small, by what they wait for.
CREATE TABLE parked (
    pos       INTEGER PRIMARY KEY REFERENCES log (pos),
    device    INTEGER NOT NULL,   -- the one that holds it now: a re-enrolled tablet takes it over
    record_id BLOB,
    parent_id BLOB,
    is_move   INTEGER NOT NULL CHECK (is_move IN (0, 1)),
    code      TEXT NOT NULL
) STRICT;
CREATE INDEX parked_device ON parked (device);
CREATE INDEX parked_record ON parked (record_id);
CREATE INDEX parked_parent ON parked (parent_id);

-- Records: what the merge says ---------------------------------------------------------------------

CREATE TABLE record (
    rid          INTEGER PRIMARY KEY,
    id           BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    kind         TEXT NOT NULL,
    child        INTEGER REFERENCES record (rid),   -- the child it belongs to; NULL for a child
    area         TEXT NOT NULL,                     -- its place, or its child's
    arrived_ms   INTEGER NOT NULL,                  -- when it came there
    feed         INTEGER NOT NULL,                  -- its one place in the feed: its latest
    state_pos    INTEGER NOT NULL REFERENCES log (pos),
    state_tick   INTEGER NOT NULL,
    state_device INTEGER NOT NULL,
    deleted      TEXT,
    place_tick   INTEGER,                           -- of a child only
    place_device INTEGER
) STRICT;
CREATE UNIQUE INDEX record_feed ON record (feed);
CREATE INDEX record_area ON record (area, feed);
CREATE INDEX record_child ON record (child) WHERE child IS NOT NULL;

-- A child left an area: readers of that area are told, unless the child is still in their scope.
CREATE TABLE departure (
    feed  INTEGER PRIMARY KEY,
    child INTEGER NOT NULL REFERENCES record (rid),
    area  TEXT NOT NULL,
    arrived_ms INTEGER NOT NULL,    -- when it had come there
    at_ms INTEGER NOT NULL,
    UNIQUE (child, area)
) STRICT;

-- When a device first showed that it knows of a departure, or of the end of a grant.
CREATE TABLE told_departure (
    device INTEGER NOT NULL REFERENCES device (number),
    feed   INTEGER NOT NULL,
    at_ms  INTEGER NOT NULL,
    PRIMARY KEY (device, feed)
) STRICT;
CREATE TABLE told_grant (
    device   INTEGER NOT NULL REFERENCES device (number),
    grant_id INTEGER NOT NULL REFERENCES worker_grant (id),
    at_ms    INTEGER NOT NULL,
    PRIMARY KEY (device, grant_id)
) STRICT;

CREATE TABLE digest (
    area  TEXT PRIMARY KEY,
    count INTEGER NOT NULL,
    sum   INTEGER NOT NULL      -- 64 bits, two's complement
) STRICT;

-- Two devices changed one register without having seen each other's change.
CREATE TABLE conflict (
    id       INTEGER PRIMARY KEY,
    record   INTEGER NOT NULL REFERENCES record (rid),
    incoming INTEGER NOT NULL REFERENCES log (pos),   -- the change whose arrival showed it
    other    INTEGER NOT NULL REFERENCES log (pos),   -- the latest version it had not seen
    base     INTEGER REFERENCES log (pos),            -- NULL when it had seen none
    label    TEXT NOT NULL CHECK (label IN ('identical', 'parallel', 'overlap')),
    found_ms INTEGER NOT NULL,
    -- What a person decided, who, why, and the change of device 0 that it became.
    closed_ms INTEGER,
    decision  TEXT CHECK (decision IN ('keep', 'take', 'body', 'dismiss')),
    decided_by BLOB REFERENCES worker (id),
    reason    TEXT,
    decided   INTEGER REFERENCES log (pos),
    UNIQUE (incoming),
    CHECK ((closed_ms IS NULL) = (decision IS NULL)),
    CHECK ((closed_ms IS NULL) = (decided_by IS NULL)),
    CHECK ((decided IS NOT NULL) = (coalesce(decision, 'keep') IN ('take', 'body')))
) STRICT;
CREATE INDEX conflict_open ON conflict (label) WHERE closed_ms IS NULL;
CREATE INDEX conflict_record ON conflict (record);

-- Typed columns for reports: one table for each kind, one column for each field but the child's id,
-- which is record.child. Kept up in the transaction that merges. Tombstones have no row here.

CREATE TABLE child (
    rid INTEGER PRIMARY KEY REFERENCES record (rid),
    posyandu TEXT, name TEXT NOT NULL, sex TEXT NOT NULL, birth_date TEXT NOT NULL,
    nik TEXT, kk TEXT, mother_name TEXT, guardian_name TEXT, guardian_nik TEXT, parents_raw TEXT,
    phone TEXT, address TEXT, rt TEXT, rw TEXT,
    birth_weight_g INTEGER, birth_length_mm INTEGER, birth_head_mm INTEGER,
    gestation_weeks INTEGER, birth_order INTEGER, imd INTEGER, kia_book INTEGER,
    kia_small_baby INTEGER, status TEXT, status_on TEXT, moved_to TEXT
) STRICT;
CREATE INDEX child_nik ON child (nik) WHERE nik IS NOT NULL;
CREATE INDEX child_birth ON child (birth_date);

CREATE TABLE measurement (
    rid INTEGER PRIMARY KEY REFERENCES record (rid),
    measured_on TEXT NOT NULL,
    weight_g INTEGER, height_mm INTEGER, position TEXT, muac_mm INTEGER, head_mm INTEGER,
    oedema INTEGER, vitamin_a TEXT, asi INTEGER, kelas_ibu INTEGER, mbg INTEGER,
    confirmed TEXT, measured_by TEXT, note TEXT
) STRICT;
CREATE INDEX measurement_on ON measurement (measured_on);

-- What the growth standards say of a measurement, kept up with it. z-scores are hundredths of an SD
-- and have the names of WHO's tool; categories are stable words.
CREATE TABLE measurement_score (
    rid INTEGER PRIMARY KEY REFERENCES record (rid),
    age_months INTEGER NOT NULL,            -- completed
    zlen INTEGER, zwei INTEGER, zwfl INTEGER, zbmi INTEGER, zhc INTEGER, zac INTEGER,
    flags TEXT,                             -- those of the six above that WHO holds to be implausible
    tbu TEXT, bbu TEXT, bbtb TEXT, imtu TEXT, lku TEXT,
    lila TEXT,                              -- by its centimetres, not by zac
    gain TEXT CHECK (gain IN ('N', 'T', 'O', 'B')),     -- at the latest weighing of a month
    twice_not_gained INTEGER NOT NULL CHECK (twice_not_gained IN (0, 1)),
    below_red_line INTEGER CHECK (below_red_line IN (0, 1))
) STRICT;

CREATE TABLE visit (
    rid INTEGER PRIMARY KEY REFERENCES record (rid),
    visited_on TEXT NOT NULL, purpose TEXT NOT NULL,
    topics TEXT, pmt TEXT, referred_to TEXT, outcome TEXT, next_visit_on TEXT, visited_by TEXT,
    note TEXT
) STRICT;
CREATE INDEX visit_on ON visit (visited_on);
