//! The audit log: what matters has a line, and nobody fills it.

use plancheck_server_tests::{Client, Host, Live, door, ready};
use serde_json::{Value, json};

fn lines(admin: &Client, event: &str) -> Vec<Value> {
    let log = admin.get("/api/v1/audit?limit=1000").json(200);
    let all = log["items"].as_array().cloned().unwrap_or_default();
    all.into_iter()
        .filter(|line| line["event"] == event)
        .collect()
}

#[test]
fn what_matters_has_a_line() {
    if !ready("what_matters_has_a_line") {
        return;
    }
    let host = Host::start(&["--rate-per-caller", "0"]);
    let admin = host.admin();
    let me = admin.get("/api/v1/auth/me").json(200)["id"].clone();
    let path = "/api/v1/buildings/house?jurisdiction=us";
    admin.put(path, &door(0.9)).expect(200);
    admin.put(path, &door(0.9)).expect(200);
    assert_eq!(lines(&admin, "model_replaced").len(), 0);
    let token = admin.token.clone().unwrap();
    let (mut live, _) = Live::join(&host, "house", &token);
    for request in ["a", "b"] {
        live.edit(request, "d1", "clear_width", &json!(0.7));
        while live.wait_for("validation_update")["request"] != request {}
    }
    admin.put(path, &door(0.8)).expect(200);
    let replaced = lines(&admin, "model_replaced");
    assert_eq!(replaced.len(), 1);
    assert_eq!(
        (&replaced[0]["subject"], &replaced[0]["actor"]),
        (&json!("house"), &me)
    );
    let detail = replaced[0]["detail"].as_str().unwrap();
    assert!(detail.starts_with("2 live edits"), "{detail}");

    // A wrong password of one's own, refused by what the handler asks, and the end of a session.
    let counter = "plancheck_login_failures_total{reason=\"credentials\"}";
    let ada = host.user(&admin, "ada", "viewer", "main");
    let wrong = json!({ "current": "wrong wrong wrong", "new": "another good one" });
    assert_eq!(
        ada.post_json("/api/v1/auth/password", &wrong).problem(403),
        "wrong-password"
    );
    assert_eq!(lines(&admin, "password_refused").len(), 1);
    assert!(host.counted(counter) > 0.0);
    let keep = "/api/v1/validate?jurisdiction=us&building=house";
    assert_eq!(ada.post(keep, &door(0.9)).problem(403), "forbidden");
    let refused = lines(&admin, "refused");
    assert_eq!(refused.len(), 1, "{refused:?}");
    ada.post("/api/v1/auth/logout", b"").expect(204);
    assert_eq!(lines(&admin, "logout").len(), 1);

    let done = std::process::Command::new(plancheck_server_tests::program())
        .args(["reset-password", "ada", "--data-dir"])
        .arg(host.data())
        .output()
        .unwrap();
    assert!(done.status.success());
    assert_eq!(lines(&admin, "password_reset").len(), 1);
}

#[test]
fn who_is_refused_again_and_again_does_not_fill_it() {
    if !ready("who_is_refused_again_and_again_does_not_fill_it") {
        return;
    }
    let host = Host::start(&["--rate-per-caller", "0", "--rate-per-address", "0"]);
    let admin = host.admin();
    let ada = host.user(&admin, "ada", "viewer", "main");
    for _ in 0..60 {
        assert_eq!(ada.get("/api/v1/users").problem(403), "forbidden");
    }
    let refused = lines(&admin, "refused").len();
    // One more for each six seconds.
    assert!((10..20).contains(&refused), "{refused}");
    let rest = host.counted("plancheck_audit_refusals_unwritten_total");
    assert!((rest - (60 - refused) as f64).abs() < 0.5, "{rest}");
}
