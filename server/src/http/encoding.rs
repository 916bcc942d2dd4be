//! Compressing answers: zstd or gzip at their cheapest, since compression costs more than the read.

use super::Response;
use flate2::{Compression, write::GzEncoder};
use std::io::Write;

const ZSTD_LEVEL: i32 = 1;

/// Compresses an answer from so many bytes on; a smaller one goes out as it is.
pub(super) fn encode(
    mut response: Response,
    accepted: Option<&str>,
    from_bytes: usize,
) -> Response {
    let is_packed = response.headers.iter().any(|(name, _)| *name == "Content-Encoding");
    if is_packed || response.body.len() < from_bytes {
        return response;
    }
    let accepted = accepted.unwrap_or_default();
    let compressed = if accepts(accepted, "zstd") {
        Some(("zstd", zstd::bulk::compress(&response.body, ZSTD_LEVEL)))
    } else if accepts(accepted, "gzip") {
        Some(("gzip", gzip(&response.body)))
    } else {
        None
    };
    match compressed {
        Some((name, Ok(body))) => {
            response.body = body;
            response.with_header("Content-Encoding", name).with_header("Vary", "Accept-Encoding")
        }
        Some((name, Err(error))) => {
            tracing::warn!(%error, name, "compressing an answer failed; it goes out as it is");
            response
        }
        None => response,
    }
}

fn gzip(body: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body)?;
    encoder.finish()
}

pub(super) fn accepts(header: &str, encoding: &str) -> bool {
    header.split(',').any(|offer| {
        let mut parts = offer.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        named && !parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_is_used_only_when_it_is_accepted() {
        assert!(accepts("zstd, gzip", "zstd"));
        assert!(accepts("gzip;q=0.5, ZSTD", "zstd"));
        assert!(!accepts("gzip", "zstd"));
        assert!(!accepts("zstd;q=0, gzip", "zstd"));
        assert!(!accepts("", "gzip"));
    }

    #[test]
    fn an_answer_survives_its_compression() {
        let body = b"data sasaran balita ".repeat(200);
        let answer = |accepted| {
            encode(Response::text("text/plain", body.clone()), Some(accepted), 1024).body
        };
        assert_eq!(zstd::bulk::decompress(&answer("zstd"), 1 << 20).unwrap(), body);
        let mut plain = Vec::new();
        std::io::Read::read_to_end(
            &mut flate2::read::GzDecoder::new(answer("gzip").as_slice()),
            &mut plain,
        )
        .unwrap();
        assert_eq!(plain, body);
        assert_eq!(answer("br"), body);
    }
}
