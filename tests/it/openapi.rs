//! What the server says of its API. That its answers are what it says is checked at every call of
//! every test: see the support library's `described`.

use serde_json::{Value, json};
use server::admin::people;
use server::http::routes::{Callers, ROUTES};
use server::store::{GrantOf, Role};
use sync_tests::{Client, Described, KECAMATAN, World, area, run};

/// An example of a required parameter, by its name.
fn example(name: &str) -> &'static str {
    match name {
        "month" => "2026-11",
        _ => panic!("{name} is required and has no example here"),
    }
}

#[test]
fn the_server_and_the_command_give_the_same_description() {
    let world = World::default();
    let reply = world.server.client().get("/v1/openapi.json").send();
    let printed = run("timbang", ["openapi"]);
    let printed: Value = serde_json::from_str(&printed.stdout).unwrap();
    assert!(reply.json() == printed, "they differ");
    assert_eq!(printed["openapi"], "3.1.0");
}

#[test]
fn a_query_takes_the_values_that_are_described_and_no_other_parameter() {
    let world = World::default();
    let grants = vec![GrantOf::Area(area(KECAMATAN))];
    let worker =
        people::add_worker(world.service(), "Penyelia".to_owned(), Role::Penyelia, grants).unwrap();
    let token = people::make_token(world.service(), worker).unwrap();
    let client = world.server.client();
    let mut asked = 0;
    for route in ROUTES.iter().filter(|route| route.method == "GET") {
        // One child is asked for in the matrix.
        if !matches!(route.callers(), Callers::People(_)) || route.pattern.ends_with("{id}") {
            continue;
        }
        let path = route.pattern.replace("{file}", "measurements.csv");
        asked += check_query(&client, &token, &path);
    }
    assert!(asked > 10, "{asked} values were tried: were they found?");
}

/// Returns how many described values were tried.
fn check_query(client: &Client, token: &str, path: &str) -> u32 {
    let operation = Described::get().operation("GET", path).unwrap();
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let parameters: Vec<&Value> = parameters.filter(|param| param["in"] == "query").collect();
    let needed = parameters.iter().filter(|param| param["required"] == true);
    let needed: Vec<&str> = needed.map(|param| param["name"].as_str().unwrap()).collect();
    let query: String = needed.iter().map(|name| format!("{name}={}&", example(name))).collect();
    let status = |query: &str| client.get(&format!("{path}?{query}")).token(token).send().status;
    assert_eq!(status(&query), 200, "{path}");
    assert_eq!(status(&format!("{query}tak_dikenal=1")), 400, "{path} takes anything");
    for name in needed {
        let without = query.replace(&format!("{name}={}&", example(name)), "");
        assert_eq!(status(&without), 400, "{path} does not need {name}");
    }
    let mut tried = 0;
    for parameter in parameters {
        let (name, schema) = (parameter["name"].as_str().unwrap(), &parameter["schema"]);
        let schema = match schema["$ref"].as_str() {
            Some(target) => Described::get().document.pointer(&target[1..]).unwrap(),
            None => schema,
        };
        if parameter["required"] == true || *schema == json!({"type": "string"}) {
            continue;
        }
        assert_eq!(status(&format!("{query}{name}=bukan")), 400, "{path} takes any {name}");
        for value in schema["enum"].as_array().into_iter().flatten() {
            let value = value.as_str().unwrap().replace(';', "%3B");
            assert_eq!(status(&format!("{query}{name}={value}")), 200, "{path} {name}={value}");
            tried += 1;
        }
    }
    tried
}
