//! Masuk, keluar.

use super::form::Form;
use super::{cookie, wrong};
use crate::access::login::LOGIN_CHARS_MAX;
use crate::http::{Gateway, Request, Response};
use crate::refusal::Refusal;
use crate::store::StoreError;
use sync_protocol::problem::ProblemCode;
use views::shell::{Notice, bare_page};
use views::{Markup, html};

/// Where somebody who is not logged in is sent, and comes back from to the page they asked for.
pub(super) fn address_for(request: &Request) -> String {
    if request.method != "GET" || request.path == "/" {
        return "/masuk".to_owned();
    }
    let query = if request.query.is_empty() { "" } else { "?" };
    let wanted = format!("{}{query}{}", request.path, request.query);
    let encoded: String = form_urlencoded::byte_serialize(wanted.as_bytes()).collect();
    format!("/masuk?ke={encoded}")
}

pub(super) fn form(_gateway: &Gateway, request: &Request) -> Result<Response, Refusal> {
    Ok(page(200, wanted(&request.query).as_deref(), None))
}

pub(super) fn submit(gateway: &Gateway, request: &Request) -> Result<Response, Refusal> {
    let form = Form::read(request)?;
    let to = form.text("ke").filter(|path| is_of_this_site(path));
    let (Some(name), Some(password)) = (form.text("nama"), form.text("sandi")) else {
        return Ok(page(422, to, Some(&wrong("Isi nama masuk dan kata sandi."))));
    };
    // Counted by address and by name: neither many names nor many addresses help a guesser.
    let hurried = gateway
        .rates
        .admit_login(&request.peer)
        .and_then(|()| gateway.rates.admit_login(&key_of(name)));
    if let Err(Refusal::RateLimited { seconds }) = hurried {
        let told = format!("Terlalu banyak percobaan. Tunggu {seconds} detik lalu coba lagi.");
        return Ok(
            page(429, to, Some(&wrong(told))).with_header("Retry-After", seconds.to_string())
        );
    }
    let _turn = gateway.login_turn.lock().map_err(|_| StoreError::Panicked)?;
    match gateway.service.log_in(name, password)? {
        Some(session) => Ok(cookie::set(Response::redirect(to.unwrap_or("/")), &session)),
        None => Ok(page(
            ProblemCode::Forbidden.status(),
            to,
            Some(&wrong(
                "Nama masuk atau kata sandi salah, atau akun dinonaktifkan. Admin dapat mengganti kata sandi.",
            )),
        )),
    }
}

pub(super) fn leave(gateway: &Gateway, request: &Request) -> Result<Response, Refusal> {
    if let Some(session) = &request.session {
        gateway.service.log_out(session)?;
    }
    Ok(cookie::forget(Response::redirect("/masuk")))
}

/// What tries for a name are counted by. No login is longer, and what is typed here is kept.
fn key_of(name: &str) -> String {
    let name: String = name.chars().take(LOGIN_CHARS_MAX).collect();
    format!("@{}", name.to_lowercase())
}

fn wanted(query: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "ke")
        .map(|(_, path)| path.into_owned())
        .filter(|path| is_of_this_site(path))
}

/// A path, and nothing that a browser reads as another host.
fn is_of_this_site(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && path.chars().all(|c| !c.is_control())
}

fn page(status: u16, to: Option<&str>, notice: Option<&Notice>) -> Response {
    let content: Markup = html! {
        form.card method="post" action="/masuk" {
            @if let Some(to) = to { input type="hidden" name="ke" value=(to); }
            div.field {
                label for="nama" { "Nama masuk" }
                input #nama name="nama" autocomplete="username" autocapitalize="none" required autofocus;
            }
            div.field {
                label for="sandi" { "Kata sandi" }
                input #sandi name="sandi" type="password" autocomplete="current-password" required;
            }
            button type="submit" { "Masuk" }
        }
        p.soft { "Belum punya nama masuk? Mintalah kepada admin kabupaten." }
    };
    Response::html(status, bare_page("Masuk", notice, &content).into_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        assert!(is_of_this_site("/balita?area=16.04.06"));
        for bad in ["https://evil.example", "//evil.example", "/\\evil.example", "balita", "/a\nb"]
        {
            assert!(!is_of_this_site(bad), "{bad}");
        }
    }
}
