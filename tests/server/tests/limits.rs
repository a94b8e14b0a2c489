//! Limits: who sends too much, too slowly or too large is told so, and the others are not moved.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use plancheck_server_tests::{Host, door, ready};
use serde_json::json;

#[test]
fn who_asks_too_often_waits() {
    if !ready("who_asks_too_often_waits") {
        return;
    }
    let host = Host::start(&[
        "--rate-per-address",
        "0",
        "--rate-per-caller",
        "5",
        "--trusted-proxy",
        "127.0.0.1",
    ]);
    let admin = host.admin();
    let refused = (0..100)
        .map(|_| admin.get("/api/v1/buildings"))
        .find(|reply| reply.status == 429);
    let refused = refused.expect("a caller is limited");
    assert_eq!(refused.problem(429), "rate-limited");
    assert!(refused.header("retry-after").parse::<u32>().unwrap() >= 1);
    // Probes are not counted, nor are other callers.
    assert!((0..50).all(|_| host.client().get("/livez").status == 200));
    let other = Host::start(&[
        "--rate-per-address",
        "5",
        "--trusted-proxy",
        "127.0.0.1",
        "--open",
        "true",
    ]);
    let from = |address: &str| {
        other
            .client()
            .send("GET", "/api/v1/rules", &[("x-forwarded-for", address)], b"")
            .status
    };
    assert!((0..100).any(|_| from("192.0.2.1") == 429));
    assert_eq!(from("192.0.2.2"), 200);
    assert!(other.counted("plancheck_rate_limited_total{scope=\"address\"}") > 0.0);
}

#[test]
fn slow_and_large_clients_are_let_go() {
    if !ready("slow_and_large_clients_are_let_go") {
        return;
    }
    let host = Host::start(&["--max-upload", "100KiB"]);
    // A head that never ends.
    let began = Instant::now();
    let mut slow = TcpStream::connect(&host.address).unwrap();
    slow.set_read_timeout(Some(Duration::from_secs(40)))
        .unwrap();
    slow.write_all(b"POST /api/v1/validate HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        .unwrap();
    // A body of JSON that never ends.
    let mut stalled = TcpStream::connect(&host.address).unwrap();
    stalled
        .set_read_timeout(Some(Duration::from_secs(40)))
        .unwrap();
    let head = "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
    stalled.write_all(head.as_bytes()).unwrap();
    // JSON bodies are bounded apart from models.
    let large = json!({ "name": "x".repeat(3 << 20), "password": "y" });
    assert_eq!(
        host.client().post_json("/api/v1/auth/login", &large).status,
        413
    );
    assert_eq!(
        host.client()
            .post("/api/v1/validate", &vec![b' '; 200 << 10])
            .problem(413),
        "too-large"
    );
    assert_eq!(
        host.client()
            .post_json("/api/v1/auth/login", &json!({ "name": 5 }))
            .problem(422),
        "bad-body"
    );
    assert_eq!(
        host.client().post("/api/v1/auth/login", b"{}").problem(415),
        "not-json"
    );
    let mut rest = Vec::new();
    let _ = slow.read_to_end(&mut rest);
    assert!(
        began.elapsed() < Duration::from_secs(30),
        "{:?}",
        began.elapsed()
    );
    let mut answer = String::new();
    stalled.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert_eq!(
        host.client()
            .post("/api/v1/validate?jurisdiction=us", &door(0.9))
            .status,
        200
    );
}

#[test]
fn silent_clients_are_let_go_and_http2_is_not_spoken() {
    if !ready("silent_clients_are_let_go_and_http2_is_not_spoken") {
        return;
    }
    let host = Host::start(&[]);
    let whole = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
    let kept = b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n";
    let began = Instant::now();
    let connections: Vec<TcpStream> = [&b""[..], b"P", b"PRI * HTTP/2.0\r\n\r\n", whole, kept]
        .into_iter()
        .map(|first| {
            let mut stream = TcpStream::connect(&host.address).unwrap();
            stream
                .set_read_timeout(Some(Duration::from_secs(40)))
                .unwrap();
            stream.write_all(first).unwrap();
            stream
        })
        .collect();
    let answers: Vec<String> = connections
        .into_iter()
        .map(|mut stream| {
            let mut answer = Vec::new();
            // A reset is an end, too; a time that is over is none.
            if let Err(error) = stream.read_to_end(&mut answer) {
                assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
            }
            String::from_utf8_lossy(&answer).into_owned()
        })
        .collect();
    assert!(
        began.elapsed() < Duration::from_secs(22),
        "{:?}",
        began.elapsed()
    );
    assert!(answers[4].starts_with("HTTP/1.1 200"), "{answers:?}");
    // Nothing, or a refusal in HTTP/1.1; never a frame of HTTP/2.
    for answer in &answers[..4] {
        let refused = answer.is_empty() || answer.starts_with("HTTP/1.1 4");
        assert!(refused, "{answers:?}");
    }
}

#[test]
fn who_sends_too_much_still_reads_why() {
    if !ready("who_sends_too_much_still_reads_why") {
        return;
    }
    let host = Host::start(&["--max-upload", "100KiB"]);
    let connect = || {
        let stream = TcpStream::connect(&host.address).unwrap();
        let patience = Some(Duration::from_secs(40));
        stream.set_read_timeout(patience).unwrap();
        stream.set_write_timeout(patience).unwrap();
        stream
    };
    for path in ["/api/v1/auth/login", "/api/v1/validate"] {
        let head = |more: &str| {
            format!(
                "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
                 Connection: close\r\n{more}Content-Length: {}\r\n\r\n",
                8 << 20
            )
        };
        // It sends everything before it looks for an answer.
        let mut all = connect();
        all.write_all(head("").as_bytes()).unwrap();
        for _ in 0..8 {
            all.write_all(&vec![b' '; 1 << 20]).unwrap();
        }
        let mut answer = String::new();
        all.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 413"), "{path}: {answer}");
    }
    // One that asks before it sends, and is refused, is not asked for the body.
    let mut asks = connect();
    let head = "POST /api/v1/validate HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\
                Connection: close\r\nContent-Length: 8388608\r\n\r\n";
    asks.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    asks.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}
