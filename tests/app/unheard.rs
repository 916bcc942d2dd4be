//! The server has committed, and its answer never arrives.

use super::Puskesmas;
use sync_tests::{Launch, Strace};

#[test]
fn what_a_dying_server_took_is_sent_again_and_is_there_once() {
    let (puskesmas, mut server, _profile, app) = Puskesmas::with_siti();
    let url = server.url.clone();
    server.kill();
    let child = app.add_child("BINTANG");
    app.measure(&child, ("2026-05-05", "8,9", "74,0"));

    // It dies on its way into the call that sends the answer.
    let inject = vec!["sendto,writev,sendmsg:signal=KILL:when=1".to_owned()];
    let strace = Strace { inject, ..Strace::default() };
    let dying = Launch { strace: Some(&strace), ..Launch::default() };
    let dying = puskesmas.launch_at(&url, dying);
    app.send_now();
    dying.ended();
    app.reads("2 perubahan menunggu terkirim");

    let server = puskesmas.server_at(&url);
    let supervisor = puskesmas.supervisor(&server);
    let arrived = supervisor.children();
    assert_eq!(arrived.len(), 1, "it died before its commit: {arrived:?}");
    app.send();
    assert_eq!(supervisor.children(), arrived);
    let id = child.trim_start_matches("/anak/");
    let one = supervisor.ask(&format!("/v1/children/{id}"));
    let count = |list: &str| one[list].as_array().unwrap().len();
    assert_eq!((count("measurements"), count("history")), (1, 2), "{one}");
}
