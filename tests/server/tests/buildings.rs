//! Buildings, their models and their reports: the same on SQLite and on PostgreSQL.

use std::thread;
use std::time::Duration;

use plancheck_server_tests::{Host, Postgres, door, office, ready};
use serde_json::json;

#[test]
fn a_building_has_models_reports_and_a_history_in_both_databases() {
    if !ready("a_building_has_models_reports_and_a_history_in_both_databases") {
        return;
    }
    let postgres = Postgres::start();
    let url = postgres.url();
    for store in [vec![], vec!["--database-url", url.as_str()]] {
        let host = Host::start(&store);
        let admin = host.admin();
        let user = host.user(&admin, "ada", "architect", "main");
        let path = "/api/v1/buildings/office-1?jurisdiction=us&name=Office%201";
        let building = user.put(path, &office()).json(200);
        assert_eq!(building["name"], "Office 1", "{store:?}");
        assert_eq!(building["model"].as_str().map(str::len), Some(64));
        let report = user.get("/api/v1/validate/office-1");
        let posted = user.post("/api/v1/validate?jurisdiction=us", &office());
        assert_eq!(
            report.body, posted.body,
            "a kept report is that of the check"
        );
        // Nothing is sent again to who has it.
        let tag = report.header("etag").to_owned();
        let again = user.send(
            "GET",
            "/api/v1/validate/office-1",
            &[("if-none-match", &tag)],
            b"",
        );
        assert_eq!((again.status, again.body.len()), (304, 0));
        assert_eq!(user.get("/api/v1/buildings/office-1/model").body, office());

        thread::sleep(Duration::from_millis(20));
        let history = user.get("/api/v1/validate/office-1/history").json(200);
        assert_eq!(history["items"].as_array().map(Vec::len), Some(1));
        let first = history["items"][0]["created_at"]
            .as_str()
            .unwrap()
            .to_owned();
        // Another model is another report; the one before can still be had.
        user.post("/api/v1/validate?building=office-1", &door(0.7))
            .expect(200);
        let history = user.get("/api/v1/validate/office-1/history").json(200);
        assert_eq!(
            history["items"].as_array().map(Vec::len),
            Some(2),
            "{history}"
        );
        assert_eq!(history["items"][1]["summary"], posted.json(200)["summary"]);
        let earlier = user.get(&format!("/api/v1/validate/office-1?at={first}"));
        assert_eq!(earlier.body, report.body);
        assert_eq!(
            user.get("/api/v1/validate/office-1?at=2001-01-01T00:00:00Z")
                .problem(404),
            "no-such-report"
        );
        assert_eq!(
            user.get("/api/v1/validate/office-1?at=yesterday")
                .problem(400),
            "bad-query"
        );
        // The newest model, checked again: the same report, not a third one.
        user.post("/api/v1/validate?building=office-1", b"")
            .expect(200);
        let history = user.get("/api/v1/validate/office-1/history").json(200);
        assert_eq!(history["items"].as_array().map(Vec::len), Some(2));
        // With details it is another one, and the newest then.
        let detailed = user.post("/api/v1/validate?building=office-1&detail=true", b"");
        let history = user.get("/api/v1/validate/office-1/history").json(200);
        assert_eq!(history["items"].as_array().map(Vec::len), Some(3));
        let kept = user.get("/api/v1/validate/office-1");
        assert_eq!(kept.json(200), detailed.json(200));

        // Lists come in pages.
        for name in ["a", "b", "c"] {
            user.put(&format!("/api/v1/buildings/{name}"), &door(0.9))
                .expect(200);
        }
        let page = user.get("/api/v1/buildings?limit=3").json(200);
        let ids: Vec<&str> = page["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|one| one["id"].as_str())
            .collect();
        assert_eq!((ids, &page["next"]), (vec!["a", "b", "c"], &json!("c")));
        let rest = user.get("/api/v1/buildings?limit=3&after=c").json(200);
        assert_eq!(
            (rest["items"].as_array().map(Vec::len), &rest["next"]),
            (Some(1), &json!(null))
        );

        user.delete("/api/v1/buildings/office-1").expect(204);
        assert_eq!(
            user.get("/api/v1/validate/office-1").problem(404),
            "no-such-building"
        );
        assert_eq!(
            user.delete("/api/v1/buildings/office-1").problem(404),
            "no-such-building"
        );
    }
}

#[test]
fn what_is_no_building_is_refused_and_not_kept() {
    if !ready("what_is_no_building_is_refused_and_not_kept") {
        return;
    }
    let host = Host::start(&[]);
    let admin = host.admin();
    assert_eq!(
        admin
            .put("/api/v1/buildings/..%2fetc", &door(0.9))
            .problem(422),
        "bad-building-id"
    );
    assert_eq!(
        admin
            .put("/api/v1/buildings/x%0d%0ay", &door(0.9))
            .problem(422),
        "bad-building-id"
    );
    assert_eq!(
        admin
            .put("/api/v1/buildings/x?name=", &door(0.9))
            .problem(422),
        "bad-name"
    );
    assert_eq!(
        admin.put("/api/v1/buildings/x", b"\x89PNG").problem(415),
        "not-a-model"
    );
    assert_eq!(
        admin
            .put("/api/v1/buildings/x", b"{\"objects\": 5}")
            .problem(422),
        "model.json"
    );
    assert_eq!(
        admin
            .put("/api/v1/buildings/x?jurisdiction=jp", &door(0.9))
            .problem(400),
        "no-module-applies"
    );
    assert_eq!(admin.get("/api/v1/buildings").json(200)["items"], json!([]));
    let made = admin
        .post("/api/v1/buildings?name=New%20one", &door(0.9))
        .json(201);
    assert!(made["id"].as_str().unwrap().starts_with("bld_"));
}

#[test]
fn accounts_and_buildings_outlive_the_program() {
    if !ready("accounts_and_buildings_outlive_the_program") {
        return;
    }
    let first = Host::start(&[]);
    first
        .admin()
        .put("/api/v1/buildings/house", &door(0.9))
        .expect(200);
    let token = first.admin().token.unwrap();
    let file = first.data().join("plancheck.sqlite");
    let copy = tempfile::tempdir().unwrap();
    first.terminate();
    let mut first = first;
    assert!(first.wait().success());
    std::fs::copy(file, copy.path().join("plancheck.sqlite")).unwrap();
    let second = Host::start(&["--data-dir", copy.path().to_str().unwrap()]);
    let admin = second.client().with(&token);
    assert_eq!(
        admin.get("/api/v1/buildings").json(200)["items"][0]["id"],
        "house"
    );
}

/// Many doors: a check that takes a while.
fn slow() -> Vec<u8> {
    let doors: Vec<_> = (0..20_000)
        .map(|number| {
            json!({
                "object_id": format!("d{number}"), "object_type": "door",
                "properties": { "clear_width": 0.9, "clear_height": 2.1 },
            })
        })
        .collect();
    json!({ "building_id": "b", "building_name": "Many doors",
            "metadata": { "occupancy": "B" }, "objects": doors })
    .to_string()
    .into_bytes()
}

#[test]
fn a_check_again_neither_brings_back_a_model_nor_a_building() {
    if !ready("a_check_again_neither_brings_back_a_model_nor_a_building") {
        return;
    }
    let postgres = Postgres::start();
    let url = postgres.url();
    for store in [vec![], vec!["--database-url", url.as_str()]] {
        let host = Host::start(&store);
        let admin = host.admin();
        let inspector = host.user(&admin, "inge", "inspector", "main");
        for removes in [false, true] {
            admin
                .put("/api/v1/buildings/b?jurisdiction=us", &slow())
                .expect(200);
            let again = {
                let inspector = inspector.clone();
                // Another question than the one that was answered before.
                let path = format!("/api/v1/validate?building=b&detail={}", !removes);
                thread::spawn(move || inspector.post(&path, b""))
            };
            plancheck_server_tests::wait_until("it is being checked", || {
                host.client().get("/health").json(200)["in_flight"] != 0 || again.is_finished()
            });
            if removes {
                admin.delete("/api/v1/buildings/b").expect(204);
            } else {
                admin.put("/api/v1/buildings/b", &door(0.7)).expect(200);
            }
            let status = again.join().unwrap().status;
            assert!([200, 404, 409].contains(&status), "{status}");
            if removes {
                assert_eq!(
                    admin.get("/api/v1/buildings/b").problem(404),
                    "no-such-building"
                );
            } else {
                assert_eq!(admin.get("/api/v1/buildings/b/model").body, door(0.7));
            }
        }
    }
}

#[test]
fn the_newest_report_is_of_the_newest_model_whoever_goes_away() {
    if !ready("the_newest_report_is_of_the_newest_model_whoever_goes_away") {
        return;
    }
    use std::io::Write as _;
    let postgres = Postgres::start();
    let url = postgres.url();
    for store in [vec![], vec!["--database-url", url.as_str()]] {
        let host = Host::start(&[&store[..], &["--rate-per-caller", "0"]].concat());
        let admin = host.admin();
        let token = admin.token.clone().unwrap();
        let widths = [0.61, 0.71, 0.81, 0.91];
        for width in widths {
            admin.post("/api/v1/validate", &door(width)).expect(200);
        }
        for round in 0..15 {
            // Four at once, of which two do not wait for the answer.
            let sent: Vec<_> = widths
                .into_iter()
                .enumerate()
                .map(|(number, width)| {
                    let (admin, token, address) =
                        (admin.clone(), token.clone(), host.address.clone());
                    thread::spawn(move || {
                        if number % 2 == 0 {
                            admin.put("/api/v1/buildings/b", &door(width)).expect(200);
                            return;
                        }
                        let model = door(width);
                        let mut socket = std::net::TcpStream::connect(address).unwrap();
                        let head = format!(
                            "PUT /api/v1/buildings/b HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Length: {}\r\n\r\n",
                            model.len()
                        );
                        socket.write_all(head.as_bytes()).unwrap();
                        socket.write_all(&model).unwrap();
                        thread::sleep(Duration::from_millis(round % 5));
                    })
                })
                .collect();
            for one in sent {
                one.join().unwrap();
            }
            plancheck_server_tests::wait_until("all is done", || {
                host.client().get("/health").json(200)["in_flight"] == 0
            });
            let model = admin.get("/api/v1/buildings/b").json(200)["model"].clone();
            let newest = admin.get("/api/v1/validate/b/history?limit=1").json(200);
            assert_eq!(newest["items"][0]["model"], model, "round {round}");
        }
    }
}
