//! The data both sides write: what tablets would send.

use serde_json::json;
use sync_protocol::area::Area;
use sync_protocol::body::Body;
use sync_protocol::change::{Change, Edit, NewChange};
use sync_protocol::ids::{DeviceNo, RecordId, Seq};
use sync_protocol::record::Kind;
use sync_protocol::time::{CivilDate, Moment};

/// Changes in one request.
pub(crate) const BATCH: usize = 500;
/// 2026-11-01, in ms since 1970: before any machine that runs this.
const MADE_MS: i64 = 1_793_491_200_000;

/// The number of the first tablet.
const FIRST: DeviceNo = DeviceNo(0x1000_0000);
/// Children are on the list for five years; the youngest here is a month old.
const DAYS_ON_LIST: i64 = 1_826;
const FEWEST_DAYS: i64 = 30;

pub(crate) struct Tablet {
    pub(crate) device: DeviceNo,
    pub(crate) area: Area,
    pub(crate) changes: Vec<Prepared>,
}

/// A change, and the text that a tablet sends of it.
pub(crate) struct Prepared {
    pub(crate) change: Change,
    pub(crate) child: Option<RecordId>,
    pub(crate) raw: String,
}

pub(crate) fn make(tablets: usize, children: usize, measurements: usize) -> Vec<Tablet> {
    (0..tablets).map(|number| tablet(number, children, measurements)).collect()
}

/// One tablet's children under five years on `today`, in days since 1970, each measured in every
/// month before.
pub(crate) fn make_until(today: i64, children: usize, measurements: usize) -> Vec<Tablet> {
    let mut tablet = Tablet { device: FIRST, area: desa(0), changes: Vec::new() };
    for child in 0..children {
        let age = FEWEST_DAYS + (child as i64 * 37) % (DAYS_ON_LIST - FEWEST_DAYS);
        let born = date(today - age);
        let mut body = child_body(0, child);
        body.set("birth_date", born.to_string());
        let id = tablet.push(Kind::CHILD, None, body);
        for month in 0..measurements {
            // The youngest have as many, in less time.
            let day = age * (1 + month as i64) / (1 + measurements as i64);
            let mut body = measurement_body(id, child % 400, month);
            body.set("measured_on", date(today - age + day).to_string());
            tablet.push(Kind::MEASUREMENT, Some(id), body);
        }
    }
    vec![tablet]
}

fn date(days: i64) -> CivilDate {
    CivilDate::from_epoch_days(i32::try_from(days).unwrap()).unwrap()
}

fn tablet(number: usize, children: usize, measurements: usize) -> Tablet {
    let device = DeviceNo(FIRST.0 + u32::try_from(number).unwrap() * 0x0010_0001);
    let mut tablet = Tablet { device, area: desa(number), changes: Vec::new() };
    for child in 0..children {
        let id = tablet.push(Kind::CHILD, None, child_body(number, child));
        for month in 0..measurements {
            tablet.push(Kind::MEASUREMENT, Some(id), measurement_body(id, child, month));
        }
    }
    tablet
}

fn desa(number: usize) -> Area {
    format!("16.04.{:02}.{:04}", 1 + number / 20, 2001 + number % 20).parse().unwrap()
}

impl Tablet {
    fn push(&mut self, kind: Kind, child: Option<RecordId>, body: Body) -> RecordId {
        let position = self.changes.len();
        let seq = Seq::new(position as u64 + 1).unwrap();
        let made_ms = MADE_MS + position as i64 * 1000;
        let random = [position.to_be_bytes()[6], position.to_be_bytes()[7], 7, 7, 7, 7];
        let id = RecordId::made_by(self.device, made_ms, random);
        let area = kind.has_place().then(|| self.area.clone());
        let change = Change { kind, id, edit: Edit::Body { body, area } };
        let made_at = Moment::with_offset(made_ms, 420);
        let raw = serde_json::to_string(&NewChange::new(seq, &change, made_at, 0, None)).unwrap();
        self.changes.push(Prepared { change, child, raw });
        id
    }
}

fn child_body(tablet: usize, child: usize) -> Body {
    serde_json::from_value(json!({
        "posyandu": "CONTOH MELATI", "name": format!("ANAK CONTOH {tablet} {child}"),
        "sex": if child.is_multiple_of(2) { "L" } else { "P" },
        "birth_date": format!("2024-{:02}-{:02}", 1 + child % 12, 1 + child % 28),
        "nik": format!("160406{:010}", tablet * 100_000 + child), "mother_name": "IBU CONTOH",
        "address": "DUSUN II (CONTOH)", "rt": "001", "rw": "002", "birth_weight_g": 3100, "birth_length_mm": 490,
    }))
    .unwrap()
}

fn measurement_body(child_id: RecordId, child: usize, month: usize) -> Body {
    serde_json::from_value(json!({
        "child_id": child_id.to_string(), "measured_on": format!("2025-{:02}-{:02}", 1 + month % 12, 1 + child % 28),
        "weight_g": 7000 + 10 * month + child, "height_mm": 700 + month, "position": "terlentang",
        "muac_mm": 140, "oedema": 0, "measured_by": "Petugas Contoh",
    }))
    .unwrap()
}
