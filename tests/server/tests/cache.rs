//! Equal content is computed once, by anyone: in this process, and through Redis by all replicas.

use std::thread;

use plancheck_server_tests::{Client, Host, Redis, door, office, ready};
use serde_json::Value;

fn check(client: &Client, model: &[u8]) -> (String, Vec<u8>) {
    let reply = client.post("/api/v1/validate?jurisdiction=us", model);
    assert_eq!(reply.status, 200, "{}", reply.text());
    (reply.header("plancheck-cache").to_owned(), reply.body)
}

fn stats(admin: &Client) -> Value {
    admin.get("/api/v1/cache/stats").json(200)
}

#[test]
fn two_hundred_ask_and_one_is_computed() {
    if !ready("two_hundred_ask_and_one_is_computed") {
        return;
    }
    let host = Host::start(&["--rate-per-address", "0"]);
    let admin = host.admin();
    let askers: Vec<_> = (0..200)
        .map(|_| {
            let client = host.client();
            thread::spawn(move || check(&client, &office()).1)
        })
        .collect();
    let reports: Vec<Vec<u8>> = askers.into_iter().map(|one| one.join().unwrap()).collect();
    assert!(reports.iter().all(|report| *report == reports[0]));
    let stats = stats(&admin);
    assert_eq!(stats["made"], 1, "{stats}");
    let metrics = host.client().get("/metrics").text();
    assert!(
        metrics.contains("plancheck_checks_total{outcome=\"done\"} 1"),
        "{metrics}"
    );
}

#[test]
fn replicas_share_what_one_has_made() {
    if !ready("replicas_share_what_one_has_made") {
        return;
    }
    let redis = Redis::start();
    let arguments = ["--redis-url", &redis.url()];
    let (one, other) = (Host::start(&arguments), Host::start(&arguments));
    let (first, report) = check(&one.client(), &office());
    assert_eq!(first, "miss");
    assert_eq!(
        check(&one.client(), &office()),
        ("hit-local".to_owned(), report.clone())
    );
    assert_eq!(
        check(&other.client(), &office()),
        ("hit-shared".to_owned(), report.clone())
    );
    // Another question is another report.
    let detail = other
        .client()
        .post("/api/v1/validate?jurisdiction=us&detail=true", &office());
    assert_eq!(detail.header("plancheck-cache"), "miss");
    let stats = stats(&other.admin());
    assert_eq!(
        (&stats["shared"]["hits"], &stats["made"]),
        (&1.into(), &1.into()),
        "{stats}"
    );
    assert!(stats["shared"]["bytes"].as_u64().unwrap() > 0);
    let state = other.admin().get("/api/v1/monitoring/redis").json(200);
    assert_eq!(
        (&state["configured"], &state["up"]),
        (&true.into(), &true.into())
    );
}

#[test]
fn what_is_forgotten_is_made_again() {
    if !ready("what_is_forgotten_is_made_again") {
        return;
    }
    let redis = Redis::start();
    let host = Host::start(&["--redis-url", &redis.url()]);
    let admin = host.admin();
    admin
        .put("/api/v1/buildings/house?jurisdiction=us", &door(0.9))
        .expect(200);
    assert_eq!(check(&admin, &door(0.9)).0, "hit-local");
    assert_eq!(admin.delete("/api/v1/cache/house").json(200)["shared"], 1);
    assert_eq!(check(&admin, &door(0.9)).0, "miss");
    assert_eq!(
        admin.delete("/api/v1/cache/castle").problem(404),
        "no-such-building"
    );
}

#[test]
fn errors_are_not_remembered() {
    if !ready("errors_are_not_remembered") {
        return;
    }
    let host = Host::start(&[]);
    let broken = b"{\"objects\": 5}";
    for _ in 0..2 {
        assert_eq!(
            host.client().post("/api/v1/validate", broken).problem(422),
            "model.json"
        );
    }
    let stats = stats(&host.admin());
    assert_eq!(
        (&stats["made"], &stats["local"]["entries"]),
        (&0.into(), &0.into()),
        "{stats}"
    );
}
