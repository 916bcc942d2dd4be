use super::*;
use crate::access::secret::HASHINGS;
use crate::platform::{SystemClock, SystemRandom};
use crate::service::Service;
use crate::store::NewWorker;
use std::sync::Arc;
use tempfile::TempDir;

const PASSWORD: &str = "kata sandi contoh";

/// Rina, who may log in, and Dewi, who may not any more.
fn service() -> (TempDir, Service) {
    let dir = tempfile::tempdir().unwrap();
    let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    let service = Service::open(dir.path(), clock, random).unwrap();
    let password = NewPassword::of(PASSWORD, &SystemRandom).unwrap();
    service
        .write_as_operator::<_, LoginFault, _>(move |tx, now| {
            let made_ms = now.ms;
            for (number, name) in [(1, "rina"), (2, "dewi")] {
                let id = WorkerId(uuid::Uuid::from_u128(number));
                let name_of = name.to_owned();
                tx.add_worker(&NewWorker { id, name: name_of, role: Role::Admin, made_ms })?;
                set_password(tx, Who::CommandLine, id, name, &password, made_ms)?;
            }
            disable(tx, Who::CommandLine, WorkerId(uuid::Uuid::from_u128(2)), made_ms)?;
            Ok(())
        })
        .unwrap();
    (dir, service)
}

#[test]
fn every_try_to_log_in_is_the_same_work_whatever_names_there_are() {
    let (_dir, service) = service();
    let long = "x".repeat(PASSWORD_BYTES_MAX + 1);
    for (name, password, is_let_in) in [
        ("rina", PASSWORD, true),
        ("rina", "kata sandi lain", false),
        ("rina", &long, false),
        ("dewi", PASSWORD, false),
        ("dewi", &long, false),
        ("siapa", PASSWORD, false),
        ("siapa", &long, false),
    ] {
        let before = HASHINGS.get();
        let session = service.log_in(name, password).unwrap();
        assert_eq!(session.is_some(), is_let_in, "{name}");
        assert_eq!(HASHINGS.get() - before, 1, "{name}, {} bytes", password.len());
    }
}
