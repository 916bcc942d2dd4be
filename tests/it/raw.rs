//! What somebody finds who has the server's files: no secret at any time, and of what was deleted
//! nothing.

use rusqlite::Connection;
use server::admin::people;
use server::store::{DATABASE_FILE, Role, SheetOf, StoreError};
use std::path::Path;
use sync_protocol::time::parse_date;
use sync_tests::{Device, KECAMATAN, OFFICE_PASSWORD, SADAN, World, area};

/// Names of the files below a folder that hold these bytes.
fn holding(folder: &Path, bytes: &[u8]) -> Vec<String> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .filter(|file| file.is_file())
        .filter(|file| std::fs::read(file).unwrap().windows(bytes.len()).any(|part| part == bytes))
        .map(|file| file.file_name().unwrap().to_string_lossy().into_owned())
        .collect()
}

#[test]
fn no_file_of_the_server_holds_a_token_a_code_or_a_password() {
    let world = World::default();
    let worker = world.worker("Siti", &[SADAN]);
    let code = world.code(worker);
    let client = world.server.client();
    let device = Device::try_enrol(&client, &code, &Device::new_install()).json();
    let person = people::make_token(world.service(), worker).unwrap();
    let unused = world.code(worker);
    world.office("Rina", Role::Penyelia, &[KECAMATAN]);
    let token = device["token"].as_str().unwrap();
    let found = holding(world.data(), b"Rina");
    assert!(!found.is_empty(), "names are found where they stand");
    for secret in [&code, &unused, &person, token, OFFICE_PASSWORD] {
        // With and without what tells one kind of token from another.
        for part in [secret, secret.rsplit('_').next().unwrap()] {
            assert_eq!(holding(world.data(), part.as_bytes()), Vec::<String>::new(), "{part}");
        }
    }
}

#[test]
fn what_was_deleted_is_in_no_file_of_the_server() {
    const FIRST: &str = r#"{"catatan":"yang pertama kali diketik"}"#;
    const SECOND: &str = r#"{"catatan":"yang diketik sesudahnya"}"#;
    let world = World::default();
    world.office("Rina", Role::Penyelia, &[KECAMATAN]);
    let worker = people::list_workers(world.service()).unwrap()[0].0.id;
    let of = SheetOf { area: area(SADAN), posyandu: None, day: parse_date("2026-11-24").unwrap() };
    for fields in [FIRST, SECOND] {
        let of = of.clone();
        let service = world.service();
        service
            .write_as_operator::<_, StoreError, _>(move |tx, _| {
                tx.put_draft(worker, &of, fields, 0)
            })
            .unwrap();
    }
    let db = Connection::open(world.data().join(DATABASE_FILE)).unwrap();
    let session: [u8; 32] = db.query_row("SELECT hash FROM session", [], |row| row.get(0)).unwrap();
    drop(db);
    let gone = [FIRST.as_bytes(), SECOND.as_bytes(), &session];
    assert!(gone.iter().all(|bytes| !holding(world.data(), bytes).is_empty()), "it was there");

    world
        .service()
        .write_as_operator::<_, StoreError, _>(move |tx, _| tx.drop_draft(worker, &of))
        .unwrap();
    people::set_password(world.service(), worker, None, "kata sandi yang lain").unwrap();
    let data = world.data().to_owned();
    drop(world.server);
    for bytes in gone {
        let text = String::from_utf8_lossy(bytes);
        assert_eq!(holding(&data, bytes), Vec::<String>::new(), "{text}");
    }
}
