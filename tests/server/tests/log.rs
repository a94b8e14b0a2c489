//! The log: one record for one event, whatever a client wrote; a request's id in and out; no secret.

use plancheck_server_tests::{Host, PASSWORD, door, ready};
use serde_json::{Value, json};

#[test]
fn json_records_hold_no_secret_and_no_second_line() {
    if !ready("json_records_hold_no_secret_and_no_second_line") {
        return;
    }
    let (mut command, data) = Host::command(&["--log-format", "json"]);
    let host = Host::spawn(command.env("PLANCHECK_LOG", "debug"), data);
    let admin = host.admin();
    let name = "evil\r\n{\"level\":\"INFO\",\"event\":\"login\",\"actor\":\"admin\"}";
    let login = json!({ "name": name, "password": "some secret or other" });
    assert_eq!(
        host.client().post_json("/api/v1/auth/login", &login).status,
        401
    );
    let refreshed = json!({ "refresh_token": admin.refresh });
    let second = admin
        .post_json("/api/v1/auth/refresh", &refreshed)
        .json(200);
    let key = admin
        .post_json("/api/v1/keys", &json!({ "name": "k" }))
        .json(201);
    let id = "client-chosen-id-0001";
    let reply = admin.send(
        "POST",
        "/api/v1/validate?jurisdiction=us",
        &[("x-request-id", id)],
        &door(0.9),
    );
    assert_eq!(reply.header("x-request-id"), id);
    let injected = admin.send("GET", "/livez", &[("x-request-id", "a b c")], b"");
    assert!(!injected.header("x-request-id").contains(' '));
    let log = host.log();
    let records: Vec<Value> = log
        .lines()
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    assert!(records.len() > 5, "{log}");
    let logins = records.iter().filter(|record| record["event"] == "login");
    assert_eq!(logins.count(), 1, "{log}");
    assert!(
        records
            .iter()
            .any(|record| record["event"] == "login_refused")
    );
    assert!(
        records
            .iter()
            .any(|record| record["id"] == id && record["status"] == 200),
        "{log}"
    );
    let secrets = [
        PASSWORD,
        "some secret or other",
        admin.token.as_deref().unwrap(),
        admin.refresh.as_deref().unwrap(),
        second["access_token"].as_str().unwrap(),
        second["refresh_token"].as_str().unwrap(),
        key["key"].as_str().unwrap(),
        "a key for tests that has more",
    ];
    for secret in secrets {
        assert!(!log.contains(secret), "a secret stands in the log");
    }
}
