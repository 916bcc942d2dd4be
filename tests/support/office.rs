//! Somebody at a desk, without the screen: a browser as far as pages, forms and cookies go.

use crate::http::{Client, Reply};
use scraper::{ElementRef, Html, Selector};
use std::fmt;

/// A browser that may be logged in.
#[derive(Clone, Debug)]
pub struct Office {
    client: Client,
    cookie: Option<String>,
}

impl Office {
    /// Nobody is logged in yet.
    pub fn at(url: &str) -> Self {
        Office { client: Client::new(url), cookie: None }
    }

    /// Somebody who is logged in, as the login page does it.
    #[track_caller]
    pub fn log_in(url: &str, name: &str, password: &str) -> Self {
        let mut office = Office::at(url);
        let door = office.get("/masuk");
        let page = office.submit(&door, "form", &[("nama", name), ("sandi", password)]);
        assert!(office.cookie.is_some(), "{name} is not let in: {page:?}");
        office
    }

    /// The same browser before another server of the same database.
    pub fn at_another(&self, url: &str) -> Self {
        Office { client: Client::new(url), cookie: self.cookie.clone() }
    }

    /// What its browser sends besides: the cookie, once somebody is logged in.
    pub fn cookie(&self) -> &str {
        self.cookie.as_deref().unwrap_or_default()
    }

    /// Asks for a page and is not sent on.
    #[track_caller]
    pub fn get(&self, address: &str) -> Paper {
        let reply = self.dressed(self.client.get(address)).send();
        Paper::of(address, reply)
    }

    /// Fills in a form of a page and sends it, as a browser would: what stands in it and is not
    /// touched goes along. A field that the form does not have cannot be filled in. Where the answer
    /// sends on to another page, that page is the answer.
    #[track_caller]
    pub fn submit(&mut self, page: &Paper, form: &str, filled: &[(&str, &str)]) -> Paper {
        let form = page.one(form);
        let fields = filled_in(&form, filled);
        let action = form.attr("action").unwrap_or(&page.address);
        self.send(action, &fields)
    }

    /// The same by a button that sends the form to an address of its own.
    #[track_caller]
    pub fn press(&mut self, page: &Paper, button: &str, filled: &[(&str, &str)]) -> Paper {
        let action = page.one(button).attr("formaction").expect("an address of its own");
        let form = page.one(&format!("form:has({button})"));
        let fields = filled_in(&form, filled);
        self.send(action, &fields)
    }

    /// Sends fields without a page to fill them in on.
    #[track_caller]
    pub fn send(&mut self, address: &str, fields: &[(String, String)]) -> Paper {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields);
        let call = self.dressed(self.client.post(address));
        let call = call.header("Content-Type", "application/x-www-form-urlencoded");
        let reply = call.bytes(body.finish()).send();
        if let Some(cookie) = reply.header("set-cookie") {
            let pair = cookie.split(';').next().unwrap_or_default();
            self.cookie = (!pair.ends_with('=')).then(|| pair.to_owned());
        }
        match reply.header("location").filter(|_| reply.status == 303) {
            Some(next) => {
                let next = next.to_owned();
                self.get(&next)
            }
            None => Paper::of(address, reply),
        }
    }

    fn dressed<'c>(&self, call: crate::http::Call<'c>) -> crate::http::Call<'c> {
        let call = call.header("Accept", "text/html");
        match &self.cookie {
            Some(cookie) => call.header("Cookie", cookie),
            None => call,
        }
    }
}

/// A page that was shown.
#[derive(Clone)]
pub struct Paper {
    pub address: String,
    pub reply: Reply,
    html: Html,
}

impl fmt::Debug for Paper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.address, self.reply.status, self.text())
    }
}

impl Paper {
    fn of(address: &str, reply: Reply) -> Self {
        let html = Html::parse_document(&reply.text());
        Paper { address: address.to_owned(), reply, html }
    }

    pub fn status(&self) -> u16 {
        self.reply.status
    }

    /// All that can be read on it.
    pub fn text(&self) -> String {
        text_of(&self.html.root_element())
    }

    /// What can be read in each part that a CSS selector finds.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        self.parts(selector).iter().map(text_of).collect()
    }

    /// An attribute of each part that a CSS selector finds and that has it.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let parts = self.parts(selector);
        parts.iter().filter_map(|part| part.attr(name)).map(str::to_owned).collect()
    }

    pub fn has(&self, selector: &str) -> bool {
        !self.parts(selector).is_empty()
    }

    /// What a browser would send of a form that nobody touched.
    #[track_caller]
    pub fn fields(&self, form: &str) -> Vec<(String, String)> {
        fields_of(&self.one(form))
    }

    pub fn html(&self) -> &Html {
        &self.html
    }

    #[track_caller]
    fn one(&self, selector: &str) -> ElementRef<'_> {
        match self.parts(selector).as_slice() {
            [one] => *one,
            parts => panic!("{} parts are {selector} on {self:?}", parts.len()),
        }
    }

    #[track_caller]
    fn parts(&self, selector: &str) -> Vec<ElementRef<'_>> {
        let selector = Selector::parse(selector).expect("a CSS selector");
        self.html.select(&selector).collect()
    }
}

fn text_of(part: &ElementRef<'_>) -> String {
    let words: Vec<&str> = part.text().flat_map(str::split_whitespace).collect();
    words.join(" ")
}

fn controls<'f>(form: &ElementRef<'f>) -> Vec<ElementRef<'f>> {
    let selector = Selector::parse("input[name], select[name], textarea[name]");
    form.select(&selector.expect("a CSS selector")).collect()
}

fn names_of<'f>(form: &ElementRef<'f>) -> Vec<&'f str> {
    controls(form).into_iter().filter_map(|control| control.value().attr("name")).collect()
}

/// What a browser would send of a form that was filled in like this.
#[track_caller]
fn filled_in(form: &ElementRef<'_>, filled: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut fields = fields_of(form);
    for (name, value) in filled {
        let known: Vec<&str> = names_of(form);
        assert!(known.contains(name), "the form has no field {name}, only {known:?}");
        fields.retain(|(field, _)| field != name);
        fields.push(((*name).to_owned(), (*value).to_owned()));
    }
    fields
}

/// What a browser would send of a form that nobody touched.
fn fields_of(form: &ElementRef<'_>) -> Vec<(String, String)> {
    let value_of = |control: &ElementRef<'_>| -> Option<String> {
        let element = control.value();
        match (element.name(), element.attr("type").unwrap_or_default()) {
            ("textarea", _) => Some(control.text().collect()),
            ("select", _) => {
                let options = Selector::parse("option").expect("a CSS selector");
                let options: Vec<_> = control.select(&options).collect();
                let chosen = options.iter().find(|option| option.attr("selected").is_some());
                let chosen = chosen.or_else(|| options.first())?;
                Some(chosen.attr("value").map_or_else(|| text_of(chosen), str::to_owned))
            }
            (_, "checkbox" | "radio") => {
                element.attr("checked")?;
                Some(element.attr("value").unwrap_or("on").to_owned())
            }
            (_, "submit" | "button") => None,
            _ => Some(element.attr("value").unwrap_or_default().to_owned()),
        }
    };
    let pairs = controls(form).into_iter().filter_map(|control| {
        Some((control.value().attr("name")?.to_owned(), value_of(&control)?))
    });
    pairs.collect()
}
