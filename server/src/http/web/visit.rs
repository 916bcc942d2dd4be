//! Somebody who is logged in, looking at a page or sending a form.

use super::form::Form;
use super::notice;
use crate::access::person::Right;
use crate::http::{Call, Response};
use crate::store::{Role, Worker};
use views::Markup;
use views::shell::{NavItem, Notice, Viewer, page};

/// A visit to a page.
#[derive(Debug)]
pub(super) struct Visit<'r> {
    pub(super) call: Call<'r>,
    pub(super) form: Form,
    pub(super) worker: Worker,
    /// What forms of this session carry.
    pub(super) csrf: String,
}

/// What everybody may find, by their right.
const NAV: [(&str, &str, Right); 7] = [
    ("/", "Ringkasan", Right::ReadFigures),
    ("/balita", "Balita", Right::ReadRecords),
    ("/entri", "Entri", Right::Enter),
    ("/konflik", "Konflik", Right::Review),
    ("/tertahan", "Tertahan", Right::Review),
    ("/tablet", "Tablet", Right::Enrol),
    ("/petugas", "Petugas", Right::Logins),
];

impl Visit<'_> {
    pub(super) fn viewer(&self) -> Viewer {
        let may = |(_, _, right): &&(&str, &str, Right)| self.worker.role.may(*right);
        let nav = NAV.iter().filter(may);
        Viewer {
            name: self.worker.name.clone(),
            role: role_label(self.worker.role),
            nav: nav.map(|(href, label, _)| NavItem { href, label }).collect(),
            csrf: self.csrf.clone(),
        }
    }

    /// A page of this visit. `here` is the entry of the navigation that it belongs to.
    pub(super) fn page(&self, here: &str, title: &str, content: &Markup) -> Response {
        let told = self.call.asked.text("kabar").and_then(notice::named);
        self.page_with(200, here, title, told.as_ref(), content)
    }

    /// The same with something to say at the top.
    pub(super) fn page_with(
        &self,
        status: u16,
        here: &str,
        title: &str,
        notice: Option<&Notice>,
        content: &Markup,
    ) -> Response {
        Response::html(status, page(&self.viewer(), here, title, notice, content).into_string())
    }
}

/// What a role is called on screen.
pub(super) fn role_label(role: Role) -> &'static str {
    match role {
        Role::Tenaga => "tenaga pendamping",
        Role::Penyelia => "penyelia",
        Role::Pengamat => "pengamat",
        Role::Admin => "admin",
    }
}
