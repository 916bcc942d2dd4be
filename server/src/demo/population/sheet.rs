//! The population as an e-PPGBM identity file, so that the demo is filled by the real importer.

use super::DemoChild;
use serde_json::Value;
use std::collections::BTreeMap;
use sync_protocol::area::Area;
use sync_protocol::body::Body;
use sync_protocol::record::child as field;

const HEADER: &str = "No,anak_ke,tgl_lahir,jenis_kelamin,nomor_KK,NIK,nama_anak,usia_hamil,berat_lahir,panjang_lahir,lingkar_kepala_lahir,kia,kia_bayi_kecil,imd,nama_ortu,nik_ortu,hp_ortu,alamat,rt,rw,hapus,pindah,kecamatan,desa,posyandu";

pub(super) fn write(children: &[DemoChild], areas: &[(Area, String)]) -> String {
    let names: BTreeMap<&Area, &str> =
        areas.iter().map(|(area, name)| (area, name.as_str())).collect();
    let mut sheet = format!("{HEADER}\n");
    for (index, child) in children.iter().enumerate() {
        let name_of = |area: Option<&Area>| {
            area.and_then(|area| names.get(area)).map_or(String::new(), |name| name.to_uppercase())
        };
        let kecamatan = name_of(child.area.parent().as_ref());
        let mut cells = vec![(index + 1).to_string()];
        cells.extend(identity(&child.body));
        cells.extend([kecamatan, name_of(Some(&child.area)), text(&child.body, field::POSYANDU)]);
        let line: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
        sheet.push_str(&line.join(","));
        sheet.push('\n');
    }
    sheet
}

/// The columns anak_ke to pindah.
fn identity(body: &Body) -> [String; 21] {
    let sex = if body.text(field::SEX) == Some("L") { "Laki-laki" } else { "Perempuan" };
    let phone = text(body, field::PHONE);
    [
        text(body, field::BIRTH_ORDER),
        text(body, field::BIRTH_DATE),
        sex.to_owned(),
        text(body, field::KK),
        text(body, field::NIK),
        text(body, field::NAME),
        text(body, field::GESTATION_WEEKS),
        amount(body, field::BIRTH_WEIGHT_G, 1000),
        amount(body, field::BIRTH_LENGTH_MM, 10),
        amount(body, field::BIRTH_HEAD_MM, 10),
        yes_or_no(body, field::KIA_BOOK),
        yes_or_no(body, field::KIA_SMALL_BABY),
        yes_or_no(body, field::IMD),
        text(body, field::PARENTS_RAW),
        text(body, field::GUARDIAN_NIK),
        if phone.is_empty() { "-".to_owned() } else { phone },
        text(body, field::ADDRESS),
        text(body, field::RT),
        text(body, field::RW),
        String::new(),
        String::new(),
    ]
}

fn text(body: &Body, field: &str) -> String {
    match body.get(field) {
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
        None => String::new(),
    }
}

/// 3100 g is 3.1 kg, 490 mm is 49 cm.
fn amount(body: &Body, field: &str, in_one: i64) -> String {
    body.whole(field).map_or(String::new(), |value| {
        let (whole, part) = (value / in_one, value % in_one);
        // The 1 before it keeps the zeros behind the point: 50 g of 1000 is 1050, and so .05.
        let digits = (in_one + part).to_string();
        let decimals = digits.strip_prefix('1').unwrap_or_default().trim_end_matches('0');
        if part == 0 { whole.to_string() } else { format!("{whole}.{decimals}") }
    })
}

fn yes_or_no(body: &Body, field: &str) -> String {
    body.flag(field).map_or("", |yes| if yes { "ya" } else { "tidak" }).to_owned()
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}
