//! The server, spoken to over TCP: the real program, a real client.

mod cli_support;
mod server_support;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use cli_support::{code, complete, out, plancheck, root, run};
use serde_json::Value;
use server_support::{Server, agent, reply};

fn office() -> Vec<u8> {
    std::fs::read(root().join("demo/office.ifc")).unwrap()
}

#[test]
fn the_report_is_that_of_the_command_line() {
    if !complete("the_report_is_that_of_the_command_line") {
        return;
    }
    let server = Server::start(&[]);
    let validate = [
        "validate",
        "demo/office.ifc",
        "--format",
        "json",
        "--jurisdiction",
        "us",
    ];
    let reply = server.post("/api/v1/validate?jurisdiction=us", &office());
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), "application/json");
    assert_eq!(reply.body, run(plancheck().args(validate)).stdout);
    let detailed = server.post("/api/v1/validate?detail=true&jurisdiction=us", &office());
    assert!(detailed.body.len() > reply.body.len());
    let pass = run(plancheck().args(validate).args(["--show", "pass"]));
    assert_eq!(detailed.body, pass.stdout);
}

#[test]
fn what_is_here_is_said() {
    if !complete("what_is_here_is_said") {
        return;
    }
    let server = Server::start(&[]);
    assert_eq!(server.get("/livez").status, 200);
    assert_eq!(server.get("/readyz").status, 200);
    let json = |path: &str| -> Value { serde_json::from_slice(&server.get(path).body).unwrap() };
    let health = json("/health");
    assert_eq!(health["status"], "ok");
    let engine = &health["engine"];
    assert_eq!(engine["component_digest"].as_str().map(str::len), Some(64));
    // A report's engine.digest is of the sources: another number has another name.
    assert!(engine["digest"].is_null());
    let modules = json("/api/v1/modules");
    assert_eq!(modules["modules"], health["modules"]);
    assert!(
        modules["modules"]
            .as_array()
            .unwrap()
            .iter()
            .any(|m| m["id"] == "us-ibc-2024")
    );
    let facts = run(plancheck().args(["facts", "--json"]));
    assert_eq!(
        json("/api/v1/facts"),
        serde_json::from_str::<Value>(&out(&facts)).unwrap()
    );
    let page = server.get("/about");
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(
        String::from_utf8(page.body)
            .unwrap()
            .contains("curl --data-binary")
    );
}

#[test]
fn whatever_is_wrong_is_a_problem_document() {
    if !complete("whatever_is_wrong_is_a_problem_document") {
        return;
    }
    let server = Server::start(&["--max-upload", "100KiB"]);
    let post = |body: &[u8]| server.post("/api/v1/validate", body);
    assert_eq!(post(b"").problem(400), "empty-body");
    assert_eq!(post(b"\x89PNG\r\n\x1a\n").problem(415), "not-a-model");
    assert_eq!(post(b"{\"objects\": 5}").problem(422), "model.json");
    assert_eq!(
        post(b"PK\x03\x04 no archive").problem(422),
        "step.zip-corrupt"
    );
    // Refused by its length alone: nothing of it is sent.
    let mut large = server.begin(1 << 20, b"");
    let mut answer = String::new();
    large.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(answer.contains("\"code\":\"too-large\""), "{answer}");
    let query = |query: &str| server.post(&format!("/api/v1/validate?{query}"), b"{}");
    assert_eq!(query("jurisdiction=jp").problem(400), "no-module-applies");
    assert_eq!(query("jurisdiction=us//x").problem(400), "bad-query");
    for long in [
        format!("jurisdiction=us//{}%1B[2J", "x".repeat(60_000)),
        format!("jurisdiction=jp/{}%1B[2J", "x".repeat(60_000)),
        format!("{}%1B[2J=1", "x".repeat(60_000)),
    ] {
        let reply = query(&long);
        assert_eq!(reply.status, 400);
        assert!(reply.body.len() < 1000, "{} bytes", reply.body.len());
        let problem: Value = serde_json::from_slice(&reply.body).unwrap();
        assert!(!problem["detail"].as_str().unwrap().contains('\u{1b}'));
    }
    let key = format!(
        "{{\"objects\": [{{\"object_id\": 1, \"object_type\": 2, \"properties\": {{\"{}\": 1e999}}}}]}}",
        "k".repeat(60_000)
    );
    let echoed = post(key.as_bytes());
    assert_eq!(echoed.status, 422);
    assert!(echoed.body.len() < 2000, "{} bytes", echoed.body.len());
    assert_eq!(query("colour=red").problem(400), "bad-query");
    assert_eq!(query("detail=perhaps").problem(400), "bad-query");
    assert_eq!(server.get("/nothing").problem(404), "not-found");
    let wrong = server.get("/api/v1/validate");
    assert_eq!(wrong.problem(405), "method-not-allowed");
    assert_eq!(wrong.header("allow"), "POST");
    let with = |name: &str, value: &str| {
        let request = agent()
            .post(server.url("/api/v1/validate"))
            .header(name, value);
        reply(request.send(&b"{}"[..]))
    };
    assert_eq!(
        with("content-encoding", "gzip").problem(415),
        "unsupported-encoding"
    );
    assert_eq!(
        with("content-type", "multipart/form-data; boundary=x").problem(415),
        "multipart"
    );
    // Without a length that could be refused beforehand.
    let mut chunked = TcpStream::connect(&server.address).unwrap();
    chunked
        .write_all(
            b"POST /api/v1/validate HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
        )
        .unwrap();
    let piece = [b"8000\r\n".as_slice(), &[b' '; 0x8000], b"\r\n"].concat();
    for _ in 0..3 {
        chunked.write_all(&piece).unwrap();
    }
    chunked
        .write_all(&[b"2000\r\n".as_slice(), &[b' '; 0x2000], b"\r\n"].concat())
        .unwrap();
    let mut head = [0; 12];
    chunked.read_exact(&mut head).unwrap();
    assert_eq!(&head, b"HTTP/1.1 413");
}

#[test]
fn requests_at_the_same_time_get_their_own_answers() {
    if !complete("requests_at_the_same_time_get_their_own_answers") {
        return;
    }
    let server = Server::start(&["--concurrency", "2"]);
    let door = cli_support::door_model("D1").into_bytes();
    let expected = [
        server.post("/api/v1/validate", &office()).body,
        server.post("/api/v1/validate", &door).body,
    ];
    thread::scope(|scope| {
        for at in 0..8 {
            let (server, expected, door) = (&server, &expected, &door);
            scope.spawn(move || {
                let body = if at % 2 == 0 { office() } else { door.clone() };
                let reply = server.post("/api/v1/validate", &body);
                assert_eq!(reply.status, 200);
                assert!(
                    reply.body == expected[at % 2],
                    "answer {at} is another one's"
                );
            });
        }
    });
}

#[test]
fn uploads_that_do_not_fit_into_memory_are_sent_away() {
    if !complete("uploads_that_do_not_fit_into_memory_are_sent_away") {
        return;
    }
    let server = Server::start(&["--concurrency", "1", "--max-upload", "1MiB"]);
    // There is room for three, and one address may have half of it; this one holds most of that and
    // does not send the rest.
    let held = vec![server.begin(1 << 20, &vec![b' '; (1 << 20) - 1])];
    server.wait_until_in_flight(held.len());
    let refused = (0..200).find_map(|_| {
        let reply = server.post("/api/v1/validate", &vec![b' '; 700 << 10]);
        thread::sleep(Duration::from_millis(20));
        (reply.status == 503).then_some(reply)
    });
    let refused = refused.expect("there is no room");
    assert_eq!(refused.problem(503), "busy");
    assert!(refused.header("retry-after").parse::<u32>().is_ok());
    assert_eq!(
        server.get("/readyz").status,
        200,
        "probes are answered all the same"
    );
    drop(held);
    for _ in 0..600 {
        if server
            .post("/api/v1/validate", cli_support::door_model("D1").as_bytes())
            .status
            == 200
        {
            return;
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("the room of clients that went away is not given back");
}

#[cfg(unix)]
#[test]
fn what_was_begun_is_finished_after_sigterm() {
    if !complete("what_was_begun_is_finished_after_sigterm") {
        return;
    }
    let mut server = Server::start(&[]);
    let expected = server.post("/api/v1/validate", &office()).body;
    let model = office();
    let (first, rest) = model.split_at(1000);
    let mut stream = server.begin(model.len(), first);
    server.wait_until_in_flight(1);
    server.terminate();
    assert_eq!(server.wait_for("/readyz", 503).problem(503), "stopping");
    assert_eq!(server.get("/livez").status, 200);
    assert_eq!(
        server.post("/api/v1/validate", &office()).problem(503),
        "stopping"
    );
    stream.write_all(rest).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    assert!(
        answer.starts_with(b"HTTP/1.1 200"),
        "{}",
        String::from_utf8_lossy(&answer[..200])
    );
    assert!(answer.ends_with(&expected), "the answer is whole");
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
}

#[cfg(unix)]
#[test]
fn an_idle_server_stops_at_once() {
    if !complete("an_idle_server_stops_at_once") {
        return;
    }
    let mut server = Server::start(&[]);
    // A connection that is kept open without a request does not hold the server.
    let _idle = TcpStream::connect(&server.address).unwrap();
    assert_eq!(server.get("/livez").status, 200);
    server.terminate();
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_check_that_takes_too_long_is_given_up() {
    if !complete("a_check_that_takes_too_long_is_given_up") {
        return;
    }
    let server = Server::start(&["--timeout", "1ms"]);
    let code = server.post("/api/v1/validate", &office()).problem(504);
    assert_eq!(code, "timeout");
}

#[test]
fn a_model_that_needs_too_much_memory_is_refused() {
    if !complete("a_model_that_needs_too_much_memory_is_refused") {
        return;
    }
    let server = Server::start(&["--engine-memory", cli_support::SMALL_MEMORY]);
    let refused = server.post("/api/v1/validate", &cli_support::many_doors());
    assert_eq!(refused.problem(413), "model-too-large");
    let problem: Value = serde_json::from_slice(&refused.body).unwrap();
    assert!(problem["detail"].as_str().unwrap().contains("16 MiB"));
    // It costs the others nothing.
    assert_eq!(server.post("/api/v1/validate", &office()).status, 200);
}

#[test]
fn a_port_in_use_is_said() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = run(plancheck().args(["serve", "--listen", &address]));
    assert_eq!(code(&output), 2);
    let said = cli_support::err(&output);
    assert!(
        said.contains(&address) && said.contains("--listen"),
        "{said}"
    );
}
