//! Conflicts: two devices changed one record without having seen each other's change. The later
//! stamp wins all the same; this module says what a supervisor is shown.

use crate::area::Area;
use crate::body::Body;
use crate::change::Tombstone;
use crate::growth::Difference;
use serde_json::Value;
use std::collections::BTreeSet;

/// How two concurrent versions relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// Both say the same; not listed.
    Identical,
    /// They changed different fields.
    Parallel,
    /// They changed the same field to different values, or one deleted what the other edited.
    Overlap,
}

impl Label {
    pub fn as_str(self) -> &'static str {
        match self {
            Label::Identical => "identical",
            Label::Parallel => "parallel",
            Label::Overlap => "overlap",
        }
    }
}

/// How much a conflict matters to the child, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravity {
    /// A nutrition category depends on which version holds.
    Category,
    /// The weights are more than 10 % apart.
    Weight,
    /// Both changed the same field, or one deleted what the other edited.
    Overlap,
    Parallel,
}

impl Gravity {
    /// Of a conflict whose versions differ so.
    pub fn of(difference: &Difference, is_overlap: bool) -> Self {
        match difference {
            Difference { categories, .. } if !categories.is_empty() => Gravity::Category,
            Difference { weight: true, .. } => Gravity::Weight,
            _ if is_overlap => Gravity::Overlap,
            _ => Gravity::Parallel,
        }
    }
}

/// What a version says of its register.
#[derive(Clone, Copy, Debug)]
pub enum Version<'a> {
    Body(&'a Body),
    Deleted(Tombstone),
    Place(&'a Area),
}

/// Labels two concurrent versions of one register against the base they both started from.
/// An unknown base, or a deleted one, counts as empty.
pub fn label(base: Option<Version<'_>>, one: Version<'_>, other: Version<'_>) -> Label {
    match (one, other) {
        (Version::Body(one), Version::Body(other)) => label_bodies(&body_of(base), one, other),
        (Version::Deleted(_), Version::Deleted(_)) => Label::Identical,
        (Version::Place(one), Version::Place(other)) if one == other => Label::Identical,
        _ => Label::Overlap,
    }
}

fn body_of(base: Option<Version<'_>>) -> Body {
    match base {
        Some(Version::Body(body)) => body.clone(),
        Some(Version::Deleted(_) | Version::Place(_)) | None => Body::new(),
    }
}

fn label_bodies(base: &Body, one: &Body, other: &Body) -> Label {
    let differing = differing_fields(one, other);
    if differing.is_empty() {
        return Label::Identical;
    }
    let changed_by_both =
        |field: &&String| one.get(field) != base.get(field) && other.get(field) != base.get(field);
    if differing.iter().any(|field| changed_by_both(&field)) {
        Label::Overlap
    } else {
        Label::Parallel
    }
}

/// One field of two versions, with what stood there before.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldDiff {
    pub field: String,
    pub base: Value,
    pub one: Value,
    pub other: Value,
    /// Both sides moved away from the base, to different values.
    pub overlap: bool,
}

/// The fields in which two bodies differ, by name, each beside its base value. Absent is null.
pub fn diff(base: &Body, one: &Body, other: &Body) -> Vec<FieldDiff> {
    let value = |body: &Body, field: &str| body.get(field).cloned().unwrap_or(Value::Null);
    differing_fields(one, other)
        .into_iter()
        .map(|field| {
            let (b, o, t) = (value(base, &field), value(one, &field), value(other, &field));
            FieldDiff { overlap: o != b && t != b, field, base: b, one: o, other: t }
        })
        .collect()
}

fn differing_fields(one: &Body, other: &Body) -> BTreeSet<String> {
    let names = one.fields().chain(other.fields()).map(|(name, _)| name);
    let mut differing = BTreeSet::new();
    differing.extend(names.filter(|name| one.get(name) != other.get(name)).map(str::to_owned));
    differing
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(fields: &[(&str, i64)]) -> Body {
        fields.iter().fold(Body::new(), |body, (name, value)| body.with(name, *value))
    }

    #[track_caller]
    fn check(base: &[(&str, i64)], one: &[(&str, i64)], other: &[(&str, i64)], expected: Label) {
        let (base, one, other) = (body(base), body(one), body(other));
        let base = Some(Version::Body(&base));
        assert_eq!(label(base, Version::Body(&one), Version::Body(&other)), expected);
        assert_eq!(label(base, Version::Body(&other), Version::Body(&one)), expected);
    }

    #[test]
    fn bodies_are_compared_field_by_field_against_the_base() {
        check(&[("a", 1)], &[("a", 2)], &[("a", 2)], Label::Identical);
        check(&[("a", 1), ("b", 1)], &[("a", 2), ("b", 1)], &[("a", 1), ("b", 2)], Label::Parallel);
        check(&[("a", 1)], &[("a", 2)], &[("a", 3)], Label::Overlap);
        check(&[("a", 1)], &[], &[("a", 3)], Label::Overlap);
        check(&[("a", 1)], &[("a", 1), ("b", 5)], &[("a", 1)], Label::Parallel);
        check(&[], &[("a", 2)], &[("a", 3)], Label::Overlap);
    }

    #[test]
    fn a_delete_against_an_edit_overlaps_and_two_deletes_agree() {
        let edit = body(&[("a", 1)]);
        let (wrong, double) =
            (Version::Deleted(Tombstone::WrongEntry), Version::Deleted(Tombstone::Double));
        assert_eq!(label(None, wrong, Version::Body(&edit)), Label::Overlap);
        assert_eq!(label(None, wrong, double), Label::Identical);
    }

    #[test]
    fn moves_to_two_places_overlap() {
        let (here, there) = ("16.04.06.2008".parse().unwrap(), "16.04.06.2009".parse().unwrap());
        assert_eq!(label(None, Version::Place(&here), Version::Place(&there)), Label::Overlap);
        assert_eq!(label(None, Version::Place(&here), Version::Place(&here)), Label::Identical);
    }

    #[test]
    fn a_diff_names_each_differing_field_with_its_base() {
        let diffs = diff(
            &body(&[("a", 1), ("b", 1)]),
            &body(&[("a", 2), ("b", 1)]),
            &body(&[("a", 3), ("b", 1), ("c", 4)]),
        );
        let fields: Vec<_> = diffs.iter().map(|d| (d.field.as_str(), d.overlap)).collect();
        assert_eq!(fields, [("a", true), ("c", false)]);
        assert_eq!(diffs[1].base, Value::Null);
    }
}
