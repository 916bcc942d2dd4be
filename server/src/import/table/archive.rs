//! What an .xlsx file is allowed to hold before anybody reads it.
//!
//! A workbook is an archive: a small file can unpack to more than a machine has. So every part is
//! unpacked once and counted, and thrown away, before the reader of workbooks gets the file; what
//! an archive says of its own size is believed only when it says too much.

use super::TableError;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// How many parts a workbook may have: sheets, styles, pictures.
pub const PARTS_MAX: usize = 2_000;
/// Bytes of all parts, unpacked. A list of 80,000 children with every column has about as many.
pub const UNPACKED_BYTES_MAX: u64 = 128 * 1024 * 1024;
/// Bytes of the list of texts, which the reader keeps in memory as a whole.
pub const TEXTS_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// Bytes of any other part that it keeps, as many times larger values: formats, sheet names, links.
pub const KEPT_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// The ending of the name of the list of texts, as lower case.
const TEXTS_NAME: &str = "sharedstrings.xml";
/// The attribute by which the list of texts announces how many it has.
const TEXTS_COUNT: &[u8] = b"uniqueCount";
/// More digits than a possible number of texts has.
const COUNT_DIGITS_MAX: usize = 7;
/// Bytes that are unpacked at once.
const CHUNK_BYTES: usize = 64 * 1024;

/// Refuses an archive that unpacks to more than the bounds above.
pub(super) fn check(bytes: &[u8]) -> Result<(), TableError> {
    let mut archive =
        ZipArchive::new(Cursor::new(bytes)).map_err(|_broken| TableError::BrokenWorkbook)?;
    if archive.len() > PARTS_MAX {
        return Err(TableError::UnpacksTooLarge);
    }
    let mut left = UNPACKED_BYTES_MAX;
    for number in 0..archive.len() {
        let mut part = archive.by_index(number).map_err(|_broken| TableError::BrokenWorkbook)?;
        if part.size() > left {
            return Err(TableError::UnpacksTooLarge);
        }
        let name = part.name().map_err(|_broken| TableError::BrokenWorkbook)?.to_lowercase();
        if name.ends_with(TEXTS_NAME) {
            let texts = read_texts(&mut part, left.min(TEXTS_BYTES_MAX))?;
            check_count(&texts)?;
            left = left.saturating_sub(texts.len() as u64);
        } else {
            let most = if is_kept(&name) { left.min(KEPT_BYTES_MAX) } else { left };
            left -= count(&mut part, most)?;
        }
    }
    Ok(())
}

/// Whether the reader keeps what is in a part; sheets are read as they come, all else is not read.
fn is_kept(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or_default();
    file == "styles.xml" || file.starts_with("workbook") || file.ends_with(".rels")
}

fn read_texts(part: &mut impl Read, most: u64) -> Result<Vec<u8>, TableError> {
    let mut texts = Vec::new();
    part.take(most + 1).read_to_end(&mut texts).map_err(|_broken| TableError::BrokenWorkbook)?;
    if texts.len() as u64 > most { Err(TableError::UnpacksTooLarge) } else { Ok(texts) }
}

/// The reader makes room for as many texts as the list announces, whether they come or not.
fn check_count(texts: &[u8]) -> Result<(), TableError> {
    let announced = texts.windows(TEXTS_COUNT.len()).enumerate().filter(|(_, w)| *w == TEXTS_COUNT);
    for (at, name) in announced {
        let behind = texts.get(at + name.len()..).unwrap_or_default();
        let is_sign =
            |byte: &&u8| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'"' | b'\'');
        let digits = behind.iter().skip_while(is_sign).take_while(|byte| byte.is_ascii_digit());
        if digits.count() > COUNT_DIGITS_MAX {
            return Err(TableError::UnpacksTooLarge);
        }
    }
    Ok(())
}

/// How many bytes a part really has; none more are read than `most` and one chunk.
fn count(part: &mut impl Read, most: u64) -> Result<u64, TableError> {
    let (mut chunk, mut total) = (vec![0; CHUNK_BYTES], 0);
    loop {
        let read = part.read(&mut chunk).map_err(|_broken| TableError::BrokenWorkbook)?;
        if read == 0 {
            return Ok(total);
        }
        total += read as u64;
        if total > most {
            return Err(TableError::UnpacksTooLarge);
        }
    }
}
