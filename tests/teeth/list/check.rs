//! What `timbang check` compares: each comparison left out.

use crate::sabotage::Sabotage;

pub(crate) const CHECK: &[Sabotage] = &[
    Sabotage {
        name: "check-does-not-compare-winners",
        breaks: "A record whose state is not its greatest version in the log is not found.",
        file: "server/src/store/comparison.rs",
        right: r#""SELECT count(*) FROM record r WHERE (r.state_tick, r.state_device, r.deleted) IS NOT
                    (SELECT tick, stamp_device, deleted FROM log WHERE record = r.rid AND {MERGED}
                      AND (body_at IS NOT NULL OR deleted IS NOT NULL) ORDER BY tick DESC, stamp_device DESC LIMIT 1)""#,
        wrong: r#""SELECT 0""#,
        told_by: &["it check::each_comparison"],
    },
    Sabotage {
        name: "check-does-not-compare-places",
        breaks: "A child whose place is not the greatest version of it in the log is not found.",
        file: "server/src/store/comparison.rs",
        right: r#""SELECT count(*) FROM record r WHERE r.child IS NULL AND (r.area, r.place_tick, r.place_device) IS NOT
                    (SELECT place, tick, stamp_device FROM log WHERE record = r.rid AND place IS NOT NULL
                      AND {MERGED} ORDER BY tick DESC, stamp_device DESC LIMIT 1)""#,
        wrong: r#""SELECT 0""#,
        told_by: &["it check::each_comparison"],
    },
    Sabotage {
        name: "check-does-not-compare-homes",
        breaks: "A measurement that lives elsewhere than its child is not found.",
        file: "server/src/store/comparison.rs",
        right: r#""SELECT count(*) FROM record r JOIN record c ON c.rid = r.child WHERE r.area <> c.area""#,
        wrong: r#""SELECT 0""#,
        told_by: &["it check::each_comparison"],
    },
    Sabotage {
        name: "check-sees-no-gap",
        breaks: "A change that was cut out of a log is not missed.",
        file: "server/src/store/comparison.rs",
        right: r#""SELECT count(*) FROM (SELECT seq - lag(seq, 1, 0) OVER (PARTITION BY device ORDER BY seq) AS step
                    FROM log) WHERE step <> 1""#,
        wrong: r#""SELECT 0""#,
        told_by: &["it check::each_comparison"],
    },
    Sabotage {
        name: "check-sees-no-end-of-a-log",
        breaks: "A log that ends before what was acknowledged is not found.",
        file: "server/src/store/comparison.rs",
        right: r#""SELECT count(*) FROM device d
                    WHERE d.acked <> coalesce((SELECT max(seq) FROM log WHERE device = d.number), 0)""#,
        wrong: r#""SELECT 0""#,
        told_by: &["it check::each_comparison"],
    },
    Sabotage {
        name: "check-does-not-compare-parked",
        breaks: "A parked change that no list shows is not found.",
        file: "server/src/store/comparison.rs",
        right: r#""SELECT (SELECT count(*) FROM log WHERE outcome = 'parked' AND same_as IS NULL AND pos NOT IN (SELECT pos FROM parked))
                    + (SELECT count(*) FROM parked JOIN log USING (pos) WHERE log.outcome <> 'parked')""#,
        wrong: r#""SELECT 0""#,
        told_by: &["it check::each_comparison"],
    },
    Sabotage {
        name: "check-sees-no-lost-record",
        breaks: "A merged change without a record is not found.",
        file: "server/src/store/comparison.rs",
        right: r#""SELECT count(*) FROM log WHERE outcome = 'applied' AND record IS NULL AND same_as IS NULL""#,
        wrong: r#""SELECT 0""#,
        told_by: &["it check::each_comparison"],
    },
    Sabotage {
        name: "check-does-not-know-the-outcomes",
        breaks: "A flipped bit in an outcome of the log is not found.",
        file: "server/src/store/comparison.rs",
        right: r#""SELECT count(*) FROM log WHERE outcome NOT IN ('applied', 'superseded', 'parked', 'discarded')""#,
        wrong: r#""SELECT 0""#,
        told_by: &["it check::each_comparison"],
    },
    Sabotage {
        name: "check-does-not-compare-feed-places",
        breaks: "A row that no pull would ever bring is not found.",
        file: "server/src/store/comparison.rs",
        right: r#""SELECT (SELECT count(*) FROM (SELECT feed FROM record UNION ALL SELECT feed FROM departure)
                        WHERE feed > (SELECT feed FROM server))
                    + (SELECT count(*) FROM departure JOIN record USING (feed))""#,
        wrong: r#""SELECT 0""#,
        told_by: &["it check::each_comparison"],
    },
    Sabotage {
        name: "check-does-not-compare-the-greatest-stamp",
        breaks: "A stamp above the greatest one kept is not found: the next one would be given twice.",
        file: "server/src/store/comparison.rs",
        right: r#""SELECT count(*) FROM log WHERE tick > (SELECT last_tick FROM server)""#,
        wrong: r#""SELECT 0""#,
        told_by: &["it check::each_comparison"],
    },
    Sabotage {
        name: "check-does-not-compare-the-order-of-stamps",
        breaks: "Edits of one tablet out of their order are not found.",
        file: "server/src/store/comparison.rs",
        right: r#""SELECT count(*) FROM (SELECT tick - lag(tick) OVER (PARTITION BY device ORDER BY seq) AS step
                    FROM log WHERE same_as IS NULL) WHERE step <= 0""#,
        wrong: r#""SELECT 0""#,
        told_by: &["it check::each_comparison"],
    },
    Sabotage {
        name: "check-does-not-follow-references",
        breaks: "A reference that points nowhere is not found.",
        file: "server/src/store/comparison.rs",
        right: r#""SELECT count(*) FROM pragma_foreign_key_check""#,
        wrong: r#""SELECT 0""#,
        told_by: &["it check::each_comparison"],
    },
    Sabotage {
        name: "check-sees-no-stray-score",
        breaks: "The score of a measurement that is none is not found.",
        file: "server/src/store/comparison.rs",
        right: r#""SELECT count(*) FROM measurement_score s JOIN record r USING (rid)
                    WHERE NOT EXISTS (SELECT 1 FROM measurement m WHERE m.rid = s.rid)
                      OR NOT EXISTS (SELECT 1 FROM child c WHERE c.rid = r.child)""#,
        wrong: r#""SELECT 0""#,
        told_by: &["it check::each_comparison"],
    },
    Sabotage {
        name: "check-sees-no-stray-status",
        breaks: "The last findings of a child that is none are not found.",
        file: "server/src/store/comparison.rs",
        right: r#""SELECT count(*) FROM child_status s WHERE NOT EXISTS (SELECT 1 FROM child c WHERE c.rid = s.rid)""#,
        wrong: r#""SELECT 0""#,
        told_by: &["it check::each_comparison"],
    },
    Sabotage {
        name: "check-does-not-read-the-file",
        breaks: "An index that lacks its rows is not found.",
        file: "server/src/store/integrity.rs",
        right: "self.check_file()",
        wrong: "Ok(Vec::new())",
        told_by: &["it check::each_comparison"],
    },
    Sabotage {
        name: "check-does-not-add-up-digests",
        breaks: "A wrong digest is not found.",
        file: "server/src/store/integrity.rs",
        right: "self.check_digests()",
        wrong: "Ok(Vec::new())",
        told_by: &["it check::each_comparison"],
    },
    Sabotage {
        name: "check-does-not-follow-the-audit-chain",
        breaks: "A changed row of the audit log is not found.",
        file: "server/src/store/integrity.rs",
        right: "self.check_audit_chain()",
        wrong: "Ok(Vec::new())",
        told_by: &["it check::each_comparison"],
    },
    Sabotage {
        name: "check-sees-no-stray-typed-row",
        breaks: "A typed row of what is no live record is counted in reports and not found.",
        file: "server/src/store/integrity.rs",
        right: "self.count_stray_typed()?",
        wrong: "0",
        told_by: &["it check::each_comparison"],
    },
    Sabotage {
        name: "check-does-not-compare-typed-columns",
        breaks: "A column that is not what the body says is not found.",
        file: "server/src/store/integrity.rs",
        right: "self.count_wrong_typed()?",
        wrong: "0",
        told_by: &["it check::each_comparison"],
    },
    Sabotage {
        name: "check-does-not-compare-parents",
        breaks: "A visit that was hung on another child is not found.",
        file: "server/src/store/integrity.rs",
        right: "self.count_wrong_parents()?",
        wrong: "0",
        told_by: &["it check::each_comparison"],
    },
    Sabotage {
        name: "check-does-not-compare-scores",
        breaks: "A wrong score is not found.",
        file: "server/src/store/integrity.rs",
        right: "self.count_wrong_growth(ReadTx::count_wrong_scores)?",
        wrong: "0",
        told_by: &["it check::each_comparison"],
    },
    Sabotage {
        name: "check-does-not-compare-status",
        breaks: "Wrong last findings of a child are not found.",
        file: "server/src/store/integrity.rs",
        right: "self.count_wrong_growth(ReadTx::count_wrong_status)?",
        wrong: "0",
        told_by: &["it check::each_comparison"],
    },
    Sabotage {
        name: "check-does-not-hash-the-log",
        breaks: "A text of the log that was altered is not found.",
        file: "server/src/store/integrity.rs",
        right: "self.count_altered_texts()?",
        wrong: "0",
        told_by: &["it check::each_comparison"],
    },
    Sabotage {
        name: "check-compares-only-the-count-of-a-digest",
        breaks: "A digest with a wrong sum is not found.",
        file: "server/src/store/integrity.rs",
        right: r#"if kept != counted {
                differs(&area, kept, counted);
            }"#,
        wrong: r#"if kept.count != counted.count {
                differs(&area, kept, counted);
            }"#,
        told_by: &["it check::each_comparison"],
    },
    Sabotage {
        name: "check-sees-no-digest-of-nothing",
        breaks: "A digest of a desa without records is not found.",
        file: "server/src/store/integrity.rs",
        right: r#"for (area, kept) in kept {
            differs(&area, kept, AreaDigest::default());
        }"#,
        wrong: "",
        told_by: &["it check::each_comparison"],
    },
    Sabotage {
        name: "check-compares-scores-of-other-rules-only",
        breaks: "Scores of the present rules are not compared.",
        file: "server/src/store/integrity.rs",
        right: "self.server()?.growth == sync_protocol::growth::VERSION",
        wrong: "self.server()?.growth != sync_protocol::growth::VERSION",
        told_by: &["it check::each_comparison"],
    },
    Sabotage {
        name: "check-command-says-that-all-is-well",
        breaks: "The command says what is wrong and exits as if nothing were.",
        file: "server/src/cli/commands.rs",
        right: "report.faults.is_empty()",
        wrong: "true",
        told_by: &["it check::the_command_says"],
    },
];
