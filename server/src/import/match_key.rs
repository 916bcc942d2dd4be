//! What a child is recognised by in two lists.

use super::identity::can_match;
use super::names::name_key;
use super::sex::Sex;
use sync_protocol::body::Body;
use sync_protocol::record::child as field;
use sync_protocol::time::CivilDate;

/// What a child is recognised by in another list.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MatchKey {
    /// Only a NIK of valid form that says this birth date and this sex: a mother's NIK typed for
    /// two of her children must not make them one child.
    pub nik: Option<String>,
    pub birth_date: CivilDate,
    pub sex: Sex,
    /// See [`name_key`].
    pub name: String,
}

impl MatchKey {
    /// The key of a child that is already known, made as the import makes it. None when the body
    /// lacks what a child must have.
    pub fn of(body: &Body) -> Option<MatchKey> {
        let birth_date = body.date(field::BIRTH_DATE)?;
        let sex = body.text(field::SEX).and_then(Sex::read)?;
        let nik = body.text(field::NIK);
        Some(MatchKey {
            nik: nik.filter(|nik| can_match(nik, birth_date, sex)).map(str::to_owned),
            birth_date,
            sex,
            name: name_key(body.text(field::NAME)?),
        })
    }
}
