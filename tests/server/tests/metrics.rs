//! Metrics: in the format of Prometheus, with what an operator wants to know, and on a port of their
//! own where that is wanted.

use std::io::Write as _;
use std::process::{Command, Stdio};

use plancheck_server_tests::{Host, Live, Redis, door, ready};

#[test]
fn they_are_clean_and_complete() {
    if !ready("they_are_clean_and_complete") {
        return;
    }
    let redis = Redis::start();
    let host = Host::start(&["--redis-url", &redis.url()]);
    let admin = host.admin();
    admin
        .put("/api/v1/buildings/house?jurisdiction=us", &door(0.7))
        .expect(200);
    admin
        .post("/api/v1/validate?jurisdiction=us", &door(0.7))
        .expect(200);
    let (live, _) = Live::join(&host, "house", admin.token.as_deref().unwrap());
    let reply = host.client().get("/metrics");
    assert!(
        reply
            .header("content-type")
            .starts_with("text/plain; version=0.0.4")
    );
    let text = reply.text();
    for line in [
        "plancheck_http_requests_total{method=\"PUT\",route=\"/api/v1/buildings/{building_id}\",status=\"200\"} 1",
        "plancheck_http_request_duration_seconds_bucket",
        "plancheck_checks_total{outcome=\"done\"} 1",
        "plancheck_report_cache_requests_total{result=\"hit-local\"} 1",
        "plancheck_report_cache_requests_total{result=\"miss\"} 1",
        "plancheck_findings_total{severity=\"error\",verdict=\"fail\"}",
        "plancheck_report_score_percent_count 1",
        "plancheck_buildings_checked_total 1",
        "plancheck_live_connections 1",
        "plancheck_service_up{service=\"redis\"} 1",
        "plancheck_service_up{service=\"store\"} 1",
        "plancheck_store_connections{state=\"open\"}",
        "plancheck_module_info{",
        "plancheck_module_answers_total{module=\"us-ibc-2024\",outcome=\"fail\"}",
        "plancheck_build_info{version=",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    drop(live);
    let json = admin.get("/api/v1/monitoring/metrics").json(200);
    assert!(json["metrics"].as_array().unwrap().len() > 15);
    let mut promtool = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("promtool, of Debian's prometheus");
    promtool
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let said = promtool.wait_with_output().unwrap();
    let words = format!(
        "{}{}",
        String::from_utf8_lossy(&said.stdout),
        String::from_utf8_lossy(&said.stderr)
    );
    assert!(said.status.success() && words.trim().is_empty(), "{words}");
}

#[test]
fn they_have_a_port_of_their_own() {
    if !ready("they_have_a_port_of_their_own") {
        return;
    }
    let host = Host::start(&["--metrics-listen", "127.0.0.1:0"]);
    assert_eq!(host.client().get("/metrics").status, 404);
    let log = host.log();
    let line = log
        .lines()
        .find(|line| line.contains("metrics are here"))
        .expect("it is logged");
    let address = line
        .split("address=")
        .nth(1)
        .unwrap()
        .split_whitespace()
        .next()
        .unwrap();
    let url = format!("http://{address}/metrics");
    let text = ureq::get(&url)
        .call()
        .unwrap()
        .body_mut()
        .read_to_string()
        .unwrap();
    assert!(text.contains("plancheck_build_info"), "{text}");
    // Nothing else is there.
    assert!(
        ureq::get(format!("http://{address}/health"))
            .call()
            .is_err()
    );
}
