//! SIGTERM: probes say so, work in flight is finished, live connections are told to reconnect, and the
//! program ends with 0.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Instant;

use plancheck_server_tests::{Host, Live, door, ready};

#[test]
fn what_was_begun_is_finished() {
    if !ready("what_was_begun_is_finished") {
        return;
    }
    let mut host = Host::start(&[]);
    let admin = host.admin();
    admin
        .put("/api/v1/buildings/house?jurisdiction=us", &door(0.9))
        .expect(200);
    let (mut live, _) = Live::join(&host, "house", admin.token.as_deref().unwrap());
    // An upload that has begun.
    let model = door(0.77);
    let mut upload = TcpStream::connect(&host.address).unwrap();
    let head = format!(
        "POST /api/v1/validate?jurisdiction=us HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        model.len()
    );
    upload.write_all(head.as_bytes()).unwrap();
    upload.write_all(&model[..10]).unwrap();
    plancheck_server_tests::wait_until("it is in flight", || {
        host.client().get("/health").json(200)["in_flight"] == 1
    });
    let began = Instant::now();
    host.terminate();
    assert_eq!(live.wait_until_closed(), 1012);
    assert_eq!(host.wait_for("/readyz", 503).problem(503), "stopping");
    assert_eq!(
        host.client()
            .post("/api/v1/validate", &door(0.5))
            .problem(503),
        "stopping"
    );
    upload.write_all(&model[10..]).unwrap();
    let mut answer = String::new();
    upload.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(host.wait().success());
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
}

#[test]
fn connections_that_are_closed_at_the_end_are_no_fault() {
    if !ready("connections_that_are_closed_at_the_end_are_no_fault") {
        return;
    }
    // The end takes two seconds: a collector that takes connections and never answers.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let collector = format!("http://{}", silent.local_addr().unwrap());
    let mut host = Host::start(&["--otlp-endpoint", &collector]);
    let _ = host.admin();
    host.terminate();
    assert!(host.wait().success());
    let log = host.log();
    assert!(!log.contains("does not answer"), "{log}");
}
