use super::*;
use crate::access::secret::HASHINGS;
use crate::platform::SystemRandom;
use crate::store::{FirstEpoch, NewWorker};
use tempfile::TempDir;

const NOW: i64 = 1_795_486_500_000;
const PASSWORD: &str = "kata sandi contoh";

/// Rina, who may log in, and Dewi, who may not any more.
fn store() -> (TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), FirstEpoch { epoch: [7; 16], now_ms: NOW }).unwrap();
    let password = NewPassword::of(PASSWORD, &SystemRandom).unwrap();
    store
        .write::<_, LoginFault, _>(move |tx| {
            for (number, name) in [(1, "rina"), (2, "dewi")] {
                let id = WorkerId(uuid::Uuid::from_u128(number));
                let name_of = name.to_owned();
                tx.add_worker(&NewWorker { id, name: name_of, role: Role::Admin, made_ms: NOW })?;
                set_password(tx, Who::CommandLine, id, name, &password, NOW)?;
            }
            disable(tx, Who::CommandLine, WorkerId(uuid::Uuid::from_u128(2)), NOW)?;
            Ok(())
        })
        .unwrap();
    (dir, store)
}

#[test]
fn every_try_to_log_in_is_the_same_work_whatever_names_there_are() {
    let (_dir, store) = store();
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
        let session = log_in(&store, name, password, NOW, &SystemRandom).unwrap();
        assert_eq!(session.is_some(), is_let_in, "{name}");
        assert_eq!(HASHINGS.get() - before, 1, "{name}, {} bytes", password.len());
    }
}
