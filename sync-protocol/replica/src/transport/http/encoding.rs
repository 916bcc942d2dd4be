//! Packing what goes out and unpacking what comes in. Nothing is unpacked further than an answer of
//! this protocol can be.

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use std::io::{self, Read, Write};
use sync_protocol::limits::REQUEST_BYTES_MAX;

/// More than the largest answer: a page of rows, receipts, or the names of a kabupaten.
const ANSWER_BYTES_MAX: u64 = REQUEST_BYTES_MAX as u64;
/// Log 2 of the window that an answer may ask us to keep: 8 MiB.
const ZSTD_WINDOW_LOG_MAX: u32 = 23;

/// An answer that cannot be unpacked.
#[derive(Debug, thiserror::Error)]
pub(super) enum Undecodable {
    #[error("the answer is larger than any of this protocol")]
    TooLarge,
    #[error("the answer has an encoding that was not asked for")]
    UnknownEncoding,
    #[error("the answer's encoding is broken")]
    Broken(#[source] io::Error),
}

pub(super) fn gzip(body: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 4), Compression::default());
    encoder.write_all(body)?;
    encoder.finish()
}

/// Reads an answer's body. Errors of the line come out as they are, errors of the content as
/// [`Undecodable`].
pub(super) fn read(body: impl Read, encoding: Option<&str>) -> io::Result<Vec<u8>> {
    let packed = read_bounded(body)?;
    let unpacked = match encoding {
        None | Some("identity") => return Ok(packed),
        Some("gzip") => read_bounded(MultiGzDecoder::new(packed.as_slice())),
        Some("zstd") => {
            let mut decoder = zstd::Decoder::with_buffer(packed.as_slice())?;
            decoder.window_log_max(ZSTD_WINDOW_LOG_MAX)?;
            read_bounded(decoder)
        }
        Some(_) => return Err(undecodable(Undecodable::UnknownEncoding)),
    };
    unpacked.map_err(|error| match error.get_ref() {
        Some(inner) if inner.is::<Undecodable>() => error,
        Some(_) | None => undecodable(Undecodable::Broken(error)),
    })
}

fn read_bounded(reader: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = reader.take(ANSWER_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    if read as u64 > ANSWER_BYTES_MAX {
        return Err(undecodable(Undecodable::TooLarge));
    }
    Ok(bytes)
}

fn undecodable(why: Undecodable) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_refused(body: &[u8], encoding: Option<&str>) {
        let error = read(body, encoding).unwrap_err();
        assert!(error.get_ref().unwrap().is::<Undecodable>(), "{error:?}");
    }

    #[test]
    fn each_encoding_is_read() {
        let text = br#"{"a":1}"#.as_slice();
        assert_eq!(read(text, None).unwrap(), text);
        assert_eq!(read(gzip(text).unwrap().as_slice(), Some("gzip")).unwrap(), text);
        let packed = zstd::encode_all(text, 3).unwrap();
        assert_eq!(read(packed.as_slice(), Some("zstd")).unwrap(), text);
    }

    #[test]
    fn a_small_answer_cannot_unpack_into_a_large_one() {
        let zeros = vec![0u8; REQUEST_BYTES_MAX + 1];
        check_refused(&gzip(&zeros).unwrap(), Some("gzip"));
        check_refused(&zstd::encode_all(zeros.as_slice(), 3).unwrap(), Some("zstd"));
        check_refused(&zeros, None);
    }

    #[test]
    fn broken_and_unknown_encodings_are_refused() {
        check_refused(b"not gzip", Some("gzip"));
        check_refused(b"not zstd", Some("zstd"));
        check_refused(b"{}", Some("br"));
        let half = gzip(b"{\"a\":1}").unwrap();
        check_refused(half.get(..half.len() / 2).unwrap(), Some("gzip"));
    }
}
