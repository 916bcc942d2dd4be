//! Riwayat: every version of a record, who made it, when, on which tablet, and what it replaced.

use crate::tag::Tag;
use maud::{Markup, html};

/// One version.
#[derive(Clone, Debug)]
pub struct Version {
    /// When it was made, by the repaired clock.
    pub at: String,
    /// When it came, where that is another day.
    pub received: Option<String>,
    pub by: String,
    pub device: String,
    /// What it is of: `data anak`, `pengukuran 12-11-2026`.
    pub what: String,
    pub outcome: Tag,
    /// What is unusual about it, in sentences.
    pub notes: Vec<String>,
    /// A first version has no old values.
    pub is_first: bool,
    pub changes: Vec<FieldChange>,
}

/// One field of it, in words.
#[derive(Clone, Debug)]
pub struct FieldChange {
    pub label: String,
    pub old: String,
    pub new: String,
    /// What its maker had before them, where that is not `old`.
    pub saw: Option<String>,
}

/// The versions, the latest first. `left_out` older ones are not shown.
pub fn history(versions: &[Version], left_out: usize) -> Markup {
    html! {
        ol.history {
            @for version in versions { (shown(version)) }
        }
        @if left_out > 0 { p.soft { (left_out) " perubahan yang lebih lama tidak ditampilkan." } }
    }
}

fn shown(version: &Version) -> Markup {
    html! {
        li {
            p.head {
                strong { (version.at) } " " (version.by) ", " (version.device) ": "
                @if version.is_first { "mencatat " } @else { "mengubah " }
                (version.what) " " (version.outcome.show())
            }
            @if let Some(received) = &version.received { p.soft { "Diterima server " (received) "." } }
            @for note in &version.notes { p.soft { (note) } }
            @if version.is_first {
                p {
                    @for (at, change) in version.changes.iter().enumerate() {
                        @if at > 0 { "; " }
                        span.soft { (change.label) ": " } (change.new)
                    }
                }
            } @else {
                ul {
                    @for change in &version.changes {
                        li {
                            span.soft { (change.label) ": " }
                            del { (change.old) } " → " ins { (change.new) }
                            @if let Some(saw) = &change.saw {
                                small.soft { " (yang dilihat waktu mengubah: " (saw) ")" }
                            }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::growth::Tone;

    #[test]
    fn a_version_says_who_when_on_which_tablet_and_what_it_replaced() {
        let version = Version {
            at: "24-11-2026 09:15".to_owned(),
            received: None,
            by: "Siti A.".to_owned(),
            device: "Tab A7 <Jarai>".to_owned(),
            what: "data anak".to_owned(),
            outcome: Tag::new(Tone::Good, "berlaku"),
            notes: Vec::new(),
            is_first: false,
            changes: vec![FieldChange {
                label: "Telepon".to_owned(),
                old: "0811".to_owned(),
                new: "0812".to_owned(),
                saw: Some("0810".to_owned()),
            }],
        };
        let shown = history(&[version], 3).into_string();
        for part in
            ["24-11-2026 09:15", "Siti A.", "Tab A7 &lt;Jarai&gt;", "berlaku", "3 perubahan"]
        {
            assert!(shown.contains(part), "{part} is not in {shown}");
        }
        assert!(shown.contains("<del>0811</del> → <ins>0812</ins>"), "{shown}");
        assert!(shown.contains("(yang dilihat waktu mengubah: 0810)"), "{shown}");
    }
}
