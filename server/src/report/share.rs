//! A part of a whole, with its percentage.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use sync_protocol::schema::object;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    pub count: u64,
    pub of: u64,
}

impl Share {
    pub fn new(count: u64, of: u64) -> Self {
        Share { count, of }
    }

    /// Tenths of a per cent, half going up; none of nothing.
    pub fn tenths(self) -> Option<u64> {
        if self.of == 0 { None } else { Some((self.count * 2_000 + self.of) / (self.of * 2)) }
    }

    /// One decimal; none of nothing.
    pub fn percent(self) -> Option<f64> {
        let tenths = u32::try_from(self.tenths()?).unwrap_or(u32::MAX);
        Some(f64::from(tenths) / 10.0)
    }
}

impl Serialize for Share {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut share = serializer.serialize_struct("Share", 3)?;
        share.serialize_field("count", &self.count)?;
        share.serialize_field("of", &self.of)?;
        share.serialize_field("percent", &self.percent())?;
        share.end()
    }
}

impl PartialSchema for Share {
    fn schema() -> RefOr<Schema> {
        object([
            ("count", u64::schema(), true),
            ("of", u64::schema(), true),
            ("percent", Option::<f64>::schema(), true),
        ])
        .into()
    }
}

impl ToSchema for Share {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_has_one_decimal_and_nothing_has_none() {
        let percent = |count, of| Share::new(count, of).percent();
        assert_eq!(percent(1, 3), Some(33.3));
        assert_eq!(percent(2, 3), Some(66.7));
        assert_eq!(percent(1, 2_000), Some(0.1), "half goes up");
        assert_eq!(percent(0, 5), Some(0.0));
        assert_eq!(percent(0, 0), None);
        let share = serde_json::to_string(&Share::new(1, 8)).unwrap();
        assert_eq!(share, r#"{"count":1,"of":8,"percent":12.5}"#);
    }
}
