//! Adding a child that a sheet does not have.

use crate::child_form;
use crate::form::{Mistakes, Typed};
use crate::shell::{Viewer, csrf};
use maud::{Markup, html};

#[derive(Clone, Debug)]
pub struct AddChild {
    /// The sheet that it is added from.
    pub area: String,
    pub village: String,
    pub sheet: String,
    pub day: String,
    pub back: String,
    pub typed: Typed,
    pub mistakes: Mistakes,
    /// The names of posyandu that are known in the desa.
    pub posyandu: Vec<String>,
    /// Children that may be the same.
    pub twins: Vec<Twin>,
}

impl AddChild {
    /// What the box sends by which a person says that it is none of these children.
    pub fn word(&self) -> String {
        self.twins.iter().map(|twin| twin.href.as_str()).collect::<Vec<_>>().join(",")
    }
}

/// A child of the same name, sex and birth date.
#[derive(Clone, Debug)]
pub struct Twin {
    pub href: String,
    pub name: String,
    pub village: String,
}

pub fn add_child(viewer: &Viewer, add: &AddChild) -> Markup {
    html! {
        p { "Anak baru di " strong { (add.village) } ". Wilayahnya berubah hanya lewat serah terima." }
        form #tambah method="post" action="/entri/anak" {
            (csrf(viewer))
            input type="hidden" name="area" value=(add.area);
            input type="hidden" name="lembar" value=(add.sheet);
            input type="hidden" name="tanggal" value=(add.day);
            (child_form::fields(&add.typed, &add.mistakes, &add.posyandu))
            @if !add.twins.is_empty() {
                div.card {
                    @for twin in &add.twins {
                        p {
                            "Sudah ada " a href=(twin.href) { (twin.name) } " di " (twin.village)
                            " dengan jenis kelamin dan tanggal lahir yang sama."
                        }
                    }
                    label.choice { input type="checkbox" name="lain" value=(add.word()); "Ini memang anak lain" }
                }
            }
            p.row {
                button.narrow type="submit" { "Simpan" }
                a.button.quiet.narrow href=(add.back) { "Batal" }
            }
        }
    }
}
