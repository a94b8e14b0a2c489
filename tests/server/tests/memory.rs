//! Memory of models: it is booked as they arrive, nobody has all of it, and who does not read what they
//! asked for is let go.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use plancheck_server_tests::{Host, door, ready, wait_until};

/// Sends the head of an upload, and of its body what is given.
fn upload(host: &Host, from: &str, announced: usize, sent: usize) -> TcpStream {
    let mut stream = TcpStream::connect(&host.address).unwrap();
    let patience = Some(Duration::from_secs(60));
    stream.set_read_timeout(patience).unwrap();
    let head = format!(
        "POST /api/v1/validate?jurisdiction=us HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {from}\r\n\
         Connection: close\r\nContent-Length: {announced}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&vec![b' '; sent]).unwrap();
    stream
}

fn checks(host: &Host, from: &str, model: &[u8]) -> u16 {
    let path = "/api/v1/validate?jurisdiction=us";
    let headers = [("x-forwarded-for", from)];
    host.client().send("POST", path, &headers, model).status
}

const OPEN: &[&str] = &["--trusted-proxy", "127.0.0.1", "--open", "true"];

#[test]
fn what_is_only_announced_holds_nothing() {
    if !ready("what_is_only_announced_holds_nothing") {
        return;
    }
    let host = Host::start(&[OPEN, &["--concurrency", "1"]].concat());
    let idle: Vec<TcpStream> = (0..8)
        .map(|_| upload(&host, "192.0.2.1", 256 << 20, 10))
        .collect();
    wait_until("they have begun", || {
        host.client().get("/health").json(200)["in_flight"] == 8
    });
    assert_eq!(checks(&host, "192.0.2.1", &door(0.9)), 200);
    assert_eq!(checks(&host, "192.0.2.2", &door(0.8)), 200);
    // And they are let go: some bytes a minute are no upload.
    let began = Instant::now();
    for mut stream in idle {
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    }
    assert!(
        began.elapsed() < Duration::from_secs(40),
        "{:?}",
        began.elapsed()
    );
}

#[test]
fn one_address_has_its_share() {
    if !ready("one_address_has_its_share") {
        return;
    }
    // Room for three of the largest, of which one address has half.
    let few = ["--concurrency", "1", "--max-upload", "4MiB"];
    let host = Host::start(&[OPEN, &few].concat());
    let _held: Vec<TcpStream> = (0..3)
        .map(|_| upload(&host, "192.0.2.1", 4 << 20, 3 << 20))
        .collect();
    let large = [door(0.9), vec![b' '; 3 << 20]].concat();
    wait_until("one address has all that it may", || {
        checks(&host, "192.0.2.1", &large) == 503
    });
    assert_eq!(checks(&host, "192.0.2.2", &large), 200);
}

#[test]
fn downloads_that_nobody_reads_end() {
    if !ready("downloads_that_nobody_reads_end") {
        return;
    }
    let few = ["--concurrency", "1", "--max-upload", "56MiB"];
    let host = Host::start(&few);
    let admin = host.admin();
    // More than the system keeps for a connection.
    let model = [door(0.9), vec![b' '; 48 << 20]].concat();
    admin
        .put("/api/v1/buildings/house?jurisdiction=us", &model)
        .expect(200);
    let path = "/api/v1/buildings/house/model";
    let token = admin.token.clone().unwrap();
    let unread: Vec<TcpStream> = (0..6)
        .map(|_| {
            let mut stream = TcpStream::connect(&host.address).unwrap();
            let request =
                format!("GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n");
            stream.write_all(request.as_bytes()).unwrap();
            stream
        })
        .collect();
    wait_until("there is no room for more", || {
        admin.get(path).status == 503
    });
    // To check the stored model again takes memory, too.
    let again = admin.post("/api/v1/validate?building=house", b"");
    assert_eq!(again.problem(503), "busy");
    let took = wait_until("they have ended", || admin.get(path).status == 200);
    assert!(took < Duration::from_secs(45), "{took:?}");
    drop(unread);
}
