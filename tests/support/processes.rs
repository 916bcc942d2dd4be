//! Trees of processes, as Linux tells them.

use crate::patience::wait_until;
use std::fs;
use std::process::Command;

/// Processes that a process started, and those that they started.
pub(crate) fn descendants(pid: u32) -> Vec<u32> {
    let mut found = children(pid);
    let mut next = 0;
    while let Some(pid) = found.get(next) {
        found.extend(children(*pid));
        next += 1;
    }
    found
}

/// Each thread has children of its own.
fn children(pid: u32) -> Vec<u32> {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let lists = threads.map(|thread| fs::read_to_string(thread.path().join("children")));
    let lists: Vec<String> = lists.map(Result::unwrap_or_default).collect();
    lists
        .iter()
        .flat_map(|list| list.split_whitespace())
        .filter_map(|pid| pid.parse().ok())
        .collect()
}

/// kill -9 for each, and all are gone when this returns.
pub(crate) fn kill_all(pids: &[u32]) {
    let texts = pids.iter().map(u32::to_string);
    // Some end by themselves when the first is gone.
    let killed =
        Command::new("sh").args(["-c", "kill -9 \"$@\" 2>/dev/null; :", "sh"]).args(texts).status();
    assert!(killed.is_ok_and(|status| status.success()), "{pids:?} cannot be killed");
    wait_until("all are gone", || !pids.iter().any(|pid| is_running(*pid)));
}

/// A zombie, whom nobody has asked about yet, does nothing any more.
fn is_running(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().next());
    !matches!(state, None | Some("Z" | "X"))
}
