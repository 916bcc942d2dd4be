//! Who a made-up child is: the fields that e-PPGBM's identity template has.

use super::growth::Traits;
use super::names;
use super::random::Random;
use crate::import::sex::Sex;
use chrono::Datelike;
use std::collections::BTreeMap;
use sync_protocol::area::Area;
use sync_protocol::body::Body;
use sync_protocol::record::child as field;
use sync_protocol::time::CivilDate;

/// Of a hundred children, how many have each of these.
const NIK_PERCENT: i64 = 70;
const KK_PERCENT: i64 = 85;
const MOTHERS_NIK_PERCENT: i64 = 60;
const PHONE_PERCENT: i64 = 45;
const BIRTH_MEASURES_PERCENT: i64 = 92;
const BIRTH_HEAD_PERCENT: i64 = 50;
const PRETERM_PERCENT: i64 = 8;
/// Days within which a newborn may still be "BY NY" and its mother's name, and how many are.
const UNNAMED_DAYS: i64 = 30;
const UNNAMED_PERCENT: i64 = 40;
/// Serial numbers of made-up NIK begin here; a registration office gives out 0001, 0002, … a day.
const FIRST_SERIAL: u32 = 9001;

/// Counts the serial numbers given for one place, date and sex, so that no two people share a NIK.
#[derive(Default)]
pub(super) struct Serials(BTreeMap<String, u32>);

impl Serials {
    fn number(&mut self, area: &Area, birth_date: CivilDate, sex: Sex) -> String {
        let kecamatan = area.parent().unwrap_or_else(|| area.clone());
        let region: String = kecamatan.as_str().chars().filter(char::is_ascii_digit).collect();
        let day = birth_date.day() + if sex == Sex::Female { 40 } else { 0 };
        let (month, year) = (birth_date.month(), birth_date.year().rem_euclid(100));
        let prefix = format!("{region}{day:02}{month:02}{year:02}");
        let next = self.0.entry(prefix.clone()).or_insert(FIRST_SERIAL);
        let number = format!("{prefix}{next:04}");
        *next += 1;
        number
    }
}

/// Where and when a child was born, and when it is looked at.
pub(super) struct Identity<'p> {
    pub(super) area: &'p Area,
    pub(super) posyandu: &'p str,
    pub(super) born: CivilDate,
    pub(super) today: CivilDate,
}

impl Identity<'_> {
    pub(super) fn age_days_on(&self, date: CivilDate) -> i64 {
        (date - self.born).num_days()
    }

    /// The child's body, with the fields that the import gives and no other.
    pub(super) fn body(&self, random: &mut Random, traits: &Traits, serials: &mut Serials) -> Body {
        let (mother, father) = (names::mother(random), names::father(random));
        let named = names::child(random, traits.sex);
        let unnamed = random.chance(UNNAMED_PERCENT) && self.age_days_on(self.today) < UNNAMED_DAYS;
        let mut body = Body::new()
            .with(field::POSYANDU, self.posyandu)
            .with(field::NAME, if unnamed { format!("BY NY {mother}") } else { named })
            .with(field::SEX, traits.sex.as_str())
            .with(field::BIRTH_DATE, self.born.to_string())
            .with(field::BIRTH_ORDER, 1 + random.below(3) * random.below(3))
            .with(field::PARENTS_RAW, parents(random, &father, &mother));
        if random.chance(NIK_PERCENT) && !unnamed {
            body.set(field::NIK, serials.number(self.area, self.born, traits.sex));
        }
        let married = self.days_before_birth(random.between(300, 3000));
        if random.chance(KK_PERCENT) {
            body.set(field::KK, serials.number(self.area, married, Sex::Male));
        }
        let mothers_birth = self.days_before_birth(random.between(6_600, 14_000));
        if random.chance(MOTHERS_NIK_PERCENT) {
            body.set(field::GUARDIAN_NIK, serials.number(self.area, mothers_birth, Sex::Female));
        }
        self.add_home(random, &mut body);
        add_birth(random, traits, self.age_days_on(self.today), &mut body);
        body
    }

    fn days_before_birth(&self, days: i64) -> CivilDate {
        self.born.checked_sub_days(super::random::days(days)).unwrap_or(self.born)
    }

    fn add_home(&self, random: &mut Random, body: &mut Body) {
        if random.chance(PHONE_PERCENT) {
            body.set(field::PHONE, format!("0800{:08}", random.below(100_000_000)));
        }
        let hamlet = random.pick(&["I", "II", "III", "IV", "V"]);
        body.set(field::ADDRESS, format!("DUSUN {hamlet} (CONTOH)"));
        body.set(field::RT, format!("{:03}", random.between(1, 6)));
        body.set(field::RW, format!("{:03}", random.between(1, 3)));
    }
}

fn add_birth(random: &mut Random, traits: &Traits, age_days: i64, body: &mut Body) {
    let preterm = random.chance(PRETERM_PERCENT);
    let weeks = if preterm { random.between(33, 36) } else { random.between(37, 41) };
    let lost_mm = if preterm { (37 - weeks) * 8 } else { 0 };
    let length = traits.length_mm(0) - lost_mm + random.between(-8, 8);
    let weight = traits.weight_g(length, age_days) + random.between(-150, 150);
    // Birth weights are told in hundred grams, birth lengths in whole or half centimetres.
    let (weight, length) = (nearest(weight, 100).clamp(1_200, 4_800), nearest(length, 5));
    if random.chance(BIRTH_MEASURES_PERCENT) {
        body.set(field::BIRTH_WEIGHT_G, weight);
        body.set(field::BIRTH_LENGTH_MM, length.clamp(380, 560));
        body.set(field::GESTATION_WEEKS, weeks);
    }
    if random.chance(BIRTH_HEAD_PERCENT) {
        body.set(field::BIRTH_HEAD_MM, nearest(length * 68 / 100, 5).clamp(280, 380));
    }
    body.set(field::IMD, random.chance(70));
    body.set(field::KIA_BOOK, random.chance(88));
    body.set(field::KIA_SMALL_BABY, weight < 2_500);
}

/// As e-PPGBM files have it: the order is not stable, and often there is one name only.
fn parents(random: &mut Random, father: &str, mother: &str) -> String {
    match random.below(10) {
        0 => mother.to_owned(),
        1 | 2 => format!("{mother} / {father}"),
        _ => format!("{father} / {mother}"),
    }
}

pub(super) fn nearest(value: i64, step: i64) -> i64 {
    (value + step / 2).div_euclid(step) * step
}
