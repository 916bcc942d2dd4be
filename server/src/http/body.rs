//! Reading bodies under their limits: decompressed through a bound, depth checked before parsing.

use super::Request;
use crate::refusal::Refusal;
use flate2::read::MultiGzDecoder;
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::io::Read;
use sync_protocol::json::{JsonFault, check_envelope};
use sync_protocol::limits::{REQUEST_BYTES_MAX, REQUEST_SENT_BYTES_MAX};

/// The body, decompressed. Never more than [`REQUEST_BYTES_MAX`] bytes are made of it.
pub(super) fn read_body(request: &Request) -> Result<Cow<'_, [u8]>, Refusal> {
    if request.body.len() > REQUEST_SENT_BYTES_MAX {
        return Err(Refusal::TooLarge(None));
    }
    match request.content_encoding.as_deref() {
        None | Some("" | "identity") => Ok(Cow::Borrowed(&request.body)),
        Some("gzip") => gunzip(&request.body).map(Cow::Owned),
        Some(_) => Err(Refusal::UnsupportedEncoding),
    }
}

fn gunzip(compressed: &[u8]) -> Result<Vec<u8>, Refusal> {
    let bound = u64::try_from(REQUEST_BYTES_MAX).unwrap_or(u64::MAX);
    let mut body = Vec::new();
    MultiGzDecoder::new(compressed)
        .take(bound + 1)
        .read_to_end(&mut body)
        .map_err(|error| Refusal::malformed(format!("gzip: {error}")))?;
    if body.len() > REQUEST_BYTES_MAX {
        return Err(Refusal::TooLarge(None));
    }
    Ok(body)
}

/// The body as a message without changes.
pub(super) fn read_message<T: DeserializeOwned>(request: &Request) -> Result<T, Refusal> {
    let body = read_body(request)?;
    read_envelope(&body, None)
}

/// The body as a message whose member `apart` holds what is checked piece by piece later.
pub(super) fn read_envelope<T: DeserializeOwned>(
    body: &[u8],
    apart: Option<&str>,
) -> Result<T, Refusal> {
    check_envelope(body, apart).map_err(refusal_of)?;
    serde_json::from_slice(body).map_err(malformed)
}

fn refusal_of(fault: JsonFault) -> Refusal {
    match fault {
        JsonFault::TooDeep => Refusal::TooDeep,
        JsonFault::Broken => Refusal::malformed(fault.to_string()),
    }
}

pub(super) fn malformed(error: serde_json::Error) -> Refusal {
    Refusal::malformed(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::problem::problem_of;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;
    use sync_protocol::problem::ProblemCode;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[track_caller]
    fn check(encoding: &str, body: Vec<u8>, expected: Result<usize, ProblemCode>) {
        let request =
            Request { content_encoding: Some(encoding.to_owned()), body, ..Request::default() };
        let read = read_body(&request).map(|body| body.len());
        assert_eq!(read.map_err(|refusal| problem_of(&refusal).code().unwrap()), expected);
    }

    #[test]
    fn a_body_is_bounded_as_sent_and_after_decompression() {
        check("identity", vec![b'x'; REQUEST_SENT_BYTES_MAX], Ok(REQUEST_SENT_BYTES_MAX));
        check("identity", vec![b'x'; REQUEST_SENT_BYTES_MAX + 1], Err(ProblemCode::TooLarge));
        check("gzip", gzip(&vec![b'x'; REQUEST_BYTES_MAX]), Ok(REQUEST_BYTES_MAX));
        check("gzip", gzip(&vec![b'x'; REQUEST_BYTES_MAX + 1]), Err(ProblemCode::TooLarge));
        check("gzip", gzip(&vec![0; 512 << 20]), Err(ProblemCode::TooLarge));
    }

    #[test]
    fn only_gzip_and_identity_are_taken() {
        check("br", vec![1, 2, 3], Err(ProblemCode::UnsupportedEncoding));
        check("gzip, gzip", vec![1, 2, 3], Err(ProblemCode::UnsupportedEncoding));
        check("gzip", vec![1, 2, 3], Err(ProblemCode::Malformed));
    }
}
