//! Spans of time as people write them: 90s, 30m, 1h, 7d.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span(pub Duration);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a whole number above 0 with s, m, h or d is wanted, for example 1h")]
pub struct BadSpan;

impl FromStr for Span {
    type Err = BadSpan;

    fn from_str(text: &str) -> Result<Self, BadSpan> {
        let unit = text.chars().last().ok_or(BadSpan)?;
        let seconds: u64 = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            _ => return Err(BadSpan),
        };
        let digits = text.strip_suffix(unit).unwrap_or_default();
        let count: u64 = digits.parse().map_err(|_| BadSpan)?;
        let total = count.checked_mul(seconds).filter(|total| *total > 0).ok_or(BadSpan)?;
        Ok(Span(Duration::from_secs(total)))
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}s", self.0.as_secs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_or_refused() {
        let read = |text: &str| text.parse::<Span>().map(|span| span.0.as_secs());
        assert_eq!(read("90s"), Ok(90));
        assert_eq!(read("30m"), Ok(1_800));
        assert_eq!(read("1h"), Ok(3_600));
        assert_eq!(read("7d"), Ok(604_800));
        for bad in ["", "h", "1", "0h", "-1h", "1.5h", "1hh", "1w", "99999999999999999999s"] {
            assert_eq!(read(bad), Err(BadSpan), "{bad}");
        }
    }
}
