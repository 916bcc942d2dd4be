//! What everything stands on: the merge, stamps, digests, the conflict of two versions.

use crate::sabotage::Sabotage;

pub(crate) const CORE: &[Sabotage] = &[
    Sabotage {
        name: "the-earlier-stamp-wins",
        breaks: "What was saved earlier replaces what was saved later.",
        file: "sync-protocol/src/merge.rs",
        right: "incoming <= current",
        wrong: "incoming >= current",
        told_by: &["sync-protocol/lib merge::"],
    },
    Sabotage {
        name: "the-same-stamp-wins-again",
        breaks: "A change that comes twice is merged twice.",
        file: "sync-protocol/src/merge.rs",
        right: "incoming <= current",
        wrong: "incoming < current",
        told_by: &["sync-protocol/lib merge::"],
    },
    Sabotage {
        name: "a-full-counter-starts-again-in-the-same-millisecond",
        breaks: "After 65,536 edits in a millisecond the next one loses to the first.",
        file: "sync-protocol/src/stamp.rs",
        right: "Tick { ms: (self.ms + 1).min(MS_MAX), counter: 0 }",
        wrong: "Tick { ms: self.ms, counter: 0 }",
        told_by: &["sync-protocol/lib stamp::"],
    },
    Sabotage {
        name: "a-removed-row-stays-in-the-digest",
        breaks: "A tablet never agrees with the server again once a child has left its desa.",
        file: "sync-protocol/src/digest.rs",
        right: "self.sum.wrapping_sub(row_fingerprint(id, stamp))",
        wrong: "self.sum",
        told_by: &["sync-protocol/lib digest::"],
    },
];
