//! Entri: the sheet of a day lists who is on the target list on that day.

use super::calendar::Month;
use super::kabupaten::Kabupaten;
use super::rules::is_on_list;
use chrono::{Days, NaiveDate};
use std::collections::BTreeSet;

/// Desa where most children live, and one that few know.
const VILLAGES: [&str; 3] = ["16.04.06.2008", "16.04.06.2009", "16.04.06.2012"];

pub(super) fn check(kabupaten: &Kabupaten) {
    let office = &kabupaten.viewers[2].office;
    let first = Month::of(kabupaten.today).first();
    let days = [kabupaten.today, first, first - Days::new(1), first - Days::new(32)];
    for village in VILLAGES {
        for day in days {
            let address = format!("/entri?area={village}&posyandu=*&tanggal={day}");
            let said = office.get(&address).texts("form.sheet tbody th a");
            let names: BTreeSet<String> = said.iter().cloned().collect();
            let told = format!("seed {}, {address}", kabupaten.seed);
            assert_eq!(names, on_list(kabupaten, village, day), "{told}");
            assert_eq!(names.len(), said.len(), "{told}: somebody has two lines");
        }
    }
}

fn on_list(kabupaten: &Kabupaten, village: &str, day: NaiveDate) -> BTreeSet<String> {
    let children = kabupaten.children.iter().filter(|child| child.place() == village);
    let on_list = children.filter(|child| is_on_list(child, day, 59));
    on_list.map(|child| child.name().to_owned()).collect()
}
