//! A child on the target list (sasaran balita). Its area is not in the body: it is the child's
//! place, and only a move changes it.

use super::{Field, KindSpec, Shape, no_rule};

pub const POSYANDU: &str = "posyandu";
pub const NAME: &str = "name";
pub const SEX: &str = "sex";
pub const BIRTH_DATE: &str = "birth_date";
pub const NIK: &str = "nik";
pub const KK: &str = "kk";
pub const MOTHER_NAME: &str = "mother_name";
pub const GUARDIAN_NAME: &str = "guardian_name";
pub const GUARDIAN_NIK: &str = "guardian_nik";
/// The parents' names as imported, when father and mother cannot be told apart.
pub const PARENTS_RAW: &str = "parents_raw";
pub const PHONE: &str = "phone";
pub const ADDRESS: &str = "address";
pub const RT: &str = "rt";
pub const RW: &str = "rw";
pub const BIRTH_WEIGHT_G: &str = "birth_weight_g";
pub const BIRTH_LENGTH_MM: &str = "birth_length_mm";
pub const BIRTH_HEAD_MM: &str = "birth_head_mm";
pub const GESTATION_WEEKS: &str = "gestation_weeks";
pub const BIRTH_ORDER: &str = "birth_order";
/// Early initiation of breastfeeding (inisiasi menyusu dini).
pub const IMD: &str = "imd";
pub const KIA_BOOK: &str = "kia_book";
pub const KIA_SMALL_BABY: &str = "kia_small_baby";
/// `pindah` means: left every area that this server knows.
pub const STATUS: &str = "status";
pub const STATUS_ON: &str = "status_on";
pub const MOVED_TO: &str = "moved_to";

/// Male and female, as e-PPGBM writes them.
pub const SEXES: &[&str] = &["L", "P"];
/// The status of a child that has not left; what an absent one means.
pub const ACTIVE: &str = "aktif";
/// The status of a child that left every known area.
pub const MOVED_AWAY: &str = "pindah";
/// What has become of a child; absent is [`ACTIVE`].
pub const STATUSES: &[&str] = &[ACTIVE, MOVED_AWAY, "meninggal", "lulus"];

pub(super) static SPEC: KindSpec = KindSpec {
    name: "child",
    parent_field: None,
    fields: &[
        Field::optional(POSYANDU, Shape::Text),
        Field::required(NAME, Shape::Text),
        Field::required(SEX, Shape::Choice(SEXES)),
        Field::required(BIRTH_DATE, Shape::PastDate),
        // Often missing, censored or wrong: checked as a warning, never a reason to refuse.
        Field::optional(NIK, Shape::Text),
        Field::optional(KK, Shape::Text),
        Field::optional(MOTHER_NAME, Shape::Text),
        Field::optional(GUARDIAN_NAME, Shape::Text),
        Field::optional(GUARDIAN_NIK, Shape::Text),
        Field::optional(PARENTS_RAW, Shape::Text),
        Field::optional(PHONE, Shape::Text),
        Field::optional(ADDRESS, Shape::Text),
        Field::optional(RT, Shape::Text),
        Field::optional(RW, Shape::Text),
        Field::optional(BIRTH_WEIGHT_G, Shape::Whole { min: 300, max: 8_000 }),
        Field::optional(BIRTH_LENGTH_MM, Shape::Whole { min: 200, max: 700 }),
        Field::optional(BIRTH_HEAD_MM, Shape::Whole { min: 150, max: 500 }),
        Field::optional(GESTATION_WEEKS, Shape::Whole { min: 20, max: 45 }),
        Field::optional(BIRTH_ORDER, Shape::Whole { min: 1, max: 25 }),
        Field::optional(IMD, Shape::Flag),
        Field::optional(KIA_BOOK, Shape::Flag),
        Field::optional(KIA_SMALL_BABY, Shape::Flag),
        Field::optional(STATUS, Shape::Choice(STATUSES)),
        Field::optional(STATUS_ON, Shape::PastDate),
        Field::optional(MOVED_TO, Shape::Text),
    ],
    rule: no_rule,
};
