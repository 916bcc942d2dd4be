//! The target list (sasaran) as a condition of SQL. `sync_protocol::sasaran` is the rule: it gives
//! the bounds that are bound here, and a test holds the two against each other.

use sync_protocol::record::child::ACTIVE;
use sync_protocol::sasaran::TargetList;

/// That a child `c` is active.
pub(super) fn is_active() -> String {
    format!("coalesce(c.status, '{ACTIVE}') = '{ACTIVE}'")
}

/// That a child `c` is on a list, whose [`bounds`] are the parameters from `first` on.
pub(super) fn is_on_list(first: usize) -> String {
    let (oldest, youngest, day) = (first, first + 1, first + 2);
    format!(
        "c.birth_date BETWEEN ?{oldest} AND ?{youngest} AND ({} OR c.status_on > ?{day})",
        is_active()
    )
}

/// The parameters of [`is_on_list`].
pub(super) fn bounds(list: &TargetList) -> [String; 3] {
    let born = list.born();
    [*born.start(), *born.end(), list.day()].map(|day| day.to_string())
}
