//! Refresh tokens: used once; a second use within the grace time is a client that asked twice, a later
//! one ends the session; logout is seen everywhere within a second.

use std::collections::HashSet;
use std::thread;
use std::time::Duration;

use plancheck_server_tests::{Client, Host, Postgres, ready, wait_until};
use serde_json::{Value, json};

fn refresh(client: &Client, token: &str) -> plancheck_server_tests::Reply {
    client.post_json("/api/v1/auth/refresh", &json!({ "refresh_token": token }))
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap().to_owned()
}

#[test]
fn a_stolen_token_ends_the_family() {
    if !ready("a_stolen_token_ends_the_family") {
        return;
    }
    let host = Host::start(&["--refresh-grace", "50ms"]);
    let admin = host.admin();
    let first = admin.refresh.clone().unwrap();
    let given = refresh(&admin, &first).json(200);
    let second = text(&given, "refresh_token");
    assert_ne!(first, second);
    let client = host.client().with(&text(&given, "access_token"));
    assert_eq!(client.get("/api/v1/auth/me").status, 200);
    thread::sleep(Duration::from_millis(120));
    // Somebody else has the first one, or had.
    assert_eq!(refresh(&admin, &first).problem(401), "unauthorized");
    assert_eq!(refresh(&admin, &second).problem(401), "unauthorized");
    wait_until("the session ends", || {
        client.get("/api/v1/auth/me").status == 401
    });
    let again = host.admin();
    assert!(
        again
            .get("/api/v1/audit")
            .text()
            .contains("refresh_token_reused")
    );
}

#[test]
fn twenty_at_once_log_nobody_out() {
    if !ready("twenty_at_once_log_nobody_out") {
        return;
    }
    let postgres = Postgres::start();
    for store in [vec![], vec!["--database-url".to_owned(), postgres.url()]] {
        let arguments: Vec<&str> = store.iter().map(String::as_str).collect();
        let host = Host::start(&arguments);
        let admin = host.admin();
        let token = admin.refresh.clone().unwrap();
        let asked: Vec<_> = (0..20)
            .map(|_| {
                let (admin, token) = (admin.clone(), token.clone());
                thread::spawn(move || refresh(&admin, &token).json(200))
            })
            .collect();
        let given: Vec<Value> = asked.into_iter().map(|one| one.join().unwrap()).collect();
        let tokens: HashSet<String> = given.iter().map(|one| text(one, "refresh_token")).collect();
        assert_eq!(tokens.len(), 20, "{arguments:?}");
        for one in &given {
            let client = host.client().with(&text(one, "access_token"));
            assert_eq!(client.get("/api/v1/auth/me").status, 200);
        }
        // And each of them goes on.
        assert_eq!(refresh(&admin, tokens.iter().next().unwrap()).status, 200);
    }
}

#[test]
fn logout_is_seen_at_every_replica() {
    if !ready("logout_is_seen_at_every_replica") {
        return;
    }
    let postgres = Postgres::start();
    let store = ["--database-url", &postgres.url()];
    let (one, other) = (Host::start(&store), Host::start(&store));
    let admin = one.admin();
    let elsewhere = other.client().with(admin.token.as_deref().unwrap());
    assert_eq!(elsewhere.get("/api/v1/auth/me").status, 200);
    admin.post("/api/v1/auth/logout", b"").expect(204);
    assert_eq!(admin.get("/api/v1/auth/me").status, 401);
    let took = wait_until("the other replica sees it", || {
        elsewhere.get("/api/v1/auth/me").status == 401
    });
    assert!(took < Duration::from_millis(1_100), "{took:?}");
    assert_eq!(
        refresh(&admin, &admin.refresh.clone().unwrap()).problem(401),
        "unauthorized"
    );
}

#[test]
fn a_key_is_shown_once_works_and_is_revoked() {
    if !ready("a_key_is_shown_once_works_and_is_revoked") {
        return;
    }
    let host = Host::start(&[]);
    let admin = host.admin();
    let made = admin
        .post_json(
            "/api/v1/keys",
            &json!({ "name": "nightly", "expires_in_days": 30 }),
        )
        .json(201);
    let machine = host.client().with(&text(&made, "key"));
    let me = machine.get("/api/v1/auth/me").json(200);
    assert_eq!(
        (&me["role"], &me["name"]),
        (&json!("api_user"), &json!("nightly"))
    );
    assert_eq!(machine.get("/api/v1/buildings").status, 200);
    assert_eq!(machine.get("/api/v1/users").problem(403), "forbidden");
    let listed = admin.get("/api/v1/keys").json(200);
    assert!(listed["items"][0].get("key").is_none());
    admin
        .delete(&format!("/api/v1/keys/{}", text(&made, "id")))
        .expect(204);
    let took = wait_until("the key is refused", || {
        machine.get("/api/v1/auth/me").status == 401
    });
    assert!(took < Duration::from_millis(1_100), "{took:?}");
    assert_eq!(
        admin
            .delete(&format!("/api/v1/keys/{}", text(&made, "id")))
            .problem(404),
        "no-such-key"
    );
}
