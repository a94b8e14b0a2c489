//! Two replicas on one store and one Redis: an edit at one reaches clients of the other; when one is
//! killed, its clients go on at the other, and nothing is lost or doubled.

use std::time::Duration;

use plancheck_server_tests::{Host, Live, Postgres, Redis, door, ready};
use serde_json::{Value, json};

struct Team {
    one: Host,
    other: Host,
    redis: Redis,
    _postgres: Postgres,
    token: String,
}

fn team() -> Team {
    let (postgres, redis) = (Postgres::start(), Redis::start());
    let (database, shared) = (postgres.url(), redis.url());
    let arguments = [
        "--database-url",
        &database,
        "--redis-url",
        &shared,
        "--rate-per-caller",
        "0",
    ];
    let one = Host::start(&arguments);
    let other = Host::start(&arguments);
    let admin = one.admin();
    admin
        .put("/api/v1/buildings/house?jurisdiction=us", &door(0.9))
        .expect(200);
    Team {
        one,
        other,
        redis,
        _postgres: postgres,
        token: admin.token.unwrap(),
    }
}

/// The messages with numbers, until this request was answered.
fn until(live: &mut Live, request: &str) -> Vec<Value> {
    let mut seen = Vec::new();
    loop {
        let message = live.wait_for("validation_update");
        let last = message["request"] == request;
        if message["kind"] == "delta" {
            seen.push(message);
        }
        if last {
            return seen;
        }
    }
}

#[test]
fn an_edit_at_one_reaches_the_clients_of_the_other() {
    if !ready("an_edit_at_one_reaches_the_clients_of_the_other") {
        return;
    }
    let team = team();
    let (mut here, status) = Live::join(&team.one, "house", &team.token);
    let (mut there, elsewhere) = Live::join(&team.other, "house", &team.token);
    assert_eq!(status["epoch"], elsewhere["epoch"]);
    // Both edit at once; the order is the same everywhere.
    for number in 0..20 {
        let width = json!(0.6 + f64::from(number) / 100.0);
        here.edit(&format!("h{number}"), "d1", "clear_width", &width);
        there.edit(&format!("t{number}"), "d1", "clear_width", &width);
    }
    here.edit("end-h", "d1", "clear_width", &json!(0.7));
    let mut mine = until(&mut here, "end-h");
    there.edit("end-t", "d1", "clear_width", &json!(0.8));
    mine.extend(until(&mut here, "end-t"));
    let theirs = until(&mut there, "end-t");
    assert_eq!(mine, theirs);
    let numbers: Vec<i64> = mine
        .iter()
        .map(|one| one["seq"].as_i64().unwrap())
        .collect();
    assert_eq!(numbers, (1..=42).collect::<Vec<i64>>());
}

#[test]
fn a_replica_dies_and_nothing_is_lost_or_doubled() {
    if !ready("a_replica_dies_and_nothing_is_lost_or_doubled") {
        return;
    }
    let mut team = team();
    let (mut watcher, _) = Live::join(&team.other, "house", &team.token);
    let (mut editor, status) = Live::join(&team.one, "house", &team.token);
    let mut epoch = status["epoch"].as_str().unwrap().to_owned();
    // What the editor has seen, message by message, over both of its connections.
    let mut seen: Vec<(i64, String)> = Vec::new();
    let mut note = |message: &Value| {
        if message["type"] == "validation_update" && message["kind"] == "delta" {
            seen.push((
                message["seq"].as_i64().unwrap(),
                message["request"].as_str().unwrap().to_owned(),
            ));
        }
    };
    for number in 0..30 {
        editor.edit(
            &format!("e{number}"),
            "d1",
            "clear_width",
            &json!(0.5 + f64::from(number) / 100.0),
        );
        if let Ok(Some(message)) = editor.next(Duration::from_millis(5)) {
            note(&message);
        }
    }
    // In the middle of its answers.
    team.one.kill();
    while let Ok(Some(message)) = editor.next(Duration::from_millis(200)) {
        note(&message);
    }
    let last = seen.last().map_or(0, |(seq, _)| *seq);
    let (mut editor, status) =
        Live::resume(&team.other, "house", &team.token, Some((&epoch, last)));
    epoch = status["epoch"].as_str().unwrap().to_owned();
    assert_eq!(status["recovered"], true, "{status}");
    // What was not answered is sent again; what was kept is not made twice.
    for number in 0..30 {
        editor.edit(
            &format!("e{number}"),
            "d1",
            "clear_width",
            &json!(0.5 + f64::from(number) / 100.0),
        );
    }
    editor.edit("end", "d1", "clear_width", &json!(0.9));
    for message in until(&mut editor, "end") {
        seen.push((
            message["seq"].as_i64().unwrap(),
            message["request"].as_str().unwrap().to_owned(),
        ));
    }
    let numbers: Vec<i64> = seen.iter().map(|(seq, _)| *seq).collect();
    assert_eq!(numbers, (1..=31).collect::<Vec<i64>>(), "epoch {epoch}");
    let mut requests: Vec<&str> = seen.iter().map(|(_, request)| request.as_str()).collect();
    requests.sort_unstable();
    requests.dedup();
    assert_eq!(requests.len(), 31);
    let watched: Vec<(i64, String)> = until(&mut watcher, "end")
        .iter()
        .map(|one| {
            (
                one["seq"].as_i64().unwrap(),
                one["request"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    assert_eq!(watched, seen);
}

#[test]
fn edits_go_on_while_redis_is_gone() {
    if !ready("edits_go_on_while_redis_is_gone") {
        return;
    }
    let mut team = team();
    let (mut here, _) = Live::join(&team.one, "house", &team.token);
    let (mut there, _) = Live::join(&team.other, "house", &team.token);
    team.redis.kill();
    here.edit("without", "d1", "clear_width", &json!(0.7));
    assert_eq!(until(&mut here, "without").len(), 1);
    assert_eq!(until(&mut there, "without").len(), 1);
    team.redis.restart();
    there.edit("with", "d1", "clear_width", &json!(0.8));
    assert_eq!(until(&mut here, "with")[0]["seq"], 2);
}
