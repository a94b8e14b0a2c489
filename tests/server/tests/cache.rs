//! Equal content is computed once, by anyone: in this process, and through Redis by all replicas.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use plancheck_server_tests::{Client, Host, Redis, door, office, ready};
use serde_json::{Value, json};

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

/// A slow link to an address: each connection gets 3 MiB over in a second.
fn slow_link(to: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let carry = |mut from: TcpStream, mut to: TcpStream| {
        let mut part = vec![0; 12 << 10];
        while let Ok(count @ 1..) = from.read(&mut part) {
            let takes = Duration::from_secs_f64(count as f64 / f64::from(3 << 20));
            thread::sleep(takes);
            if to.write_all(&part[..count]).is_err() {
                break;
            }
        }
    };
    thread::spawn(move || {
        for near in listener.incoming().flatten() {
            let far = TcpStream::connect(&to).unwrap();
            let (back, forth) = (far.try_clone().unwrap(), near.try_clone().unwrap());
            thread::spawn(move || carry(forth, far));
            thread::spawn(move || carry(back, near));
        }
    });
    address
}

#[test]
fn large_reports_over_a_slow_link_are_shared_too() {
    if !ready("large_reports_over_a_slow_link_are_shared_too") {
        return;
    }
    let redis = Redis::start();
    let link = slow_link(redis.url().replace("redis://", ""));
    let url = format!("redis://{link}");
    let hosts = [(); 2].map(|()| Host::start(&["--redis-url", &url]));
    let mut model: Value = serde_json::from_slice(&door(0.6)).unwrap();
    let doors = (0..1_500).map(|number| {
        let mut door = model["objects"][0].clone();
        door["object_id"] = json!(format!("door-{number}"));
        door
    });
    model["objects"] = doors.collect();
    let model = model.to_string().into_bytes();
    let (first, report) = check(&hosts[0].client(), &model);
    assert!(report.len() > 500 << 10, "{}", report.len());
    assert_eq!(first, "miss");
    assert_eq!(
        check(&hosts[1].client(), &model),
        ("hit-shared".to_owned(), report)
    );
    for host in &hosts {
        assert!(!host.log().contains("does not answer"), "{}", host.log());
    }
}
