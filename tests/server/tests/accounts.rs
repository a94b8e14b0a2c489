//! Accounts: made, changed and removed by administrators; passwords are slow to guess and nobody is
//! locked out by those who guess.

use std::time::{Duration, Instant};

use plancheck_server_tests::{Host, PASSWORD, ready, wait_until};
use serde_json::json;

#[test]
fn an_account_is_made_used_changed_and_removed() {
    if !ready("an_account_is_made_used_changed_and_removed") {
        return;
    }
    let host = Host::start(&[]);
    let admin = host.admin();
    let new = json!({ "name": "ada", "password": "short", "role": "architect" });
    assert_eq!(
        admin.post_json("/api/v1/users", &new).problem(422),
        "weak-password"
    );
    let new = json!({ "name": "ada", "password": PASSWORD, "role": "architect" });
    let account = admin.post_json("/api/v1/users", &new).json(201);
    assert_eq!(account["organisation"], "main");
    assert!(account.get("password_hash").is_none());
    assert_eq!(
        admin.post_json("/api/v1/users", &new).problem(409),
        "exists"
    );
    let ada = host.client().login("ada", PASSWORD);
    let me = ada.get("/api/v1/auth/me").json(200);
    assert_eq!(
        (&me["name"], &me["role"]),
        (&json!("ada"), &json!("architect"))
    );

    // A new role counts within a second, and ends the session that had the old one.
    let path = format!("/api/v1/users/{}", account["id"].as_str().unwrap());
    assert_eq!(
        admin
            .patch_json(&path, &json!({ "role": "viewer" }))
            .json(200)["role"],
        "viewer"
    );
    let took = wait_until("the session ends", || {
        ada.get("/api/v1/auth/me").status == 401
    });
    assert!(took < Duration::from_secs(2), "{took:?}");
    let ada = host.client().login("ada", PASSWORD);

    // Her own password.
    let change = |client: &plancheck_server_tests::Client, current: &str, new: &str| {
        client.post_json(
            "/api/v1/auth/password",
            &json!({ "current": current, "new": new }),
        )
    };
    assert_eq!(
        change(&ada, "wrong wrong wrong", "another good one").problem(403),
        "wrong-password"
    );
    assert_eq!(
        change(&ada, PASSWORD, "aaaaaaaaaaaaaa").problem(422),
        "weak-password"
    );
    change(&ada, PASSWORD, "another good one").expect(204);
    let old = json!({ "name": "ada", "password": PASSWORD });
    assert_eq!(
        host.client()
            .post_json("/api/v1/auth/login", &old)
            .problem(401),
        "unauthorized"
    );
    let ada = host.client().login("ada", "another good one");

    // A disabled account is not let in, and not told why.
    admin
        .patch_json(&path, &json!({ "disabled": true }))
        .expect(200);
    wait_until("the session ends", || {
        ada.get("/api/v1/auth/me").status == 401
    });
    let login = json!({ "name": "ada", "password": "another good one" });
    assert_eq!(
        host.client()
            .post_json("/api/v1/auth/login", &login)
            .problem(401),
        "unauthorized"
    );
    admin.delete(&path).expect(204);
    assert_eq!(admin.get(&path).problem(404), "no-such-user");
    let names: Vec<String> = admin.get("/api/v1/users").json(200)["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["admin"]);
    // What was done can be read.
    let log = admin.get("/api/v1/audit").text();
    for event in [
        "user_created",
        "role_changed",
        "password_changed",
        "user_removed",
        "login_refused",
    ] {
        assert!(log.contains(event), "{event}: {log}");
    }
}

#[test]
fn the_last_administrator_stays() {
    if !ready("the_last_administrator_stays") {
        return;
    }
    let host = Host::start(&[]);
    let admin = host.admin();
    let me = admin.get("/api/v1/auth/me").json(200);
    let path = format!("/api/v1/users/{}", me["id"].as_str().unwrap());
    assert_eq!(admin.delete(&path).problem(409), "last-administrator");
    for change in [json!({ "role": "viewer" }), json!({ "disabled": true })] {
        assert_eq!(
            admin.patch_json(&path, &change).problem(409),
            "last-administrator"
        );
    }
    let _second = host.user(&admin, "second", "admin", "main");
    admin.delete(&path).expect(204);
}

#[test]
fn an_unknown_name_costs_and_says_what_a_wrong_password_does() {
    if !ready("an_unknown_name_costs_and_says_what_a_wrong_password_does") {
        return;
    }
    let host = Host::start(&[]);
    let client = host.client();
    let attempt = |name: &str| {
        let began = Instant::now();
        let body = json!({ "name": name, "password": "not the password" });
        let reply = client.post_json("/api/v1/auth/login", &body);
        let mut problem = reply.json(401);
        problem.as_object_mut().unwrap().remove("instance");
        (began.elapsed(), problem)
    };
    // The first one also computes the hash that nobody has.
    let _ = attempt("warm-up");
    let known: Vec<_> = (0..3).map(|_| attempt("admin")).collect();
    let unknown: Vec<_> = (0..3).map(|i| attempt(&format!("nobody{i}"))).collect();
    assert_eq!(known[0].1, unknown[0].1);
    let least =
        |tries: &[(Duration, serde_json::Value)]| tries.iter().map(|one| one.0).min().unwrap();
    let (known, unknown) = (least(&known), least(&unknown));
    // Both compute a hash of some 20 ms; without it, the answer would come in one.
    assert!(
        known < unknown * 4 && unknown < known * 4,
        "{known:?}, {unknown:?}"
    );
}

#[test]
fn who_guesses_has_to_wait_and_the_person_has_not() {
    if !ready("who_guesses_has_to_wait_and_the_person_has_not") {
        return;
    }
    let host = Host::start(&["--trusted-proxy", "127.0.0.1"]);
    let admin = host.admin();
    let _ = host.user(&admin, "ada", "viewer", "main");
    let attempt = |from: &str, password: &str| {
        let body = json!({ "name": "ada", "password": password }).to_string();
        let headers = [
            ("content-type", "application/json"),
            ("x-forwarded-for", from),
        ];
        host.client()
            .send("POST", "/api/v1/auth/login", &headers, body.as_bytes())
    };
    assert_eq!(attempt("192.0.2.1", PASSWORD).status, 200);
    let refused = (0..20)
        .map(|_| attempt("192.0.2.66", "guess guess guess"))
        .find(|reply| reply.status == 429);
    let refused = refused.expect("a stranger is slowed down");
    assert_eq!(refused.problem(429), "login-throttled");
    assert!(refused.header("retry-after").parse::<u32>().unwrap() >= 1);
    // From many addresses.
    let from = |i: usize| format!("198.51.{}.{}", i / 250, i % 250 + 1);
    let strangers: Vec<u16> = (0..60)
        .map(|i| attempt(&from(i), "guess guess guess").status)
        .collect();
    assert_eq!(strangers.last(), Some(&429));
    // She comes from where she came from before.
    assert_eq!(attempt("192.0.2.1", PASSWORD).status, 200);
    assert!(host.counted("plancheck_login_failures_total{reason=\"throttled\"}") > 0.0);
}

#[test]
fn a_password_is_generated_once_and_printed_once() {
    if !ready("a_password_is_generated_once_and_printed_once") {
        return;
    }
    let (mut command, data) = Host::command(&[]);
    command
        .env_remove("PLANCHECK_ADMIN_PASSWORD_FILE")
        .env_remove("PLANCHECK_TOKEN_KEYS_FILE");
    let host = Host::spawn(&mut command, data);
    let log = host.log();
    let password = log
        .split("with the password ")
        .nth(1)
        .and_then(|rest| rest.lines().next());
    let password = password.expect("it is printed").trim().to_owned();
    let admin = host.client().login("admin", &password);
    assert_eq!(admin.get("/api/v1/auth/me").json(200)["role"], "admin");
    assert_eq!(log.matches(&password).count(), 1);
}

#[test]
fn a_lost_password_is_replaced_beside_the_running_server() {
    if !ready("a_lost_password_is_replaced_beside_the_running_server") {
        return;
    }
    let host = Host::start(&[]);
    let admin = host.admin();
    let reset = |name: &str| {
        let done = std::process::Command::new(plancheck_server_tests::program())
            .args(["reset-password", name, "--data-dir"])
            .arg(host.data())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&done.stdout).trim().to_owned();
        let errors = String::from_utf8_lossy(&done.stderr).into_owned();
        (done.status.code().unwrap(), text, errors)
    };
    let (code, _, errors) = reset("nobody");
    assert!(code == 2 && errors.contains("there are: admin"), "{errors}");
    let (code, password, errors) = reset("Admin");
    assert_eq!(code, 0, "{errors}");
    wait_until("the old session has ended", || {
        admin.get("/api/v1/auth/me").status == 401
    });
    let old = json!({ "name": "admin", "password": PASSWORD });
    assert_eq!(
        host.client()
            .post_json("/api/v1/auth/login", &old)
            .problem(401),
        "unauthorized"
    );
    let again = host.client().login("admin", &password);
    again.get("/api/v1/auth/me").expect(200);
    // A disabled account stays so, and that is said.
    let ada = host.user(&again, "ada", "viewer", "main");
    let me = ada.get("/api/v1/auth/me").json(200);
    let path = format!("/api/v1/users/{}", me["id"].as_str().unwrap());
    again
        .patch_json(&path, &json!({ "disabled": true }))
        .expect(200);
    let (code, _, errors) = reset("ada");
    assert!(code == 1 && errors.contains("DISABLED"), "{errors}");
    // Where there is no database, none is made.
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("none");
    let empty = folder.path().join("empty.sqlite");
    std::fs::write(&empty, b"").unwrap();
    let url = format!("sqlite://{}", empty.display());
    for arguments in [
        ["--data-dir", missing.to_str().unwrap()],
        ["--database-url", url.as_str()],
    ] {
        let done = std::process::Command::new(plancheck_server_tests::program())
            .args(["reset-password", "admin"])
            .args(arguments)
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(done.status.code(), Some(2), "{errors}");
        assert!(!errors.contains("newer release"), "{errors}");
    }
    assert!(!missing.exists());
}

#[test]
fn keys_are_listed_page_by_page_and_have_no_session_to_end() {
    if !ready("keys_are_listed_page_by_page_and_have_no_session_to_end") {
        return;
    }
    let host = Host::start(&[]);
    let admin = host.admin();
    let mut made = Vec::new();
    let mut secret = String::new();
    for number in 0..5 {
        let body = json!({ "name": format!("machine {number}") });
        let key = admin.post_json("/api/v1/keys", &body).json(201);
        made.push(key["id"].as_str().unwrap().to_owned());
        secret = key["key"].as_str().unwrap().to_owned();
    }
    made.sort();
    let (mut listed, mut after) = (Vec::new(), String::new());
    loop {
        let page = admin
            .get(&format!("/api/v1/keys?limit=2&after={after}"))
            .json(200);
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 2);
        listed.extend(
            items
                .iter()
                .map(|key| key["id"].as_str().unwrap().to_owned()),
        );
        match page["next"].as_str() {
            Some(next) => after = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(listed, made);
    let machine = host.client().with(&secret);
    assert_eq!(
        machine.post("/api/v1/auth/logout", b"").problem(403),
        "no-session"
    );
    machine.get("/api/v1/auth/me").expect(200);
}
