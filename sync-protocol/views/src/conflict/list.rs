//! The list of open conflicts, worst for the child first.

use super::{Maker, gravity};
use crate::control::{Held, error};
use crate::shell::{Viewer, csrf};
use maud::{Markup, html};
use sync_protocol::conflict::Gravity;

/// One conflict of the list.
#[derive(Clone, Debug)]
pub struct Row {
    pub id: i64,
    /// The winner that the person sees: a decision names it.
    pub winner: String,
    pub gravity: Gravity,
    pub child: String,
    pub village: String,
    pub kind: &'static str,
    /// What differs, a sentence each, the worst first.
    pub differs: Vec<String>,
    pub makers: [Maker; 2],
    pub picked: bool,
}

#[derive(Clone, Debug)]
pub struct List {
    pub rows: Vec<Row>,
    /// How many are open in all.
    pub open: u64,
    /// How many of the newest one page puts in order.
    pub ordered: usize,
    /// Where the older ones begin.
    pub older: Option<i64>,
    /// Why those that were picked are dismissed.
    pub reason: Held,
}

/// What differs of one conflict that a list has room for.
const DIFFERS_MAX: usize = 3;

pub fn list(viewer: &Viewer, list: &List) -> Markup {
    if list.rows.is_empty() {
        return html! {
            p.card { "Tidak ada konflik yang terbuka di wilayah Anda." }
        };
    }
    let can_dismiss = list.rows.iter().any(|row| row.gravity == Gravity::Parallel);
    html! {
        p.as-of {
            (list.open) " konflik terbuka. Yang paling berarti bagi anak di atas."
            @if list.open > list.ordered as u64 {
                " Halaman ini mengurutkan " (list.ordered) " yang terbaru; sisanya di halaman berikut."
            }
        }
        form method="post" action="/konflik" {
            (csrf(viewer))
            div.scroll {
                table {
                    thead { tr {
                        th scope="col" { span.unseen { "Pilih" } }
                        th scope="col" { "Anak" } th scope="col" { "Yang berbeda" }
                        th scope="col" { "Yang berlaku" } th scope="col" { "Yang lain" }
                    } }
                    tbody { @for row in &list.rows { (conflict(row)) } }
                }
            }
            @if can_dismiss { (dismissal(&list.reason)) }
        }
        @if let Some(older) = list.older {
            p.pager { a.button.quiet href={ "/konflik?after=" (older) } { "Konflik yang lebih lama" } }
        }
    }
}

fn conflict(row: &Row) -> Markup {
    let pick = format!("pilih-{}", row.id);
    html! {
        tr {
            td {
                @if row.gravity == Gravity::Parallel {
                    label.pick for=(pick) {
                        span.unseen { "Pilih konflik " (row.child) }
                        input id=(pick) type="checkbox" name="pilih" checked[row.picked]
                            value={ (row.id) "@" (row.winner) };
                    }
                }
            }
            th scope="row" {
                a href={ "/konflik/" (row.id) } { (row.child) } br;
                span.soft { (row.village) ", " (row.kind) }
            }
            td {
                (gravity(row.gravity))
                @for said in row.differs.iter().take(DIFFERS_MAX) { br; (said) }
                @if row.differs.len() > DIFFERS_MAX {
                    br; span.soft { "dan " (row.differs.len() - DIFFERS_MAX) " lagi" }
                }
            }
            @for maker in &row.makers { td { (maker.shown()) } }
        }
    }
}

fn dismissal(reason: &Held) -> Markup {
    let described = reason.error.is_some().then_some("salah-alasan");
    html! {
        fieldset.card {
            legend { "Abaikan yang dicentang" }
            p.soft { "Hanya konflik dengan isian berlainan yang dapat diabaikan bersama. Yang berlaku sekarang tetap berlaku." }
            div.field {
                label for="alasan" { "Alasan" }
                input id="alasan" name="alasan" value=(reason.text) maxlength="500"
                    aria-invalid=[described.map(|_| "true")] aria-describedby=[described];
                (error("alasan", reason))
            }
            button.quiet type="submit" { "Abaikan yang dicentang" }
        }
    }
}
