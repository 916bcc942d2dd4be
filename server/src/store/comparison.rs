//! What a check compares: each by its name, so that each can be shown to find what no other does.

/// One comparison of a check of the whole database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Comparison {
    /// SQLite's own look at the file: pages, indexes, constraints.
    File,
    /// The digests with what the records add up to.
    Digests,
    /// Rows with rows.
    Rows(Relation),
    /// Typed rows with the live records.
    StrayTyped,
    /// The bodies of live records with their typed rows.
    Typed,
    /// The bodies of live records with the child that each belongs to.
    Parents,
    /// Scores with what the growth rules give.
    Scores,
    /// What is known last of a child with its measurements.
    Status,
    /// The texts of the log with their hashes.
    LogTexts,
    AuditChain,
}

/// What must hold between rows of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    Winners,
    Places,
    Homes,
    Gaps,
    StoredThrough,
    Parked,
    Merged,
    Outcomes,
    FeedPlaces,
    GreatestStamp,
    StampOrder,
    References,
    StrayScores,
    StrayStatus,
}

impl Comparison {
    pub const ALL: [Comparison; 23] = [
        Comparison::File,
        Comparison::Digests,
        Comparison::Rows(Relation::Winners),
        Comparison::Rows(Relation::Places),
        Comparison::Rows(Relation::Homes),
        Comparison::Rows(Relation::Gaps),
        Comparison::Rows(Relation::StoredThrough),
        Comparison::Rows(Relation::Parked),
        Comparison::Rows(Relation::Merged),
        Comparison::Rows(Relation::Outcomes),
        Comparison::Rows(Relation::FeedPlaces),
        Comparison::Rows(Relation::GreatestStamp),
        Comparison::Rows(Relation::StampOrder),
        Comparison::Rows(Relation::References),
        Comparison::Rows(Relation::StrayScores),
        Comparison::Rows(Relation::StrayStatus),
        Comparison::StrayTyped,
        Comparison::Typed,
        Comparison::Parents,
        Comparison::Scores,
        Comparison::Status,
        Comparison::LogTexts,
        Comparison::AuditChain,
    ];
}

impl Relation {
    /// What does not hold it, in words that follow a number.
    pub(super) fn offenders(self) -> &'static str {
        match self {
            Relation::Winners => {
                "records whose winner is not the greatest version of their state in the log"
            }
            Relation::Places => "children whose place is not the greatest version of it in the log",
            Relation::Homes => "records that do not live where their child lives",
            Relation::Gaps => "log entries with a gap before them",
            Relation::StoredThrough => {
                "devices whose log does not end where it is said to be stored through"
            }
            Relation::Parked => {
                "parked changes that the list of parked changes does not have, or the other way round"
            }
            Relation::Merged => "merged changes that belong to no record",
            Relation::Outcomes => "log entries with an outcome that there is not",
            Relation::FeedPlaces => {
                "records and departures at a feed place that was not given out, or given out twice"
            }
            Relation::GreatestStamp => "log entries with a stamp above the greatest one kept",
            Relation::StampOrder => {
                "log entries whose stamp is not after the one before of the same device"
            }
            Relation::References => "references that point nowhere",
            Relation::StrayScores => "scores of what is no live measurement of a live child",
            Relation::StrayStatus => "last findings of what is no live child",
        }
    }

    /// The statement that counts them; `{MERGED}` stands for [`super::log::MERGED`].
    pub(super) fn count_sql(self) -> &'static str {
        match self {
            Relation::Winners => {
                "SELECT count(*) FROM record r WHERE (r.state_tick, r.state_device, r.deleted) IS NOT
                    (SELECT tick, stamp_device, deleted FROM log WHERE record = r.rid AND {MERGED}
                      AND (body_at IS NOT NULL OR deleted IS NOT NULL) ORDER BY tick DESC, stamp_device DESC LIMIT 1)"
            }
            Relation::Places => {
                "SELECT count(*) FROM record r WHERE r.child IS NULL AND (r.area, r.place_tick, r.place_device) IS NOT
                    (SELECT place, tick, stamp_device FROM log WHERE record = r.rid AND place IS NOT NULL
                      AND {MERGED} ORDER BY tick DESC, stamp_device DESC LIMIT 1)"
            }
            Relation::Homes => {
                "SELECT count(*) FROM record r JOIN record c ON c.rid = r.child WHERE r.area <> c.area"
            }
            Relation::Gaps => {
                "SELECT count(*) FROM (SELECT seq - lag(seq, 1, 0) OVER (PARTITION BY device ORDER BY seq) AS step
                    FROM log) WHERE step <> 1"
            }
            Relation::StoredThrough => {
                "SELECT count(*) FROM device d
                    WHERE d.acked <> coalesce((SELECT max(seq) FROM log WHERE device = d.number), 0)"
            }
            Relation::Parked => {
                "SELECT (SELECT count(*) FROM log WHERE outcome = 'parked' AND same_as IS NULL AND pos NOT IN (SELECT pos FROM parked))
                    + (SELECT count(*) FROM parked JOIN log USING (pos) WHERE log.outcome <> 'parked')"
            }
            Relation::Merged => {
                "SELECT count(*) FROM log WHERE outcome = 'applied' AND record IS NULL AND same_as IS NULL"
            }
            // SQLite's look at the file does not tell of a row that breaks this constraint.
            Relation::Outcomes => {
                "SELECT count(*) FROM log WHERE outcome NOT IN ('applied', 'superseded', 'parked', 'discarded')"
            }
            Relation::FeedPlaces => {
                "SELECT (SELECT count(*) FROM (SELECT feed FROM record UNION ALL SELECT feed FROM departure)
                        WHERE feed > (SELECT feed FROM server))
                    + (SELECT count(*) FROM departure JOIN record USING (feed))"
            }
            Relation::GreatestStamp => {
                "SELECT count(*) FROM log WHERE tick > (SELECT last_tick FROM server)"
            }
            Relation::StampOrder => {
                "SELECT count(*) FROM (SELECT tick - lag(tick) OVER (PARTITION BY device ORDER BY seq) AS step
                    FROM log WHERE same_as IS NULL) WHERE step <= 0"
            }
            Relation::References => "SELECT count(*) FROM pragma_foreign_key_check",
            Relation::StrayScores => {
                "SELECT count(*) FROM measurement_score s JOIN record r USING (rid)
                    WHERE NOT EXISTS (SELECT 1 FROM measurement m WHERE m.rid = s.rid)
                      OR NOT EXISTS (SELECT 1 FROM child c WHERE c.rid = r.child)"
            }
            Relation::StrayStatus => {
                "SELECT count(*) FROM child_status s WHERE NOT EXISTS (SELECT 1 FROM child c WHERE c.rid = s.rid)"
            }
        }
    }
}
