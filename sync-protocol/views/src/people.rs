//! Petugas: who may log in, with a new password or none; and one's own password.

use crate::shell::{Viewer, csrf};
use maud::{Markup, html};

/// Somebody with a desk.
#[derive(Clone, Debug)]
pub struct PersonRow {
    pub name: String,
    pub role: &'static str,
    pub areas: String,
    pub login: LoginState,
    pub page: String,
}

/// How somebody logs in.
#[derive(Clone, Debug)]
pub enum LoginState {
    None,
    /// By this name, since when.
    Active {
        name: String,
        since: String,
    },
    Disabled {
        name: String,
    },
}

pub fn people(rows: &[PersonRow]) -> Markup {
    html! {
        p { "Orang baru ditambahkan pengelola server dengan perintah " code { "timbang worker add" } ". Di sini kata sandinya diatur." }
        @if rows.is_empty() { p { "Belum ada orang di wilayah Anda." } } @else {
            div.scroll {
                table {
                    thead { tr {
                        th scope="col" { "Nama" }
                        th scope="col" { "Peran" }
                        th scope="col" { "Wilayah" }
                        th scope="col" { "Nama masuk" }
                        th scope="col" { span.unseen { "Tindakan" } }
                    } }
                    tbody {
                        @for row in rows {
                            tr {
                                th scope="row" { (row.name) }
                                td { (row.role) }
                                td { (row.areas) }
                                td { (login_state(&row.login)) }
                                td { a href=(row.page) { "Atur kata sandi" } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn login_state(login: &LoginState) -> Markup {
    match login {
        LoginState::None => html! { span.tag { "belum ada" } },
        LoginState::Active { name, since } => {
            html! { (name) small.under { "sandi sejak " (since) } }
        }
        LoginState::Disabled { name } => html! { (name) " " span.tag.warn { "dinonaktifkan" } },
    }
}

/// A new password for somebody else.
pub fn person(row: &PersonRow, typed_login: &str, viewer: &Viewer) -> Markup {
    html! {
        dl.facts.card {
            dt { "Nama" } dd { (row.name) }
            dt { "Peran" } dd { (row.role) }
            dt { "Wilayah" } dd { (row.areas) }
            dt { "Nama masuk" } dd { (login_state(&row.login)) }
        }
        div.two {
            form.card method="post" action={ (row.page) "/sandi" } {
                (csrf(viewer))
                h2 { "Kata sandi baru" }
                p { "Siapa pun yang sedang masuk dengan nama ini akan dikeluarkan." }
                div.field {
                    label for="nama" { "Nama masuk" }
                    input #nama name="nama" value=(typed_login) required autocapitalize="none" autocomplete="off";
                }
                (new_password_fields())
                button type="submit" { "Simpan kata sandi" }
            }
            @if let LoginState::Active { .. } = row.login {
                form.card method="post" action={ (row.page) "/nonaktif" } {
                    (csrf(viewer))
                    h2 { "Nonaktifkan" }
                    p { "Orang ini tidak bisa masuk lagi sampai kata sandinya diatur ulang." }
                    div.field {
                        label {
                            input type="checkbox" name="yakin" value="ya" required;
                            "Ya, nonaktifkan"
                        }
                    }
                    button.danger type="submit" { "Nonaktifkan" }
                }
            }
        }
        p { a href="/petugas" { "Kembali ke daftar petugas" } }
    }
}

/// One's own password.
pub fn own_password(viewer: &Viewer) -> Markup {
    html! {
        form.card method="post" action="/sandi" {
            (csrf(viewer))
            div.field {
                label for="lama" { "Kata sandi sekarang" }
                input #lama name="lama" type="password" autocomplete="current-password" required;
            }
            (new_password_fields())
            button type="submit" { "Ganti kata sandi" }
        }
    }
}

fn new_password_fields() -> Markup {
    html! {
        div.field {
            label for="sandi" { "Kata sandi baru" span.hint { "Sedikitnya 10 karakter; beberapa kata mudah diingat dan sulit ditebak." } }
            input #sandi name="sandi" type="password" autocomplete="new-password" required;
        }
        div.field {
            label for="sandi2" { "Sekali lagi" }
            input #sandi2 name="sandi2" type="password" autocomplete="new-password" required;
        }
    }
}
