//! What happens at the same time: of changes that exclude each other one is made, on every replica.

use std::thread;
use std::time::Duration;

use plancheck_server_tests::{Client, Host, PASSWORD, Postgres, ready};
use serde_json::json;

/// A host with an SQLite file, and one with a PostgreSQL, which must live as long.
fn hosts() -> Vec<(Host, Option<Postgres>)> {
    let limits = ["--rate-per-address", "0", "--rate-per-caller", "0"];
    let postgres = Postgres::start();
    let url = postgres.url();
    let shared = [&limits[..], &["--database-url", &url]].concat();
    vec![
        (Host::start(&limits), None),
        (Host::start(&shared), Some(postgres)),
    ]
}

fn id(client: &Client) -> String {
    let me = client.get("/api/v1/auth/me").json(200);
    me["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_login_that_is_under_way_ends_with_the_old_password() {
    if !ready("a_login_that_is_under_way_ends_with_the_old_password") {
        return;
    }
    for (host, _postgres) in hosts() {
        let admin = host.admin();
        for round in 0..8_u64 {
            let name = format!("ada{round}");
            let path = format!(
                "/api/v1/users/{}",
                id(&host.user(&admin, &name, "viewer", "main"))
            );
            let old = json!({ "name": name, "password": PASSWORD });
            let logins: Vec<_> = (0..3_u64)
                .map(|number| {
                    let (client, old) = (host.client(), old.clone());
                    thread::spawn(move || {
                        thread::sleep(Duration::from_millis(number * 12 + round));
                        client.post_json("/api/v1/auth/login", &old)
                    })
                })
                .collect();
            let change = json!({ "password": "another good one" });
            admin.patch_json(&path, &change).expect(200);
            let replies = logins.into_iter().map(|login| login.join().unwrap());
            let given: Vec<String> = replies
                .filter(|reply| reply.status == 200)
                .map(|reply| reply.json(200)["access_token"].as_str().unwrap().to_owned())
                .collect();
            // What was learnt of a session counts for 0.8 s.
            thread::sleep(Duration::from_millis(1_000));
            for token in given {
                let client = host.client().with(&token);
                assert_eq!(client.get("/api/v1/auth/me").status, 401, "{name}");
            }
            let _ = host.client().login(&name, "another good one");
        }
    }
}

#[test]
fn administrators_who_take_each_others_role_leave_one() {
    if !ready("administrators_who_take_each_others_role_leave_one") {
        return;
    }
    let postgres = Postgres::start();
    let url = postgres.url();
    let arguments = [
        "--database-url",
        &url,
        "--rate-per-address",
        "0",
        "--rate-per-caller",
        "0",
    ];
    let replicas = [Host::start(&arguments), Host::start(&arguments)];
    let first = replicas[0].admin();
    let second = replicas[0].user(&first, "second", "admin", "main");
    let mut two = [first, second];
    let (names, ids) = (["admin", "second"], [id(&two[0]), id(&two[1])]);
    for round in 0..20 {
        let changes: Vec<_> = (0..2)
            .map(|who| {
                let client = replicas[who].client();
                let client = client.with(two[who].token.as_deref().unwrap());
                let path = format!("/api/v1/users/{}", ids[1 - who]);
                thread::spawn(move || match round % 3 {
                    0 => client.patch_json(&path, &json!({ "role": "viewer" })),
                    1 => client.patch_json(&path, &json!({ "disabled": true })),
                    _ => client.patch_json(&path, &json!({ "role": "engineer" })),
                })
            })
            .collect();
        let replies: Vec<u16> = changes
            .into_iter()
            .map(|change| change.join().unwrap().status)
            .collect();
        let made = replies.iter().filter(|status| **status == 200).count();
        assert_eq!(made, 1, "round {round}: {replies:?}");
        // Who stayed makes the other one an administrator again.
        let stayed = usize::from(replies[1] == 200);
        let again = json!({ "role": "admin", "disabled": false });
        let path = format!("/api/v1/users/{}", ids[1 - stayed]);
        two[stayed].patch_json(&path, &again).expect(200);
        two[1 - stayed] = replicas[0].client().login(names[1 - stayed], PASSWORD);
    }
}
