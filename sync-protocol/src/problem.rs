//! Errors of a whole request: RFC 9457 problem details with a stable code.

use serde::{Deserialize, Serialize};

/// The stable codes of a refused request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemCode {
    Malformed,
    TooDeep,
    UnsupportedProtocol,
    Unauthorised,
    Revoked,
    Forbidden,
    CodeWrong,
    CodeExpired,
    CodeBurnt,
    CodeUsed,
    NotFound,
    MethodNotAllowed,
    RequestTimeout,
    Gap,
    DeviceCloned,
    Stale,
    StillParked,
    TooLarge,
    TooManyChanges,
    UnsupportedEncoding,
    InvalidField,
    RateLimited,
    Internal,
    Busy,
    StorageFull,
}

impl ProblemCode {
    pub const ALL: [ProblemCode; 25] = [
        ProblemCode::Malformed,
        ProblemCode::TooDeep,
        ProblemCode::UnsupportedProtocol,
        ProblemCode::Unauthorised,
        ProblemCode::Revoked,
        ProblemCode::Forbidden,
        ProblemCode::CodeWrong,
        ProblemCode::CodeExpired,
        ProblemCode::CodeBurnt,
        ProblemCode::CodeUsed,
        ProblemCode::NotFound,
        ProblemCode::MethodNotAllowed,
        ProblemCode::RequestTimeout,
        ProblemCode::Gap,
        ProblemCode::DeviceCloned,
        ProblemCode::Stale,
        ProblemCode::StillParked,
        ProblemCode::TooLarge,
        ProblemCode::TooManyChanges,
        ProblemCode::UnsupportedEncoding,
        ProblemCode::InvalidField,
        ProblemCode::RateLimited,
        ProblemCode::Internal,
        ProblemCode::Busy,
        ProblemCode::StorageFull,
    ];

    pub fn as_str(self) -> &'static str {
        self.row().0
    }

    /// The HTTP status it travels with.
    pub fn status(self) -> u16 {
        self.row().1
    }

    /// What it means, in English, for whoever reads the answer.
    pub fn title(self) -> &'static str {
        self.row().2
    }

    fn row(self) -> (&'static str, u16, &'static str) {
        match self {
            ProblemCode::Malformed => {
                ("malformed", 400, "The request is not what this route takes")
            }
            ProblemCode::TooDeep => ("too_deep", 400, "The JSON is nested too deep"),
            ProblemCode::UnsupportedProtocol => {
                ("unsupported_protocol", 400, "This server does not speak that protocol version")
            }
            ProblemCode::Unauthorised => ("unauthorised", 401, "A valid bearer token is needed"),
            ProblemCode::Revoked => ("revoked", 401, "This device was revoked"),
            ProblemCode::Forbidden => ("forbidden", 403, "This caller may not do that"),
            ProblemCode::CodeWrong => ("code_wrong", 403, "No such enrolment code"),
            ProblemCode::CodeExpired => ("code_expired", 410, "The enrolment code has expired"),
            ProblemCode::CodeBurnt => {
                ("code_burnt", 410, "The enrolment code was tried wrongly too often")
            }
            ProblemCode::CodeUsed => {
                ("code_used", 410, "The enrolment code was used by another tablet")
            }
            ProblemCode::NotFound => ("not_found", 404, "There is nothing at this address"),
            ProblemCode::MethodNotAllowed => {
                ("method_not_allowed", 405, "This address does not take that method")
            }
            ProblemCode::RequestTimeout => {
                ("request_timeout", 408, "The request took too long to arrive")
            }
            ProblemCode::Gap => ("gap", 409, "Changes are missing before the first one sent"),
            ProblemCode::DeviceCloned => {
                ("device_cloned", 409, "Another change is already stored under this seq")
            }
            ProblemCode::Stale => ("stale", 409, "It has changed since: look at it again"),
            ProblemCode::StillParked => {
                ("still_parked", 409, "What parked the change is still there; nothing was changed")
            }
            ProblemCode::TooLarge => ("too_large", 413, "The request is too large"),
            ProblemCode::TooManyChanges => {
                ("too_many_changes", 413, "The request has too many changes")
            }
            ProblemCode::UnsupportedEncoding => {
                ("unsupported_encoding", 415, "Bodies are taken as they are or as gzip")
            }
            ProblemCode::InvalidField => {
                ("invalid_field", 422, "A field has a value it cannot have; nothing was stored")
            }
            ProblemCode::RateLimited => ("rate_limited", 429, "Too many requests"),
            ProblemCode::Internal => ("internal", 500, "The server failed; nothing was stored"),
            ProblemCode::Busy => ("busy", 503, "The server has too much to do; nothing was stored"),
            ProblemCode::StorageFull => {
                ("storage_full", 507, "The server's disk is full; nothing was stored")
            }
        }
    }

    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == code)
    }
}

/// The body of a refused request, `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Problem {
    /// `urn:timbang:problem:{code}`
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    #[cfg_attr(feature = "schema", schema(schema_with = crate::schema::problem_code))]
    pub code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// With `gap`: the seq that the server expects next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<u64>,
}

impl Problem {
    pub fn new(code: ProblemCode) -> Self {
        Problem {
            kind: format!("urn:timbang:problem:{}", code.as_str()),
            title: code.title().to_owned(),
            status: code.status(),
            code: code.as_str().to_owned(),
            detail: None,
            expected: None,
        }
    }

    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// The known code; `None` for one of a newer server.
    pub fn code(&self) -> Option<ProblemCode> {
        ProblemCode::named(&self.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_found_by_name() {
        for code in ProblemCode::ALL {
            assert_eq!(ProblemCode::named(code.as_str()), Some(code));
            assert!((400..600).contains(&code.status()));
        }
        assert_eq!(ProblemCode::named("nonsense"), None);
    }
}
