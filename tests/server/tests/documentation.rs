//! The tables in docs/ say what the program does: roles, close codes, messages, routes, metrics.

use std::collections::{BTreeMap, BTreeSet};

use plancheck_server_tests::{Client, Host, Live, Redis, door, ready, root};
use serde_json::{Value, json};

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The rows of the table whose header begins so, without their outer bars, as cells.
fn table(page: &str, header: &str) -> Vec<Vec<String>> {
    let text = read(page);
    let mut lines = text.lines().skip_while(|line| !line.starts_with(header));
    assert!(lines.next().is_some(), "{page} has no table {header}");
    lines
        .skip(1)
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let line = line.trim_matches('|');
            line.split(" | ")
                .map(|cell| cell.trim().to_owned())
                .collect()
        })
        .collect()
}

/// What stands between backticks.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn every_role_may_do_what_its_column_says() {
    if !ready("every_role_may_do_what_its_column_says") {
        return;
    }
    let host = Host::start(&[]);
    let admin = host.admin();
    let key = admin
        .post_json("/api/v1/keys", &json!({ "name": "machine" }))
        .json(201);
    let header = read("docs/accounts.md");
    let header = header
        .lines()
        .find(|line| line.starts_with("| permission |"))
        .unwrap();
    let columns: Vec<&str> = header.trim_matches('|').split('|').map(str::trim).collect();
    let roles = &columns[1..columns.len() - 1];
    let rows = table("docs/accounts.md", "| permission |");
    let mut known = BTreeSet::new();
    for (column, role) in (1..).zip(roles) {
        let client: Client = match *role {
            "admin" => admin.clone(),
            "api_user" => host.client().with(key["key"].as_str().unwrap()),
            role => host.user(&admin, &format!("some-{role}"), role, "main"),
        };
        let me = client.get("/api/v1/auth/me").json(200);
        assert_eq!(me["role"], *role);
        let may: BTreeSet<&str> = me["permissions"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let written = rows
            .iter()
            .filter(|row| row[column] == "yes")
            .map(|row| quoted(&row[0])[0]);
        assert_eq!(written.collect::<BTreeSet<&str>>(), may, "{role}");
        known.insert((*role).to_owned());
    }
    // The document knows all roles there are.
    let document = host.client().get("/api/openapi.json").json(200);
    let names = document["components"]["schemas"]["Role"]["enum"]
        .as_array()
        .cloned();
    let names = names.or_else(|| {
        let all = document["components"]["schemas"]["Role"]["oneOf"].as_array()?;
        Some(
            all.iter()
                .flat_map(|one| one["enum"].as_array().cloned().unwrap_or_default())
                .collect(),
        )
    });
    let names = names.expect("the roles in the OpenAPI document");
    let names: BTreeSet<String> = names
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    assert_eq!(known, names);
}

#[test]
fn close_codes_are_those_of_the_source() {
    let source = read("host/src/sync/client.rs");
    let module = source
        .split("pub mod close {")
        .nth(1)
        .unwrap()
        .split("\n}")
        .next()
        .unwrap();
    let constants: BTreeMap<String, String> = module
        .lines()
        .filter_map(|line| {
            line.trim()
                .strip_prefix("pub const ")?
                .split_once(": u16 = ")
        })
        .map(|(name, code)| (code.trim_end_matches(';').to_owned(), name.to_owned()))
        .collect();
    assert!(constants.len() > 8, "{constants:?}");
    let rows = table("docs/live-sync.md", "| code | name |");
    let written: BTreeMap<String, String> = rows
        .iter()
        .map(|row| (row[0].clone(), quoted(&row[1])[0].to_owned()))
        .collect();
    assert_eq!(written, constants);
}

/// Names of an enum's variants, as JSON writes them.
fn variants(source: &str, name: &str) -> BTreeSet<String> {
    let text = read(source);
    let start = text
        .find(&format!("pub enum {name}"))
        .unwrap_or_else(|| panic!("no {name}"));
    let body = text[start..].split("\n}").next().unwrap();
    let names = body
        .lines()
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| line.starts_with(char::is_uppercase));
    names
        .map(|line| {
            let name = line.trim_end_matches([' ', '{', ',']);
            let mut snake = String::new();
            for c in name.chars() {
                if c.is_uppercase() && !snake.is_empty() {
                    snake.push('_');
                }
                snake.extend(c.to_lowercase());
            }
            snake
        })
        .collect()
}

#[test]
fn every_message_of_live_sync_has_an_example() {
    let page = read("docs/live-sync.md");
    let shown: BTreeSet<String> = page
        .split("{\"type\":\"")
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()))
        .collect();
    let mut known = variants("host/src/sync/protocol.rs", "FromClient");
    known.extend(variants("host/src/sync/protocol.rs", "ToClient<'a>"));
    assert!(known.len() > 10, "{known:?}");
    assert_eq!(shown, known);
}

#[test]
fn every_route_has_a_row_that_says_who_may_use_it() {
    if !ready("every_route_has_a_row_that_says_who_may_use_it") {
        return;
    }
    let host = Host::start(&[]);
    let document = host.client().get("/api/openapi.json").json(200);
    let mut rows: BTreeMap<(String, String), String> = BTreeMap::new();
    for row in table("docs/http-api.md", "| request | who |") {
        let mut path = "";
        for request in quoted(&row[0]) {
            // A method alone is another one of the path before.
            let (method, of) = request.split_once(' ').unwrap_or((request, path));
            path = of;
            rows.insert((method.to_owned(), path.to_owned()), row[1].clone());
        }
    }
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let what = (method.to_uppercase(), path.clone());
            let who = rows
                .remove(&what)
                .unwrap_or_else(|| panic!("{what:?} has no row"));
            let access = &operation["x-plancheck-access"];
            let permission = access["permission"].as_str().unwrap_or_default();
            let expected = match access["access"].as_str().unwrap() {
                // Who connects says it in the first message.
                "public" if path.contains("/ws/") => continue,
                "public" => "all".to_owned(),
                "signed-in" => "logged in".to_owned(),
                "open" => format!("open, `{permission}`"),
                _ => format!("`{permission}`"),
            };
            assert_eq!(who, expected, "{what:?}");
        }
    }
    // Pages and the document itself.
    for ((method, path), _) in rows {
        let reply = host.client().send(&method, &path, &[], b"");
        assert_eq!(reply.status, 200, "{method} {path} has a row and no route");
    }
}

#[test]
fn every_metric_has_a_row() {
    if !ready("every_metric_has_a_row") {
        return;
    }
    let redis = Redis::start();
    let host = Host::start(&["--redis-url", &redis.url()]);
    let admin = host.admin();
    admin
        .put("/api/v1/buildings/house?jurisdiction=us", &door(0.7))
        .expect(200);
    let _live = Live::join(&host, "house", admin.token.as_deref().unwrap());
    let text = host.client().get("/metrics").text();
    // Each with its labels, as its samples have them.
    let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE plancheck_") {
            known
                .entry(format!("plancheck_{}", rest.split(' ').next().unwrap()))
                .or_default();
        }
    }
    for line in text.lines().filter(|line| line.starts_with("plancheck_")) {
        let Some((name, rest)) = line.split_once('{') else {
            continue;
        };
        let family = ["_bucket", "_sum", "_count"]
            .iter()
            .find_map(|end| name.strip_suffix(end));
        let name = family
            .filter(|name| known.contains_key(*name))
            .unwrap_or(name);
        let labels = rest.rsplit_once('}').unwrap().0;
        let labels = labels
            .split("\",")
            .filter_map(|pair| pair.split_once('='))
            .map(|(label, _)| label);
        let labels = labels.filter(|label| *label != "le").map(str::to_owned);
        known.get_mut(name).expect("a type").extend(labels);
    }
    let mut written: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in table("docs/operations.md", "| metric | labels |") {
        let labels: BTreeSet<String> = quoted(&row[1]).into_iter().map(str::to_owned).collect();
        for name in quoted(&row[0])
            .into_iter()
            .filter(|name| name.starts_with("plancheck_"))
        {
            written.insert(name.to_owned(), labels.clone());
        }
    }
    assert_eq!(written, known);
}

#[test]
fn every_alert_has_a_row() {
    let alerts = read("deploy/alerts.yml");
    let alerts = alerts
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- alert: "));
    let rows = table("docs/operations.md", "| alert |");
    let written: BTreeSet<&str> = rows.iter().flat_map(|row| quoted(&row[0])).collect();
    assert_eq!(written, alerts.clone().collect::<BTreeSet<&str>>());
    // And a test that sees it fire, and one that sees it silent.
    let tests = read("deploy/alerts.test.yml");
    for alert in alerts {
        let cases: Vec<&str> = tests
            .split("- alertname: ")
            .filter(|case| case.starts_with(&format!("{alert}\n")))
            .collect();
        assert!(
            cases.iter().any(|case| case.contains("exp_labels")),
            "{alert} never fires in the tests"
        );
        assert!(
            cases.iter().any(|case| case.contains("exp_alerts: []")),
            "{alert} is never silent in the tests"
        );
    }
}
