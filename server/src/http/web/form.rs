//! What a form carries.

use crate::http::Request;
use crate::http::body::read_body;
use crate::refusal::Refusal;
use sync_protocol::limits::ENVELOPE_BYTES_MAX;
use sync_protocol::record::Kind;
use views::form::Typed;

/// More fields than any form has: a sheet of a hundred children has seven for each.
const FIELDS_MAX: usize = 1_000;

/// Fields by name, in the order of the form; white space around a value is no part of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    /// The form of a request; empty when it carries none.
    pub(super) fn read(request: &Request) -> Result<Self, Refusal> {
        let body = read_body(request)?;
        if body.len() > ENVELOPE_BYTES_MAX {
            return Err(Refusal::TooLarge(None));
        }
        let fields: Vec<(String, String)> = form_urlencoded::parse(&body)
            .take(FIELDS_MAX + 1)
            .map(|(name, value)| (name.into_owned(), value.trim().to_owned()))
            .collect();
        if fields.len() > FIELDS_MAX {
            return Err(Refusal::TooLarge(None));
        }
        Ok(Form(fields))
    }

    /// What was typed into the fields of a kind.
    pub(super) fn typed(&self, kind: Kind) -> Typed {
        let of_kind = self.0.iter().filter(|(name, _)| kind.field(name).is_some());
        Typed::from_texts(of_kind.cloned())
    }

    /// A field as it was typed; empty when it is not there.
    pub(super) fn raw(&self, name: &str) -> &str {
        self.text(name).unwrap_or_default()
    }

    /// Every value of a name that may be ticked more than once.
    pub(super) fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.0.iter().filter(move |(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    /// A field that is there and not empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let given = self.0.iter().find(|(given, _)| given == name);
        given.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}
