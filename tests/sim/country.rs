//! The villages of a history, and the reference files that tell the server of them.

use crate::random::Dice;
use std::fmt::Write as _;
use sync_protocol::area::Area;

const KABUPATEN: &str = "16.04";
const KECAMATAN: [&str; 2] = ["16.04.06", "16.04.10"];
const LATE: &str = "16.04.10.2099";

/// The codes of the puskesmas; the n-th serves every other village from the n-th on.
pub(crate) const PUSKESMAS: [&str; 2] = ["CONTOH-1", "CONTOH-2"];

/// Where a history happens.
#[derive(Clone, Debug)]
pub(crate) struct Country {
    /// Known to the server from the start.
    pub(crate) villages: Vec<Area>,
    /// The server learns of this one in the middle of a history, or never.
    pub(crate) late: Area,
}

impl Country {
    pub(crate) fn draw(dice: &mut Dice) -> Self {
        let count = dice.between(4, 8);
        let villages = (1..=count)
            .map(|n| area(&format!("{}.20{n:02}", KECAMATAN[usize::from(n % 2 == 0)])))
            .collect();
        Country { villages, late: area(LATE) }
    }

    pub(crate) fn kecamatan() -> [Area; 2] {
        KECAMATAN.map(area)
    }

    pub(crate) fn kabupaten() -> Area {
        area(KABUPATEN)
    }

    /// The villages and the late one.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Area> {
        self.villages.iter().chain([&self.late])
    }

    pub(crate) fn areas_csv(&self) -> String {
        let mut csv = String::from("code,level,name,parent\n16,provinsi,Sumatera Contoh,\n");
        csv.push_str("16.04,kabupaten,Contoh,16\n");
        for code in KECAMATAN {
            let number = code.rsplit('.').next().unwrap();
            writeln!(csv, "{code},kecamatan,Contoh {number},16.04").unwrap();
        }
        self.villages.iter().for_each(|village| csv.push_str(&line_of(village)));
        csv
    }

    pub(crate) fn late_csv(&self) -> String {
        format!("code,level,name,parent\n{}", line_of(&self.late))
    }

    /// What a puskesmas serves.
    pub(crate) fn served_by(&self, puskesmas: usize) -> Vec<Area> {
        self.villages.iter().skip(puskesmas).step_by(PUSKESMAS.len()).cloned().collect()
    }

    pub(crate) fn puskesmas_csv(&self) -> String {
        let mut csv = String::from("code,name,desa\n");
        for (n, code) in PUSKESMAS.iter().enumerate() {
            let served: Vec<String> = self.served_by(n).iter().map(Area::to_string).collect();
            writeln!(csv, "{code},Contoh {n},{}", served.join(" ")).unwrap();
        }
        csv
    }
}

fn line_of(village: &Area) -> String {
    let code = village.as_str();
    let (kecamatan, number) = code.rsplit_once('.').unwrap();
    format!("{code},desa,Desa Contoh {number},{kecamatan}\n")
}

pub(crate) fn area(code: &str) -> Area {
    code.parse().unwrap()
}

/// Whether an area lies in another: the simulator's own reading of a prefix.
pub(crate) fn lies_in(inner: &Area, outer: &Area) -> bool {
    let (inner, outer) = (inner.as_str().split('.'), outer.as_str().split('.'));
    outer.clone().count() <= inner.clone().count() && outer.zip(inner).all(|(o, i)| o == i)
}
