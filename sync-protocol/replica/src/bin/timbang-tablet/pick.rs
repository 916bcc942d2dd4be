//! Naming one thing: a child by a piece of its id or its name, a record of a child by a piece of its
//! id, an area by code or name. When a text names several, they are listed.

use crate::failure::Failure;
use crate::record_view::{self, short};
use serde_json::json;
use sync_protocol::area::Area;
use sync_protocol::record::Kind;
use sync_replica::{AreaPick, ChildRow, FindError, Replica, Shown};

/// Children that are listed; of more, only the number is said.
const LISTED: usize = 20;

/// A child to look at: a piece of its name is enough.
pub(crate) fn child(replica: &Replica, text: &str) -> Result<ChildRow, Failure> {
    the_child(replica, text, replica.find_child(text))
}

/// A child to write about: a letter that happens to be in one name only names nobody.
pub(crate) fn child_to_write(replica: &Replica, text: &str) -> Result<ChildRow, Failure> {
    the_child(replica, text, replica.find_child_to_write(text))
}

fn the_child(
    replica: &Replica,
    text: &str,
    found: Result<ChildRow, FindError>,
) -> Result<ChildRow, Failure> {
    match found {
        Ok(child) => Ok(child),
        Err(FindError::Many(found)) => {
            let said =
                format!("\"{text}\" cocok dengan {} anak. Pakai kode di depan nama:", found.len());
            listed(replica, Failure::new("ambiguous_child", said), &found)
        }
        Err(FindError::Vague(found)) => {
            let said = format!(
                "\"{text}\" bukan nama atau kode yang lengkap. Tidak disimpan. Pakai kode di depan nama:"
            );
            listed(replica, Failure::new("vague_child", said), &found)
        }
        Err(FindError::Storage(error)) => Err(error.into()),
        Err(_) => Err(Failure::new(
            "no_such_child",
            format!(
                "Tidak ada anak bernama atau berkode \"{text}\" di tablet ini. \
                 Lihat: timbang-tablet child list."
            ),
        )),
    }
}

/// The failure with the children that may have been meant.
pub(crate) fn listed<T>(
    replica: &Replica,
    mut failure: Failure,
    found: &[ChildRow],
) -> Result<T, Failure> {
    for child in found.iter().take(LISTED) {
        failure = failure.and(&record_view::child_line(replica, child)?);
    }
    if let Some(more) = found.len().checked_sub(LISTED).filter(|more| *more > 0) {
        failure = failure.and(&format!("dan {more} anak lagi."));
    }
    let ids: Vec<String> = found.iter().map(|child| child.id.to_string()).collect();
    Err(failure.with("ids", json!(ids)))
}

/// A record that belongs to a child, by the beginning or the end of its id.
pub(crate) fn record_of(
    replica: &Replica,
    kind: Kind,
    child: &ChildRow,
    text: &str,
) -> Result<Shown, Failure> {
    let text = text.trim().to_ascii_lowercase();
    let named = |record: &Shown| {
        let id = record.id.to_string();
        !text.is_empty() && (id.starts_with(&text) || id.ends_with(&text))
    };
    let mut found: Vec<Shown> =
        replica.list_of(kind, child.id)?.into_iter().filter(named).collect();
    match (found.pop(), found.is_empty()) {
        (Some(record), true) => Ok(record),
        (Some(_), false) => Err(Failure::new(
            "ambiguous_record",
            format!("Kode \"{text}\" cocok dengan beberapa data. Tulis lebih panjang."),
        )),
        (None, _) => Err(Failure::new(
            "no_such_record",
            format!(
                "{} tidak punya data berkode \"{text}\". Lihat: timbang-tablet child show {}.",
                child.name,
                short(&child.id)
            ),
        )),
    }
}

pub(crate) fn area(replica: &Replica, text: &str) -> Result<Area, Failure> {
    match replica.find_area(text)? {
        AreaPick::One(area) if area.is_village() => Ok(area),
        AreaPick::One(_) => Err(Failure::new(
            "not_a_village",
            "Wilayah harus desa atau kelurahan, seperti 16.04.06.2008.",
        )),
        AreaPick::None => Err(Failure::new(
            "no_such_area",
            format!("Desa \"{text}\" tidak dikenal. Tulis kodenya, atau Kecamatan/Desa."),
        )),
        AreaPick::Many(found) => {
            let names: Vec<String> = found
                .iter()
                .map(|area| {
                    let parent = area.parent_name.as_deref().unwrap_or("-");
                    format!("{} {parent}/{}", area.code, area.name.as_deref().unwrap_or("-"))
                })
                .collect();
            let failure = Failure::new(
                "ambiguous_area",
                format!("Ada beberapa desa bernama \"{text}\". Tulis kode atau Kecamatan/Desa:"),
            );
            Err(failure.and(&names.join("\n")).with("areas", json!(names)))
        }
    }
}

/// The desa for a new child: the one that was said, else the only one of the scope.
pub(crate) fn home_area(replica: &Replica, said: Option<&str>) -> Result<Area, Failure> {
    let area = match said {
        Some(text) => area(replica, text)?,
        None => match replica.villages()?.as_slice() {
            [only] => only.code.clone(),
            [] | [_, ..] => {
                return Err(Failure::new(
                    "area_needed",
                    "Sebutkan desa anak ini dengan --area. Tidak disimpan.",
                ));
            }
        },
    };
    if replica.scope()?.contains(&area) {
        Ok(area)
    } else {
        Err(Failure::new(
            "not_in_scope",
            format!("Desa {area} di luar wilayah tugas Anda. Tidak disimpan."),
        ))
    }
}
