//! One village day: two tablets work without signal, then sync. What merged, what conflicted, who won.

use super::clock::StoryClock;
use super::kecamatan::Kecamatan;
use super::story::{heading, say};
use super::tablet::{Tablet, TabletClock};
use crate::admin::devices::list_devices;
use crate::admin::people::make_code;
use crate::service::Service;
use crate::store::StoreError;
use crate::sync::server_time;
use std::path::Path;
use std::sync::Arc;
use sync_protocol::area::{Area, Scope};
use sync_protocol::body::Body;
use sync_protocol::ids::RecordId;
use sync_protocol::record::{Kind, child, measurement};
use sync_protocol::time::{CivilDate, DAY_MS};
use sync_replica::SyncReport;

pub(super) const SITI_FILE: &str = "tablet-siti.db";
pub(super) const BUDI_FILE: &str = "tablet-budi.db";

const THREE_DAYS_MS: i64 = 3 * DAY_MS;
const SITIS_PHONE: &str = "0800-0000-1111";
const BUDIS_PHONE: &str = "0800-0000-2222";

pub(super) fn play(
    service: &Service,
    kecamatan: &Kecamatan,
    clock: &Arc<StoryClock>,
    url: &str,
    dir: &Path,
) -> anyhow::Result<()> {
    heading("Morning at the puskesmas: two tablets are enrolled and sync for the first time");
    let enrol = |worker, file: &str, name: &str, skew_ms| -> anyhow::Result<Tablet> {
        let code = make_code(service, worker)?.code;
        let clock = TabletClock { story: Arc::clone(clock), skew_ms };
        Tablet::enrol(&dir.join(file), url, &code, name, clock)
    };
    let mut siti = enrol(kecamatan.siti, SITI_FILE, "Tablet Siti", 0)?;
    let mut budi = enrol(kecamatan.budi, BUDI_FILE, "Tablet Budi", THREE_DAYS_MS)?;
    say(&format!("Siti's tablet: {} rows received.", siti.sync()?.rows));
    say(&format!("Budi's tablet: {} rows received. Its clock is 3 days fast.", budi.sync()?.rows));

    heading("The day in the villages, without signal");
    let children = siti.replica.list(Kind::CHILD)?;
    let in_shared = |child: &&sync_replica::Shown| child.area.as_ref() == Some(&kecamatan.shared);
    let mut shared_children = children.iter().filter(in_shared);
    let (Some(disputed), Some(leaving)) = (shared_children.next(), shared_children.next()) else {
        anyhow::bail!("the shared village needs two children");
    };
    let today =
        service.read_as_operator::<_, StoreError>(|tx, now| server_time::today(tx, now.ms))?;
    clock.hours_pass(3);
    budis_day(&mut budi, kecamatan, disputed.id, today)?;
    clock.hours_pass(2);
    sitis_day(&mut siti, kecamatan, disputed.id, leaving.id, today)?;

    clock.hours_pass(3);
    heading("Evening: signal again");
    tell("Budi", &budi.sync()?);
    tell("Siti", &siti.sync()?);
    tell("Budi", &budi.sync()?);

    heading("What the server says");
    tell_clocks(service)?;
    tell_digests(service, kecamatan, &siti, &budi)
}

fn budis_day(
    budi: &mut Tablet,
    kecamatan: &Kecamatan,
    disputed: RecordId,
    today: CivilDate,
) -> anyhow::Result<()> {
    add_child(budi, &kecamatan.shared, "BAYI CONTOH DARI BUDI", today)?;
    say("Budi registers a baby and weighs it.");
    edit_phone(budi, disputed, BUDIS_PHONE)?;
    say(&format!("Budi corrects a child's phone number to {BUDIS_PHONE}."));
    let outside = newborn("ANAK CONTOH DI LUAR WILAYAH", today);
    budi.replica.save(Kind::CHILD, None, Some(kecamatan.elsewhere.clone()), outside)?;
    say("Budi also enters a child of a desa that is not his.");
    Ok(())
}

fn sitis_day(
    siti: &mut Tablet,
    kecamatan: &Kecamatan,
    disputed: RecordId,
    leaving: RecordId,
    today: CivilDate,
) -> anyhow::Result<()> {
    add_child(siti, &kecamatan.shared, "BAYI CONTOH DARI SITI", today)?;
    say("Siti registers a baby and weighs it.");
    edit_phone(siti, disputed, SITIS_PHONE)?;
    say(&format!("Siti, later than Budi, corrects the same phone number to {SITIS_PHONE}."));
    siti.replica.move_child(leaving, kecamatan.elsewhere.clone())?;
    say("Siti hands a child over to another desa.");
    Ok(())
}

fn newborn(name: &str, today: CivilDate) -> Body {
    Body::new()
        .with(child::NAME, name)
        .with(child::SEX, "P")
        .with(child::BIRTH_DATE, today.to_string())
}

fn add_child(tablet: &mut Tablet, area: &Area, name: &str, today: CivilDate) -> anyhow::Result<()> {
    let saved = tablet.replica.save(Kind::CHILD, None, Some(area.clone()), newborn(name, today))?;
    let weighing = Body::new()
        .with(measurement::CHILD_ID, saved.id.to_string())
        .with(measurement::MEASURED_ON, today.to_string())
        .with(measurement::WEIGHT_G, 3_100)
        .with(measurement::HEIGHT_MM, 490)
        .with(measurement::POSITION, "terlentang");
    tablet.replica.save(Kind::MEASUREMENT, None, None, weighing)?;
    Ok(())
}

fn edit_phone(tablet: &mut Tablet, id: RecordId, phone: &str) -> anyhow::Result<()> {
    let shown = tablet.replica.record(Kind::CHILD, id)?;
    let body = shown.as_ref().and_then(|shown| shown.body()).cloned().unwrap_or_default();
    tablet.replica.save(Kind::CHILD, Some(id), None, body.with(child::PHONE, phone))?;
    Ok(())
}

fn tell(name: &str, report: &SyncReport) {
    say(&format!(
        "{name} syncs: {} changes sent ({} applied, {} superseded, {} parked), {} rows received{}.",
        report.sent,
        report.applied,
        report.superseded,
        report.parked,
        report.rows,
        if report.complete { ", complete" } else { "" }
    ));
}

fn tell_clocks(service: &Service) -> anyhow::Result<()> {
    for listed in list_devices(service)? {
        let minutes = listed.device.skew_ms.unwrap_or(0) / 60_000;
        let hours = (minutes + minutes.signum() * 30) / 60;
        say(&format!(
            "{}: clock measured {hours} h off, {} changes stored.",
            listed.device.name, listed.device.acked
        ));
    }
    Ok(())
}

fn tell_digests(
    service: &Service,
    kecamatan: &Kecamatan,
    siti: &Tablet,
    budi: &Tablet,
) -> anyhow::Result<()> {
    let scope = Scope::of([kecamatan.shared.clone()]);
    let server = service.read_as_operator::<_, StoreError>(|tx, _| tx.digests(&scope))?;
    let of =
        |digests: &std::collections::BTreeMap<Area, _>| digests.get(&kecamatan.shared).copied();
    let agree = [siti.replica.digest()?, budi.replica.digest()?]
        .iter()
        .all(|tablet| of(tablet) == of(&server));
    let rows = of(&server).map_or(0, |digest| digest.count);
    if !agree {
        anyhow::bail!("the tablets and the server do not agree on the shared desa");
    }
    say(&format!(
        "Desa {}: both tablets and the server hold the same {rows} rows, digest for digest.",
        kecamatan.shared
    ));
    Ok(())
}
