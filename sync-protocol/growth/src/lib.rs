//! WHO Child Growth Standards for children of 0-60 months, and what Indonesia's posyandu make of
//! them: the categories of Permenkes 2/2020, LiLA cut-offs, weight-gain letters and warnings.
//!
//! Shapes and units: a [`Weight`] is kilograms, a [`Length`] centimetres, an [`Age`] days and
//! months as WHO counts them; a bare `f64` is never a measure. [`assess`] takes an [`Input`] with
//! any part missing and gives an [`Assessment`]; a missing part blanks only the scores that need
//! it. Nothing here panics, reads a clock, or touches a file; errors are values.
//!
//! Two clocks run side by side and must not be mixed. WHO days ([`Age`]) decide the z-scores and
//! whether a child has a length (PB) or a height (TB). Completed calendar months
//! ([`CompletedMonths`]) decide age groups, the KBM and whether LiLA counts.
//!
//! The crate brings its own small [`Date`] instead of depending on `chrono`: it needs three
//! things of a calendar (day difference, completed months, order), and so its only dependency is
//! `libm`, whose `pow` gives the same bits natively and in WebAssembly.
//!
//! ```
//! use child_growth::{Age, HeightCategory, Input, Length, Position, Sex, Weight, assess};
//!
//! let child = Input {
//!     sex: Some(Sex::Male),
//!     age: Some(Age::from_days(404)),
//!     weight: Some(Weight::from_kg(11.912)?),
//!     length: Some(Length::from_cm(76.77)?),
//!     position: Some(Position::Standing),
//!     ..Input::default()
//! };
//! let score = assess(&child).length_for_age.ok_or("no score")?;
//! assert_eq!(score.rounded().to_string(), "0.10");
//! assert_eq!(HeightCategory::of(score.rounded()).name(), "Normal");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod acute;
mod age;
mod arm;
mod assess;
mod calendar;
mod codes;
mod date;
mod error;
mod gain;
mod index;
mod input;
mod kbm;
mod lms;
mod nik;
mod permenkes;
mod position;
mod reading;
mod red_line;
mod score;
mod screen;
mod series;
mod tables;
mod units;
mod visits;
mod warning;

pub use acute::{AcuteClass, AcuteFinding, AcuteSigns, acute_malnutrition};
pub use age::Age;
pub use arm::ArmCategory;
pub use assess::{Assessment, assess};
pub use calendar::{AgeGroup, CalendarMonth, CompletedMonths};
pub use date::Date;
pub use error::{CodeField, InputError};
pub use gain::{GainBasis, GainRules, GainStatus, MonthlyGain, Weighing, monthly_gains};
pub use index::{Index, LengthKind};
pub use input::{Input, Oedema, Position, Sex};
pub use kbm::{KBM_BUKU_KIA_2023, KbmBand, KbmError, KbmTable};
pub use lms::Lms;
pub use nik::{NikError, NikFacts};
pub use permenkes::{HeadCategory, HeightCategory, NutritionCategory, WeightCategory};
pub use position::LengthTreatment;
pub use red_line::RedLine;
pub use score::{Hundredths, Score};
pub use tables::Table;
pub use units::{Bmi, Length, Weight};
pub use visits::{Visit, WarningRules, check_visits};
pub use warning::{Warning, WarningKind};

/// The attribution WHO's tables must carry wherever they or their results are shown.
pub const ATTRIBUTION: &str = "WHO Child Growth Standards, World Health Organization, 2006/2007";
