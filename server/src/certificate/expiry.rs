//! When a certificate ends. Only this one field is read: RFC 5280 says exactly where it stands.

use chrono::NaiveDateTime;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use std::path::Path;

const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xA0;
const UTC_TIME: u8 = 0x17;
const GENERALISED_TIME: u8 = 0x18;
/// Serial number, signature algorithm and issuer stand before the validity.
const FIELDS_BEFORE: usize = 3;

/// The end of the first certificate in a PEM file, in ms since 1970.
pub(crate) fn of_file(path: &Path) -> Option<i64> {
    let certificate = CertificateDer::from_pem_file(path).ok()?;
    of_der(&certificate)
}

fn of_der(certificate: &[u8]) -> Option<i64> {
    let (_, certificate, _) = element(certificate)?;
    let (_, mut fields, _) = element(certificate)?;
    if fields.first() == Some(&VERSION) {
        fields = element(fields)?.2;
    }
    for _ in 0..FIELDS_BEFORE {
        fields = element(fields)?.2;
    }
    let (tag, validity, _) = element(fields)?;
    if tag != SEQUENCE {
        return None;
    }
    let (_, _, after_start) = element(validity)?;
    let (tag, end, _) = element(after_start)?;
    moment(tag, std::str::from_utf8(end).ok()?)
}

/// The tag and content of the first DER element, and what follows it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7F))?;
        if bytes.len() > 4 {
            return None;
        }
        (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
    };
    let (content, after) = rest.split_at_checked(length)?;
    Some((tag, content, after))
}

fn moment(tag: u8, text: &str) -> Option<i64> {
    let full = match tag {
        // Two digits: RFC 5280 puts 50 to 99 into the last century.
        UTC_TIME => {
            let century = if text.get(..2)?.parse::<u8>().ok()? < 50 { "20" } else { "19" };
            format!("{century}{text}")
        }
        GENERALISED_TIME => text.to_owned(),
        _ => return None,
    };
    let at = NaiveDateTime::parse_from_str(&full, "%Y%m%d%H%M%SZ").ok()?;
    Some(at.and_utc().timestamp_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(year: i32) {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut made = rcgen::CertificateParams::new(vec!["timbang.example".to_owned()]).unwrap();
        made.not_before = rcgen::date_time_ymd(2020, 1, 1);
        made.not_after = rcgen::date_time_ymd(year, 3, 4);
        let certificate = made.self_signed(&key).unwrap();
        let expected = made.not_after.unix_timestamp() * 1_000;
        assert_eq!(of_der(certificate.der()), Some(expected));
        for cut in 0..certificate.der().len() {
            of_der(&certificate.der()[..cut]);
        }
    }

    #[test]
    fn the_end_is_read_in_both_forms_of_time() {
        check(2027);
        check(2055);
    }
}
