//! What a person asks for, cut to what they may see: a filter narrows the scope and never widens it.

use crate::store::{ReadTx, Selection, Stored};
use sync_protocol::area::{Area, Scope};
use sync_protocol::month::Month;

/// What a question is narrowed by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    pub area: Option<Area>,
    /// A puskesmas by its code; an unknown one has no desa.
    pub puskesmas: Option<String>,
    /// A posyandu by its name.
    pub posyandu: Option<String>,
    pub month: Option<Month>,
}

impl Filters {
    /// What is inside both the scope and the filters. What lies outside of the scope is empty, and
    /// so is what does not exist.
    pub fn select(&self, tx: &ReadTx<'_>, scope: &Scope) -> Stored<Selection> {
        let mut scope = scope.clone();
        if let Some(area) = &self.area {
            scope = narrow(&scope, std::slice::from_ref(area));
        }
        if let Some(code) = &self.puskesmas {
            scope = narrow(&scope, &tx.areas_of_puskesmas(code)?);
        }
        Ok(Selection { scope, posyandu: self.posyandu.clone(), month: self.month })
    }
}

/// Everything that the server knows: the scope of somebody with access to the machine.
pub fn everywhere(tx: &ReadTx<'_>) -> Stored<Scope> {
    Ok(Scope::of(tx.areas()?.into_iter().map(|area| area.code)))
}

/// What lies in the scope and in one of the areas.
fn narrow(scope: &Scope, areas: &[Area]) -> Scope {
    let inside = areas.iter().flat_map(|area| {
        let wider = scope.contains(area).then(|| area.clone());
        let narrower = scope.areas().iter().filter(|granted| area.contains(granted)).cloned();
        wider.into_iter().chain(narrower)
    });
    Scope::of(inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_narrows_and_never_widens() {
        let area = |code: &str| code.parse::<Area>().unwrap();
        let scope = Scope::of([area("16.04.06"), area("16.04.10.1001")]);
        let narrowed = |code: &str| narrow(&scope, &[area(code)]);
        assert_eq!(narrowed("16.04.06.2008"), Scope::of([area("16.04.06.2008")]));
        assert_eq!(narrowed("16.04.10"), Scope::of([area("16.04.10.1001")]));
        assert_eq!(narrowed("16"), scope);
        assert!(narrowed("16.04.07").is_empty());
        assert!(narrowed("16.04.10.1002").is_empty());
        assert!(narrow(&scope, &[]).is_empty());
    }
}
