//! What a list or a file is asked for in the query of its address: escapes are read, names that
//! the route does not know are refused, since a misspelt filter would silently show too much.

use super::about::Param;
use crate::access::selection::Filters;
use crate::refusal::Refusal;
use std::str::FromStr;

/// The names and values of a query, empty values left out.
#[derive(Debug)]
pub(super) struct Asked(Vec<(String, String)>);

impl Asked {
    pub(super) fn read(query: &str, known: &[&[Param]]) -> Result<Self, Refusal> {
        let mut values: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if !known.iter().copied().flatten().any(|known| known.name == name) {
                let detail = format!("{name} is not a parameter of this route");
                return Err(Refusal::malformed(detail));
            }
            if values.iter().any(|(given, _)| *given == name) {
                let detail = format!("{name} is given twice");
                return Err(Refusal::malformed(detail));
            }
            values.push((name.into_owned(), value.into_owned()));
        }
        values.retain(|(_, value)| !value.is_empty());
        Ok(Asked(values))
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn value<T: FromStr>(&self, name: &str) -> Result<Option<T>, Refusal> {
        let wrong = |_| Refusal::malformed(format!("{name} is not readable"));
        self.text(name).map(|text| text.parse().map_err(wrong)).transpose()
    }

    /// An option that is on when it is `1`.
    pub(super) fn flag(&self, name: &str) -> Result<bool, Refusal> {
        match self.text(name) {
            None | Some("0") => Ok(false),
            Some("1") => Ok(true),
            Some(_) => Err(Refusal::malformed(format!("{name} is 0 or 1"))),
        }
    }

    pub(super) fn filters(&self) -> Result<Filters, Refusal> {
        Ok(Filters {
            area: self.value("area")?,
            puskesmas: self.text("puskesmas").map(str::to_owned),
            posyandu: self.text("posyandu").map(str::to_owned),
            month: self.value("month")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::params::{FILE, PLACE};
    use super::*;

    #[test]
    fn escapes_are_read_and_what_is_not_known_is_refused() {
        let read = |query: &str| Asked::read(query, &[&PLACE, &FILE]);
        let asked = read("posyandu=Melati%20I&area=&bom=1").unwrap();
        assert_eq!(asked.text("posyandu"), Some("Melati I"));
        assert_eq!(asked.text("area"), None);
        assert!(asked.flag("bom").unwrap());
        assert_eq!(read("posyandu=A+B").unwrap().text("posyandu"), Some("A B"));
        for bad in ["poskesmas=1", "area=16&area=16.04", "month=2026-11"] {
            assert!(read(bad).is_err(), "{bad}");
        }
        assert!(read("area=Lahat").unwrap().filters().is_err());
        assert!(read("bom=ya").unwrap().flag("bom").is_err());
    }
}
