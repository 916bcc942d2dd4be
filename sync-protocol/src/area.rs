//! Areas: Kemendagri codes as a tree of dot segments, and the scope that a worker's grants add up to.

use crate::ids::{BadId, parse_text};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

/// Digits in each segment: provinsi, kabupaten, kecamatan, desa or kelurahan.
const SEGMENT_DIGITS: [usize; 4] = [2, 2, 2, 4];

/// A Kemendagri code: `16`, `16.04`, `16.04.06` or `16.04.06.2008`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Area(String);

impl Area {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `other` is this area or lies below it. A prefix matches whole segments only.
    pub fn contains(&self, other: &Area) -> bool {
        match other.0.strip_prefix(self.0.as_str()) {
            Some(rest) => rest.is_empty() || rest.starts_with('.'),
            None => false,
        }
    }

    /// A desa or kelurahan: where children live.
    pub fn is_village(&self) -> bool {
        self.segments() == SEGMENT_DIGITS.len()
    }

    /// 1 provinsi, 2 kabupaten, 3 kecamatan, 4 desa or kelurahan.
    pub fn segments(&self) -> usize {
        self.0.split('.').count()
    }

    /// The area one level up; none above a provinsi.
    pub fn parent(&self) -> Option<Area> {
        self.0.rsplit_once('.').map(|(parent, _)| Area(parent.to_owned()))
    }
}

impl FromStr for Area {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let segments = text.split('.').count();
        let well_formed = segments <= SEGMENT_DIGITS.len()
            && text
                .split('.')
                .zip(SEGMENT_DIGITS)
                .all(|(s, digits)| s.len() == digits && s.bytes().all(|b| b.is_ascii_digit()));
        if well_formed { Ok(Area(text.to_owned())) } else { Err(BadId("area code")) }
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for Area {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        parse_text(d)
    }
}

/// The union of a worker's grants, in its smallest form: sorted, no area inside another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope(Vec<Area>);

impl Scope {
    pub fn of(grants: impl IntoIterator<Item = Area>) -> Self {
        let mut scope = Scope::default();
        for grant in grants {
            scope.widen(grant);
        }
        scope
    }

    fn widen(&mut self, grant: Area) {
        if self.contains(&grant) {
            return;
        }
        self.0.retain(|narrower| !grant.contains(narrower));
        let place = self.0.partition_point(|before| *before < grant);
        self.0.insert(place, grant);
    }

    pub fn contains(&self, area: &Area) -> bool {
        self.0.iter().any(|granted| granted.contains(area))
    }

    pub fn areas(&self) -> &[Area] {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// 16 hex digits that change whenever the scope does; a cursor carries them.
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        for area in &self.0 {
            hash.update(area.as_str());
            hash.update(b"\n");
        }
        hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(text: &str) -> Area {
        text.parse().unwrap()
    }

    #[test]
    fn a_prefix_matches_whole_segments_only() {
        assert!(area("16.04").contains(&area("16.04.06.2008")));
        assert!(area("16.04.06").contains(&area("16.04.06")));
        assert!(!area("16.04.06").contains(&area("16.04.07.2008")));
        assert!(!area("16.04.06.2008").contains(&area("16.04.06")));
        assert!("16.04.06.200".parse::<Area>().is_err());
    }

    #[test]
    fn a_code_has_the_digits_that_kemendagri_gives_it() {
        for bad in ["", "1", "16.", "16.4", "16.04.06.2008.1", "16.04.06.20080", "ab", "16-04"] {
            assert!(bad.parse::<Area>().is_err(), "{bad}");
        }
        assert!(area("16.04.06.2008").is_village());
        assert_eq!(area("16.04.06").parent(), Some(area("16.04")));
    }

    #[test]
    fn a_scope_keeps_only_its_widest_areas_and_its_fingerprint_follows() {
        let wide = Scope::of([area("16.04.06.2008"), area("16.04.06"), area("16.04.10.1001")]);
        assert_eq!(wide.areas(), [area("16.04.06"), area("16.04.10.1001")]);
        assert_eq!(wide, Scope::of([area("16.04.10.1001"), area("16.04.06")]));
        assert_ne!(wide.fingerprint(), Scope::of([area("16.04.06")]).fingerprint());
        assert!(Scope::default().is_empty());
    }
}
