//! The audit log: an act that is not written, or under somebody else's name, and a log that was
//! tampered with and holds all the same.

use crate::sabotage::Sabotage;

/// An act that leaves no row.
const fn unwritten(
    name: &'static str,
    breaks: &'static str,
    file: &'static str,
    right: &'static str,
) -> Sabotage {
    Sabotage { name, breaks, file, right, wrong: "", told_by: &["it audit::every_act_leaves"] }
}

pub(crate) const AUDIT: &[Sabotage] = &[
    unwritten(
        "a-new-worker-is-not-in-the-audit-log",
        "Nobody can tell who was added, and when.",
        "server/src/admin/people.rs",
        "tx.audit(Who::CommandLine, Act::WorkerAdded, &subject, now.ms)?;",
    ),
    unwritten(
        "a-grant-is-not-in-the-audit-log",
        "Nobody can tell who was given an area.",
        "server/src/admin/people.rs",
        "tx.audit(Who::CommandLine, Act::Granted, &subject, now.ms)?;",
    ),
    unwritten(
        "an-ended-grant-is-not-in-the-audit-log",
        "Nobody can tell who was taken off an area.",
        "server/src/admin/people.rs",
        "tx.audit(Who::CommandLine, Act::GrantEnded, &subject, now.ms)?;",
    ),
    unwritten(
        "a-code-is-not-in-the-audit-log",
        "A code that enrols a tablet leaves no trace.",
        "server/src/admin/people.rs",
        r#"tx.audit(Who::CommandLine, Act::CodeMade, &json!({"worker": worker}), now.ms)?;"#,
    ),
    unwritten(
        "a-code-from-the-pages-is-not-in-the-audit-log",
        "A code that somebody made at a desk leaves no trace.",
        "server/src/http/web/tablets.rs",
        r#"tx.audit(by, Act::CodeMade, &json!({"worker": worker.id}), now_ms)?;"#,
    ),
    unwritten(
        "a-token-is-not-in-the-audit-log",
        "A token that reads all names leaves no trace.",
        "server/src/admin/people.rs",
        r#"tx.audit(Who::CommandLine, Act::TokenMade, &json!({"worker": worker}), now.ms)?;"#,
    ),
    unwritten(
        "a-revoked-token-is-not-in-the-audit-log",
        "Nobody can tell since when a token ended.",
        "server/src/admin/people.rs",
        r#"tx.audit(Who::CommandLine, Act::TokenRevoked, &json!({"worker": worker}), now.ms)?;"#,
    ),
    unwritten(
        "a-new-password-is-not-in-the-audit-log",
        "Somebody else's login is taken over without a trace.",
        "server/src/access/login.rs",
        r#"tx.audit(by, Act::PasswordSet, &json!({"worker": worker, "login": name}), now_ms)?;"#,
    ),
    unwritten(
        "a-disabled-login-is-not-in-the-audit-log",
        "Nobody can tell who shut somebody out.",
        "server/src/access/login.rs",
        r#"tx.audit(by, Act::LoginDisabled, &json!({"worker": worker}), now_ms)?;"#,
    ),
    Sabotage {
        name: "a-login-is-not-in-the-audit-log",
        breaks: "Nobody can tell who was logged in.",
        file: "server/src/access/login.rs",
        right: "tx.audit(Who::Worker(login.worker), Act::LoggedIn, &json!({}), now_ms)",
        wrong: "Ok(())",
        told_by: &["it audit::every_act_leaves"],
    },
    unwritten(
        "an-enrolment-is-not-in-the-audit-log",
        "A tablet that holds names appears without a trace.",
        "server/src/access/enrolment.rs",
        r#"tx.audit(Who::Worker(worker), Act::DeviceEnrolled, &json!({"device": device}), now_ms)?;"#,
    ),
    unwritten(
        "the-end-of-a-tablet-is-not-in-the-audit-log",
        "Nobody can tell who drained or revoked a tablet.",
        "server/src/access/retire.rs",
        r#"tx.audit(by, act, &json!({"device": device.number}), now_ms)?;"#,
    ),
    Sabotage {
        name: "a-drained-tablet-is-called-revoked",
        breaks: "The log says that a tablet was shut out, which was only called in.",
        file: "server/src/access/retire.rs",
        right: "(DeviceState::Draining, Act::DeviceDrained)",
        wrong: "(DeviceState::Draining, Act::DeviceRevoked)",
        told_by: &["it audit::every_act_leaves"],
    },
    unwritten(
        "an-erased-tablet-is-not-in-the-audit-log",
        "Nobody can prove that a lost tablet was erased.",
        "server/src/sync/push.rs",
        r#"tx.audit(Who::Device(device), Act::DeviceWiped, &json!({"device": device}), now.ms)?;"#,
    ),
    Sabotage {
        name: "a-file-of-changes-is-not-in-the-audit-log",
        breaks: "Changes that came as a file leave no trace.",
        file: "server/src/admin/outbox.rs",
        right: "tx.audit(Who::CommandLine, Act::FileImported, &subject, now.ms)",
        wrong: "Ok(())",
        told_by: &["it audit::every_act_leaves"],
    },
    Sabotage {
        name: "a-mirror-is-not-in-the-audit-log",
        breaks: "What was recovered from a tablet leaves no trace.",
        file: "server/src/admin/mirror.rs",
        right: "tx.audit(Who::CommandLine, Act::FileImported, &subject, now.ms)",
        wrong: "Ok(())",
        told_by: &["it audit::every_act_leaves"],
    },
    unwritten(
        "an-export-at-the-machine-is-not-in-the-audit-log",
        "A file of all names leaves no trace.",
        "server/src/admin/export.rs",
        "tx.audit(Who::CommandLine, Act::Exported, &subject, now.ms)?;",
    ),
    Sabotage {
        name: "an-export-is-the-command-line-s",
        breaks: "A file of names that a person took is put down to the machine.",
        file: "server/src/http/export.rs",
        right: "Who::Worker(made.person.worker.id)",
        wrong: "Who::CommandLine",
        told_by: &["it audit::every_act_leaves"],
    },
    unwritten(
        "a-look-at-a-nik-is-not-in-the-audit-log",
        "Nobody can tell who looked at a person's number.",
        "server/src/http/children.rs",
        "tx.audit(Who::Worker(person.worker.id), Act::NikSeen, &subject, now.ms)?;",
    ),
    unwritten(
        "a-decision-is-not-in-the-audit-log",
        "Nobody can tell who decided a conflict.",
        "server/src/sync/review/decide.rs",
        "tx.audit(Who::Worker(person.worker.id), Act::ConflictDecided, &subject, now_ms)?;",
    ),
    unwritten(
        "a-settlement-is-not-in-the-audit-log",
        "Nobody can tell who discarded what a tablet sent.",
        "server/src/sync/review/settle.rs",
        "audit(tx, person, act, &name, &about, now_ms)?;",
    ),
    Sabotage {
        name: "a-discarded-change-is-called-released",
        breaks: "The log says that a change was merged, which was thrown away.",
        file: "server/src/sync/review/settle.rs",
        right: "(Act::ParkedDiscarded, Outcome::Discarded, None)",
        wrong: "(Act::ParkedReleased, Outcome::Discarded, None)",
        told_by: &["it audit::every_act_leaves"],
    },
    unwritten(
        "an-entry-of-the-office-is-not-in-the-audit-log",
        "Nobody can tell who changed a record at a desk.",
        "server/src/sync/enter.rs",
        "tx.audit(Who::Worker(person.worker.id), Act::RecordEntered, &subject, now_ms)?;",
    ),
    Sabotage {
        name: "a-backup-is-not-in-the-audit-log",
        breaks: "A copy of everything leaves no trace.",
        file: "server/src/backup.rs",
        right: "tx.audit(who, Act::BackedUp, &subject, now.ms)",
        wrong: "Ok(())",
        told_by: &["it audit::every_act_leaves"],
    },
    unwritten(
        "a-restore-is-not-in-the-audit-log",
        "Nobody can tell that the history was set back.",
        "server/src/restore.rs",
        "tx.audit(Who::CommandLine, Act::Restored, &subject, now.ms)?;",
    ),
    Sabotage {
        name: "a-tablet-is-taken-for-the-machine",
        breaks: "What a tablet did is put down to whoever has the machine.",
        file: "server/src/store/audit.rs",
        right: r#"json!({"device": device})"#,
        wrong: r#"json!("command line")"#,
        told_by: &["it audit::every_act_leaves"],
    },
    Sabotage {
        name: "a-changed-row-of-the-audit-log-holds",
        breaks: "A check does not see that a row says something else now.",
        file: "server/src/store/audit.rs",
        right: "pos != expected || chain(before, &text) != hash",
        wrong: "pos != expected",
        told_by: &["it audit::a_row_of_the_audit_log"],
    },
    Sabotage {
        name: "a-row-of-the-audit-log-stands-alone",
        breaks: "Rows may be cut out or put elsewhere, since no row covers the one before.",
        file: "server/src/store/audit.rs",
        right: "hash.update(before.unwrap_or_default());",
        wrong: "",
        told_by: &["it audit::"],
    },
    Sabotage {
        name: "the-text-of-the-audit-log-is-not-covered",
        breaks: "A row may say anything.",
        file: "server/src/store/audit.rs",
        right: "hash.update(text.as_bytes());",
        wrong: "",
        told_by: &["it audit::a_row_of_the_audit_log"],
    },
];
