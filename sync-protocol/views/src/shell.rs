//! The page around every content: head, navigation, who is logged in.

use maud::{DOCTYPE, Markup, html};

/// One entry of the navigation.
#[derive(Clone, Debug)]
pub struct NavItem {
    pub href: &'static str,
    pub label: &'static str,
}

/// Who looks at the page.
#[derive(Clone, Debug)]
pub struct Viewer {
    pub name: String,
    /// As it is called on screen.
    pub role: &'static str,
    pub nav: Vec<NavItem>,
    /// Goes into every form.
    pub csrf: String,
}

/// Something that just happened, told once at the top.
#[derive(Clone, Debug)]
pub enum Notice {
    Done(String),
    Wrong(String),
    /// It was kept and is not settled: where the rest is told, and what that place is called.
    Open {
        text: String,
        href: &'static str,
        place: &'static str,
    },
}

/// A whole page of somebody who is logged in. `here` is the navigation's address of this page.
pub fn page(
    viewer: &Viewer,
    here: &str,
    title: &str,
    notice: Option<&Notice>,
    content: &Markup,
) -> Markup {
    document(
        title,
        &html! {
            a.skip href="#isi" { "Langsung ke isi" }
            header.top {
                a.brand href="/" { "Timbang" }
                nav aria-label="Menu" {
                    @for item in &viewer.nav {
                        a href=(item.href) aria-current=[(item.href == here).then_some("page")] {
                            (item.label)
                        }
                    }
                }
                form.who method="post" action="/keluar" {
                    (csrf(viewer))
                    a href="/sandi" title="Ganti kata sandi" { (viewer.name) small { " " (viewer.role) } }
                    button.quiet type="submit" { "Keluar" }
                }
            }
            main #isi {
                h1 { (title) }
                @if let Some(notice) = notice { (told(notice)) }
                (content)
            }
        },
    )
}

/// A page for somebody who is not logged in.
pub fn bare_page(title: &str, notice: Option<&Notice>, content: &Markup) -> Markup {
    document(
        title,
        &html! {
            main.bare #isi {
                p.brand { "Timbang" }
                h1 { (title) }
                @if let Some(notice) = notice { (told(notice)) }
                (content)
            }
        },
    )
}

/// The hidden field that proves that a form is one of ours.
pub fn csrf(viewer: &Viewer) -> Markup {
    html! { input type="hidden" name="csrf" value=(viewer.csrf); }
}

/// What was done, or why not.
pub fn told(notice: &Notice) -> Markup {
    match notice {
        Notice::Done(text) => html! { p.notice.done role="status" { (text) } },
        Notice::Wrong(text) => html! { p.notice.wrong role="alert" { (text) } },
        Notice::Open { text, href, place } => html! {
            p.notice.doubt role="status" { (text) " " a href=(href) { (place) } }
        },
    }
}

fn document(title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="id" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="same-origin";
                title { (title) " · Timbang" }
                link rel="stylesheet" href="/aset/timbang.css";
                link rel="icon" href="/aset/timbang.svg" type="image/svg+xml";
            }
            body { (body) }
        }
    }
}
