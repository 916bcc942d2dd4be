//! Ringkasan and the year's trend.

use super::calendar::Month;
use super::kabupaten::{Kabupaten, NARROWS, Narrow, Viewer};
use super::reports::{months, query};
use super::rules::{BBTB, BBU, TBU};
use super::tally::{Tally, percent_text};
use std::collections::BTreeMap;
use sync_tests::Paper;

pub(super) fn check(kabupaten: &Kabupaten) {
    let mut month = months().into_iter().cycle();
    for viewer in &kabupaten.viewers {
        for narrow in NARROWS.into_iter().filter(|narrow| narrow.posyandu.is_none()) {
            for oldest in [59, 23] {
                check_overview(kabupaten, viewer, narrow, (month.next().unwrap(), oldest));
            }
        }
        for narrow in [NARROWS[0], NARROWS[1]] {
            check_order(kabupaten, viewer, narrow);
        }
        check_trend(kabupaten, viewer, NARROWS[1], (Month::new(2027, 1), 59));
        check_trend(kabupaten, viewer, NARROWS[0], (Month::new(2026, 12), 23));
    }
    // What is not asked for is this month.
    let viewer = &kabupaten.viewers[0];
    let question = (Month::of(kabupaten.today), 59, -200);
    let tally = kabupaten.tally(viewer, &NARROWS[0], question);
    assert_eq!(viewer.office.get("/").texts("dl.figures dd"), figures(&tally));
}

fn address(page: &str, narrow: Narrow, (month, oldest): (Month, u32)) -> String {
    let mut pairs = narrow.pairs();
    pairs.push(("month", month.to_string()));
    pairs.extend((oldest == 23).then(|| ("ages", "0-23".to_owned())));
    format!("{page}?{}", query(pairs))
}

fn check_overview(
    kabupaten: &Kabupaten,
    viewer: &Viewer,
    narrow: Narrow,
    (month, oldest): (Month, u32),
) {
    let address = address("/", narrow, (month, oldest));
    let page = viewer.office.get(&address);
    let told = format!("seed {}, {:?}, {address}", kabupaten.seed, viewer.scope);
    let tally = kabupaten.tally(viewer, &narrow, (month, oldest, -200));
    assert_eq!(page.texts("dl.figures dd"), figures(&tally), "{told}");
    for (number, index) in [BBU, TBU, BBTB].iter().enumerate() {
        let section = format!("section.index:nth-of-type({})", number + 1);
        let counted = tally.counted(index);
        let heading = format!("{} {} anak", index.label, dotted(counted));
        assert_eq!(page.texts(&format!("{section} h3")), [heading], "{told}");
        let mut legend = Vec::new();
        for (at, (_, name)) in index.categories.iter().enumerate() {
            let count = tally.count(&format!("{}.{at}", index.word));
            let line = || format!("{name}: {} ({})", dotted(count), percent_text(count, counted));
            legend.extend((count > 0).then(line));
        }
        let apart =
            ["flagged", "unscored"].map(|what| tally.count(&format!("{}.{what}", index.word)));
        let apart: usize = apart.iter().sum();
        let line = || format!("tidak dinilai (di luar batas wajar): {}", dotted(apart));
        legend.extend((apart > 0).then(line));
        let legend = if counted == 0 { Vec::new() } else { legend };
        assert_eq!(page.texts(&format!("{section} li")), legend, "{told}");
    }
    check_areas(kabupaten, viewer, narrow, ((month, oldest), &page, &told));
}

/// The seven figures, each with what it is made of.
fn figures(tally: &Tally) -> Vec<String> {
    let c = |figure| tally.count(figure);
    let share = |count: usize, of: usize| {
        let [count_text, of_text] = [count, of].map(dotted);
        format!("{} {count_text} dari {of_text} anak", percent_text(count, of))
    };
    let mut figures = vec![
        format!("{} {} punya Buku KIA", dotted(c("s")), dotted(c("k"))),
        format!("{} {} belum diukur", dotted(c("d")), dotted(c("s") - c("d"))),
        share(c("d"), c("s")),
        share(c("n"), c("n") + c("t")),
    ];
    let low = |index| share(tally.below_two_sd(index), tally.counted(index));
    figures.extend([TBU, BBTB, BBU].iter().map(low));
    figures
}

fn cells(tally: &Tally) -> Vec<String> {
    let c = |figure| tally.count(figure);
    let mut cells = vec![
        dotted(c("s")),
        dotted(c("d")),
        percent_text(c("d"), c("s")),
        percent_text(c("n"), c("n") + c("t")),
    ];
    let low = |index| percent_text(tally.below_two_sd(index), tally.counted(index));
    cells.extend([TBU, BBTB, BBU].iter().map(low));
    cells
}

/// The areas below the place: its kecamatan, or its desa when it is one kecamatan.
fn check_areas(
    kabupaten: &Kabupaten,
    viewer: &Viewer,
    narrow: Narrow,
    ((month, oldest), page, told): ((Month, u32), &Paper, &str),
) {
    let villages = kabupaten.villages(viewer, &narrow);
    let kecamatan_of = |village: &str| village.rsplit_once('.').unwrap().0.to_owned();
    let mut kecamatan: Vec<String> = villages.iter().map(|village| kecamatan_of(village)).collect();
    kecamatan.dedup();
    let of = |village: &str| {
        if kecamatan.len() > 1 { kecamatan_of(village) } else { village.to_owned() }
    };
    let mut areas: BTreeMap<String, Tally> =
        villages.iter().map(|village| (of(village), Tally::default())).collect();
    for (child, place, marks) in kabupaten.on_list(viewer, &narrow, (month, oldest, -200)) {
        areas.get_mut(&of(place)).unwrap().add(child.name(), &marks);
    }
    if villages.len() < 2 {
        areas.clear();
    }
    let level = |area: &str| match area.split('.').count() {
        3 => "Kecamatan",
        _ if area.rsplit('.').next().unwrap().starts_with('1') => "Kelurahan",
        _ => "Desa",
    };
    let expected: BTreeMap<String, Vec<String>> = areas
        .iter()
        .map(|(area, tally)| (format!("{} {}", level(area), kabupaten.names[area]), cells(tally)))
        .collect();
    let names = page.texts("#wilayah + div tbody th");
    let cells = page.texts("#wilayah + div tbody td");
    let said: BTreeMap<String, Vec<String>> =
        names.iter().cloned().zip(cells.chunks(7).map(<[String]>::to_vec)).collect();
    assert_eq!(said, expected, "{told}");
}

/// Each column by its word, and whether the least stands first.
const ORDERS: [(&str, bool); 7] = [
    ("sasaran", false),
    ("diukur", false),
    ("ds", true),
    ("nd", true),
    ("stunting", false),
    ("wasting", false),
    ("underweight", false),
];

/// The areas in the order that is asked for: where nobody lives last, and before them what says
/// nothing.
fn check_order(kabupaten: &Kabupaten, viewer: &Viewer, narrow: Narrow) {
    for (at, (column, is_rising)) in ORDERS.into_iter().enumerate() {
        let address = address("/", narrow, (Month::of(kabupaten.today), 59));
        let page = viewer.office.get(&format!("{address}&urut={column}"));
        let cells = page.texts("#wilayah + div tbody td");
        let rank = |row: &[String]| {
            let digits: String = row[at].chars().filter(char::is_ascii_digit).collect();
            let number = digits.parse::<i64>().ok();
            let order = if is_rising { number } else { number.map(|number| -number) };
            (row[0] == "0", number.is_none(), order)
        };
        let ranks: Vec<_> = cells.chunks(7).map(rank).collect();
        assert!(ranks.is_sorted(), "seed {}, {address}, {column}: {ranks:?}", kabupaten.seed);
    }
}

fn check_trend(
    kabupaten: &Kabupaten,
    viewer: &Viewer,
    narrow: Narrow,
    (month, oldest): (Month, u32),
) {
    let address = address("/tren", narrow, (month, oldest));
    let page = viewer.office.get(&address);
    let rows = page.texts("tbody tr");
    let expected: Vec<String> = (0..12)
        .map(|before| {
            let month = month.before(before);
            let tally = kabupaten.tally(viewer, &narrow, (month, oldest, -200));
            let mut cells = cells(&tally);
            cells.remove(3);
            if tally.count("d") == 0 {
                "–".clone_into(&mut cells[2]);
            }
            format!("{} {}", month.name(), cells.join(" "))
        })
        .collect();
    let told = format!("seed {}, {:?}, {address}", kabupaten.seed, viewer.scope);
    assert_eq!(rows, expected, "{told}");
    // The picture has a mark for each month with a figure, and one in its legend.
    let picture = viewer.office.get(&address.replace("/tren", "/tren.svg")).reply.text();
    let with_ds = rows.iter().filter(|row| !row.split(' ').nth(4).unwrap().starts_with('–'));
    assert_eq!(picture.matches("<circle").count(), with_ds.count() + 1, "{told}");
}

/// With a dot between the thousands.
fn dotted(count: usize) -> String {
    if count < 1_000 {
        count.to_string()
    } else {
        format!("{}.{:03}", count / 1_000, count % 1_000)
    }
}
