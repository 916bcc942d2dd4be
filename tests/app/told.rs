//! What the worker is told stays on the screen that a sync draws anew.

use super::Puskesmas;

#[test]
fn a_save_with_a_signal_is_told_until_it_is_sent_and_then_as_sent() {
    let (_puskesmas, _server, _profile, app) = Puskesmas::with_siti();
    app.add_child("BINTANG");
    app.reads("BINTANG ditambahkan. Tersimpan dan terkirim.");
    app.go("/");
    app.browser.wait_for("#cari");
    app.browser.script("history.back()");
    app.browser.wait_until("document.querySelector('h1').textContent === 'BINTANG'");
    app.browser.wait_until("!document.body.innerText.includes('Tersimpan')");
}

#[test]
fn a_file_that_has_nothing_to_carry_is_told_where_it_was_asked_for() {
    let (_puskesmas, _server, _profile, app) = Puskesmas::with_siti();
    app.go("/kirim");
    app.tap("form[action='#/berkas'] button");
    app.reads("Tidak ada yang perlu dikirim lewat berkas.");
}
