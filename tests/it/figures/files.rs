//! Files and lists of records, read back.

use super::book::{Child, Row};
use super::by_name;
use super::calendar::{Month, completed_months};
use super::grown::{cells, growth};
use super::kabupaten::{Kabupaten, NARROWS, Narrow, Viewer, is_of_posyandu, lies_in};
use super::recap;
use super::reports::months;
use super::rules::is_on_list;
use super::tables::{Table, check_file, check_listed, columns, of_month, pages, unit};

pub(super) fn check(kabupaten: &Kabupaten) {
    for (number, viewer) in kabupaten.viewers.iter().enumerate() {
        // Each viewer with every other narrowing: files are the slowest to ask for.
        for (at, narrow) in NARROWS.into_iter().enumerate().skip((number + 1) % 2).step_by(2) {
            let months = [None].into_iter().chain(months().into_iter().map(Some));
            let month = months.cycle().nth(at).unwrap();
            recap::check(kabupaten, viewer, narrow, month.unwrap_or(Month::new(2026, 11)));
            check_children(kabupaten, viewer, narrow);
            check_measurements(kabupaten, viewer, narrow, month);
            by_name::check(kabupaten, viewer, narrow, month);
            check_visits(kabupaten, viewer, narrow, month);
        }
    }
}

/// The code and the name of the puskesmas of a desa.
pub(super) fn puskesmas<'k>(kabupaten: &'k Kabupaten, village: &str) -> (&'k str, &'k str) {
    let is_its = |(_, (_, areas)): &(&String, &(String, Vec<String>))| {
        areas.iter().any(|area| lies_in(village, area))
    };
    let found = kabupaten.puskesmas.iter().find(is_its);
    found.map_or(("", ""), |(code, (name, _))| (code.as_str(), name.as_str()))
}

/// The children that somebody sees.
pub(super) fn seen<'k>(
    kabupaten: &'k Kabupaten,
    viewer: &Viewer,
    narrow: &Narrow,
) -> Vec<&'k Child> {
    let children = kabupaten.children.iter();
    let inside = children.filter(|child| kabupaten.sees(viewer, narrow, child.place()));
    inside.filter(|child| is_of_posyandu(child, narrow)).collect()
}

fn check_children(kabupaten: &Kabupaten, viewer: &Viewer, narrow: Narrow) {
    let seen = seen(kabupaten, viewer, &narrow);
    let row = |child: &&Child| {
        let place = child.place();
        columns(&[
            ("id", &child.id),
            ("area", place),
            ("desa", &kabupaten.names[place]),
            ("puskesmas", puskesmas(kabupaten, place).1),
            ("name", child.name()),
            ("birth_date", &child.born().to_string()),
            ("status", child.body["status"].as_str().unwrap_or_default()),
        ])
    };
    let rows: Table = seen.iter().map(row).collect();
    check_file(kabupaten, viewer, ("children", &narrow.pairs()), &rows);
    check_listed(kabupaten, viewer, ("children", &narrow.pairs()), &rows);
    // Who is on the list now, and who moved away and is of its age, which is marked.
    let last = Month::of(kabupaten.today).last();
    let is_young = |child: &Child| completed_months(child.born(), last).is_some_and(|age| age < 60);
    let entered = |child: &&&Child| {
        is_on_list(child, last, 59) || (child.body["status"] == "pindah" && is_young(child))
    };
    let row = |child: &&Child| {
        let moved = if child.body["status"] == "pindah" { "ya" } else { "" };
        columns(&[("nama_anak", child.name()), ("pindah", moved)])
    };
    let rows: Table = seen.iter().filter(entered).map(row).collect();
    check_file(kabupaten, viewer, ("eppgbm-identitas", &narrow.pairs()), &rows);
}

fn check_measurements(
    kabupaten: &Kabupaten,
    viewer: &Viewer,
    narrow: Narrow,
    month: Option<Month>,
) {
    let seen = seen(kabupaten, viewer, &narrow);
    let is_asked = |row: &&Row| month.is_none_or(|month| Month::of(row.day()) == month);
    let rows: Vec<(&Child, &Row)> = seen
        .iter()
        .flat_map(|child| child.rows.iter().filter(is_asked).map(move |row| (*child, row)))
        .collect();
    let asked = of_month(narrow, month);
    let names = [
        "age_months",
        "zlen",
        "zwei",
        "zwfl",
        "zbmi",
        "zhc",
        "zac",
        "flags",
        "tbu",
        "bbu",
        "bbtb",
        "imtu",
        "lku",
        "lila",
        "gain",
        "twice_not_gained",
        "below_red_line",
    ];
    let line = |(child, row): &(&Child, &Row)| {
        let mut line = columns(&[
            ("id", &row.id),
            ("child_id", &child.id),
            ("area", child.place()),
            ("measured_on", &row.day().to_string()),
            ("weight_g", &row.number("weight_g").map(|g| g.to_string()).unwrap_or_default()),
        ]);
        let cells = names.iter().map(|name| (*name).to_owned()).zip(cells(child, row));
        line.extend(cells);
        line
    };
    let lines: Table = rows.iter().map(line).collect();
    check_file(kabupaten, viewer, ("measurements", &asked), &lines);
    check_listed(kabupaten, viewer, ("measurements", &asked), &lines);
    let line = |(child, row): &(&Child, &Row)| {
        columns(&[
            ("nama_anak", child.name()),
            ("TANGGALUKUR", &row.day().to_string()),
            ("BERAT", &unit(row, "weight_g", 1_000.0)),
            ("TINGGI", &unit(row, "height_mm", 10.0)),
            ("LILA", &unit(row, "muac_mm", 10.0)),
        ])
    };
    let lines: Table = rows.iter().map(line).collect();
    check_file(kabupaten, viewer, ("eppgbm-pengukuran", &asked), &lines);
    check_growth(kabupaten, viewer, &asked, &rows);
}

/// What the list of measurements says of each beside its fields.
fn check_growth(
    kabupaten: &Kabupaten,
    viewer: &Viewer,
    asked: &[(&'static str, String)],
    rows: &[(&Child, &Row)],
) {
    for said in pages(kabupaten, viewer, ("measurements", asked)) {
        let found = rows.iter().find(|(_, row)| said["id"] == row.id);
        let (child, row) = found.unwrap();
        let told = format!("seed {}, {} {}", kabupaten.seed, child.name(), row.body);
        let growth = growth(child, row);
        // What has no score says none.
        let own = said.get("growth").cloned().unwrap_or_default();
        assert_eq!(own, growth, "{told}");
    }
}

fn check_visits(kabupaten: &Kabupaten, viewer: &Viewer, narrow: Narrow, month: Option<Month>) {
    let day = |visit: &Row| visit.body["visited_on"].as_str().unwrap().to_owned();
    let is_asked =
        |visit: &&Row| month.is_none_or(|month| Month::of(day(visit).parse().unwrap()) == month);
    let mut rows = Table::new();
    for child in seen(kabupaten, viewer, &narrow) {
        for visit in child.visits.iter().filter(is_asked) {
            let line =
                [("id", visit.id.as_str()), ("child_id", &child.id), ("area", child.place())];
            rows.push(columns(&line));
        }
    }
    let asked = of_month(narrow, month);
    check_file(kabupaten, viewer, ("visits", &asked), &rows);
    check_listed(kabupaten, viewer, ("visits", &asked), &rows);
}
