//! The recap of a month, per desa and per puskesmas.

use super::calendar::Month;
use super::files::puskesmas;
use super::kabupaten::{Kabupaten, Narrow, Viewer};
use super::tables::{Table, check_file};
use super::tally::Tally;
use std::collections::BTreeMap;

pub(super) fn check(kabupaten: &Kabupaten, viewer: &Viewer, narrow: Narrow, month: Month) {
    let mut by_village: BTreeMap<&str, Tally> = kabupaten
        .villages(viewer, &narrow)
        .into_iter()
        .map(|village| (village, Tally::default()))
        .collect();
    for (child, place, marks) in kabupaten.on_list(viewer, &narrow, (month, 59, -200)) {
        by_village.get_mut(place).unwrap().add(child.name(), &marks);
    }
    let row = |place: &[(&str, &str)], tallies: &[&Tally]| -> BTreeMap<String, String> {
        let count = |figures: &[&str]| {
            let each = tallies.iter().map(|tally| figures.iter().map(|figure| tally.count(figure)));
            each.flatten().sum::<usize>().to_string()
        };
        let counts = [
            ("Bulan", month.to_string()),
            ("Sasaran", count(&["s"])),
            ("Diukur", count(&["tbu.measured"])),
            ("Pendek", count(&["tbu.1"])),
            ("Sangat Pendek", count(&["tbu.0"])),
            ("Tidak Dinilai", count(&["tbu.flagged", "tbu.unscored"])),
        ];
        let place = place.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        place.chain(counts.map(|(name, text)| (name.to_owned(), text))).collect()
    };
    let rows: Table = by_village
        .iter()
        .map(|(village, tally)| {
            let kecamatan = kabupaten.names[village.rsplit_once('.').unwrap().0].as_str();
            let name = kabupaten.names[*village].as_str();
            let place = [("Kode Wilayah", *village), ("Kecamatan", kecamatan), ("Desa/Kel", name)];
            row(&place, &[tally])
        })
        .collect();
    let asked = |by: &str| {
        let mut pairs = narrow.pairs();
        pairs.extend([("month", month.to_string()), ("by", by.to_owned())]);
        pairs
    };
    check_file(kabupaten, viewer, ("recap", &asked("desa")), &rows);
    let mut by_puskesmas: BTreeMap<(&str, &str), Vec<&Tally>> = BTreeMap::new();
    for (village, tally) in &by_village {
        by_puskesmas.entry(puskesmas(kabupaten, village)).or_default().push(tally);
    }
    let rows: Table = by_puskesmas
        .iter()
        .map(|((code, name), tallies)| {
            row(&[("Kode Puskesmas", *code), ("Puskesmas", *name)], tallies)
        })
        .collect();
    check_file(kabupaten, viewer, ("recap", &asked("puskesmas")), &rows);
}
