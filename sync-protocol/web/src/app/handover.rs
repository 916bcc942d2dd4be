//! Pindah desa: a hand-over, which all that belongs to the child follows.

use super::{Answer, App, Question, Stumble, route};
use sync_protocol::area::Area;
use sync_protocol::ids::RecordId;
use sync_replica::{AreaName, AreaPick};
use views::app::frame::Here;
use views::app::handover::{Handover, content};

impl App {
    pub(super) fn hand_over(
        &mut self,
        id: RecordId,
        question: &Question,
    ) -> Result<Answer, Stumble> {
        let row = self.row(id)?;
        let title = format!("Pindah desa: {}", row.name);
        let mut shown = Handover {
            now: self.area_text(row.area.as_ref())?,
            typed: question.field("desa").unwrap_or_default().to_owned(),
            mistake: None,
            desa: self.replica.known_villages()?.iter().map(full_name).collect(),
            back: route::child(&id),
        };
        if !question.sent {
            self.tell_held_move(id)?;
            return self.screen(Here::OwnFoot, &title, &content(&shown));
        }
        match self.desa_of(&shown.typed, row.area.as_ref())? {
            Ok(area) => {
                let to = full_name(&self.replica.area_name(&area)?);
                let saved = self.replica.move_child(id, area)?;
                Ok(self.saved(id, saved.seq, format!("{} pindah ke {to}.", row.name)))
            }
            Err(mistake) => {
                shown.mistake = Some(mistake);
                self.again(Here::OwnFoot, &title, &content(&shown))
            }
        }
    }

    fn desa_of(&self, text: &str, now: Option<&Area>) -> Result<Result<Area, String>, Stumble> {
        Ok(match self.replica.find_area(text)? {
            AreaPick::One(area) if Some(&area) == now => {
                Err("Anak ini sudah di desa itu.".to_owned())
            }
            AreaPick::One(area) if area.is_village() => Ok(area),
            AreaPick::One(_) => Err("Pilih desa atau kelurahan.".to_owned()),
            AreaPick::None if text.trim().is_empty() => Err("Pilih desa.".to_owned()),
            AreaPick::None => Err(format!("Desa \"{text}\" tidak dikenal. Pilih dari daftar.")),
            AreaPick::Many(found) => {
                let names: Vec<String> = found.iter().map(full_name).collect();
                Err(format!("Ada beberapa desa bernama itu: {}. Pilih satu.", names.join(", ")))
            }
        })
    }
}

/// `Jarai/Bandar Aji`, which names one desa.
fn full_name(area: &AreaName) -> String {
    match (&area.parent_name, &area.name) {
        (Some(parent), Some(name)) => format!("{parent}/{name}"),
        (None, Some(name)) => name.clone(),
        (_, None) => area.code.to_string(),
    }
}
