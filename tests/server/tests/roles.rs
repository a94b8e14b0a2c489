//! Every route × every role × own and other organisation, from the OpenAPI document.

use plancheck_server_tests::{Client, Host, door, ready};
use serde_json::{Value, json};

const ROLES: [&str; 5] = ["admin", "engineer", "architect", "inspector", "viewer"];

/// A request that a route understands well enough to be refused or answered.
fn ask(client: &Client, method: &str, path: &str, operation: &Value) -> u16 {
    let path = path
        .replace("{building_id}", "house")
        .replace("{id}", "usr_00000000000000000000");
    let types = operation["requestBody"]["content"].as_object();
    let json = types.is_some_and(|types| types.contains_key("application/json"));
    let (headers, body): (&[(&str, &str)], Vec<u8>) = match (json, operation.get("requestBody")) {
        (true, _) => (&[("content-type", "application/json")], b"{}".to_vec()),
        // Nothing that could be kept.
        (false, Some(_)) => (&[], b"no model".to_vec()),
        (false, None) => (&[], Vec::new()),
    };
    client
        .send(&method.to_uppercase(), &path, headers, &body)
        .status
}

#[test]
fn the_table_is_held_for_every_route_and_role() {
    if !ready("the_table_is_held_for_every_route_and_role") {
        return;
    }
    let host = Host::start(&[
        "--rate-per-caller",
        "0",
        "--rate-per-address",
        "0",
        "--open",
        "false",
    ]);
    let admin = host.admin();
    let document = host.client().get("/api/openapi.json").json(200);
    let users: Vec<(&str, Client)> = ROLES
        .iter()
        .map(|role| (*role, host.user(&admin, &format!("{role}-1"), role, "main")))
        .collect();
    let key = admin
        .post_json("/api/v1/keys", &json!({ "name": "machine" }))
        .json(201);
    let machine = host.client().with(key["key"].as_str().unwrap());
    let nobody = host.client();
    let mut seen = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            // It would end the session of whoever asks.
            if path.ends_with("/auth/logout") {
                continue;
            }
            let access = &operation["x-plancheck-access"];
            let kind = access["access"]
                .as_str()
                .unwrap_or_else(|| panic!("{method} {path} has no row"));
            let allowed: Vec<&str> = access["roles"]
                .as_array()
                .map(|roles| roles.iter().filter_map(Value::as_str).collect())
                .unwrap_or_default();
            let what = format!("{method} {path}");
            let status = ask(&nobody, method, path, operation);
            match kind {
                "public" => assert!(status != 403 || path.contains("/ws/"), "{what}: {status}"),
                _ => assert_eq!(status, 401, "{what}: nobody in particular"),
            }
            let all = users
                .iter()
                .map(|(role, client)| (*role, client))
                .chain([("api_user", &machine)]);
            for (role, client) in all {
                let status = ask(client, method, path, operation);
                let refused = status == 403 || status == 401;
                let may = kind == "public" || allowed.contains(&role);
                // A change of a password asks for the current one.
                if path.ends_with("/auth/password") {
                    continue;
                }
                assert_eq!(refused, !may, "{what} as {role}: {status}");
                assert!(status < 500, "{what} as {role}: {status}");
                let declared = operation["responses"].as_object().unwrap();
                assert!(
                    declared.contains_key(&status.to_string()),
                    "{what} as {role}: {status} is not declared"
                );
                seen += 1;
            }
        }
    }
    assert!(seen > 150, "{seen} cases");
}

#[test]
fn nobody_sees_another_organisations_buildings() {
    if !ready("nobody_sees_another_organisations_buildings") {
        return;
    }
    let host = Host::start(&["--rate-per-caller", "0"]);
    let admin = host.admin();
    let ours = host.user(&admin, "ours", "engineer", "main");
    ours.put("/api/v1/buildings/house?jurisdiction=us", &door(0.9))
        .expect(200);
    let report = ours.get("/api/v1/validate/house");
    assert_eq!(report.status, 200);
    let key = admin.post_json("/api/v1/keys", &json!({ "name": "ci" }));
    let key = key.json(201)["id"].as_str().unwrap().to_owned();
    for role in ROLES {
        let other = host.user(&admin, &format!("their-{role}"), role, "others");
        let expected = |permitted: bool| if permitted { 404 } else { 403 };
        let writes = ["admin", "engineer", "architect"].contains(&role);
        let checks = role != "viewer";
        for path in [
            "/api/v1/buildings/house",
            "/api/v1/buildings/house/model",
            "/api/v1/validate/house",
            "/api/v1/validate/house/history",
            "/api/v1/buildings/house/edits",
        ] {
            assert_eq!(other.get(path).status, 404, "{role} {path}");
        }
        assert_eq!(
            other.delete("/api/v1/buildings/house").status,
            expected(writes),
            "{role}"
        );
        assert_eq!(
            other.post("/api/v1/validate?building=house", b"").status,
            expected(checks),
            "{role}"
        );
        // Nor a key of another organisation.
        let administers = role == "admin";
        assert_eq!(
            other.delete(&format!("/api/v1/keys/{key}")).status,
            expected(administers),
            "{role}"
        );
        if administers {
            assert_eq!(other.get("/api/v1/keys").json(200)["items"], json!([]));
        }
        assert_eq!(
            other.get("/api/v1/buildings").json(200)["items"],
            json!([]),
            "{role}"
        );
        assert_eq!(
            other.delete("/api/v1/cache/house").status,
            expected(role == "admin"),
            "{role}"
        );
    }
    // The same name is another building there.
    let theirs = host.user(&admin, "theirs", "engineer", "others");
    theirs
        .put("/api/v1/buildings/house?jurisdiction=us", &door(0.7))
        .expect(200);
    assert_eq!(ours.get("/api/v1/validate/house").body, report.body);
    assert_ne!(theirs.get("/api/v1/validate/house").body, report.body);
}

#[test]
fn who_is_not_logged_in_may_check_only_where_that_is_said() {
    if !ready("who_is_not_logged_in_may_check_only_where_that_is_said") {
        return;
    }
    let open = Host::start(&[]);
    assert_eq!(
        open.client()
            .post("/api/v1/validate?jurisdiction=us", &door(0.9))
            .status,
        200
    );
    assert_eq!(open.client().get("/api/v1/modules").status, 200);
    // But nothing is kept for nobody.
    assert_eq!(
        open.client()
            .post("/api/v1/validate?building=x", &door(0.9))
            .problem(401),
        "unauthorized"
    );
    let closed = Host::start(&["--open", "false"]);
    assert_eq!(
        closed
            .client()
            .post("/api/v1/validate", &door(0.9))
            .problem(401),
        "unauthorized"
    );
    assert_eq!(
        closed.client().get("/api/v1/modules").problem(401),
        "unauthorized"
    );
    assert_eq!(closed.client().get("/livez").status, 200);
}
