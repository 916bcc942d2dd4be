//! One conflict: what both started from and what each made of it, field by field, and the decision.

use super::{Maker, gravity};
use crate::control::{self, Asks, Held, error};
use crate::shell::{Viewer, csrf};
use crate::{labels, reading};
use maud::{Markup, html};
use sync_protocol::conflict::Gravity;
use sync_protocol::growth::Assessed;
use sync_protocol::record::{Field, Shape};

/// A version beside the others.
#[derive(Clone, Debug)]
pub struct Column {
    /// What choosing a value of it is called in the form.
    pub choice: String,
    pub title: &'static str,
    pub maker: Maker,
    pub says: Says,
    /// What the growth standards say of a measurement.
    pub assessed: Option<Assessed>,
}

/// What a version is.
#[derive(Clone, Debug)]
pub enum Says {
    Fields,
    /// It deletes the record, or says where the child lives.
    Whole(String),
}

/// One field in which the versions differ.
#[derive(Clone, Debug)]
pub struct Comparison {
    pub name: String,
    /// As the protocol describes it; none of a field that this program does not know.
    pub field: Option<&'static Field>,
    /// In the order of the columns.
    pub values: Vec<String>,
    /// Both changed it, to different values.
    pub overlap: bool,
    /// The `choice` of a column, or [`Comparison::TYPED`].
    pub chosen: String,
    pub typed: Held,
}

impl Comparison {
    /// The choice of a value that is typed.
    pub const TYPED: &str = "ketik";
}

/// The names under which a form sends a field: what is chosen, and what is typed.
pub fn field_names(field: &str) -> (String, String) {
    (format!("pilih-{field}"), format!("ketik-{field}"))
}

#[derive(Clone, Debug)]
pub struct Page {
    pub id: i64,
    /// The winner that the person sees.
    pub winner: String,
    pub child: String,
    pub child_href: String,
    pub village: String,
    pub kind: &'static str,
    pub gravity: Gravity,
    /// What which version holds means for the child.
    pub consequences: Vec<String>,
    pub columns: Vec<Column>,
    /// Overlapping ones first.
    pub fields: Vec<Comparison>,
    /// Why it is dismissed.
    pub reason: Held,
    /// Whether somebody decided it already: then nothing is asked.
    pub decided: bool,
}

pub fn page(viewer: &Viewer, page: &Page) -> Markup {
    html! {
        p {
            a href=(page.child_href) { strong { (page.child) } } ", " (page.village) ", " (page.kind) ". "
            (gravity(page.gravity))
        }
        @if !page.consequences.is_empty() {
            ul { @for said in &page.consequences { li { (said) } } }
        }
        form #gabungkan method="post" action={ "/konflik/" (page.id) } {
            (hidden(viewer, page, "gabungkan"))
            (comparison(page))
            @if !page.fields.is_empty() && !page.decided {
                p.soft { "Pilih satu nilai untuk tiap isian, lalu gabungkan. Isian lain tetap seperti yang berlaku." }
                p { button type="submit" { "Gabungkan" } }
            }
        }
        @if !page.decided { (others(viewer, page)) }
        p { a href="/konflik" { "Kembali ke daftar konflik" } }
    }
}

/// What every form of the page carries. One form for each decision: the key Enter in a field must
/// not take another.
fn hidden(viewer: &Viewer, page: &Page, decision: &str) -> Markup {
    html! {
        (csrf(viewer))
        input type="hidden" name="putusan" value=(decision);
        input type="hidden" name="pemenang" value=(page.winner);
    }
}

fn comparison(page: &Page) -> Markup {
    let whole = page.columns.iter().any(|column| matches!(column.says, Says::Whole(_)));
    let assessed = page.columns.iter().any(|column| column.assessed.is_some());
    html! {
        div.scroll {
            table {
                thead { tr {
                    th scope="col" { "Isian" }
                    @for column in &page.columns { th scope="col" { (column.title) } }
                    @if !page.fields.is_empty() { th scope="col" { "Nilai lain" } }
                } }
                tbody {
                    tr {
                        th scope="row" { "Dibuat oleh" }
                        @for column in &page.columns { td { (column.maker.shown()) } }
                        @if !page.fields.is_empty() { td {} }
                    }
                    @if whole { tr {
                        th scope="row" { "Isi" }
                        @for column in &page.columns {
                            td { @match &column.says {
                                Says::Whole(text) => strong { (text) },
                                Says::Fields => "diubah",
                            } }
                        }
                    } }
                    @for field in &page.fields { (row(page, field)) }
                    @if assessed { tr {
                        th scope="row" { "Status gizi" }
                        @for column in &page.columns {
                            td { @if let Some(assessed) = &column.assessed { (reading::scores(assessed)) } }
                        }
                        @if !page.fields.is_empty() { td {} }
                    } }
                }
            }
        }
    }
}

fn row(page: &Page, field: &Comparison) -> Markup {
    let (choice, typed) = field_names(&field.name);
    html! {
        tr.overlap[field.overlap] {
            th scope="row" {
                (labels::field(&field.name))
                @if field.overlap { br; span.tag.warn { "diubah keduanya" } }
            }
            @for (column, value) in page.columns.iter().zip(&field.values) {
                td {
                    @if page.decided { (value) } @else {
                        label.choice {
                            input type="radio" name=(choice) value=(column.choice)
                                checked[field.chosen == column.choice];
                            (value)
                        }
                    }
                }
            }
            td { @if !page.decided { (typing(field, &choice, &typed)) } @else { (field.typed.text) } }
        }
    }
}

/// The value that is none of theirs.
fn typing(field: &Comparison, choice: &str, name: &str) -> Markup {
    let Some(known) = field.field.filter(|field| can_be_typed(field.shape)) else {
        return html! {};
    };
    html! {
        label.choice {
            input type="radio" name=(choice) value=(Comparison::TYPED)
                checked[field.chosen == Comparison::TYPED];
            "ketik"
        }
        label.unseen for=(name) { (labels::field(known.name)) ", nilai lain" }
        (control::control(known, name, &field.typed, Asks::default()))
        (error(name, &field.typed))
    }
}

pub(crate) fn can_be_typed(shape: Shape) -> bool {
    !matches!(shape, Shape::Id | Shape::Object | Shape::Texts)
}

/// The decisions that need no field.
fn others(viewer: &Viewer, page: &Page) -> Markup {
    let action = format!("/konflik/{}", page.id);
    let described = page.reason.error.is_some().then_some("salah-alasan");
    html! {
        h2 { "Atau putuskan seluruhnya" }
        div.two {
            form.card #pertahankan method="post" action=(action) {
                (hidden(viewer, page, "pertahankan"))
                p { "Yang berlaku sekarang tetap, dan konflik ini selesai." }
                button.quiet type="submit" { "Pertahankan yang berlaku" }
            }
            form.card #pakai method="post" action=(action) {
                (hidden(viewer, page, "pakai"))
                p { "Semua isian menjadi seperti pada \"Yang lain\"." }
                button.quiet type="submit" { "Pakai yang lain" }
            }
            form.card #abaikan method="post" action=(action) {
                (hidden(viewer, page, "abaikan"))
                div.field {
                    label for="alasan" { "Alasan mengabaikan" }
                    input id="alasan" name="alasan" value=(page.reason.text) maxlength="500"
                        aria-invalid=[described.map(|_| "true")] aria-describedby=[described];
                    (error("alasan", &page.reason))
                }
                button.quiet type="submit" { "Abaikan" }
            }
        }
    }
}
