//! Figures as lists of names: a count that is wrong says whom it counted.

use super::book::Child;
use super::calendar::Month;
use super::rules::{
    BBTB, BBU, Found, IMTU, Index, LILA, LKU, TBU, counting_in, is_2t, is_below, letter,
};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

pub(super) const INDICES: [Index; 6] = [BBU, TBU, BBTB, IMTU, LKU, LILA];

/// What the figures of a month say of one child on the list, each by its name.
pub(super) fn marks(child: &Child, month: Month, red_line: i32) -> Vec<String> {
    let mut marks = vec!["s".to_owned()];
    let mut mark = |is_so: bool, name: &str| marks.extend(is_so.then(|| name.to_owned()));
    mark(child.body["kia_book"] == true, "k");
    if let Some(weighing) = counting_in(child, month, &["weight_g"]) {
        mark(true, "d");
        mark(true, &letter(child, month).unwrap().to_lowercase().to_string());
        mark(is_2t(child, month), "two_t");
        mark(is_below(child, weighing, red_line), "bgm");
        mark(BBU.found(child, weighing) == Found::Flagged, "bgm_flagged");
    }
    for index in INDICES {
        let Some(row) = counting_in(child, month, index.needs) else { continue };
        let word = index.word;
        mark(true, &format!("{word}.measured"));
        match index.found(child, row) {
            Found::Flagged => mark(true, &format!("{word}.flagged")),
            Found::Unscored => mark(true, &format!("{word}.unscored")),
            Found::Category(category) => mark(true, &format!("{word}.{category}")),
            Found::Oedema => {
                mark(true, &format!("{word}.oedema"));
                mark(true, &format!("{word}.0"));
            }
        }
    }
    marks
}

/// By figure the names of the children that it counts.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally(BTreeMap<String, Vec<String>>);

impl Tally {
    pub(super) fn add(&mut self, name: &str, marks: &[String]) {
        for mark in marks {
            self.0.entry(mark.clone()).or_default().push(name.to_owned());
        }
    }

    pub(super) fn names(&self, figure: &str) -> Vec<String> {
        self.0.get(figure).cloned().unwrap_or_default()
    }

    pub(super) fn count(&self, figure: &str) -> usize {
        self.names(figure).len()
    }

    /// So many of the children whom some figures count.
    fn sum(&self, figures: &[String]) -> usize {
        figures.iter().map(|figure| self.count(figure)).sum()
    }

    /// The report of coverage.
    pub(super) fn coverage(&self) -> Value {
        let c = |figure| self.count(figure);
        json!({
            "s": c("s"), "k": c("k"), "d": c("d"), "n": c("n"), "t": c("t"), "o": c("o"), "b": c("b"),
            "d_weighed_last_month": c("n") + c("t"),
            "two_t": c("two_t"), "bgm": c("bgm"), "bgm_flagged": c("bgm_flagged"),
            "k_s_percent": percent(c("k"), c("s")), "d_s_percent": percent(c("d"), c("s")),
            "d_k_percent": percent(c("d"), c("k")), "n_d_percent": percent(c("n"), c("n") + c("t")),
            "two_t_d_percent": percent(c("two_t"), c("d")), "bgm_d_percent": percent(c("bgm"), c("d")),
        })
    }

    /// The report of prevalence.
    pub(super) fn prevalence(&self) -> Value {
        let indices: Map<String, Value> =
            INDICES.iter().map(|index| (index.word.to_owned(), self.index(index))).collect();
        json!({
            "sasaran": self.count("s"), "indices": indices,
            "stunting": self.low(&TBU), "wasting": self.low(&BBTB), "underweight": self.low(&BBU),
        })
    }

    fn index(&self, index: &Index) -> Value {
        let c = |what: &str| self.count(&format!("{}.{what}", index.word));
        let counted = self.counted(index);
        let categories = index.categories.iter().enumerate().map(|(at, (category, name))| {
            let count = c(&at.to_string());
            json!({"category": category, "name": name, "count": count,
                "percent": percent(count, counted)})
        });
        json!({"label": index.label, "measured": c("measured"), "flagged": c("flagged"),
            "unscored": c("unscored"), "oedema": c("oedema"), "counted": counted,
            "categories": categories.collect::<Vec<_>>()})
    }

    /// Those in a category.
    pub(super) fn counted(&self, index: &Index) -> usize {
        let each = 0..index.categories.len();
        self.sum(&each.map(|at| format!("{}.{at}", index.word)).collect::<Vec<_>>())
    }

    /// Those in the two lowest categories.
    pub(super) fn below_two_sd(&self, index: &Index) -> usize {
        self.sum(&[format!("{}.0", index.word), format!("{}.1", index.word)])
    }

    fn low(&self, index: &Index) -> Value {
        let (count, of) = (self.below_two_sd(index), self.counted(index));
        json!({"count": count, "of": of, "percent": percent(count, of)})
    }
}

/// With one decimal, half going up; null of nothing.
pub(super) fn percent(count: usize, of: usize) -> Value {
    if of == 0 {
        return Value::Null;
    }
    let [count, of] = [count, of].map(|number| f64::from(u32::try_from(number).unwrap()));
    json!((count * 1000.0 / of).round() / 10.0)
}

/// The same as people in Indonesia write it.
pub(super) fn percent_text(count: usize, of: usize) -> String {
    match percent(count, of).as_f64() {
        None => "–".to_owned(),
        Some(percent) => format!("{percent:.1} %").replace('.', ","),
    }
}
