//! Redis and PostgreSQL may vanish at any time: what still works goes on, what does not says so, and
//! all of it is back soon after they are.

use std::time::{Duration, Instant};

use plancheck_server_tests::{Client, Host, Postgres, Redis, door, ready, wait_until};

/// A model that nobody checked before.
fn fresh(number: u32) -> Vec<u8> {
    door(0.8 + f64::from(number) / 10_000.0)
}

fn check(client: &Client, number: u32) -> (String, Duration) {
    let began = Instant::now();
    let reply = client.post("/api/v1/validate?jurisdiction=us", &fresh(number));
    assert_eq!(reply.status, 200, "{}", reply.text());
    (reply.header("plancheck-cache").to_owned(), began.elapsed())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

#[test]
fn a_redis_that_is_gone_or_silent_costs_little_and_is_shown() {
    if !ready("a_redis_that_is_gone_or_silent_costs_little_and_is_shown") {
        return;
    }
    let mut redis = Redis::start();
    let host = Host::start(&["--redis-url", &redis.url()]);
    let client = host.client();
    let with = median((0..15).map(|number| check(&client, number).1).collect());
    for (round, silent) in [(1, false), (2, true)] {
        if silent {
            redis.freeze();
        } else {
            redis.kill();
        }
        let answers: Vec<_> = (0..15)
            .map(|number| check(&client, round * 100 + number))
            .collect();
        // The first one finds it out; none of them waits longer than that.
        let slowest = answers.iter().map(|(_, took)| *took).max().unwrap();
        assert!(
            slowest < with * 3 + Duration::from_millis(200),
            "{slowest:?}, with Redis {with:?}"
        );
        assert!(
            answers.iter().any(|(cache, _)| cache == "bypass"),
            "{answers:?}"
        );
        let health = client.get("/health").json(200);
        assert_eq!(
            (&health["status"], &health["redis"]["up"]),
            (&"degraded".into(), &false.into())
        );
        assert_eq!(client.get("/readyz").status, 200);
        if silent {
            redis.thaw();
        } else {
            redis.restart();
        }
        let took = wait_until("it is used again", || {
            client.get("/health").json(200)["redis"]["up"] == true
        });
        assert!(took < Duration::from_secs(5), "{took:?}");
        assert_eq!(check(&client, round * 100 + 50).0, "miss");
    }
    assert!(host.counted("plancheck_report_cache_requests_total{result=\"bypass\"}") > 0.0);
    assert!(host.counted("plancheck_service_up{service=\"redis\"}") > 0.0);
}

#[test]
fn without_its_database_the_server_still_checks() {
    if !ready("without_its_database_the_server_still_checks") {
        return;
    }
    let mut postgres = Postgres::start();
    let host = Host::start(&["--database-url", &postgres.url(), "--open", "false"]);
    let admin = host.admin();
    admin
        .put("/api/v1/buildings/house?jurisdiction=us", &door(0.9))
        .expect(200);
    assert_eq!(admin.get("/api/v1/validate/house").status, 200);
    postgres.kill();
    wait_until("it is noticed", || {
        admin.get("/health").json(200)["store"]["up"] == false
    });
    let began = Instant::now();
    let reply = admin.get("/api/v1/buildings");
    assert_eq!(reply.problem(503), "store-unavailable");
    assert!(!reply.header("retry-after").is_empty());
    assert_eq!(
        admin.get("/api/v1/validate/house/history").problem(503),
        "store-unavailable"
    );
    assert!(
        began.elapsed() < Duration::from_secs(2),
        "{:?}",
        began.elapsed()
    );
    // Who was let in still is, and a posted model needs no database.
    assert_eq!(
        admin
            .post("/api/v1/validate?jurisdiction=us", &door(0.7))
            .status,
        200
    );
    let login = serde_json::json!({ "name": "admin", "password": "x" });
    assert_eq!(
        host.client()
            .post_json("/api/v1/auth/login", &login)
            .problem(503),
        "store-unavailable"
    );
    assert_eq!(
        host.client()
            .with("nonsense")
            .get("/api/v1/auth/me")
            .problem(401),
        "unauthorized"
    );
    postgres.restart();
    let took = wait_until("it is used again", || {
        admin.get("/api/v1/buildings").status == 200
    });
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[test]
fn a_server_starts_without_redis_and_not_without_its_database() {
    if !ready("a_server_starts_without_redis_and_not_without_its_database") {
        return;
    }
    let host = Host::start(&["--redis-url", "redis://127.0.0.1:1"]);
    assert_eq!(check(&host.client(), 1).0, "bypass");
    let (mut command, _data) = Host::command(&[
        "--database-url",
        "postgres://plancheck:pass-word@127.0.0.1:1/x",
    ]);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("cannot open postgres://127.0.0.1:1/x"),
        "{said}"
    );
    assert!(!said.contains("pass-word"), "{said}");
}
