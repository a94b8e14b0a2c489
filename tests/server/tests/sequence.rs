//! Whatever happens to clients and replicas, every client sees every number of an epoch once and in
//! order: random schedules of edits, broken connections and killed replicas, each named by its seed.

use std::time::Duration;

use plancheck_server_tests::{Client, Host, Live, Postgres, Redis, door, ready};
use serde_json::json;

/// Splitmix64: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self, below: u64) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((x ^ (x >> 31)) % below).unwrap()
    }
}

/// A client, and all that it has seen over all its connections.
struct Watcher {
    live: Option<Live>,
    at: usize,
    epoch: String,
    seen: i64,
    requests: Vec<String>,
}

impl Watcher {
    fn connect(&mut self, hosts: &[Host], at: usize, token: &str) {
        let seen = (!self.epoch.is_empty()).then(|| (self.epoch.clone(), self.seen));
        let seen = seen.as_ref().map(|(epoch, seq)| (epoch.as_str(), *seq));
        let (live, status) = Live::resume(&hosts[at], "house", token, seen);
        if self.epoch.is_empty() {
            self.epoch = status["epoch"].as_str().unwrap().to_owned();
            self.seen = status["seq"].as_i64().unwrap();
        }
        assert_eq!(status["epoch"], self.epoch.as_str());
        assert!(
            status["recovered"] == true || self.seen == status["seq"],
            "{status}, seen {}",
            self.seen
        );
        self.live = Some(live);
        self.at = at;
    }

    /// Takes what comes within some time.
    fn read(&mut self, patience: Duration) {
        let Some(live) = &mut self.live else { return };
        loop {
            match live.next(patience) {
                Ok(Some(message)) if message["kind"] == "delta" => {
                    let seq = message["seq"].as_i64().unwrap();
                    assert_eq!(seq, self.seen + 1, "in order, each once");
                    self.seen = seq;
                    self.requests
                        .push(message["request"].as_str().unwrap().to_owned());
                }
                Ok(Some(_)) => {}
                Ok(None) => return,
                Err(_) => {
                    self.live = None;
                    return;
                }
            }
        }
    }
}

fn schedule(seed: u64, postgres: &Postgres, redis: &Redis) {
    let mut random = Random(seed);
    let (database, shared) = (postgres.url(), redis.url());
    let arguments = [
        "--database-url",
        &database,
        "--redis-url",
        &shared,
        "--rate-per-caller",
        "0",
    ];
    let mut hosts = vec![Host::start(&arguments), Host::start(&arguments)];
    let admin: Client = hosts[0].admin();
    let token = admin.token.clone().unwrap();
    // Another model each time is another epoch.
    let width = 0.8 + seed as f64 / 1_000.0;
    admin
        .put("/api/v1/buildings/house?jurisdiction=us", &door(width))
        .expect(200);
    let mut watchers: Vec<Watcher> = (0..4)
        .map(|_| Watcher {
            live: None,
            at: 0,
            epoch: String::new(),
            seen: 0,
            requests: Vec::new(),
        })
        .collect();
    for (number, watcher) in watchers.iter_mut().enumerate() {
        watcher.connect(&hosts, number % 2, &token);
    }
    let mut sent: Vec<String> = Vec::new();
    for step in 0..60 {
        let who = random.next(4);
        match random.next(12) {
            0 => {
                let at = random.next(2);
                hosts[at].kill();
                hosts[at] = Host::start(&arguments);
            }
            1 | 2 => watchers[who].live = None,
            3 => {
                let at = random.next(2);
                watchers[who].connect(&hosts, at, &token);
            }
            _ => {
                let request = format!("s{seed}-{step}");
                let width = 0.5 + random.next(500) as f64 / 1_000.0;
                let message =
                    plancheck_server_tests::edit(&request, "d1", "clear_width", &json!(width));
                if watchers[who]
                    .live
                    .as_mut()
                    .is_some_and(|live| live.try_say(&message).is_ok())
                {
                    sent.push(request);
                }
            }
        }
        watchers[who].read(Duration::from_millis(10));
    }
    // Everybody comes back, and what may have been lost on the way is sent again.
    for (number, watcher) in watchers.iter_mut().enumerate() {
        watcher.read(Duration::from_millis(50));
        watcher.connect(&hosts, number % 2, &token);
    }
    for request in &sent {
        let message = plancheck_server_tests::edit(request, "d1", "clear_width", &json!(0.7));
        watchers[0].live.as_mut().unwrap().say(&message);
    }
    let last = plancheck_server_tests::edit("last", "d1", "clear_width", &json!(0.9));
    watchers[0].live.as_mut().unwrap().say(&last);
    for watcher in &mut watchers {
        for _ in 0..200 {
            watcher.read(Duration::from_millis(100));
            if watcher
                .requests
                .last()
                .is_some_and(|request| request == "last")
            {
                break;
            }
        }
        assert_eq!(watcher.requests.last().map(String::as_str), Some("last"));
        // One who was there from the beginning has seen every edit once.
        let mut requests = watcher.requests.clone();
        requests.sort();
        requests.dedup();
        assert_eq!(requests.len(), watcher.requests.len(), "none twice");
    }
    for watcher in &watchers {
        assert_eq!(
            watcher.requests, watchers[0].requests,
            "the same order for all"
        );
    }
    assert!(
        sent.iter()
            .all(|request| watchers[0].requests.contains(request)),
        "none lost"
    );
}

#[test]
fn every_number_is_seen_once_and_in_order() {
    if !ready("every_number_is_seen_once_and_in_order") {
        return;
    }
    let (postgres, redis) = (Postgres::start(), Redis::start());
    for seed in 1..=4 {
        eprintln!("seed {seed}");
        schedule(seed, &postgres, &redis);
    }
}
