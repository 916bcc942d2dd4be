//! Growth on the server: scores that are kept up with the merge, and the monthly reports, through
//! `Gateway::answer` and against what tablets really sent.

#[cfg(test)]
mod completeness;
#[cfg(test)]
mod counted;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod same;
#[cfg(test)]
mod scores;
#[cfg(test)]
#[expect(dead_code, reason = "shared with the tests of what supervisors read, which use all of it")]
#[path = "../office_read/support.rs"]
mod support;
