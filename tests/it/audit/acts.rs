//! The table: of each act, and of each place in the code that writes one, how it is done and what
//! the log says of it then.

use serde_json::{Value, json};
use server::admin::export::ExportOrder;
use server::admin::mirror::import_mirror;
use server::admin::outbox::import_outbox;
use server::admin::people;
use server::backup;
use server::export::csv::CsvOptions;
use server::export::{Format, What};
use server::platform::{Clock, Random, SystemRandom};
use server::restore::restore;
use server::store::{Act, GrantOf, Role, Who};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use sync_protocol::ids::{RecordId, WorkerId};
use sync_tests::{
    Device, FAR_DESA, KECAMATAN, OFFICE_PASSWORD, Office, SADAN, World, any_id, area, child_body,
    measurement_body,
};

/// Who did it, and on what.
pub(super) struct Entry {
    pub(super) who: Value,
    pub(super) subject: Value,
}

/// What is left to do once everything is ready.
type Deed = Box<dyn FnOnce(&World) -> Entry>;

pub(super) struct Row {
    pub(super) act: Act,
    /// The source that writes it.
    pub(super) place: &'static str,
    pub(super) prepare: fn(&World) -> Deed,
}

const fn row(act: Act, place: &'static str, prepare: fn(&World) -> Deed) -> Row {
    Row { act, place, prepare }
}

pub(super) const ACTS: &[Row] = &[
    row(Act::WorkerAdded, "admin/people.rs", |_| {
        at_the_machine(|world| {
            let worker = world.worker("Siti", &[SADAN]);
            json!({"worker": worker, "role": "tenaga", "grants": [SADAN]})
        })
    }),
    row(Act::Granted, "admin/people.rs", |world| {
        let worker = world.worker("Siti", &[SADAN]);
        at_the_machine(move |world| {
            world.grant(worker, FAR_DESA);
            json!({"worker": worker, "grants": [FAR_DESA]})
        })
    }),
    row(Act::GrantEnded, "admin/people.rs", |world| {
        let worker = world.worker("Siti", &[SADAN, FAR_DESA]);
        at_the_machine(move |world| {
            world.ungrant(worker, FAR_DESA, true);
            json!({"worker": worker, "grants": [FAR_DESA], "for_cause": true})
        })
    }),
    row(Act::CodeMade, "admin/people.rs", |world| {
        let worker = world.worker("Siti", &[SADAN]);
        at_the_machine(move |world| {
            world.code(worker);
            json!({"worker": worker})
        })
    }),
    row(Act::CodeMade, "http/web/tablets.rs", |world| {
        let worker = world.worker("Siti", &[SADAN]);
        at_a_desk(world, Role::Admin, move |desk| {
            desk.send("/tablet/kode", &[("worker", &worker.to_string())]);
            json!({"worker": worker})
        })
    }),
    row(Act::TokenMade, "admin/people.rs", |world| {
        let rina = penyelia(world);
        at_the_machine(move |world| {
            people::make_token(world.service(), rina).unwrap();
            json!({"worker": rina})
        })
    }),
    row(Act::TokenRevoked, "admin/people.rs", |world| {
        let rina = penyelia(world);
        people::make_token(world.service(), rina).unwrap();
        at_the_machine(move |world| {
            people::revoke_tokens(world.service(), rina).unwrap();
            json!({"worker": rina})
        })
    }),
    row(Act::PasswordSet, "access/login.rs", |world| {
        let rina = penyelia(world);
        at_the_machine(move |world| {
            people::set_password(world.service(), rina, Some("rina.b"), OFFICE_PASSWORD).unwrap();
            json!({"worker": rina, "login": "rina.b"})
        })
    }),
    row(Act::PasswordSet, "access/login.rs", |world| {
        let rina = penyelia(world);
        at_a_desk(world, Role::Admin, move |desk| {
            let typed =
                [("nama", "rina.b"), ("sandi", OFFICE_PASSWORD), ("sandi2", OFFICE_PASSWORD)];
            desk.send(&format!("/petugas/{rina}/sandi"), &typed);
            json!({"worker": rina, "login": "rina.b"})
        })
    }),
    row(Act::PasswordSet, "access/login.rs", |world| {
        at_a_desk(world, Role::Pengamat, move |desk| {
            let new = "sandi baru sekali";
            desk.send("/sandi", &[("lama", OFFICE_PASSWORD), ("sandi", new), ("sandi2", new)]);
            json!({"worker": desk.person, "login": "meja"})
        })
    }),
    row(Act::LoginDisabled, "access/login.rs", |world| {
        let rina = penyelia(world);
        people::set_password(world.service(), rina, Some("rina.b"), OFFICE_PASSWORD).unwrap();
        at_the_machine(move |world| {
            assert!(people::disable_login(world.service(), rina).unwrap());
            json!({"worker": rina})
        })
    }),
    row(Act::LoginDisabled, "access/login.rs", |world| {
        let rina = penyelia(world);
        people::set_password(world.service(), rina, Some("rina.b"), OFFICE_PASSWORD).unwrap();
        at_a_desk(world, Role::Admin, move |desk| {
            desk.send(&format!("/petugas/{rina}/nonaktif"), &[("yakin", "ya")]);
            json!({"worker": rina})
        })
    }),
    row(Act::LoggedIn, "access/login.rs", |world| {
        let rina = penyelia(world);
        people::set_password(world.service(), rina, Some("rina.b"), OFFICE_PASSWORD).unwrap();
        Box::new(move |world| {
            Office::log_in(&world.server.url(), "rina.b", OFFICE_PASSWORD);
            Entry { who: json!({"worker": rina}), subject: json!({}) }
        })
    }),
    row(Act::DeviceEnrolled, "access/enrolment.rs", |world| {
        let worker = world.worker("Siti", &[SADAN]);
        let code = world.code(worker);
        Box::new(move |world| {
            let clock = Arc::new(world.time.clone());
            let device = Device::enrol(world.server.client(), &code, clock);
            Entry { who: json!({"worker": worker}), subject: json!({"device": device.number}) }
        })
    }),
    row(Act::DeviceDrained, "access/retire.rs", |world| {
        let device = world.device("Siti", &[SADAN]).number;
        at_the_machine(move |world| {
            world.drain(device);
            json!({"device": device})
        })
    }),
    row(Act::DeviceDrained, "access/retire.rs", |world| {
        let device = world.device("Siti", &[SADAN]).number;
        at_a_desk(world, Role::Admin, move |desk| {
            desk.send(&format!("/tablet/{device}/tarik"), &[]);
            json!({"device": device})
        })
    }),
    row(Act::DeviceRevoked, "access/retire.rs", |world| {
        let device = world.device("Siti", &[SADAN]).number;
        at_the_machine(move |world| {
            world.revoke(device);
            json!({"device": device})
        })
    }),
    row(Act::DeviceRevoked, "access/retire.rs", |world| {
        let device = world.device("Siti", &[SADAN]).number;
        at_a_desk(world, Role::Penyelia, move |desk| {
            desk.send(&format!("/tablet/{device}/cabut"), &[("yakin", "ya")]);
            json!({"device": device})
        })
    }),
    row(Act::DeviceWiped, "sync/push.rs", |world| {
        let device = world.device("Siti", &[SADAN]);
        world.drain(device.number);
        Box::new(move |_| {
            let mut envelope = device.envelope(&[]);
            envelope["status"]["wiping"] = json!(true);
            assert_eq!(device.post(&envelope).status, 200);
            let number = json!({"device": device.number});
            Entry { who: number.clone(), subject: number }
        })
    }),
    row(Act::FileImported, "admin/outbox.rs", |world| {
        let install = Device::new_install();
        let mut device = world.device_of_install(world.worker("Siti", &[SADAN]), &install);
        at_the_machine(move |world| {
            let change = device.child(any_id(), SADAN, &child_body("Ani"));
            let file = json!({"timbang_outbox": 1, "device": device.number, "install": install,
                "epoch": null, "written_at": device.shows(), "last_seq": 1, "changes": [change]});
            let file = file.to_string().into_bytes();
            import_outbox(world.service(), &file).unwrap();
            json!({"kind": "outbox", "sha256": sum(&file), "device": device.number, "changes": 1,
                "new": 1})
        })
    }),
    row(Act::FileImported, "admin/mirror.rs", |world| {
        let mut tablet = world.tablet("Siti", &[SADAN]);
        tablet.save_child("Ani", &area(SADAN));
        tablet.sync();
        at_the_machine(move |world| {
            import_mirror(world.service(), &tablet.path()).unwrap();
            json!({"kind": "mirror", "rows": 1, "put_in": 0, "left_out": 0})
        })
    }),
    row(Act::Exported, "admin/export.rs", |world| {
        child(world);
        at_the_machine(|world| {
            let order = ExportOrder {
                what: What::Children,
                format: Format::Csv,
                filters: server::access::selection::Filters {
                    area: Some(area(SADAN)),
                    ..Default::default()
                },
                csv: CsvOptions::default(),
                recap_by: Default::default(),
            };
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("children.csv");
            server::admin::export::export(world.service(), &order, &file).unwrap();
            exported(world)
        })
    }),
    row(Act::Exported, "http/export.rs", |world| {
        child(world);
        by_a_program(world, |world, program| {
            let reply = program.get(world, &format!("/v1/export/children.csv?area={SADAN}"));
            assert_eq!(reply.status, 200, "{}", reply.text());
            exported(world)
        })
    }),
    row(Act::NikSeen, "http/children.rs", |world| {
        let child = child(world);
        by_a_program(world, move |world, program| {
            let reply = program.get(world, &format!("/v1/children/{child}?nik=full"));
            assert_eq!(reply.status, 200, "{}", reply.text());
            json!({"child": child})
        })
    }),
    row(Act::NikSeen, "http/children.rs", |world| {
        let child = child(world);
        at_a_desk(world, Role::Penyelia, move |desk| {
            desk.send(&format!("/balita/{child}/nik"), &[]);
            json!({"child": child})
        })
    }),
    row(Act::ConflictDecided, "sync/review/decide.rs", |world| {
        let child = child(world);
        let mut other = world.device("Budi", &[SADAN]);
        let edit = other.body("child", child, None, &child_body("Ani B."));
        other.push_one(edit);
        by_a_program(world, move |world, program| {
            let conflict = program.get(world, "/v1/conflicts").json()["conflicts"][0].clone();
            let address = format!("/v1/conflicts/{}", conflict["id"]);
            let ruling = json!({"decision": "take", "winner": conflict["winner_stamp"]});
            let decided = program.post(world, &address, &ruling);
            json!({"conflict": conflict["id"], "record": child, "decision": "take",
                "stamp": decided["stamp"]})
        })
    }),
    row(Act::ParkedReleased, "sync/review/settle.rs", |world| {
        settled(world, |_| json!({"decision": "release"}))
    }),
    row(Act::ParkedDiscarded, "sync/review/settle.rs", |world| {
        settled(world, |_| json!({"decision": "discard", "reason": "salah"}))
    }),
    row(Act::ParkedMended, "sync/review/settle.rs", |world| {
        settled(world, |child| json!({"decision": "mend", "body": measurement_body(child, 8_000)}))
    }),
    row(Act::RecordEntered, "sync/enter.rs", |world| {
        by_a_program(world, |world, program| {
            let body = json!({"kind": "child", "area": SADAN, "body": child_body("Ani")});
            let entered = program.post(world, "/v1/records", &body);
            json!({"record": entered["id"], "kind": "child", "stamp": entered["stamp"]})
        })
    }),
    row(Act::BackedUp, "backup.rs", |_| {
        at_the_machine(|world| {
            let folder = tempfile::tempdir().unwrap();
            let made = backup::make(world.data(), &folder.path().join("salinan.db")).unwrap();
            backup::note(world.service(), Who::CommandLine, &made).unwrap();
            json!({"file": "salinan.db", "bytes": made.bytes, "sha256": made.sha256,
                "feed": made.holds.unwrap().feed})
        })
    }),
    row(Act::Restored, "restore.rs", |world| {
        let rina = penyelia(world);
        people::make_token(world.service(), rina).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("salinan.db");
        let made = backup::make(world.data(), &file).unwrap();
        let head = made.holds.clone().unwrap();
        at_the_machine(move |world| {
            let _kept = folder;
            let clock: Arc<dyn Clock> = Arc::new(world.time.clone());
            let restored = restore(
                world.data(),
                &file,
                true,
                &clock,
                &(Arc::new(SystemRandom) as Arc<dyn Random>),
            )
            .unwrap();
            let (row, hash) = head.audit_head.unwrap();
            let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
            json!({"backup_sha256": made.sha256, "epoch_before": head.epoch,
                "epoch": restored.epoch, "devices_lost": [], "devices_shut": [],
                "codes_ended": 0, "tokens_ended": 1, "grants_ended": 0,
                "replaced_audit_head": [row, hash]})
        })
    }),
];

/// By somebody with access to the machine.
fn at_the_machine(deed: impl FnOnce(&World) -> Value + 'static) -> Deed {
    Box::new(|world| {
        let subject = deed(world);
        Entry { who: json!("command line"), subject }
    })
}

fn penyelia(world: &World) -> WorkerId {
    let grants = vec![GrantOf::Area(area(KECAMATAN))];
    people::add_worker(world.service(), "Rina".to_owned(), Role::Penyelia, grants).unwrap()
}

/// A program with a penyelia's token.
struct Program {
    token: String,
}

impl Program {
    fn get(&self, world: &World, address: &str) -> sync_tests::Reply {
        world.server.client().get(address).token(&self.token).send()
    }

    fn post(&self, world: &World, address: &str, body: &Value) -> Value {
        let reply = world.server.client().post(address).token(&self.token).json(body).send();
        assert!((200..300).contains(&reply.status), "{address}: {}", reply.text());
        reply.json()
    }
}

fn by_a_program(world: &World, deed: impl FnOnce(&World, &Program) -> Value + 'static) -> Deed {
    let rina = penyelia(world);
    let program = Program { token: people::make_token(world.service(), rina).unwrap() };
    Box::new(move |world| {
        let subject = deed(world, &program);
        Entry { who: json!({"worker": rina}), subject }
    })
}

/// Somebody at the pages.
struct Desk {
    office: Office,
    person: WorkerId,
    key: String,
}

impl Desk {
    fn send(&mut self, address: &str, fields: &[(&str, &str)]) {
        let key = [("csrf", self.key.as_str())];
        let fields = fields.iter().chain(&key);
        let fields: Vec<(String, String)> =
            fields.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let page = self.office.send(address, &fields);
        assert_eq!(page.status(), 200, "{address}: {page:?}");
    }
}

fn at_a_desk(world: &World, role: Role, deed: impl FnOnce(&mut Desk) -> Value + 'static) -> Deed {
    let office = world.office("Meja", role, &[KECAMATAN]);
    let key = office.get("/sandi").attributes("form.who input[name=csrf]", "value").remove(0);
    let people = people::list_workers(world.service()).unwrap();
    let person = people.into_iter().find(|(worker, _)| worker.name == "Meja").unwrap().0.id;
    let mut desk = Desk { office, person, key };
    Box::new(move |_| {
        let subject = deed(&mut desk);
        Entry { who: json!({"worker": desk.person}), subject }
    })
}

fn child(world: &World) -> RecordId {
    let child = any_id();
    let mut device = world.device("Siti", &[SADAN]);
    let change = device.child(child, SADAN, &child_body("Ani").with("nik", "1604065205259001"));
    device.push_one(change);
    child
}

/// A weighing of a day to come, and what becomes of it.
fn settled(world: &World, settlement: fn(RecordId) -> Value) -> Deed {
    let (child, weighing) = (child(world), any_id());
    let mut device = world.device("Budi", &[SADAN]);
    let body = measurement_body(child, 8_000).with("measured_on", "2026-11-30");
    let change = device.body("measurement", weighing, None, &body);
    device.push_one(change);
    by_a_program(world, move |world, program| {
        let parked = program.get(world, "/v1/parked").json()["parked"][0].clone();
        program.post(world, &format!("/v1/parked/{}", parked["id"]), &settlement(child));
        json!({"change": parked["id"], "device": device.number, "seq": 1, "record": weighing})
    })
}

/// What is said of a file of the children of one desa, of whom there is one.
fn exported(world: &World) -> Value {
    let feed = world.read(|tx| tx.server()).feed;
    json!({"what": "children", "format": "csv", "areas": [SADAN], "posyandu": null, "month": null,
        "rows": 1, "feed": feed})
}

fn sum(file: &[u8]) -> String {
    Sha256::digest(file).iter().map(|byte| format!("{byte:02x}")).collect()
}
