//! Who a child is, in words.

use super::super::child_list::{found, is_outgrown};
use crate::http::children::RecordView;
use crate::http::web::places::Places;
use crate::store::Latest;
use sync_protocol::area::Area;
use sync_protocol::body::Body;
use sync_protocol::record::{Kind, child, visit};
use sync_protocol::time::CivilDate;
use views::child_page::Visit;
use views::growth::Tone;
use views::tag::Tag;
use views::{labels, words};

/// `2 th 1 bl, perempuan, Desa Sadan, Posyandu Melati`.
pub(super) fn line(body: &Body, area: &Area, places: &Places, today: CivilDate) -> String {
    let age = body.date(child::BIRTH_DATE).map(|born| words::age(born, today));
    let sex = body.text(child::SEX).map(|sex| labels::choice(sex).to_lowercase());
    let posyandu = body.text(child::POSYANDU).map(|name| format!("Posyandu {name}"));
    let parts = [age, sex, Some(places.name(area)), posyandu];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// What asks for a look.
pub(super) fn tags(body: &Body, latest: Option<&Latest>, today: CivilDate) -> Vec<Tag> {
    let status = body.text(child::STATUS).filter(|status| *status != child::ACTIVE);
    let mut tags: Vec<Tag> =
        status.iter().map(|status| Tag::new(Tone::Warn, labels::choice(status))).collect();
    let born = body.date(child::BIRTH_DATE);
    if status.is_none() && born.is_some_and(|born| is_outgrown(born, today)) {
        tags.push(Tag::new(Tone::Warn, "Lewat 59 bulan"));
    }
    tags.extend(latest.map(found).unwrap_or_default());
    tags
}

/// Every field that has a value, in the order of its kind, with those of a newer app at the end.
pub(super) fn facts(body: &Body, area: &Area, places: &Places) -> Vec<(String, String)> {
    let known = |name: &str| Kind::CHILD.field(name).is_some();
    let ordered = Kind::CHILD.fields().iter().map(|field| field.name);
    let newer = body.fields().map(|(name, _)| name).filter(|name| !known(name));
    let place = ("Wilayah".to_owned(), format!("{} ({area})", places.name(area)));
    let fields = ordered.chain(newer).filter(|name| *name != child::NAME);
    let said = fields.filter_map(|name| fact(body, name));
    std::iter::once(place).chain(said).collect()
}

/// A field with its label; none when it has no value.
fn fact(body: &Body, name: &str) -> Option<(String, String)> {
    let value = body.get(name)?;
    let said = match value.as_str() {
        Some(word) if [child::SEX, child::STATUS].contains(&name) => {
            labels::choice(word).to_owned()
        }
        Some(_) | None => labels::value(name, value),
    };
    Some((labels::field(name).to_owned(), said))
}

/// Whether a mask hides anything.
pub(super) fn has_number(body: &Body) -> bool {
    [child::NIK, child::KK, child::GUARDIAN_NIK].iter().any(|field| body.get(field).is_some())
}

/// The visits, the latest first.
pub(super) fn visits(views: &[RecordView]) -> Vec<Visit> {
    let mut dated: Vec<_> = views
        .iter()
        .filter_map(|view| {
            let body = view.body.as_ref()?;
            Some((body.date(visit::VISITED_ON), body, view))
        })
        .collect();
    dated.sort_by_key(|(on, _, view)| std::cmp::Reverse((*on, view.feed)));
    let shown = [visit::CHILD_ID, visit::VISITED_ON, visit::PURPOSE];
    let each = dated.into_iter().map(|(on, body, view)| {
        let others = body.fields().filter(|(name, _)| !shown.contains(name));
        Visit {
            on: on.map_or_else(|| "–".to_owned(), words::date),
            purpose: body
                .get(visit::PURPOSE)
                .map(|purpose| labels::value(visit::PURPOSE, purpose))
                .unwrap_or_default(),
            details: others.filter_map(|(name, _)| fact(body, name)).collect(),
            by: view.by.clone(),
        }
    });
    each.collect()
}
