//! From how much on something is done in another way, or in more than one part. Both ways answer
//! alike: tests move a threshold and ask the same again.

use crate::store::Few;
use sync_protocol::limits::PAGE_BYTES_MAX;

#[derive(Clone, Copy, Debug)]
pub struct Thresholds {
    /// Desa and children that are read one by one; more are read in one pass and filtered.
    pub few: Few,
    /// How much text of one request is read ahead of its turn. Parsed JSON can take some eighty times
    /// its text (`{"a":1}` over and over), and all of it is held until the turn comes. An ordinary
    /// batch of 500 changes is smaller.
    pub read_ahead_bytes: usize,
    /// Smaller answers are sent as they are.
    pub packed_bytes: usize,
    /// Children whose series one job scores anew: a server that starts must be able to stop in
    /// between.
    pub children_per_job: u32,
    /// Bytes of the texts of one page of a list of records. People in an office have better lines
    /// than tablets.
    pub list_bytes: usize,
    /// Bytes of one page of what supervisors review.
    pub review_bytes: usize,
    /// How many of the newest open conflicts a page puts in order.
    pub ordered_conflicts: usize,
    pub child: ChildBounds,
}

/// How much of one child a page or a reply shows: the latest.
#[derive(Clone, Copy, Debug)]
pub struct ChildBounds {
    /// Records of a kind, and bytes of their bodies.
    pub records: usize,
    pub record_bytes: usize,
    /// Versions, and bytes of what they changed.
    pub versions: usize,
    pub version_bytes: usize,
}

const KIB: usize = 1 << 10;
const MIB: usize = 1 << 20;

impl Default for Thresholds {
    fn default() -> Self {
        Thresholds {
            few: Few::default(),
            read_ahead_bytes: 256 * KIB,
            packed_bytes: KIB,
            children_per_job: 500,
            list_bytes: MIB,
            review_bytes: PAGE_BYTES_MAX,
            ordered_conflicts: 100,
            child: ChildBounds::default(),
        }
    }
}

impl Default for ChildBounds {
    fn default() -> Self {
        ChildBounds { records: 500, record_bytes: 4 * MIB, versions: 1_000, version_bytes: 4 * MIB }
    }
}
