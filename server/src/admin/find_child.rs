//! Which child on the list a row of a file is about. Every import asks here.

use crate::import::match_key::MatchKey;
use crate::import::names::name_key;
use crate::store::{ChildMatch, Record, StoreError, Stored, VersionContent, WriteTx};
use sync_protocol::area::Area;
use sync_protocol::change::Register;

pub(super) enum Found {
    Nobody,
    One(Box<Record>),
    Several,
}

/// What is said of a row that is about [`Found::Several`].
pub(super) const SEVERAL: &str =
    "Baris ini cocok dengan beberapa anak di daftar. Periksa data ganda lebih dulu.";

/// The same child as before: by valid NIK, else by area, birth date, sex and name. Without an area
/// only the NIK can tell.
pub(super) fn find_child(tx: &WriteTx<'_>, key: &MatchKey, area: Option<&Area>) -> Stored<Found> {
    if let Some(nik) = &key.nik {
        let with_nik = tx.children_with_nik(nik)?;
        if !with_nik.is_empty() {
            return the_one(tx, &with_nik);
        }
    }
    let Some(area) = area else { return Ok(Found::Nobody) };
    let mut same = tx.children_born_on(key.birth_date, key.sex.as_str())?;
    same.retain(|known| known.area == *area && name_key(&known.name) == key.name);
    the_one(tx, &same)
}

/// The child that a NIK is the own one of: a NIK that says another birth date or sex than the child
/// has may be the mother's, and recognises nobody.
pub(super) fn find_by_nik(tx: &WriteTx<'_>, nik: &str) -> Stored<Found> {
    let mut own = Vec::new();
    for known in tx.children_with_nik(nik)? {
        let record = tx.record(known.id)?.ok_or(StoreError::Unreadable("child"))?;
        if let VersionContent::Body(body) = tx.content(record.state_pos, Register::State)?
            && MatchKey::of(&body).is_some_and(|key| key.nik.as_deref() == Some(nik))
        {
            own.push(known);
        }
    }
    the_one(tx, &own)
}

fn the_one(tx: &WriteTx<'_>, children: &[ChildMatch]) -> Stored<Found> {
    match children {
        [] => Ok(Found::Nobody),
        [child] => {
            let record = tx.record(child.id)?.ok_or(StoreError::Unreadable("child"))?;
            Ok(Found::One(Box::new(record)))
        }
        [_, _, ..] => Ok(Found::Several),
    }
}
