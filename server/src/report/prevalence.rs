//! Prevalence: how many of the measured children fall into each category of each index.

use super::month::ChildMonth;
use super::{Figures, Share};
use crate::store::Sasaran;
use child_growth::{
    ArmCategory, HeadCategory, HeightCategory, Index, NutritionCategory, RedLine, WeightCategory,
};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};
use sync_protocol::counted::Figure;
use sync_protocol::growth::words;
use sync_protocol::schema::{collect, named, object};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// The figures of one index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IndexFigures {
    /// Children with the measures that the index needs.
    pub measured: u64,
    /// Of them: outside of what WHO holds to be plausible, in no category.
    pub flagged: u64,
    /// Of them: no score (too long for the table, too young for LiLA), in no category.
    pub unscored: u64,
    /// Of them: with oedema, in the lowest category.
    pub oedema: u64,
    /// Children in each category, in the order of its words.
    pub categories: Vec<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prevalence {
    pub sasaran: u64,
    pub bbu: IndexFigures,
    pub tbu: IndexFigures,
    pub bbtb: IndexFigures,
    pub imtu: IndexFigures,
    pub lku: IndexFigures,
    pub lila: IndexFigures,
}

/// Which of the two lowest categories are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Low {
    All,
    Severe,
}

impl Low {
    /// The words that are meant of those of an index, which begin with the lowest.
    pub(super) fn of(self, index: Index) -> &'static [&'static str] {
        let lowest = match self {
            Low::All => 2,
            Low::Severe => 1,
        };
        let all = words::all(index);
        all.get(..lowest).unwrap_or(all)
    }
}

impl IndexFigures {
    fn of(words: &[&str]) -> Self {
        IndexFigures { categories: vec![0; words.len()], ..IndexFigures::default() }
    }

    /// Children who are in a category: what shares are shares of.
    pub fn counted(&self) -> u64 {
        self.measured - self.flagged - self.unscored
    }

    /// The two categories below -2 SD.
    pub fn low(&self) -> Share {
        Share::new(self.categories.iter().take(2).sum(), self.counted())
    }

    /// Counts a child that was measured, in its category if it is in one.
    fn add(&mut self, figure: Figure, index: Index) {
        self.measured += 1;
        match figure {
            Figure::Flagged => self.flagged += 1,
            Figure::Unscored => self.unscored += 1,
            Figure::Oedema => self.oedema += 1,
            Figure::Plausible(_) => {}
        }
        if let Some(word) = figure.word(index) {
            self.add_to(words::all(index), word);
        }
    }

    fn add_to(&mut self, all: &[&str], word: &str) {
        let at = all.iter().position(|known| *known == word);
        if let Some(count) = at.and_then(|at| self.categories.get_mut(at)) {
            *count += 1;
        }
    }

    /// Counts a child whose LiLA was measured: its category goes by the centimetres.
    fn add_arm(&mut self, arm: Option<ArmCategory>) {
        self.measured += 1;
        match arm {
            Some(arm) => self.add_to(&words::ARM, words::arm(arm)),
            None => self.unscored += 1,
        }
    }
}

impl Default for Prevalence {
    fn default() -> Self {
        Prevalence {
            sasaran: 0,
            bbu: IndexFigures::of(&words::WEIGHT),
            tbu: IndexFigures::of(&words::HEIGHT),
            bbtb: IndexFigures::of(&words::NUTRITION),
            imtu: IndexFigures::of(&words::NUTRITION),
            lku: IndexFigures::of(&words::HEAD),
            lila: IndexFigures::of(&words::ARM),
        }
    }
}

impl Figures for Prevalence {
    const REPORT: &'static str = "prevalence";

    fn is_empty(&self) -> bool {
        self.sasaran == 0
    }

    fn count(&mut self, _child: &Sasaran, month: &ChildMonth<'_>, _red_line: RedLine) {
        self.sasaran += 1;
        for (index, figures) in [
            (Index::WeightForAge, &mut self.bbu),
            (Index::LengthForAge, &mut self.tbu),
            (Index::WeightForLength, &mut self.bbtb),
            (Index::BmiForAge, &mut self.imtu),
            (Index::HeadForAge, &mut self.lku),
        ] {
            if let Some(figure) = month.figure(index) {
                figures.add(figure, index);
            }
        }
        if let Some(row) = month.arm() {
            self.lila.add_arm(row.arm);
        }
    }
}

impl Prevalence {
    /// The three that are published, with what they are shares of.
    pub fn headlines(&self) -> [(&'static str, Share); 3] {
        [
            ("stunting", self.tbu.low()),
            ("wasting", self.bbtb.low()),
            ("underweight", self.bbu.low()),
        ]
    }

    /// The six indices in the order of the Indonesian reports.
    pub fn indices(&self) -> [NamedFigures<'_>; 6] {
        use HeadCategory as Head;
        use HeightCategory as Height;
        use NutritionCategory as Nutrition;
        use WeightCategory as Weight;
        let weight = [
            Weight::SeverelyUnderweight,
            Weight::Underweight,
            Weight::Normal,
            Weight::RiskOfOverweight,
        ];
        let height = [Height::SeverelyStunted, Height::Stunted, Height::Normal, Height::Tall];
        let nutrition = [
            Nutrition::SeverelyWasted,
            Nutrition::Wasted,
            Nutrition::Normal,
            Nutrition::RiskOfOverweight,
            Nutrition::Overweight,
            Nutrition::Obese,
        ]
        .map(|category| (words::nutrition(category), category.name()));
        let head = [Head::Microcephaly, Head::Normal, Head::Macrocephaly];
        let arm = [ArmCategory::Severe, ArmCategory::Moderate, ArmCategory::Normal];
        let weight = weight.map(|category| (words::weight(category), category.name()));
        let height = height.map(|category| (words::height(category), category.name()));
        let head = head.map(|category| (words::head(category), category.name()));
        let arm = arm.map(|category| (words::arm(category), category.name()));
        [
            NamedFigures::new("bbu", "BB/U", &weight, &self.bbu),
            NamedFigures::new("tbu", "TB/U", &height, &self.tbu),
            NamedFigures::new("bbtb", "BB/TB", &nutrition, &self.bbtb),
            NamedFigures::new("imtu", "IMT/U", &nutrition, &self.imtu),
            NamedFigures::new("lku", "LK/U", &head, &self.lku),
            NamedFigures::new("lila", "LiLA", &arm, &self.lila),
        ]
    }
}

/// The figures of an index with the names of what they count.
#[derive(Clone, Debug)]
pub struct NamedFigures<'f> {
    pub word: &'static str,
    pub label: &'static str,
    /// The word and the name of each category.
    pub categories: Vec<(&'static str, &'static str)>,
    pub figures: &'f IndexFigures,
}

impl<'f> NamedFigures<'f> {
    fn new(
        word: &'static str,
        label: &'static str,
        categories: &[(&'static str, &'static str)],
        figures: &'f IndexFigures,
    ) -> Self {
        NamedFigures { word, label, categories: categories.to_vec(), figures }
    }

    /// Each category: its word, its name, and its share.
    pub fn shares(&self) -> impl Iterator<Item = (&'static str, &'static str, Share)> {
        let counted = self.figures.counted();
        let counts = self.categories.iter().zip(&self.figures.categories);
        counts.map(move |((word, name), count)| (*word, *name, Share::new(*count, counted)))
    }

    fn reply(&self) -> IndexReply {
        let each = self.shares().map(|(category, name, share)| CategoryReply {
            category,
            name,
            count: share.count,
            percent: share.percent(),
        });
        let figures = self.figures;
        IndexReply {
            label: self.label,
            measured: figures.measured,
            flagged: figures.flagged,
            unscored: figures.unscored,
            oedema: figures.oedema,
            counted: figures.counted(),
            categories: each.collect(),
        }
    }
}

/// The figures of an index, as they are sent.
#[derive(Debug, Serialize, ToSchema)]
struct IndexReply {
    label: &'static str,
    measured: u64,
    flagged: u64,
    unscored: u64,
    oedema: u64,
    counted: u64,
    categories: Vec<CategoryReply>,
}

#[derive(Debug, Serialize, ToSchema)]
struct CategoryReply {
    category: &'static str,
    name: &'static str,
    count: u64,
    percent: Option<f64>,
}

impl Serialize for Prevalence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = Map::new();
        members.insert("sasaran".to_owned(), json!(self.sasaran));
        for (name, share) in self.headlines() {
            members.insert(name.to_owned(), json!(share));
        }
        let indices = self.indices().map(|index| (index.word.to_owned(), json!(index.reply())));
        members.insert("indices".to_owned(), Value::Object(indices.into_iter().collect()));
        Value::Object(members).serialize(serializer)
    }
}

impl PartialSchema for Prevalence {
    fn schema() -> RefOr<Schema> {
        let nobody = Prevalence::default();
        let indices = nobody.indices().map(|index| (index.word, named::<IndexReply>(), true));
        let headlines = nobody.headlines().map(|(name, _)| (name, named::<Share>(), true));
        let others = [("sasaran", u64::schema(), true), ("indices", object(indices).into(), true)];
        object(others.into_iter().chain(headlines)).into()
    }
}

impl ToSchema for Prevalence {
    fn schemas(parts: &mut Vec<(String, RefOr<Schema>)>) {
        collect::<IndexReply>(parts);
        collect::<Share>(parts);
    }
}
