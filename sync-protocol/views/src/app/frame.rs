//! Around every screen of the app: how far this tablet is behind, where one can go.

use crate::shell::{Notice, told};
use crate::words;
use maud::{Markup, html};

/// How long this tablet has been without the server, or holds what it did not send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behind {
    Fresh,
    /// After 3 days.
    Days(i64),
    /// After 7 days.
    TooLong(i64),
}

const AMBER_DAYS: i64 = 3;
const RED_DAYS: i64 = 7;

impl Behind {
    pub fn of_days(days: i64) -> Self {
        match days {
            RED_DAYS.. => Behind::TooLong(days),
            AMBER_DAYS..RED_DAYS => Behind::Days(days),
            _ => Behind::Fresh,
        }
    }

    fn class(self) -> &'static str {
        match self {
            Behind::Fresh => "good",
            Behind::Days(_) => "warn",
            Behind::TooLong(_) => "bad",
        }
    }
}

/// The line at the top.
#[derive(Clone, Debug)]
pub struct Strip {
    /// Changes without a receipt.
    pub pending: u64,
    pub parked: u64,
    pub behind: Behind,
    /// A person has to do something about it.
    pub is_stuck: bool,
    /// What the days behind are counted from: the oldest change that waits, or the last word from the
    /// server.
    pub is_waiting_longest: bool,
    /// What is going on: a count, or why nothing is.
    pub doing: String,
}

/// The places of the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Here {
    Today,
    Send,
    Elsewhere,
    /// A form or a child: what can be done there stands at the foot, where the menu is elsewhere.
    OwnFoot,
}

/// A whole screen.
pub fn screen(
    strip: &Strip,
    here: Here,
    title: &str,
    notice: Option<&Notice>,
    content: &Markup,
) -> Markup {
    let place = |of, href: &'static str, label: &'static str, badge: u64| {
        html! {
            a href=(href) aria-current=[(here == of).then_some("page")] {
                (label)
                @if badge > 0 { " " span.badge { (words::count(badge)) } }
            }
        }
    };
    html! {
        (self::strip(strip))
        main #isi {
            h1 { (title) }
            @if let Some(notice) = notice { (told(notice)) }
            (content)
        }
        @if here != Here::OwnFoot {
            nav.bottom aria-label="Menu" {
                (place(Here::Today, "#/", "Hari ini", 0))
                a href="#/anak-baru" { "Anak baru" }
                (place(Here::Send, "#/kirim", "Kirim", strip.pending + strip.parked))
            }
        }
    }
}

/// A screen of a tablet that cannot be worked with yet.
pub fn bare(title: &str, notice: Option<&Notice>, content: &Markup) -> Markup {
    html! {
        main.bare #isi {
            p.brand { "Timbang" }
            h1 { (title) }
            @if let Some(notice) = notice { (told(notice)) }
            (content)
        }
    }
}

/// What could not be done, and the way back.
pub fn stumbled(said: &str) -> Markup {
    html! { p { (said) } p { a.button href="#/" { "Ke Hari ini" } } }
}

/// The line alone: it changes while a screen stays.
pub fn strip(strip: &Strip) -> Markup {
    let waits = match strip.pending {
        0 => "Semua terkirim".to_owned(),
        count => format!("{} belum terkirim", words::count(count)),
    };
    let days = match strip.behind {
        Behind::Fresh => String::new(),
        Behind::Days(days) | Behind::TooLong(days) if strip.is_waiting_longest => {
            format!(" sejak {days} hari")
        }
        Behind::Days(days) | Behind::TooLong(days) => format!(", {days} hari tanpa server"),
    };
    let class = if strip.is_stuck { "bad" } else { strip.behind.class() };
    html! {
        header #strip class={ "strip " (class) } role="status" {
            a href="#/kirim" {
                strong { (waits) (days) }
                @if strip.parked > 0 { ", " strong { (words::count(strip.parked)) " tertahan" } }
                " " span { (strip.doing) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tablet_is_amber_after_three_days_and_red_after_seven() {
        assert_eq!(Behind::of_days(2), Behind::Fresh);
        assert_eq!(Behind::of_days(3), Behind::Days(3));
        assert_eq!(Behind::of_days(6), Behind::Days(6));
        assert_eq!(Behind::of_days(7), Behind::TooLong(7));
    }
}
