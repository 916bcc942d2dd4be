//! Where a row says that a child lives, and which known area that is.
//!
//! e-PPGBM files give places by name. In Lahat 41 desa names occur in two to four kecamatan, so a
//! desa is found by the pair of kecamatan and desa, and never by its own name alone.

use super::fault::shown;
use std::collections::BTreeMap;
use sync_protocol::area::Area;

/// What a row says of its place. A code is believed before names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Code(Area),
    /// As written in the file; one of the two may be blank, and then it resolves to no area.
    Names {
        kecamatan: String,
        desa: String,
    },
    /// The file has no such columns, or the row leaves them blank.
    Unstated,
}

/// Why a place is not one known desa. The texts are reasons for a row that is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlaceFault {
    #[error(
        "Wilayah anak ini tidak disebut: isi kolom kecamatan dan desa, atau kolom kode_wilayah, atau beri --area."
    )]
    Unstated,
    #[error("Kode {0} bukan kode desa atau kelurahan.")]
    NotAVillage(Area),
    #[error("Kode {0} tidak ada dalam daftar wilayah.")]
    UnknownCode(Area),
    #[error(
        "Kecamatan kosong. Nama desa \"{desa}\" saja tidak cukup karena dapat ada di beberapa kecamatan: isi kolom kecamatan atau kode_wilayah."
    )]
    NoKecamatan { desa: String },
    #[error("Nama desa atau kelurahan kosong.")]
    NoDesa,
    #[error("Kecamatan \"{kecamatan}\" tidak ada dalam daftar wilayah.")]
    UnknownKecamatan { kecamatan: String },
    #[error("Desa \"{desa}\" tidak ada di Kecamatan \"{kecamatan}\".")]
    UnknownDesa { kecamatan: String, desa: String },
    #[error("Desa \"{desa}\" di Kecamatan \"{kecamatan}\" cocok dengan beberapa wilayah: {}.", codes(.found))]
    Ambiguous { kecamatan: String, desa: String, found: Vec<Area> },
}

/// The known areas, ready to be looked up.
#[derive(Debug, Default)]
pub struct Places {
    /// Every known code.
    names: BTreeMap<Area, String>,
    /// Villages by the keys of their kecamatan and of their own name.
    villages: BTreeMap<String, BTreeMap<String, Vec<Area>>>,
}

impl Places {
    /// Takes areas of every level with their names; a village whose kecamatan is not among them is
    /// found by its code only.
    pub fn of(areas: impl IntoIterator<Item = (Area, String)>) -> Places {
        let names: BTreeMap<Area, String> = areas.into_iter().collect();
        let mut villages: BTreeMap<String, BTreeMap<String, Vec<Area>>> = BTreeMap::new();
        for (area, name) in names.iter().filter(|(area, _)| area.is_village()) {
            let Some(kecamatan) = area.parent().and_then(|parent| names.get(&parent)) else {
                continue;
            };
            let desa = villages.entry(name_key(kecamatan)).or_default();
            desa.entry(name_key(name)).or_default().push(area.clone());
        }
        Places { names, villages }
    }

    /// The one known desa or kelurahan that a place means.
    pub fn resolve(&self, place: &Place) -> Result<Area, PlaceFault> {
        match place {
            Place::Unstated => Err(PlaceFault::Unstated),
            Place::Code(area) if !area.is_village() => Err(PlaceFault::NotAVillage(area.clone())),
            Place::Code(area) if !self.names.contains_key(area) => {
                Err(PlaceFault::UnknownCode(area.clone()))
            }
            Place::Code(area) => Ok(area.clone()),
            Place::Names { kecamatan, desa } => self.by_names(kecamatan, desa),
        }
    }

    fn by_names(&self, kecamatan: &str, desa: &str) -> Result<Area, PlaceFault> {
        let (kecamatan_key, desa_key) = (name_key(kecamatan), name_key(desa));
        let (kecamatan, desa) = (shown(kecamatan), shown(desa));
        if desa_key.is_empty() {
            return Err(PlaceFault::NoDesa);
        }
        if kecamatan_key.is_empty() {
            return Err(PlaceFault::NoKecamatan { desa });
        }
        let Some(villages) = self.villages.get(&kecamatan_key) else {
            return Err(PlaceFault::UnknownKecamatan { kecamatan });
        };
        match villages.get(&desa_key).map(Vec::as_slice) {
            None | Some([]) => Err(PlaceFault::UnknownDesa { kecamatan, desa }),
            Some([area]) => Ok(area.clone()),
            Some(found) => Err(PlaceFault::Ambiguous { kecamatan, desa, found: found.to_vec() }),
        }
    }
}

/// What of a name counts: sources differ in case, blanks, signs ("Muarapayang", "MUARA PAYANG")
/// and in a leading "Desa" or "Kec.". The leading word stays when it is the whole name.
fn name_key(name: &str) -> String {
    let lower = name.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default();
    let rest: String = words.collect();
    let is_prefix = matches!(first, "desa" | "ds" | "kel" | "kelurahan" | "kec" | "kecamatan");
    if is_prefix && !rest.is_empty() { rest } else { format!("{first}{rest}") }
}

fn codes(areas: &[Area]) -> String {
    areas.iter().map(Area::as_str).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::areas;

    fn lahat() -> Places {
        let rows = areas::read(include_bytes!("../../../fixtures/area/lahat.csv")).unwrap();
        Places::of(rows.into_iter().map(|row| (row.area, row.name)))
    }

    fn area(code: &str) -> Area {
        code.parse().unwrap()
    }

    fn names(kecamatan: &str, desa: &str) -> Place {
        Place::Names { kecamatan: kecamatan.to_owned(), desa: desa.to_owned() }
    }

    #[track_caller]
    fn check(place: Place, expected: Result<&str, &str>) {
        let resolved = lahat().resolve(&place).map_err(|fault| fault.to_string());
        assert_eq!(resolved, expected.map(area).map_err(str::to_owned));
    }

    #[test]
    fn a_pair_of_names_is_found_whatever_its_case_blanks_signs_and_prefixes() {
        for (kecamatan, desa) in [
            ("Jarai", "Muara Tawi"),
            ("KEC. JARAI", "DESA MUARATAWI"),
            ("Kecamatan  Jarai", "ds. muara-tawi"),
            ("jarai", " Kel. Muara  Tawi "),
        ] {
            check(names(kecamatan, desa), Ok("16.04.06.2013"));
        }
        check(names("PULAU PINANG", "desa jati"), Ok("16.04.08.2014"));
    }

    #[test]
    fn a_desa_name_in_several_kecamatan_is_told_apart_by_its_kecamatan() {
        check(names("Tanjung Sakti Pumu", "Karang Agung"), Ok("16.04.01.2014"));
        check(names("Kota Agung", "Karang Agung"), Ok("16.04.07.2013"));
        check(names("Pagar Gunung", "Karang Agung"), Ok("16.04.22.2003"));
        check(
            names("", "Karang Agung"),
            Err(
                "Kecamatan kosong. Nama desa \"Karang Agung\" saja tidak cukup karena dapat ada di beberapa kecamatan: isi kolom kecamatan atau kode_wilayah.",
            ),
        );
    }

    #[test]
    fn even_a_desa_name_that_occurs_once_is_not_enough_alone() {
        check(
            names(" - ", "Aromantai"),
            Err(
                "Kecamatan kosong. Nama desa \"Aromantai\" saja tidak cukup karena dapat ada di beberapa kecamatan: isi kolom kecamatan atau kode_wilayah.",
            ),
        );
    }

    #[test]
    fn what_is_unknown_says_which_part_is_unknown() {
        check(names("Jaray", "Sadan"), Err("Kecamatan \"Jaray\" tidak ada dalam daftar wilayah."));
        check(names("Jarai", "Sadang"), Err("Desa \"Sadang\" tidak ada di Kecamatan \"Jarai\"."));
        check(names("Jarai", ""), Err("Nama desa atau kelurahan kosong."));
        check(Place::Code(area("16.04.06.2008")), Ok("16.04.06.2008"));
        check(
            Place::Code(area("16.04.06.2999")),
            Err("Kode 16.04.06.2999 tidak ada dalam daftar wilayah."),
        );
        check(Place::Code(area("16.04.06")), Err("Kode 16.04.06 bukan kode desa atau kelurahan."));
        check(
            Place::Unstated,
            Err(
                "Wilayah anak ini tidak disebut: isi kolom kecamatan dan desa, atau kolom kode_wilayah, atau beri --area.",
            ),
        );
    }

    #[test]
    fn names_that_mean_two_villages_are_refused_and_not_guessed() {
        let places = Places::of(
            [
                ("16.04.06", "Jarai"),
                ("16.04.06.2001", "Muara Tawi"),
                ("16.04.06.2002", "Desa Muaratawi"),
            ]
            .map(|(code, name)| (area(code), name.to_owned())),
        );
        assert_eq!(
            places.resolve(&names("Jarai", "muaratawi")).unwrap_err().to_string(),
            "Desa \"muaratawi\" di Kecamatan \"Jarai\" cocok dengan beberapa wilayah: 16.04.06.2001, 16.04.06.2002."
        );
    }

    #[test]
    fn every_village_of_lahat_is_found_by_its_pair_of_names() {
        let rows = areas::read(include_bytes!("../../../fixtures/area/lahat.csv")).unwrap();
        let places = lahat();
        let name_of = |area: &Area| rows.iter().find(|r| r.area == *area).unwrap().name.clone();
        for row in rows.iter().filter(|row| row.area.is_village()) {
            let place = names(&name_of(&row.area.parent().unwrap()), &row.name);
            assert_eq!(places.resolve(&place).as_ref(), Ok(&row.area));
        }
    }
}
