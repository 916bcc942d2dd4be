//! Whether a file that SQLite cannot read was once a tablet's. Only such a file may be set aside:
//! whatever else a mistyped name points at belongs to somebody, and stays as it is.

use crate::schema::APPLICATION_ID;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Where SQLite keeps the application's mark in a file's header.
const MARK_AT: usize = 68;
/// How SQLite writes down that a table exists: type, name and table, without a space. Only a
/// database holds these, and they lie outside its first page, which is the one that breaks first.
const TABLES: [&[u8]; 3] =
    [b"tablechange_logchange_log", b"tablesync_statesync_state", b"tablemirrormirror"];
/// What is read at once.
const PIECE: usize = 64 * 1024;
/// What is kept of the piece before, so that no name is missed across two.
const OVERLAP: usize = 32;

/// True for a file with our mark, with a table of ours, or of zeros alone: that is what a power cut
/// leaves where pages were promised, and nobody's document.
pub(crate) fn was_ours(path: &Path) -> io::Result<bool> {
    let mut file = File::open(path)?;
    let mut piece = Vec::with_capacity(PIECE + OVERLAP);
    let mut is_start = true;
    let mut all_zero = true;
    loop {
        let kept = piece.len();
        let read = file.by_ref().take(PIECE as u64).read_to_end(&mut piece)?;
        if read == 0 {
            return Ok(all_zero);
        }
        let has_mark = is_start && is_marked(&piece);
        if has_mark || TABLES.iter().any(|table| holds(&piece, table)) {
            return Ok(true);
        }
        all_zero &= piece.iter().skip(kept).all(|byte| *byte == 0);
        is_start = false;
        piece.drain(..piece.len().saturating_sub(OVERLAP));
    }
}

fn is_marked(start: &[u8]) -> bool {
    let mark = APPLICATION_ID.to_be_bytes();
    start.get(MARK_AT..).is_some_and(|rest| rest.starts_with(&mark))
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
