//! One's own password, and what is said of one that cannot be had.

use super::visit::Visit;
use crate::access::login::{
    LoginFault, NewPassword, PASSWORD_CHARS_MIN, is_password_of, set_password,
};
use crate::http::Response;
use crate::refusal::Refusal;
use crate::store::Who;
use views::people::own_password;
use views::shell::Notice;

pub(super) fn form(visit: &Visit<'_>) -> Result<Response, Refusal> {
    Ok(visit.page("/sandi", "Ganti kata sandi", &own_password(&visit.viewer())))
}

pub(super) fn change(visit: &Visit<'_>) -> Result<Response, Refusal> {
    let wrong = |text: &str| {
        let notice = Notice::Wrong(text.to_owned());
        let content = own_password(&visit.viewer());
        Ok(visit.page_with(422, "/sandi", "Ganti kata sandi", Some(&notice), &content))
    };
    let worker = visit.worker.id;
    visit.call.gateway.rates.admit_login(&format!("#{worker}"))?;
    let login = visit.call.read(|tx, person, _| Ok(tx.login_of(person.worker.id)?))?;
    let Some(login) = login else { return wrong("Anda belum punya nama masuk.") };
    let old = visit.form.text("lama").unwrap_or_default();
    if !is_password_of(&login, old) {
        return wrong("Kata sandi sekarang salah.");
    }
    let password = match new_password(visit) {
        Ok(password) => password,
        Err(fault) => return wrong(&fault),
    };
    let set = visit.call.write(move |tx, person, now| {
        let now_ms = now.ms;
        let by = Who::Worker(person.worker.id);
        fault_of(set_password(tx, by, person.worker.id, &login.name, &password, now_ms))
    })?;
    match set {
        // Every session has ended, this one, too.
        None => Ok(Response::redirect("/masuk")),
        Some(fault) => wrong(&fault),
    }
}

/// The new password of a form that has it twice, or what is wrong with it.
pub(super) fn new_password(visit: &Visit<'_>) -> Result<NewPassword, String> {
    let form = &visit.form;
    let password = form.text("sandi").unwrap_or_default();
    if form.text("sandi2").unwrap_or_default() != password {
        return Err("Kedua kata sandi baru tidak sama.".to_owned());
    }
    NewPassword::of(password, &**visit.call.random()).map_err(|fault| told(&fault))
}

/// What was wrong with what somebody typed; a fault of the storage is none of theirs.
pub(super) fn fault_of(set: Result<(), LoginFault>) -> Result<Option<String>, Refusal> {
    match set {
        Ok(()) => Ok(None),
        Err(LoginFault::Store(error)) => Err(error.into()),
        Err(fault) => Ok(Some(told(&fault))),
    }
}

/// A fault in the words of the pages.
fn told(fault: &LoginFault) -> String {
    match fault {
        LoginFault::TooShort => format!("Kata sandi sedikitnya {PASSWORD_CHARS_MIN} karakter."),
        LoginFault::TooLong => "Kata sandi terlalu panjang.".to_owned(),
        LoginFault::BadName => {
            "Nama masuk hanya huruf, angka, titik, dan tanda hubung, tanpa spasi.".to_owned()
        }
        LoginFault::NameTaken => "Nama masuk ini sudah dipakai orang lain.".to_owned(),
        LoginFault::NoDesk => {
            "Tenaga pendamping bekerja di tablet dan tidak perlu masuk.".to_owned()
        }
        LoginFault::Store(_) => "Belum tersimpan. Coba lagi sebentar lagi.".to_owned(),
    }
}
