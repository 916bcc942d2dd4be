//! The pages for people in a browser: server-rendered, in Bahasa Indonesia, from the same parts as
//! the API.
//!
//! [`PAGES`] is the table of all pages. A page is given to somebody who is logged in and has its
//! right; a form, besides, only when it carries the key of the session that it was shown to.

pub(crate) mod cookie;

mod areas_table;
mod asset;
mod child;
mod child_list;
mod conflict;
mod conflicts;
mod delete;
mod edit;
mod figures_asked;
mod form;
mod hand_over;
mod local;
mod login;
mod notice;
mod overview;
mod parked;
mod password;
mod people;
mod places;
mod sheet;
mod tablet_app;
mod tablets;
mod trend;
mod visit;

pub(crate) use tablet_app::has_tablet_app;

use super::about::Param;
use super::asked::Asked;
use super::params::{AGES, AREA, CODE, MONTH, PART, POSYANDU, PUSKESMAS};
use super::problem::problem_of;
use super::routes::{Callers, matches};
use super::{Call, Channel, Gateway, Request, Response, note_failure};
use crate::access::login::form_key;
use crate::access::person::{Credential, Right};
use crate::refusal::{CodeFault, Refusal};
use crate::store::StoreError;
use form::Form;
use utoipa::PartialSchema;
use views::html;
use views::shell::{Notice, bare_page};
use visit::Visit;

/// A page or a form.
#[derive(Debug)]
pub struct Page {
    pub method: &'static str,
    /// A name in braces stands for one segment.
    pub pattern: &'static str,
    work: Work,
    query: &'static [&'static [Param]],
}

#[derive(Debug)]
enum Work {
    /// For everybody.
    Door(fn(&Gateway, &Request) -> Result<Response, Refusal>),
    /// For somebody who is logged in and has the right.
    Room(Right, fn(&Visit<'_>) -> Result<Response, Refusal>),
}

/// A notice of what was just done, by its short name.
const NOTICE: Param = Param::optional("kabar", "What was just done.", String::schema);

const DAY: Param = Param::optional("tanggal", "The day of the sheet.", String::schema);

/// What figures are asked by.
const FIGURES: [Param; 4] = [AREA, PUSKESMAS, MONTH, AGES];
const SORT: Param = Param::optional("urut", "What rows are sorted by.", String::schema);

pub static PAGES: [Page; 48] = [
    door("GET", "/aset/{name}", asset::asset),
    door("GET", "/app", tablet_app::door),
    door("GET", "/app/", tablet_app::shell),
    door("GET", "/app/{name}", tablet_app::file),
    door("GET", "/masuk", login::form),
    door("POST", "/masuk", login::submit),
    door("POST", "/keluar", login::leave),
    room("GET", "/", Right::ReadFigures, overview::overview, &[&FIGURES, &[SORT, NOTICE]]),
    room("GET", "/tren", Right::ReadFigures, trend::as_table, &[&FIGURES]),
    room(
        "GET",
        "/balita",
        Right::ReadRecords,
        child_list::child_list,
        &[&child_list::ASKED, &[NOTICE]],
    ),
    room("GET", "/balita/{id}", Right::ReadRecords, child::show, &[&[NOTICE]]),
    room("POST", "/balita/{id}/nik", Right::SeeNik, child::show_nik, &[]),
    room("GET", "/balita/{id}/ubah", Right::Enter, edit::child_form, &[]),
    room("POST", "/balita/{id}/ubah", Right::Enter, edit::save_child, &[]),
    room("GET", "/balita/{id}/pindah", Right::Enter, hand_over::form, &[]),
    room("POST", "/balita/{id}/pindah", Right::Enter, hand_over::submit, &[]),
    room("GET", "/balita/{id}/hapus", Right::Enter, delete::child_form, &[]),
    room("POST", "/balita/{id}/hapus", Right::Enter, delete::delete_child, &[]),
    room("GET", "/pengukuran/{id}/ubah", Right::Enter, edit::measurement_form, &[]),
    room("POST", "/pengukuran/{id}/ubah", Right::Enter, edit::save_measurement, &[]),
    room("GET", "/pengukuran/{id}/hapus", Right::Enter, delete::measurement_form, &[]),
    room("POST", "/pengukuran/{id}/hapus", Right::Enter, delete::delete_measurement, &[]),
    room("GET", "/tren.svg", Right::ReadFigures, trend::as_picture, &[&FIGURES]),
    room("GET", "/entri", Right::Enter, sheet::open, &[&[AREA, POSYANDU, DAY], &PART, &[NOTICE]]),
    room("GET", "/entri/anak", Right::Enter, sheet::add_child_form, &[&[AREA, POSYANDU, DAY]]),
    room("POST", "/entri/anak", Right::Enter, sheet::add_child, &[]),
    room("POST", "/entri/periksa", Right::Enter, sheet::check, &[]),
    room("POST", "/entri/simpan", Right::Enter, sheet::save, &[]),
    room("POST", "/entri/sementara", Right::Enter, sheet::keep, &[]),
    room("POST", "/entri/baris", Right::Enter, sheet::judge_line, &[]),
    room("GET", "/konflik", Right::Review, conflicts::list, &[&PART, &[NOTICE]]),
    room("POST", "/konflik", Right::Review, conflicts::dismiss, &[]),
    room("GET", "/konflik/{id}", Right::Review, conflict::show, &[]),
    room("POST", "/konflik/{id}", Right::Review, conflict::decide, &[]),
    room("GET", "/tertahan", Right::Review, parked::list, &[&[AREA, CODE], &PART, &[NOTICE]]),
    room("GET", "/tertahan/{id}", Right::Review, parked::show, &[]),
    room("POST", "/tertahan/{id}", Right::Review, parked::settle, &[]),
    room("GET", "/tablet", Right::Enrol, tablets::list, &[&[NOTICE]]),
    room("POST", "/tablet/kode", Right::Enrol, tablets::make_code, &[]),
    room("GET", "/tablet/{nomor}", Right::Enrol, tablets::ask, &[]),
    room("POST", "/tablet/{nomor}/tarik", Right::Enrol, tablets::drain, &[]),
    room("POST", "/tablet/{nomor}/cabut", Right::Enrol, tablets::revoke, &[]),
    room("GET", "/petugas", Right::Logins, people::list, &[&[NOTICE]]),
    room("GET", "/petugas/{id}", Right::Logins, people::one, &[]),
    room("POST", "/petugas/{id}/sandi", Right::Logins, people::set, &[]),
    room("POST", "/petugas/{id}/nonaktif", Right::Logins, people::end, &[]),
    // Whoever may log in may do this, and all of them may read figures.
    room("GET", "/sandi", Right::ReadFigures, password::form, &[]),
    room("POST", "/sandi", Right::ReadFigures, password::change, &[]),
];

const fn door(
    method: &'static str,
    pattern: &'static str,
    work: fn(&Gateway, &Request) -> Result<Response, Refusal>,
) -> Page {
    Page { method, pattern, work: Work::Door(work), query: &[] }
}

const fn room(
    method: &'static str,
    pattern: &'static str,
    right: Right,
    work: fn(&Visit<'_>) -> Result<Response, Refusal>,
    query: &'static [&'static [Param]],
) -> Page {
    Page { method, pattern, work: Work::Room(right, work), query }
}

/// The page of a request, when its path is one of a page.
pub(super) fn find(request: &Request) -> Option<&'static Page> {
    PAGES.iter().find(|page| {
        page.method == request.method && matches(page.pattern, &request.path).is_some()
    })
}

impl Page {
    /// Who may look at it.
    pub fn callers(&self) -> Callers {
        match self.work {
            Work::Door(_) => Callers::Anyone,
            Work::Room(right, _) => Callers::People(right),
        }
    }

    /// Answers in HTML, whatever happens.
    pub(super) fn answer(&self, gateway: &Gateway, request: &Request) -> Response {
        let response = if request.channel == Channel::Plain {
            needs_https()
        } else {
            self.work(gateway, request).unwrap_or_else(|refusal| refuse(request, &refusal))
        };
        guarded(response)
    }

    fn work(&self, gateway: &Gateway, request: &Request) -> Result<Response, Refusal> {
        if request.method == "POST" && request.from_other_site {
            return Err(Refusal::Forbidden);
        }
        let (right, work) = match self.work {
            Work::Door(work) => return work(gateway, request),
            Work::Room(right, work) => (right, work),
        };
        let unknown = || Refusal::Unauthorised;
        let secret = request.session.clone().ok_or_else(unknown)?;
        let now_ms = gateway.service.clock().now_ms();
        let credential = Credential::Session { secret: secret.clone(), now_ms };
        let worker = gateway.admit_person(&credential, right)?;
        gateway.service.keep_alive(&secret, now_ms)?;
        let form = Form::read(request)?;
        if request.method == "POST" && form.text("csrf") != Some(&form_key(&secret)) {
            return Err(Refusal::Forbidden);
        }
        let asked = Asked::read(&request.query, self.query)?;
        let parameters = matches(self.pattern, &request.path).unwrap_or_default();
        let call = Call { gateway, request, parameters, asked, credential, right };
        work(&Visit { call, form, worker, csrf: form_key(&secret) })
    }
}

/// What a refusal is on a page: who is not logged in is shown the door.
fn refuse(request: &Request, refusal: &Refusal) -> Response {
    if matches!(refusal, Refusal::Unauthorised | Refusal::Revoked) {
        return Response::redirect(login::address_for(request));
    }
    refused(refusal)
}

/// A refusal as a page.
pub(super) fn refused(refusal: &Refusal) -> Response {
    note_failure(refusal);
    let status = problem_of(refusal).status;
    let (title, advice) = match refusal {
        Refusal::Malformed(_)
        | Refusal::TooDeep
        | Refusal::UnsupportedProtocol
        | Refusal::Field(_) => {
            ("Isian tidak dapat dibaca", "Kembali ke halaman sebelumnya dan periksa isian.")
        }
        Refusal::Forbidden | Refusal::Code(CodeFault::Wrong) => (
            "Tidak diizinkan",
            "Peran Anda tidak mencakup halaman ini, atau halaman sudah terlalu lama terbuka. Muat ulang halaman sebelumnya lalu coba lagi.",
        ),
        Refusal::NotFound | Refusal::MethodNotAllowed => {
            ("Tidak ditemukan", "Halaman atau data ini tidak ada, atau di luar wilayah Anda.")
        }
        Refusal::Stale | Refusal::StillParked(_) | Refusal::Gap { .. } | Refusal::Cloned { .. } => {
            (
                "Sudah berubah",
                "Data ini berubah sejak halaman dibuka. Kembali, muat ulang, lalu lihat keadaan terakhir.",
            )
        }
        Refusal::TooLarge(_) | Refusal::TooManyChanges => {
            ("Terlalu besar", "Isian terlalu panjang. Singkatkan lalu kirim lagi.")
        }
        Refusal::RateLimited { .. } => ("Terlalu sering", "Tunggu satu menit lalu coba lagi."),
        Refusal::Busy { .. }
        | Refusal::Store(StoreError::Busy | StoreError::RolledBack | StoreError::Stopped) => {
            ("Server sibuk", "Belum ada yang tersimpan. Coba lagi sebentar lagi.")
        }
        Refusal::Store(StoreError::Full) => {
            ("Penyimpanan server penuh", "Belum ada yang tersimpan. Hubungi pengelola server.")
        }
        Refusal::Unauthorised
        | Refusal::Revoked
        | Refusal::Code(_)
        | Refusal::UnsupportedEncoding
        | Refusal::Internal
        | Refusal::Store(_) => (
            "Ada kesalahan di server",
            "Belum ada yang tersimpan. Coba lagi; bila tetap terjadi, hubungi pengelola server.",
        ),
    };
    let content = html! {
        p { (advice) }
        p { a.button href="/" { "Ke Ringkasan" } }
    };
    guarded(Response::html(status, bare_page(title, None, &content).into_string()))
}

fn needs_https() -> Response {
    let content = html! {
        p { "Halaman ini memuat data anak dan hanya dibuka lewat HTTPS." }
        p { "Buka alamat yang dimulai dengan https://. Bila server berdiri di belakang perantara, mintalah pengelola mengatur X-Forwarded-Proto." }
    };
    Response::html(403, bare_page("Sambungan tidak aman", None, &content).into_string())
}

const POLICY: &str = "Content-Security-Policy";

/// What a browser may do with a page: nothing from elsewhere, no script in the text, no frame.
fn guarded(response: Response) -> Response {
    let has_policy = response.headers.iter().any(|(name, _)| *name == POLICY);
    let response = if has_policy {
        response
    } else {
        response.with_header(
            POLICY,
            "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; \
             connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        )
    };
    response
        .with_header("X-Frame-Options", "DENY")
        .with_header("Referrer-Policy", "same-origin")
        .with_header("Cross-Origin-Opener-Policy", "same-origin")
}

/// A form that was sent with a mistake: the page again, with what is wrong.
fn wrong(text: impl Into<String>) -> Notice {
    Notice::Wrong(text.into())
}
