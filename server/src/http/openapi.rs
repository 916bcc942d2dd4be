//! The description of the whole HTTP API, made of the route table: `GET /v1/openapi.json` and
//! `timbang openapi`. A route cannot be without one, nor a description without its route.

use super::about::{About, Answer, Content, Form, Param};
use super::body::malformed;
use super::routes::{Callers, ROUTES, Route};
use super::{Gateway, Request, Response};
use crate::access::person::Right;
use crate::refusal::Refusal;
use crate::store::Role;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use sync_protocol::problem::{Problem, ProblemCode};
use sync_protocol::schema::{collect, named};
use utoipa::PartialSchema;
use utoipa::openapi::extensions::{Extensions, ExtensionsBuilder};
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{
    HttpMethod, Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn,
    ParameterStyle, PathItem,
};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, Info, OpenApi, OpenApiBuilder, PathsBuilder, Ref, RefOr,
    Required, Schema,
};

const JSON: &str = "application/json";
const PROBLEM_JSON: &str = "application/problem+json";

const INTRODUCTION: &str = "Tablets enrol and sync; people read, review, correct and take files. \
    Both show a bearer token. People see what lies in their scope: what is outside of it looks like \
    what does not exist. `x-callers` says who may call a route, `x-codes` which problems it can \
    answer with.";

/// How a tablet's and a person's token are shown. They are not alike: see `x-callers`.
const BEARER: &str = "bearer";

/// Which refusals any route can give, and any route of these callers.
const OF_ANY: [ProblemCode; 6] = [
    ProblemCode::Malformed,
    ProblemCode::RequestTimeout,
    ProblemCode::TooLarge,
    ProblemCode::Internal,
    ProblemCode::Busy,
    ProblemCode::StorageFull,
];
const OF_TABLETS: [ProblemCode; 3] =
    [ProblemCode::Unauthorised, ProblemCode::Revoked, ProblemCode::RateLimited];
const OF_PEOPLE: [ProblemCode; 3] =
    [ProblemCode::Unauthorised, ProblemCode::Forbidden, ProblemCode::RateLimited];
const OF_BODIES: [ProblemCode; 2] = [ProblemCode::TooDeep, ProblemCode::UnsupportedEncoding];

pub(super) static ABOUT: About =
    About::new("This description", &[Answer::media("OpenAPI 3.1, as JSON.", &[JSON])]);

pub(super) fn openapi(_gateway: &Gateway, _request: &Request) -> Result<Response, Refusal> {
    // Anybody may ask: it is made once.
    static DOCUMENT: LazyLock<Value> = LazyLock::new(document);
    Response::json(200, &*DOCUMENT).map_err(malformed)
}

/// The OpenAPI document.
pub fn document() -> Value {
    let mut document = json!(describe());
    name_formats(&mut document);
    document
}

/// The registry of formats has `uint32` where the library writes `u-int32`.
fn name_formats(part: &mut Value) {
    match part {
        Value::Object(members) => {
            if let Some(Value::String(format)) = members.get_mut("format") {
                *format = format.replace("u-int", "uint");
            }
            members.values_mut().for_each(name_formats);
        }
        Value::Array(items) => items.iter_mut().for_each(name_formats),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn describe() -> OpenApi {
    let mut parts = Vec::new();
    collect::<Problem>(&mut parts);
    let mut paths = PathsBuilder::new();
    for route in &ROUTES {
        let operation = operation(route, &mut parts);
        paths = paths.path(route.pattern, PathItem::new(method_of(route), operation));
    }
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    let components = ComponentsBuilder::new()
        .schemas_from_iter(parts)
        .security_scheme(BEARER, SecurityScheme::Http(bearer));
    let mut info = Info::new("Timbang", env!("CARGO_PKG_VERSION"));
    info.description = Some(INTRODUCTION.to_owned());
    OpenApiBuilder::new().info(info).paths(paths).components(Some(components.build())).build()
}

fn method_of(route: &Route) -> HttpMethod {
    if route.method == "POST" { HttpMethod::Post } else { HttpMethod::Get }
}

fn operation(route: &Route, parts: &mut Vec<(String, RefOr<Schema>)>) -> Operation {
    let about = route.about;
    let callers = callers(route.callers());
    let mut operation = OperationBuilder::new()
        .summary(Some(about.summary))
        .description(Some(format!("For {}.", callers.join(", "))))
        .extensions(Some(extension("x-callers", &callers)));
    for param in about.path {
        operation = operation.parameter(parameter(param, ParameterIn::Path));
    }
    for param in about.query.iter().copied().flatten() {
        operation = operation.parameter(parameter(param, ParameterIn::Query));
    }
    if let Some(form) = about.body {
        (form.collect)(parts);
        operation = operation.request_body(Some(request_body(form)));
    }
    for answer in about.answers {
        if let Content::Json(form) = answer.content {
            (form.collect)(parts);
        }
        operation = operation.response(answer.status.to_string(), answered(answer));
    }
    for (status, codes) in by_status(refusals(route)) {
        operation = operation.response(status.to_string(), refused(status, &codes));
    }
    if route.callers() != Callers::Anyone {
        operation = operation.security(SecurityRequirement::new(BEARER, [""; 0]));
    }
    operation.build()
}

/// Who may call a route: roles of people, or a tablet, or anyone.
fn callers(callers: Callers) -> Vec<&'static str> {
    match callers {
        Callers::Anyone => vec!["anyone"],
        Callers::Tablets => vec!["tablet"],
        Callers::People(right) => roles(right),
    }
}

fn roles(right: Right) -> Vec<&'static str> {
    Role::ALL.into_iter().filter(|role| role.may(right)).map(Role::as_str).collect()
}

fn parameter(param: &Param, place: ParameterIn) -> Parameter {
    let required = if param.required { Required::True } else { Required::False };
    ParameterBuilder::new()
        .name(param.name)
        .parameter_in(place.clone())
        .description(Some(param.what))
        .required(required)
        .schema(Some((param.schema)()))
        .style((place == ParameterIn::Query).then_some(ParameterStyle::Form))
        // A list is one value, its items separated by commas.
        .explode((place == ParameterIn::Query).then_some(false))
        .build()
}

fn request_body(form: Form) -> RequestBody {
    RequestBodyBuilder::new()
        .content(JSON, ContentBuilder::new().schema(Some(reference(form))).build())
        .required(Some(Required::True))
        .build()
}

fn reference(form: Form) -> RefOr<Schema> {
    Ref::from_schema_name((form.name)()).into()
}

fn answered(answer: &Answer) -> ResponseBuilder {
    let response = ResponseBuilder::new().description(answer.what);
    match answer.content {
        Content::Json(form) => {
            response.content(JSON, ContentBuilder::new().schema(Some(reference(form))).build())
        }
        Content::Media(types) => types.iter().fold(response, |response, media| {
            response.content(*media, ContentBuilder::new().build())
        }),
        Content::Nothing => response,
    }
}

/// Every refusal that a route can give.
fn refusals(route: &Route) -> impl Iterator<Item = ProblemCode> {
    let of_callers: &[ProblemCode] = match route.callers() {
        Callers::Anyone => &[],
        Callers::Tablets => &OF_TABLETS,
        Callers::People(_) => &OF_PEOPLE,
    };
    let of_bodies: &[ProblemCode] = if route.about.body.is_some() { &OF_BODIES } else { &[] };
    [&OF_ANY, of_callers, of_bodies, route.about.refusals].into_iter().flatten().copied()
}

fn by_status(codes: impl Iterator<Item = ProblemCode>) -> BTreeMap<u16, Vec<ProblemCode>> {
    let mut by_status: BTreeMap<u16, Vec<ProblemCode>> = BTreeMap::new();
    for code in codes {
        by_status.entry(code.status()).or_default().push(code);
    }
    by_status
}

fn refused(status: u16, codes: &[ProblemCode]) -> ResponseBuilder {
    let names: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
    let lines: Vec<String> =
        codes.iter().map(|code| format!("`{}`: {}.", code.as_str(), code.title())).collect();
    let content = ContentBuilder::new().schema(Some(named::<Problem>())).build();
    let response = ResponseBuilder::new()
        .description(lines.join(" "))
        .content(PROBLEM_JSON, content)
        .extensions(Some(extension("x-codes", &names)));
    if !matches!(status, 429 | 503 | 507) {
        return response;
    }
    let seconds = HeaderBuilder::new()
        .description(Some("Seconds to wait before the same is asked again."))
        .schema(u32::schema())
        .build();
    response.header("Retry-After", seconds)
}

fn extension(name: &str, values: &[&str]) -> Extensions {
    ExtensionsBuilder::new().add(name, values).build()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_route_is_described_and_nothing_else() {
        let document = document();
        let described: BTreeSet<(String, String)> = document["paths"]
            .as_object()
            .unwrap()
            .iter()
            .flat_map(|(path, item)| {
                let methods = item.as_object().unwrap().keys();
                methods.map(move |method| (method.to_uppercase(), path.clone()))
            })
            .collect();
        let routes: BTreeSet<(String, String)> = ROUTES
            .iter()
            .map(|route| (route.method.to_owned(), route.pattern.to_owned()))
            .collect();
        assert_eq!(described, routes);
        assert_eq!(routes.len(), ROUTES.len(), "a route stands twice in the table");
    }

    #[test]
    fn what_stands_at_the_braces_is_described_in_their_order() {
        for route in &ROUTES {
            let segments = route.pattern.split('/');
            let braces: Vec<&str> = segments
                .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
                .collect();
            let described: Vec<&str> = route.about.path.iter().map(|param| param.name).collect();
            assert_eq!(described, braces, "{}", route.pattern);
            assert!(!route.about.summary.is_empty() && !route.about.answers.is_empty());
        }
    }

    #[test]
    fn every_schema_that_is_named_is_there() {
        let document = document();
        let text = document.to_string();
        let names = text.split("#/components/schemas/").skip(1);
        let names: BTreeSet<&str> = names.map(|rest| rest.split('"').next().unwrap()).collect();
        let schemas = document["components"]["schemas"].as_object().unwrap();
        let there: BTreeSet<&str> = schemas.keys().map(String::as_str).collect();
        let missing: Vec<&&str> = names.difference(&there).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn no_two_types_share_the_name_of_a_schema() {
        let mut parts = Vec::new();
        for route in &ROUTES {
            operation(route, &mut parts);
        }
        let mut known: BTreeMap<String, Value> = BTreeMap::new();
        for (name, schema) in parts {
            let schema = serde_json::to_value(schema).unwrap();
            let first = known.entry(name.clone()).or_insert_with(|| schema.clone());
            assert_eq!(*first, schema, "{name}");
        }
    }
}
