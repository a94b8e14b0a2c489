//! Live sync: everybody sees the same edits in the same order, each once, and nobody else does.

use std::collections::BTreeMap;
use std::time::Duration;

use plancheck_server_tests::{Client, Host, Live, door, office, ready, wait_until};
use serde_json::{Value, json};

const BRIEF: Duration = Duration::from_millis(300);

fn with_door() -> (Host, Client, String) {
    let host = Host::start(&[]);
    let admin = host.admin();
    admin
        .put("/api/v1/buildings/house?jurisdiction=us", &door(0.9))
        .expect(200);
    let token = admin.token.clone().unwrap();
    (host, admin, token)
}

/// Findings by id, after a full state and its deltas.
fn apply(findings: &mut BTreeMap<String, Value>, message: &Value) {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    if message["kind"] == "full" {
        findings.clear();
        for finding in list(&message["report"]["findings"]) {
            findings.insert(finding["id"].as_str().unwrap().to_owned(), finding);
        }
        return;
    }
    for finding in list(&message["delta"]["added"])
        .into_iter()
        .chain(list(&message["delta"]["changed"]))
    {
        findings.insert(finding["id"].as_str().unwrap().to_owned(), finding);
    }
    for id in list(&message["delta"]["resolved"]) {
        findings
            .remove(id.as_str().unwrap())
            .expect("what is resolved was there");
    }
}

#[test]
fn an_edit_is_seen_by_all_and_is_what_a_check_from_scratch_finds() {
    if !ready("an_edit_is_seen_by_all_and_is_what_a_check_from_scratch_finds") {
        return;
    }
    let (host, admin, token) = with_door();
    let (mut one, status) = Live::join(&host, "house", &token);
    assert_eq!(
        (&status["seq"], &status["recovered"]),
        (&json!(0), &json!(false))
    );
    let full = one.wait_for("validation_update");
    assert_eq!(full["kind"], "full");
    assert_eq!(
        full["report"],
        admin.get("/api/v1/validate/house").json(200)
    );
    let (mut other, _) = Live::join(&host, "house", &token);
    let mut findings = BTreeMap::new();
    apply(&mut findings, &other.wait_for("validation_update"));
    one.edit("r1", "d1", "clear_width", &json!(0.7));
    let mine = one.wait_for("validation_update");
    let theirs = other.wait_for("validation_update");
    assert_eq!(mine, theirs);
    assert_eq!(
        (&mine["kind"], &mine["seq"], &mine["request"], &mine["by"]),
        (&json!("delta"), &json!(1), &json!("r1"), &json!("admin"))
    );
    apply(&mut findings, &theirs);
    let score = other.wait_for("compliance_score");
    assert_eq!(
        (&score["seq"], &score["summary"]),
        (&json!(1), &theirs["delta"]["summary"])
    );
    let narrow = host
        .client()
        .post("/api/v1/validate?jurisdiction=us", &door(0.7))
        .json(200);
    let verdicts = |findings: &mut dyn Iterator<Item = &Value>| -> Vec<(String, String)> {
        let mut all: Vec<_> = findings
            .map(|f| {
                (
                    f["id"].as_str().unwrap().to_owned(),
                    f["verdict"].as_str().unwrap().to_owned(),
                )
            })
            .collect();
        all.sort();
        all
    };
    assert_eq!(
        verdicts(&mut findings.values()),
        verdicts(&mut narrow["findings"].as_array().unwrap().iter())
    );
    // Who joins now starts from there.
    let (mut late, status) = Live::join(&host, "house", &token);
    assert_eq!(status["seq"], 1);
    let full = late.wait_for("validation_update");
    assert_eq!(full["report"]["summary"], narrow["summary"]);
}

#[test]
fn who_comes_back_gets_exactly_what_was_missed() {
    if !ready("who_comes_back_gets_exactly_what_was_missed") {
        return;
    }
    let (host, _, token) = with_door();
    let (mut editor, status) = Live::join(&host, "house", &token);
    let epoch = status["epoch"].as_str().unwrap().to_owned();
    for (request, width) in [("a", 0.7), ("b", 0.9), ("c", 0.6)] {
        editor.edit(request, "d1", "clear_width", &json!(width));
        while editor.wait_for("validation_update")["request"] != request {}
    }
    let (mut back, status) = Live::resume(&host, "house", &token, Some((&epoch, 1)));
    assert_eq!(
        (&status["recovered"], &status["seq"]),
        (&json!(true), &json!(3))
    );
    let missed: Vec<Value> = (0..2).map(|_| back.wait_for("validation_update")).collect();
    assert_eq!(
        missed
            .iter()
            .map(|one| one["seq"].as_i64().unwrap())
            .collect::<Vec<_>>(),
        [2, 3]
    );
    editor.edit("d", "d1", "clear_width", &json!(0.8));
    assert_eq!(back.wait_for("validation_update")["seq"], 4);
    // Another epoch, or a number from the future: the full state.
    for seen in [("another", 1), (epoch.as_str(), 99), (epoch.as_str(), -1)] {
        let (mut lost, status) = Live::resume(&host, "house", &token, Some(seen));
        assert_eq!(status["recovered"], false, "{seen:?}");
        assert_eq!(lost.wait_for("validation_update")["kind"], "full");
    }
}

#[test]
fn the_same_edit_sent_again_is_made_once() {
    if !ready("the_same_edit_sent_again_is_made_once") {
        return;
    }
    let (host, admin, token) = with_door();
    let (mut editor, _) = Live::join(&host, "house", &token);
    for _ in 0..3 {
        editor.edit("only-once", "d1", "clear_width", &json!(0.7));
    }
    editor.edit("after", "d1", "clear_width", &json!(0.9));
    let (mut seen, mut known) = (Vec::new(), Vec::new());
    while seen.last() != Some(&json!("after")) {
        let message = editor.next(BRIEF).unwrap().unwrap_or_default();
        if message["kind"] == "delta" {
            seen.push(message["request"].clone());
        } else if message["type"] == "edit_known" {
            known.push((message["request"].clone(), message["seq"].clone()));
        }
    }
    assert_eq!(seen, [json!("only-once"), json!("after")]);
    assert_eq!(
        known,
        [
            (json!("only-once"), json!(1)),
            (json!("only-once"), json!(1))
        ]
    );
    let edits = admin.get("/api/v1/buildings/house/edits?limit=1").json(200);
    assert_eq!(
        (&edits["items"][0]["request"], &edits["next"]),
        (&json!("only-once"), &json!("1"))
    );
    let edits = admin.get("/api/v1/buildings/house/edits?after=1").json(200);
    assert_eq!(
        (&edits["items"][0]["seq"], &edits["next"]),
        (&json!(2), &json!(null))
    );
}

#[test]
fn what_the_engine_refuses_changes_nothing_and_is_said() {
    if !ready("what_the_engine_refuses_changes_nothing_and_is_said") {
        return;
    }
    let (host, _, token) = with_door();
    let (mut editor, _) = Live::join(&host, "house", &token);
    editor.wait_for("validation_update");
    editor.edit("bad", "no-such-element", "clear_width", &json!(0.7));
    let message = editor.wait_for("validation_update");
    assert_eq!(
        (&message["seq"], &message["delta"]["added"]),
        (&json!(1), &json!([])),
        "{message}"
    );
    assert!(message["refused"].is_object(), "{message}");
    for (said, code) in [
        (
            json!({ "type": "edit", "request": "x", "edits": "no list" }),
            "bad-message",
        ),
        (
            json!({ "type": "edit", "request": "", "edits": [] }),
            "bad-message",
        ),
        (json!({ "type": "dance" }), "bad-message"),
        (
            json!({ "type": "highlight", "elements": vec!["x"; 300] }),
            "bad-message",
        ),
    ] {
        editor.say(&said);
        assert_eq!(editor.wait_for("error")["code"], code, "{said}");
    }
    editor.edit("good", "d1", "clear_width", &json!(0.7));
    assert_eq!(editor.wait_for("validation_update")["seq"], 2);
}

#[test]
fn what_is_no_edit_has_no_number_and_answers_are_bounded() {
    if !ready("what_is_no_edit_has_no_number_and_answers_are_bounded") {
        return;
    }
    let (host, admin, token) = with_door();
    let (mut editor, _) = Live::join(&host, "house", &token);
    editor.wait_for("validation_update");
    let remove = json!({ "op": "remove_element", "element": "none" });
    for edits in [
        json!([]),
        json!([vec![0; 1000]]),
        json!([7]),
        json!([{ "op": "paint", "element": "d1" }]),
        json!([remove, { "op": "remove_element", "element": 5 }]),
        json!(vec![remove.clone(); 501]),
    ] {
        editor.say(&json!({ "type": "edit", "request": "r", "edits": edits }));
        let refused = editor.wait_for("error");
        assert_eq!(
            (&refused["code"], &refused["request"]),
            (&json!("bad-edit"), &json!("r")),
            "{refused}"
        );
    }
    let path = "/api/v1/buildings/house/edits";
    assert_eq!(admin.get(path).json(200)["items"], json!([]));
    // Long ones come in several answers.
    let long = json!("x".repeat(200 << 10));
    for number in 0..24 {
        editor.edit(&format!("long-{number}"), "d1", "note", &long);
        while editor.wait_for("validation_update")["request"] != format!("long-{number}") {}
    }
    let (mut seen, mut after, mut answers) = (Vec::new(), "0".to_owned(), 0);
    loop {
        let reply = admin.get(&format!("{path}?after={after}&limit=1000"));
        assert!(reply.body.len() < 3 << 20, "{}", reply.body.len());
        let page = reply.json(200);
        for item in page["items"].as_array().unwrap() {
            assert_eq!(item["edits"][0]["value"], long);
            seen.push(item["seq"].as_i64().unwrap());
        }
        answers += 1;
        match page["next"].as_str() {
            Some(next) => after = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen, (1..=24).collect::<Vec<_>>());
    assert!(answers > 1);
}

#[test]
fn a_login_that_is_over_ends_its_connections() {
    if !ready("a_login_that_is_over_ends_its_connections") {
        return;
    }
    let host = Host::start(&["--session-lifetime", "4s"]);
    let admin = host.admin();
    admin
        .put("/api/v1/buildings/house?jurisdiction=us", &door(0.9))
        .expect(200);
    let (mut live, _) = Live::join(&host, "house", admin.token.as_deref().unwrap());
    let began = std::time::Instant::now();
    assert_eq!(live.wait_until_closed(), 4401);
    assert!(
        began.elapsed() < Duration::from_secs(10),
        "{:?}",
        began.elapsed()
    );
    assert_eq!(admin.get("/api/v1/auth/me").status, 401);
}

#[test]
fn highlights_and_presence_reach_the_others() {
    if !ready("highlights_and_presence_reach_the_others") {
        return;
    }
    let (host, admin, token) = with_door();
    let viewer = host.user(&admin, "vera", "viewer", "main");
    let (mut one, _) = Live::join(&host, "house", &token);
    let (mut vera, _) = Live::join(&host, "house", viewer.token.as_deref().unwrap());
    let presence = loop {
        let presence = one.wait_for("presence");
        if presence["clients"] == 2 {
            break presence;
        }
    };
    assert_eq!(presence["people"], json!(["admin", "vera"]));
    vera.say(&json!({ "type": "highlight", "elements": ["d1"], "finding": "f" }));
    let shown = one.wait_for("validation_highlight");
    assert_eq!(
        (&shown["by"], &shown["elements"]),
        (&json!("vera"), &json!(["d1"]))
    );
    // She may look, not edit.
    vera.edit("v", "d1", "clear_width", &json!(0.7));
    assert_eq!(vera.wait_for("error")["code"], "forbidden");
    let edits = admin.get("/api/v1/buildings/house/edits").json(200);
    assert_eq!(edits["items"], json!([]), "nothing was kept of it");
}

#[test]
fn who_may_not_come_in_is_told_by_a_code() {
    if !ready("who_may_not_come_in_is_told_by_a_code") {
        return;
    }
    let (host, admin, token) = with_door();
    let closed = |building: &str, first: Option<Value>| {
        let mut live = Live::open(&host, building);
        if let Some(first) = first {
            live.say(&first);
        }
        live.wait_until_closed()
    };
    let hello = |token: &str| Some(json!({ "type": "hello", "token": token }));
    assert_eq!(closed("house", hello("nonsense")), 4401);
    assert_eq!(
        closed("house", hello(admin.refresh.as_deref().unwrap())),
        4401
    );
    assert_eq!(closed("house", Some(json!({ "type": "ping" }))), 4400);
    assert_eq!(closed("castle", hello(&token)), 4404);
    assert_eq!(closed("house", None), 4408);
    let stranger = host.user(&admin, "strange", "admin", "others");
    assert_eq!(
        closed("house", hello(stranger.token.as_deref().unwrap())),
        4404
    );
    // Pages of other origins.
    assert!(Live::try_open(&host, "house", &[("origin", "https://evil.example")]).is_err());
    let own = format!("http://{}", host.address);
    assert!(Live::try_open(&host, "house", &[("origin", &own)]).is_ok());
}

#[test]
fn a_session_that_ends_ends_its_connections() {
    if !ready("a_session_that_ends_ends_its_connections") {
        return;
    }
    let (host, admin, _) = with_door();
    let ada = host.user(&admin, "ada", "engineer", "main");
    let (mut live, _) = Live::join(&host, "house", ada.token.as_deref().unwrap());
    ada.post("/api/v1/auth/logout", b"").expect(204);
    assert_eq!(live.wait_until_closed(), 4401);
    // So does an account that is removed.
    let eve = host.user(&admin, "eve", "engineer", "main");
    let id = eve.get("/api/v1/auth/me").json(200)["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let (mut live, _) = Live::join(&host, "house", eve.token.as_deref().unwrap());
    admin.delete(&format!("/api/v1/users/{id}")).expect(204);
    assert_eq!(live.wait_until_closed(), 4401);
    // A connection goes on with the session that it was renewed with.
    let (first, second) = (
        host.user(&admin, "bob", "viewer", "main"),
        host.client().login("bob", plancheck_server_tests::PASSWORD),
    );
    let (mut live, _) = Live::join(&host, "house", first.token.as_deref().unwrap());
    live.say(&json!({ "type": "renew", "token": second.token }));
    live.say(&json!({ "type": "ping" }));
    live.wait_for("pong");
    first.post("/api/v1/auth/logout", b"").expect(204);
    std::thread::sleep(Duration::from_millis(1_200));
    live.say(&json!({ "type": "ping" }));
    live.wait_for("pong");
    second.post("/api/v1/auth/logout", b"").expect(204);
    assert_eq!(live.wait_until_closed(), 4401);
    // So does a token that expires, unless a new one comes in time.
    let brief = Host::start(&["--access-lifetime", "2s"]);
    let admin = brief.admin();
    admin
        .put("/api/v1/buildings/house?jurisdiction=us", &door(0.9))
        .expect(200);
    let (mut renewed, _) = Live::join(&brief, "house", admin.token.as_deref().unwrap());
    let (mut forgetful, _) = Live::join(&brief, "house", admin.token.as_deref().unwrap());
    let next = admin
        .post_json(
            "/api/v1/auth/refresh",
            &json!({ "refresh_token": admin.refresh }),
        )
        .json(200);
    std::thread::sleep(Duration::from_millis(1_000));
    let next = admin
        .post_json(
            "/api/v1/auth/refresh",
            &json!({ "refresh_token": next["refresh_token"] }),
        )
        .json(200);
    renewed.say(&json!({ "type": "renew", "token": next["access_token"] }));
    assert_eq!(forgetful.wait_until_closed(), 4401);
    renewed.say(&json!({ "type": "ping" }));
    renewed.wait_for("pong");
}

#[test]
fn who_does_not_read_is_let_go_and_the_others_are_not_moved() {
    if !ready("who_does_not_read_is_let_go_and_the_others_are_not_moved") {
        return;
    }
    let host = Host::start(&["--rate-per-caller", "0"]);
    let admin = host.admin();
    admin
        .put("/api/v1/buildings/office?jurisdiction=us", &office())
        .expect(200);
    let token = admin.token.clone().unwrap();
    let (mut editor, _) = Live::join(&host, "office", &token);
    let first = editor.wait_for("validation_update");
    let element = first["report"]["findings"][0]["element"]["global_id"]
        .as_str()
        .unwrap()
        .to_owned();
    // It says hello and never reads again.
    let mut deaf = Live::open(&host, "office");
    deaf.say(&json!({ "type": "hello", "token": token }));
    wait_until("both are there", || {
        editor.wait_for("presence")["clients"] == 2
    });
    let padding = "x".repeat(60_000);
    let mut gone = false;
    for number in 0..400 {
        let request = number.to_string();
        editor.edit(
            &request,
            &element,
            "Remark",
            &json!(format!("{padding}{number}")),
        );
        while editor.wait_for("validation_update")["request"] != request {}
        let metrics = host.client().get("/metrics").text();
        if metrics.contains("plancheck_live_disconnects_total{code=\"4430\"} 1") {
            gone = true;
            break;
        }
    }
    assert!(gone, "it was never let go");
}

#[test]
fn a_new_model_is_a_new_epoch_and_a_removed_building_ends() {
    if !ready("a_new_model_is_a_new_epoch_and_a_removed_building_ends") {
        return;
    }
    let (host, admin, token) = with_door();
    let (mut live, status) = Live::join(&host, "house", &token);
    live.wait_for("validation_update");
    admin.put("/api/v1/buildings/house", &door(0.5)).expect(200);
    let full = live.wait_for("validation_update");
    assert_eq!((&full["kind"], &full["seq"]), (&json!("full"), &json!(0)));
    assert_ne!(full["epoch"], status["epoch"]);
    assert_eq!(
        full["report"],
        admin.get("/api/v1/validate/house").json(200)
    );
    admin.delete("/api/v1/buildings/house").expect(204);
    assert_eq!(live.wait_until_closed(), 4404);
}

#[test]
fn no_room_is_said_and_room_is_made_when_nobody_looks() {
    if !ready("no_room_is_said_and_room_is_made_when_nobody_looks") {
        return;
    }
    let host = Host::start(&["--live-buildings", "1", "--live-idle", "1s"]);
    let admin = host.admin();
    for name in ["a", "b"] {
        admin
            .put(
                &format!("/api/v1/buildings/{name}?jurisdiction=us"),
                &door(0.9),
            )
            .expect(200);
    }
    let token = admin.token.clone().unwrap();
    let (one, _) = Live::join(&host, "a", &token);
    assert_eq!(admin.get("/api/v1/ws/stats").json(200)["buildings"], 1);
    let hello = json!({ "type": "hello", "token": token });
    let mut other = Live::open(&host, "b");
    other.say(&hello);
    assert_eq!(other.wait_until_closed(), 1013);
    drop(one);
    wait_until("there is room", || {
        let mut other = Live::open(&host, "b");
        other.say(&hello);
        loop {
            match other.next(BRIEF) {
                Ok(Some(message)) if message["type"] == "connection_status" => break true,
                Ok(_) => {}
                Err(_) => break false,
            }
        }
    });
}

#[test]
fn a_place_that_nobody_uses_is_given_up_when_another_building_needs_it() {
    if !ready("a_place_that_nobody_uses_is_given_up_when_another_building_needs_it") {
        return;
    }
    let host = Host::start(&["--live-buildings", "1", "--live-idle", "1h"]);
    let admin = host.admin();
    for name in ["a", "b"] {
        let path = format!("/api/v1/buildings/{name}?jurisdiction=us");
        admin.put(&path, &door(0.9)).expect(200);
    }
    let token = admin.token.clone().unwrap();
    for name in ["a", "b", "a", "b"] {
        let (mut live, status) = Live::join(&host, name, &token);
        assert_eq!(status["building_id"], name);
        live.wait_for("validation_update");
    }
}

#[test]
fn nobody_takes_all_places() {
    if !ready("nobody_takes_all_places") {
        return;
    }
    let host = Host::start(&["--live-buildings", "4"]);
    let admin = host.admin();
    for name in ["a", "b", "c"] {
        let path = format!("/api/v1/buildings/{name}?jurisdiction=us");
        admin.put(&path, &door(0.9)).expect(200);
    }
    let viewer = host.user(&admin, "vera", "viewer", "main");
    let token = viewer.token.clone().unwrap();
    let (_one, _) = Live::join(&host, "a", &token);
    let (two, _) = Live::join(&host, "b", &token);
    // Another page of the same building costs no further place.
    let (_again, _) = Live::join(&host, "a", &token);
    let mut third = Live::open(&host, "c");
    third.say(&json!({ "type": "hello", "token": token }));
    assert_eq!(third.wait_until_closed(), 1013);
    let (_other, _) = Live::join(&host, "c", admin.token.as_ref().unwrap());
    drop(two);
    wait_until("she has left a building", || {
        let mut third = Live::open(&host, "c");
        third.say(&json!({ "type": "hello", "token": token }));
        loop {
            match third.next(BRIEF) {
                Ok(Some(message)) if message["type"] == "connection_status" => break true,
                Ok(_) => {}
                Err(_) => break false,
            }
        }
    });
}
