//! The places that somebody may choose, as the list boxes offer them.

use crate::access::selection::Filters;
use crate::store::{ReadTx, Stored};
use std::collections::BTreeMap;
use sync_protocol::area::{Area, Scope};
use views::choice::Choice;
use views::words;

/// The names of all areas.
pub(super) struct Places {
    names: BTreeMap<Area, String>,
}

impl Places {
    pub(super) fn read(tx: &ReadTx<'_>) -> Stored<Self> {
        let names = tx.areas()?.into_iter().map(|area| (area.code, area.name)).collect();
        Ok(Places { names })
    }

    /// An area as people call it.
    pub(super) fn name(&self, area: &Area) -> String {
        match self.names.get(area) {
            Some(name) => words::area(area, name),
            None => area.to_string(),
        }
    }

    /// What the filters leave of a scope, as people call it.
    pub(super) fn title(
        &self,
        tx: &ReadTx<'_>,
        filters: &Filters,
        scope: &Scope,
    ) -> Stored<String> {
        if filters.select(tx, scope)?.scope.is_empty() {
            // Zeros under its name would be read as its figures.
            return Ok("Di luar wilayah Anda".to_owned());
        }
        let mut parts = Vec::new();
        if let Some(code) = &filters.puskesmas {
            let puskesmas = tx.puskesmas()?.into_iter().find(|known| known.code == *code);
            parts.push(format!("Puskesmas {}", puskesmas.map_or_else(|| code.clone(), |p| p.name)));
        }
        match (&filters.area, scope.areas()) {
            (Some(area), _) => parts.push(self.name(area)),
            (None, [only]) if parts.is_empty() => parts.push(self.name(only)),
            (None, _) if parts.is_empty() => parts.push("Seluruh wilayah Anda".to_owned()),
            (None, _) => {}
        }
        Ok(parts.join(", "))
    }

    /// The kecamatan of a scope, and the desa of the kecamatan that is looked at or the only one.
    pub(super) fn choices(&self, scope: &Scope, chosen: Option<&Area>) -> Vec<Choice> {
        let kecamatan = self.kecamatan(scope);
        let looked_at = chosen.map(kecamatan_of).filter(|area| kecamatan.contains(area));
        let only = || kecamatan.first().filter(|_| kecamatan.len() == 1).cloned();
        let open = looked_at.or_else(only);
        let chosen = chosen.map(Area::as_str);
        let mut choices = vec![Choice::new("", "Semua", chosen)];
        for area in &kecamatan {
            if scope.contains(area) {
                choices.push(Choice::new(area.as_str(), self.name(area), chosen));
            }
            if open.as_ref() == Some(area) {
                let villages = self.villages(scope).filter(|village| area.contains(village));
                choices.extend(villages.map(|village| {
                    let label = format!("– {}", self.name(village));
                    Choice::new(village.as_str(), label, chosen)
                }));
            }
        }
        choices
    }

    /// The kecamatan that have desa in a scope.
    pub(super) fn kecamatan(&self, scope: &Scope) -> Vec<Area> {
        let mut kecamatan: Vec<Area> = self.villages(scope).map(kecamatan_of).collect();
        kecamatan.dedup();
        kecamatan
    }

    /// The desa of a scope.
    pub(super) fn villages(&self, scope: &Scope) -> impl Iterator<Item = &Area> {
        self.names.keys().filter(|area| area.is_village() && scope.contains(area))
    }
}

fn kecamatan_of(area: &Area) -> Area {
    if area.is_village() { area.parent().unwrap_or_else(|| area.clone()) } else { area.clone() }
}

/// The puskesmas that have desa in a scope.
pub(super) fn puskesmas_choices(
    tx: &ReadTx<'_>,
    scope: &Scope,
    chosen: Option<&str>,
) -> Stored<Vec<Choice>> {
    let of_scope = tx
        .puskesmas()?
        .into_iter()
        .filter(|puskesmas| puskesmas.areas.iter().any(|area| scope.contains(area)));
    let all = [Choice::new("", "Semua", chosen)].into_iter();
    Ok(all.chain(of_scope.map(|known| Choice::new(known.code, known.name, chosen))).collect())
}
