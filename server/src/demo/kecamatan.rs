//! Kecamatan Jarai, filled: real area codes, synthetic children with twelve months of weighings.

use super::population::Population;
use super::story;
use crate::access::Actor;
use crate::admin::people::add_worker;
use crate::admin::reference::{import_areas, import_posyandu, import_puskesmas};
use crate::admin::sasaran::{Defaults, import_sasaran};
use crate::import::names::name_key;
use crate::refusal::Refusal;
use crate::service::Service;
use crate::store::{GrantOf, ReadTx, Role, StoreError};
use crate::sync::office::{Office, new_record_id};
use crate::sync::server_time;
use anyhow::Context;
use std::sync::Arc;
use sync_protocol::area::Area;
use sync_protocol::body::Body;
use sync_protocol::change::{Change, Edit};
use sync_protocol::ids::{RecordId, WorkerId};
use sync_protocol::record::{Kind, child, measurement};
use sync_protocol::time::CivilDate;

/// Area codes and names of Kabupaten Lahat, Kepmendagri 300.2.2-2138/2025.
const AREAS: &str = include_str!("../../../fixtures/area/lahat.csv");
const PUSKESMAS: &str = include_str!("../../../fixtures/area/puskesmas.csv");
const POSYANDU: &str = include_str!("../../../fixtures/area/posyandu.csv");

const JARAI: &str = "16.04.06";
const SEED: u64 = 160_406;
/// Changes that one write job takes.
const CHANGES_PER_JOB: usize = 500;

/// The people of the demo and where they work.
#[derive(Debug)]
pub(super) struct Kecamatan {
    pub siti: WorkerId,
    pub budi: WorkerId,
    /// Both work here.
    pub shared: Area,
    /// Nobody of the two works here.
    pub elsewhere: Area,
}

/// Imports areas and the target list, adds the measurements of a year and the people.
pub(super) fn fill(service: &Service, children: usize) -> anyhow::Result<Kecamatan> {
    let areas = import_areas(service, AREAS.as_bytes())?;
    import_puskesmas(service, PUSKESMAS.as_bytes())?;
    import_posyandu(service, POSYANDU.as_bytes())?;
    story::say(&format!("Kabupaten Lahat: {} areas imported.", areas.rows));

    let today =
        service.read_as_operator::<_, StoreError>(|tx, now| server_time::today(tx, now.ms))?;
    let jarai = known_areas(service, &JARAI.parse()?)?;
    let population = Population::of(SEED, &jarai, today, children);
    let sheet = population.sasaran_csv();
    let imported = import_sasaran(service, sheet.as_bytes(), &Defaults::default(), &mut |_, _| ())?;
    story::say(&format!(
        "Kecamatan Jarai: {} synthetic children imported from a file in e-PPGBM's layout.",
        imported.added
    ));
    let weighings = add_measurements(service, population, today)?;
    story::say(&format!("Twelve months at the posyandu: {weighings} measurements."));
    add_people(service, &jarai)
}

/// The desa where both tablets work.
pub(super) fn first_village(service: &Service) -> anyhow::Result<Area> {
    let areas = known_areas(service, &JARAI.parse()?)?;
    let mut villages = areas.into_iter().map(|(area, _)| area).filter(Area::is_village);
    villages.next().context("the demo has no village")
}

fn known_areas(service: &Service, inside: &Area) -> anyhow::Result<Vec<(Area, String)>> {
    let areas = service.read_as_operator::<_, StoreError>(|tx, _| tx.areas())?;
    let inside = areas.into_iter().filter(|area| inside.contains(&area.code));
    Ok(inside.map(|area| (area.code, area.name)).collect())
}

fn add_people(service: &Service, jarai: &[(Area, String)]) -> anyhow::Result<Kecamatan> {
    let mut villages = jarai.iter().map(|(area, _)| area).filter(|area| area.is_village()).cloned();
    let (Some(shared), Some(of_siti), Some(elsewhere)) =
        (villages.next(), villages.next(), villages.next())
    else {
        anyhow::bail!("the demo needs three villages");
    };
    let grants =
        |areas: &[&Area]| areas.iter().map(|area| GrantOf::Area((*area).clone())).collect();
    let worker = |name: &str, role, areas: &[&Area]| {
        add_worker(service, name.to_owned(), role, grants(areas))
    };
    let kecamatan = Kecamatan {
        siti: worker("Siti (contoh)", Role::Tenaga, &[&shared, &of_siti])?,
        budi: worker("Budi (contoh)", Role::Tenaga, &[&shared])?,
        shared,
        elsewhere,
    };
    worker("Ibu Rina (contoh)", Role::Penyelia, &[&JARAI.parse()?])?;
    worker("Pak Anton (contoh)", Role::Admin, &[&JARAI.parse()?])?;
    Ok(kecamatan)
}

/// Stores last year's measurements as changes of the office, as an import of them would.
fn add_measurements(
    service: &Service,
    population: Population,
    today: CivilDate,
) -> anyhow::Result<usize> {
    let mut bodies = Vec::new();
    let children = population.children;
    service.read_as_operator::<_, StoreError>(|tx, _| {
        for child in children {
            let Some(id) = find(tx, &child.body, &child.area)? else { continue };
            // Today's round is left to the tablets.
            let earlier = child
                .measurements
                .into_iter()
                .filter(|body| body.date(measurement::MEASURED_ON) < Some(today));
            bodies.extend(earlier.map(|body| body.with(measurement::CHILD_ID, id.to_string())));
        }
        Ok(())
    })?;
    let total = bodies.len();
    while !bodies.is_empty() {
        let job: Vec<Body> = bodies.drain(..bodies.len().min(CHANGES_PER_JOB)).collect();
        let random = Arc::clone(service.random());
        service.write_as_operator::<_, Refusal, _>(move |tx, now| {
            let mut office = Office::begin(tx, Actor::office(), now.ms)?;
            for body in job {
                let id = new_record_id(now.ms, &*random);
                let edit = Edit::Body { body, area: None };
                office.change(&Change { kind: Kind::MEASUREMENT, id, edit }, None)?;
            }
            Ok(office.finish()?)
        })?;
    }
    Ok(total)
}

fn find(tx: &ReadTx<'_>, body: &Body, area: &Area) -> Result<Option<RecordId>, StoreError> {
    let (Some(born), Some(sex), Some(name)) =
        (body.date(child::BIRTH_DATE), body.text(child::SEX), body.text(child::NAME))
    else {
        return Ok(None);
    };
    let key = name_key(name);
    let known = tx.children_born_on(born, sex)?;
    Ok(known
        .into_iter()
        .find(|known| known.area == *area && name_key(&known.name) == key)
        .map(|known| known.id))
}
