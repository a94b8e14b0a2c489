//! Promise: over HTTP, too, a model is checked with the codes of the place that it states, unless somebody
//! names a place or modules.

use plancheck_server_tests::{Host, door, office, ready};
use serde_json::Value;

fn ids(report: &Value) -> Vec<String> {
    let modules = report["ruleset"]["modules"].as_array().unwrap();
    modules
        .iter()
        .map(|module| module["id"].as_str().unwrap().to_owned())
        .collect()
}

/// The office, moved.
fn office_in(town: &str, region: &str, country: &str) -> Vec<u8> {
    let text = String::from_utf8(office()).unwrap();
    let there = "'Denver','CO','80202','US'";
    assert!(text.contains(there));
    text.replace(there, &format!("'{town}','{region}',$,'{country}'"))
        .into_bytes()
}

#[test]
fn a_model_that_is_posted_has_the_codes_of_its_place() {
    if !ready("a_model_that_is_posted_has_the_codes_of_its_place") {
        return;
    }
    let host = Host::start(&[]);
    let client = host.client();
    let report = client.post("/api/v1/validate", &office()).json(200);
    assert_eq!(report["ruleset"]["place"]["place"], "us/co/denver");
    assert_eq!(report["ruleset"]["place"]["source"], "model");
    let named = client.post("/api/v1/validate?jurisdiction=us/co/denver", &office());
    let named = named.json(200);
    assert_eq!(named["ruleset"]["place"]["source"], "given");
    assert_eq!(ids(&report), ids(&named));
    assert_eq!(report["findings"], named["findings"]);
    // What one of them answers is not what the other is given.
    let again = client.post("/api/v1/validate", &office());
    assert_eq!(again.header("plancheck-cache"), "hit-local");
    assert_eq!(again.json(200), report);

    let madrid = office_in("Madrid", "", "España");
    let report = client.post("/api/v1/validate", &madrid).json(200);
    assert_eq!(ids(&report), ["es-cte", "eu-eurocodes"]);
    let tokyo = office_in("Tokyo", "", "Japan");
    assert_eq!(
        client.post("/api/v1/validate", &tokyo).problem(422),
        "no-module-applies"
    );
    // A door that is nowhere.
    let nowhere = String::from_utf8(door(0.9)).unwrap();
    let nowhere = nowhere.replace("\"country\"", "\"planet\"");
    let report = client
        .post("/api/v1/validate", nowhere.as_bytes())
        .json(200);
    assert_eq!(report["ruleset"]["place"]["source"], "assumed");
    assert_eq!(report["ruleset"]["place"]["place"], "us");
}

#[test]
fn modules_can_be_named() {
    if !ready("modules_can_be_named") {
        return;
    }
    let host = Host::start(&[]);
    let client = host.client();
    let report = client.post("/api/v1/validate?modules=us-ibc-2024", &office());
    let report = report.json(200);
    assert_eq!(ids(&report), ["us-ibc-2024"]);
    assert!(report["ruleset"].get("place").is_none());
    let refused = |query: &str| {
        let path = format!("/api/v1/validate?{query}");
        client.post(&path, &office()).problem(400)
    };
    assert_eq!(refused("modules=us-ibc-2042"), "bad-query");
    assert_eq!(refused("modules="), "bad-query");
    assert_eq!(refused("modules=us-ibc-2024&jurisdiction=us"), "bad-query");
}

#[test]
fn a_building_is_where_its_model_says_until_somebody_names_a_place() {
    if !ready("a_building_is_where_its_model_says_until_somebody_names_a_place") {
        return;
    }
    let host = Host::start(&[]);
    let admin = host.admin();
    let path = "/api/v1/buildings/hq";
    let resolve = "/api/v1/jurisdictions/resolve?building=hq&date=2026-03-01";
    admin
        .put(path, &office_in("München", "Bayern", "Deutschland"))
        .expect(200);
    let report = admin.get("/api/v1/validate/hq").json(200);
    assert_eq!(report["ruleset"]["place"]["place"], "de/by/münchen");
    assert!(ids(&report).contains(&"de-by-baybo".to_owned()));
    let found = admin.get(resolve).json(200);
    assert_eq!(found["place"], "de/by/münchen");
    assert_eq!(found["read"][0]["value"], "Deutschland");
    assert_eq!(host.client().get(resolve).problem(401), "unauthorized");
    assert_eq!(
        admin
            .get("/api/v1/jurisdictions/resolve?building=none")
            .problem(404),
        "no-such-building"
    );

    admin
        .put(&format!("{path}?jurisdiction=sg"), &office())
        .expect(200);
    let report = admin.get("/api/v1/validate/hq").json(200);
    assert_eq!(ids(&report), ["sg-access-escape"]);
    let found = admin.get(resolve).json(200);
    assert_eq!(found["place"], "sg");
    assert!(found.get("read").is_none());
    let refused = format!("{resolve}&place=us");
    assert_eq!(admin.get(&refused).problem(400), "bad-query");
    assert_eq!(
        admin.get("/api/v1/jurisdictions/resolve").problem(400),
        "bad-query"
    );
}
