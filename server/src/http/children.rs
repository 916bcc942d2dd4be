//! `GET /v1/children/{id}`: one child with all that belongs to it and the history of every field.
//!
//! Numbers of persons are masked; `?nik=full` shows them to those who have the right, and each such
//! look is in the audit log before the answer goes out. A tombstoned child is shown as one: what
//! belongs to it is in no list any more, and here is where a supervisor finds it.

use super::about::{About, Answer};
use super::body::malformed;
use super::history::{Version, timeline};
use super::listing::{Seen, plural};
use super::params::{CHILD, NIK};
use super::{Call, Response};
use crate::access::mask::mask_body;
use crate::access::person::{Person, Right};
use crate::refusal::Refusal;
use crate::store::{Act, ReadTx, Record, Stored, VersionContent, Who};
use crate::thresholds::ChildBounds;
use serde::Serialize;
use serde_json::{Map, Value, json};
use sync_protocol::area::Area;
use sync_protocol::body::Body;
use sync_protocol::change::{Register, Tombstone};
use sync_protocol::ids::RecordId;
use sync_protocol::problem::ProblemCode;
use sync_protocol::record::Kind;
use sync_protocol::schema::{collect, named, object};
use sync_protocol::stamp::Stamp;
use sync_protocol::time::Moment;
use utoipa::openapi::schema::ArrayBuilder;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A record with its whole body, fields that this program does not know included.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RecordView {
    pub(super) id: RecordId,
    pub(super) area: Area,
    pub(super) feed: i64,
    pub(super) stamp: Stamp,
    pub(super) at: Moment,
    pub(super) by: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) deleted: Option<Tombstone>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) body: Option<Body>,
}

/// The page of a child: what belongs to it, by kind, and what became of it all.
#[derive(Debug)]
struct ChildReply;

impl PartialSchema for ChildReply {
    fn schema() -> RefOr<Schema> {
        let count = u64::schema;
        let list = |items| -> RefOr<Schema> { ArrayBuilder::new().items(items).into() };
        let belonging = || Kind::all().filter(|kind| kind.parent_field().is_some()).map(plural);
        let left_out = belonging().map(|kind| (kind, count(), true));
        let left_out = left_out.chain([("versions".to_owned(), count(), true)]);
        let belonging = belonging().map(|kind| (kind, list(named::<RecordView>()), true));
        let others = [
            ("as_of", named::<Seen>()),
            ("child", named::<RecordView>()),
            ("history", list(named::<Version>())),
            ("left_out", object(left_out).into()),
        ];
        let others = others.map(|(name, schema)| (name.to_owned(), schema, true));
        object(others.into_iter().chain(belonging)).into()
    }
}

impl ToSchema for ChildReply {
    fn schemas(parts: &mut Vec<(String, RefOr<Schema>)>) {
        collect::<Seen>(parts);
        collect::<RecordView>(parts);
        collect::<Version>(parts);
    }
}

pub(super) static ABOUT: About = About {
    path: &[CHILD],
    query: &[&[NIK]],
    refusals: &[ProblemCode::NotFound],
    ..About::new(
        "One child with all that belongs to it and the history of every field",
        &[Answer::json::<ChildReply>(200, "The child, also one that is deleted.")],
    )
};

pub(super) fn child(call: &Call<'_>) -> Result<Response, Refusal> {
    let in_full = match call.asked.text("nik") {
        None | Some("masked") => false,
        Some("full") => true,
        Some(_) => {
            let detail = "nik is masked or full";
            return Err(Refusal::malformed(detail));
        }
    };
    let id = call.parameters.first().and_then(|id| id.parse::<RecordId>().ok());
    let id = id.ok_or(Refusal::NotFound)?;
    if in_full {
        note_look(call, id)?;
    }
    let reply = call.read(|tx, person, now| {
        may_see(&person, in_full)?;
        let child = child_in_scope(tx, &person, id)?;
        let seen = Seen::read(tx, now)?;
        Ok(json_of(tx, &child, in_full, seen, call.thresholds().child)?)
    })?;
    Response::json(200, &reply).map_err(malformed)
}

/// Puts a look at full numbers into the audit log. Whoever may not look leaves no trace.
pub(super) fn note_look(call: &Call<'_>, id: RecordId) -> Result<(), Refusal> {
    call.write(move |tx, person, now| {
        may_see(&person, true)?;
        let child = child_in_scope(tx, &person, id)?;
        let subject = json!({"child": child.id});
        tx.audit(Who::Worker(person.worker.id), Act::NikSeen, &subject, now.ms)?;
        Ok(())
    })
}

pub(super) fn may_see(person: &Person, in_full: bool) -> Result<(), Refusal> {
    if in_full && !person.worker.role.may(Right::SeeNik) {
        return Err(Refusal::Forbidden);
    }
    Ok(())
}

/// A child of the scope. Missing and forbidden look alike.
pub(super) fn child_in_scope(
    tx: &ReadTx<'_>,
    person: &Person,
    id: RecordId,
) -> Result<Record, Refusal> {
    tx.record(id)?
        .filter(|record| record.kind == Kind::CHILD && person.scope.contains(&record.area))
        .ok_or(Refusal::NotFound)
}

fn json_of(
    tx: &ReadTx<'_>,
    child: &Record,
    in_full: bool,
    seen: Seen,
    bounds: ChildBounds,
) -> Stored<Value> {
    let mut reply = Map::new();
    reply.insert("as_of".to_owned(), json!(seen));
    reply.insert("child".to_owned(), json!(view(tx, child, in_full)?));
    let mut left_out = Map::new();
    let mut shown = vec![child.clone()];
    let mut belonging = tx.records_of_child(child.no)?;
    belonging.sort_by_key(|record| std::cmp::Reverse(record.feed));
    for kind in Kind::all().filter(|kind| kind.parent_field().is_some()) {
        let of_kind = belonging.iter().filter(|record| record.kind == kind);
        let (records, views, missing) = views_of(tx, of_kind, in_full, bounds)?;
        shown.extend(records);
        reply.insert(plural(kind), json!(views));
        left_out.insert(plural(kind), json!(missing));
    }
    let timeline = timeline(tx, &shown, in_full, bounds)?;
    left_out.insert("versions".to_owned(), json!(timeline.left_out));
    reply.insert("history".to_owned(), json!(timeline.versions));
    reply.insert("left_out".to_owned(), Value::Object(left_out));
    Ok(Value::Object(reply))
}

/// The latest of these records, as many as a reply holds, and how many more there are.
pub(super) fn views_of<'r>(
    tx: &ReadTx<'_>,
    records: impl Iterator<Item = &'r Record>,
    in_full: bool,
    bounds: ChildBounds,
) -> Stored<(Vec<Record>, Vec<RecordView>, usize)> {
    let (mut kept, mut views, mut bytes, mut missing) = (Vec::new(), Vec::new(), 0, 0);
    for record in records {
        if kept.len() >= bounds.records || bytes >= bounds.record_bytes {
            missing += 1;
            continue;
        }
        let view = view(tx, record, in_full)?;
        bytes += view.body.as_ref().map_or(0, |body| json!(body).to_string().len());
        kept.push(record.clone());
        views.push(view);
    }
    Ok((kept, views, missing))
}

pub(super) fn view(tx: &ReadTx<'_>, record: &Record, in_full: bool) -> Stored<RecordView> {
    let body = match tx.content(record.state_pos, Register::State)? {
        VersionContent::Body(body) if in_full => Some(body),
        VersionContent::Body(body) => Some(mask_body(&body)),
        VersionContent::Deleted(_) | VersionContent::Place(_) => None,
    };
    let stamp = record.row_stamp();
    let by = match tx.entry_at(record.state_pos)?.worker {
        Some(worker) => tx.worker(worker)?.map(|worker| worker.name).unwrap_or_default(),
        None => "Kantor".to_owned(),
    };
    Ok(RecordView {
        id: record.id,
        area: record.area.clone(),
        feed: record.feed,
        stamp,
        at: Moment::utc(stamp.tick.unix_ms()),
        by,
        deleted: record.deleted,
        body,
    })
}
