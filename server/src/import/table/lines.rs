//! The text of a file before it is a table: its encoding, its delimiter, its header names.

use super::TableError;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
/// In the order in which they are preferred when a header line has as many of two of them.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// The file as text without its byte order mark.
pub(super) fn body_of(bytes: &[u8]) -> Result<&str, TableError> {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|fault| {
        let before = bytes.get(..fault.valid_up_to()).unwrap_or_default();
        TableError::NotUtf8 { line: before.iter().filter(|byte| **byte == b'\n').count() + 1 }
    })
}

/// The delimiter, and how many bytes to skip because Excel's `sep=;` stood in them.
pub(super) fn delimiter_of(text: &str) -> (u8, usize) {
    let first = text.trim_start_matches(['\r', '\n']);
    let line = first.split('\n').next().unwrap_or_default();
    if let Some(sep) = line.trim_end().strip_prefix("sep=").and_then(|s| s.bytes().next())
        && DELIMITERS.contains(&sep)
    {
        return (sep, text.len() - first.len() + line.len());
    }
    let [mut best, ..] = DELIMITERS;
    for candidate in DELIMITERS {
        if outside_quotes(line, candidate) > outside_quotes(line, best) {
            best = candidate;
        }
    }
    (best, 0)
}

fn outside_quotes(line: &str, wanted: u8) -> usize {
    let mut quoted = false;
    line.bytes()
        .filter(|byte| {
            quoted ^= *byte == b'"';
            !quoted && *byte == wanted
        })
        .count()
}

/// What of a header counts: its letters and digits in lower case.
pub(super) fn header_key(header: &str) -> String {
    header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
