//! A score as columns: written from a reading, compared as columns, read back typed.

use crate::store::{StoreError, Stored};
use child_growth::{
    HeadCategory, HeightCategory, Hundredths, Index, NutritionCategory, Score as ZScore,
    WeightCategory,
};
use rusqlite::Row;
use rusqlite::types::{Value as SqlValue, ValueRef};
use serde::{Serialize, Serializer};
use sync_protocol::counted::Z;
use sync_protocol::growth::{Reading, words};
use utoipa::ToSchema;

/// The columns of a score, without its measurement's number.
pub(super) const COLUMNS: &str =
    "s.age_months, s.zlen, s.zwei, s.zwfl, s.zbmi, s.zhc, s.zac, s.flags, s.tbu, s.bbu, s.bbtb, s.imtu,
    s.lku, s.lila, s.gain, s.twice_not_gained, s.below_red_line";
const COUNT: usize = 17;

pub(super) const UPSERT: &str = "INSERT OR REPLACE INTO measurement_score (rid, age_months, zlen, zwei,
    zwfl, zbmi, zhc, zac, flags, tbu, bbu, bbtb, imtu, lku, lila, gain, twice_not_gained, below_red_line)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)";

/// The z columns in their order, as `flags` names them.
pub(in crate::store) const Z_NAMES: [&str; 6] = ["zlen", "zwei", "zwfl", "zbmi", "zhc", "zac"];
/// The index of each of them.
pub(in crate::store) const Z_INDICES: [Index; 6] = [
    Index::LengthForAge,
    Index::WeightForAge,
    Index::WeightForLength,
    Index::BmiForAge,
    Index::HeadForAge,
    Index::ArmForAge,
];

/// The columns that a reading gives, in the order of [`COLUMNS`].
pub(super) fn columns_of(reading: &Reading) -> Vec<SqlValue> {
    let scores = &reading.assessed.scores;
    let all = Z_INDICES.map(|index| scores.score(index));
    let z = |score: Option<ZScore>| score.map(ZScore::rounded);
    let [zlen, zwei, zwfl, zbmi, zhc, _zac] = all.map(z);
    let flagged = |(score, name): (&Option<ZScore>, &'static str)| {
        score.is_some_and(ZScore::is_flagged).then_some(name)
    };
    let flags: Vec<&str> = all.iter().zip(Z_NAMES).filter_map(flagged).collect();

    let mut columns = Vec::with_capacity(COUNT);
    columns.push(SqlValue::Integer(i64::from(reading.assessed.months.get())));
    columns.extend(all.map(|score| whole(z(score).map(Hundredths::get))));
    columns.push(word(Some(flags.join(" ")).filter(|flags| !flags.is_empty())));
    columns.push(word(zlen.map(|z| words::height(HeightCategory::of(z)))));
    columns.push(word(zwei.map(|z| words::weight(WeightCategory::of(z)))));
    columns.push(word(zwfl.map(|z| words::nutrition(NutritionCategory::of(z)))));
    columns.push(word(zbmi.map(|z| words::nutrition(NutritionCategory::of(z)))));
    columns.push(word(zhc.map(|z| words::head(HeadCategory::of(z)))));
    columns.push(word(reading.assessed.arm.map(words::arm)));
    let gain = reading.gain.as_ref();
    columns.push(word(gain.map(|gain| gain.status.letter())));
    columns.push(SqlValue::Integer(i64::from(gain.is_some_and(|gain| gain.twice_not_gained))));
    columns.push(whole(gain.and_then(|gain| gain.below_red_line).map(i32::from)));
    columns
}

fn whole(value: Option<i32>) -> SqlValue {
    value.map_or(SqlValue::Null, |value| SqlValue::Integer(value.into()))
}

fn word(text: Option<impl Into<String>>) -> SqlValue {
    text.map_or(SqlValue::Null, |text| SqlValue::Text(text.into()))
}

/// The columns as they are kept; none when there is no score.
pub(super) fn read_columns(row: &Row<'_>, from: usize) -> rusqlite::Result<Option<Vec<SqlValue>>> {
    if row.get_ref(from)? == ValueRef::Null {
        return Ok(None);
    }
    (from..from + COUNT).map(|at| row.get(at)).collect::<rusqlite::Result<_>>().map(Some)
}

/// What the growth standards say of one measurement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Score {
    /// Completed months.
    pub age_months: i64,
    pub tbu: Option<IndexScore>,
    pub bbu: Option<IndexScore>,
    pub bbtb: Option<IndexScore>,
    pub imtu: Option<IndexScore>,
    pub lku: Option<IndexScore>,
    /// By z-score; has no category of its own.
    pub lilau: Option<IndexScore>,
    /// The category of LiLA by its centimetres.
    pub lila: Option<String>,
    /// N, T, O or B; only at the weighing of a month that counts, its latest.
    pub gain: Option<String>,
    /// 2T.
    pub twice_not_gained: bool,
    /// BGM at the line of -2 SD; with oedema always.
    pub below_red_line: Option<bool>,
}

impl Score {
    /// The z-score of an index.
    pub fn z(&self, index: Index) -> Option<Z> {
        let score = match index {
            Index::LengthForAge => &self.tbu,
            Index::WeightForAge => &self.bbu,
            Index::WeightForLength => &self.bbtb,
            Index::BmiForAge => &self.imtu,
            Index::HeadForAge => &self.lku,
            Index::ArmForAge => &self.lilau,
        };
        let as_z =
            |score: &IndexScore| Z { hundredths: Hundredths::new(score.z), flagged: score.flagged };
        score.as_ref().map(as_z)
    }
}

/// One index of a measurement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct IndexScore {
    /// Hundredths of an SD; written as a decimal.
    #[schema(value_type = f64)]
    #[serde(serialize_with = "as_decimal")]
    pub z: i32,
    /// Outside of what WHO holds to be plausible.
    pub flagged: bool,
    pub category: Option<String>,
}

fn as_decimal<S: Serializer>(hundredths: &i32, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(f64::from(*hundredths) / 100.0)
}

/// Reads a row of [`COLUMNS`] that begins at `from`.
pub(super) fn read_score(row: &Row<'_>, from: usize) -> Stored<Score> {
    let flags: Option<String> = row.get(from + 7)?;
    let flags = flags.as_deref().unwrap_or_default();
    let index = |place: usize, category: Option<usize>| -> Stored<Option<IndexScore>> {
        let Some(z) = row.get::<_, Option<i32>>(from + 1 + place)? else { return Ok(None) };
        let name = Z_NAMES.get(place).ok_or(StoreError::Unreadable("score"))?;
        let category = match category {
            Some(at) => row.get(from + at)?,
            None => None,
        };
        Ok(Some(IndexScore { z, flagged: flags.split(' ').any(|flag| flag == *name), category }))
    };
    Ok(Score {
        age_months: row.get(from)?,
        tbu: index(0, Some(8))?,
        bbu: index(1, Some(9))?,
        bbtb: index(2, Some(10))?,
        imtu: index(3, Some(11))?,
        lku: index(4, Some(12))?,
        lilau: index(5, None)?,
        lila: row.get(from + 13)?,
        gain: row.get(from + 14)?,
        twice_not_gained: row.get(from + 15)?,
        below_red_line: row.get(from + 16)?,
    })
}
