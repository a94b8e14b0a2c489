//! Traces: a collector of OpenTelemetry gets the spans of a check, in the trace of the client that
//! asked, without secrets; one that has gone costs no request.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use plancheck_server_tests::{Host, Live, door, office, ready, wait_until};
use prost::Message as _;

/// Takes what it is sent, over real HTTP.
struct Collector {
    address: String,
    bodies: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Collector {
    fn start() -> Collector {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let bodies = Arc::new(Mutex::new(Vec::new()));
        let taken = Arc::clone(&bodies);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let taken = Arc::clone(&taken);
                std::thread::spawn(move || while take(&stream, &taken).is_some() {});
            }
        });
        Collector { address, bodies }
    }

    fn spans(&self) -> Vec<Span> {
        let bodies = self.bodies.lock().unwrap();
        let requests = bodies
            .iter()
            .map(|body| ExportTraceServiceRequest::decode(body.as_slice()).expect("a message"));
        requests
            .flat_map(|request| request.resource_spans)
            .inspect(|of| {
                let resource = of.resource.as_ref().expect("who it is");
                let name = text(&resource.attributes, "service.name");
                assert_eq!(name.as_deref(), Some("plancheck"));
                assert!(text(&resource.attributes, "service.instance.id").is_some());
            })
            .flat_map(|of| of.scope_spans)
            .flat_map(|of| of.spans)
            .collect()
    }
}

/// One request; none when the client has gone.
fn take(mut stream: &TcpStream, taken: &Mutex<Vec<Vec<u8>>>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let (mut line, mut length, mut first) = (String::new(), 0, None);
    loop {
        line.clear();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let lower = line.trim().to_lowercase();
        first.get_or_insert_with(|| lower.clone());
        if let Some(count) = lower.strip_prefix("content-length: ") {
            length = count.parse().ok()?;
        }
        if lower.is_empty() {
            break;
        }
    }
    assert_eq!(first.as_deref(), Some("post /v1/traces http/1.1"));
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    taken.lock().unwrap().push(body);
    stream
        .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        .ok()
}

fn text(
    attributes: &[opentelemetry_proto::tonic::common::v1::KeyValue],
    key: &str,
) -> Option<String> {
    let own = attributes.iter().find(|own| own.key == key)?;
    match own.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(text.clone()),
        Value::IntValue(number) => Some(number.to_string()),
        _ => None,
    }
}

#[test]
fn a_check_is_a_trace() {
    if !ready("a_check_is_a_trace") {
        return;
    }
    let collector = Collector::start();
    let mut host = Host::start(&["--otlp-endpoint", &format!("http://{}", collector.address)]);
    let admin = host.admin();
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let parent = format!("00-{trace}-00f067aa0ba902b7-01");
    let path = "/api/v1/validate?jurisdiction=us";
    let headers = [
        ("traceparent", parent.as_str()),
        ("x-request-id", "known-1"),
    ];
    let reply = admin.send("POST", path, &headers, &office());
    assert_eq!(reply.status, 200);
    assert_eq!(admin.get("/api/v1/buildings/none").status, 404);
    // A client that does not keep its own trace; a word that is no method; probes; a live edit.
    let unsampled = "6bf92f3577b34da6a3ce929d0e0e4737";
    let parent = format!("00-{unsampled}-00f067aa0ba902b7-00");
    let headers = [("traceparent", parent.as_str())];
    let _ = admin.send("GET", "/api/v1/facts", &headers, b"");
    let mut other = TcpStream::connect(&host.address).unwrap();
    other
        .write_all(b"SECRETWORD /api/v1/facts HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .unwrap();
    other.read_to_end(&mut Vec::new()).unwrap();
    for probe in ["/livez", "/readyz", "/health", "/metrics"] {
        let _ = admin.get(probe);
    }
    admin
        .put("/api/v1/buildings/house?jurisdiction=us", &door(0.9))
        .expect(200);
    let (mut live, _) = Live::join(&host, "house", admin.token.as_deref().unwrap());
    live.edit("r", "d1", "clear_width", &serde_json::json!(0.7));
    while live.wait_for("validation_update")["request"] != "r" {}
    // What waits is sent before the server ends.
    host.terminate();
    assert!(host.wait().success());

    let spans = collector.spans();
    let named = |name: &str| spans.iter().find(move |span| span.name == name);
    let request = named("POST /api/v1/validate").expect("the request");
    let hex = |bytes: &[u8]| {
        bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    assert_eq!(hex(&request.trace_id), trace);
    assert_eq!(hex(&request.parent_span_id), "00f067aa0ba902b7");
    let said = |span: &Span, key: &str| text(&span.attributes, key).unwrap_or_default();
    assert_eq!(said(request, "http.response.status_code"), "200");
    assert_eq!(said(request, "http.route"), "/api/v1/validate");
    assert_eq!(said(request, "plancheck.request_id"), "known-1");
    let of_trace = |name: &'static str| {
        let same = move |span: &&Span| span.name == name && span.trace_id == request.trace_id;
        spans.iter().filter(same)
    };
    let check = of_trace("check").next().expect("the check");
    assert_eq!(check.parent_span_id, request.span_id);
    // Which module answered, by the digest that reports and `modules` name.
    let asked: Vec<&Span> = of_trace("module").collect();
    assert!(
        asked
            .iter()
            .all(|span| span.parent_span_id == check.span_id)
    );
    assert!(asked.iter().any(|span| said(span, "name") == "us-ibc-2024"));
    let report = reply.json(200);
    for module in report["ruleset"]["modules"].as_array().expect("modules") {
        let digest = module["digest"].as_str().expect("a digest");
        assert!(
            asked.iter().any(|span| said(span, "digest") == digest),
            "{digest}"
        );
    }
    assert!(spans.iter().any(|span| hex(&span.trace_id) == unsampled));
    assert!(named("live edit").is_some());
    let other = named("HTTP /api/v1/facts").expect("an unknown method");
    assert_eq!(said(other, "http.request.method"), "_OTHER");
    for probe in ["/livez", "/readyz", "/health", "/metrics"] {
        assert!(!spans.iter().any(|span| span.name.ends_with(probe)));
    }
    // Reads are traced, too, by their route and not by what clients write.
    let read = named("GET /api/v1/buildings/{building_id}").or(named("GET "));
    assert!(
        read.is_some(),
        "{:?}",
        spans.iter().map(|s| &s.name).collect::<Vec<_>>()
    );
    assert!(
        spans
            .iter()
            .any(|span| span.name == "POST /api/v1/auth/login")
    );

    let all: Vec<u8> = collector.bodies.lock().unwrap().concat();
    let token = admin.token.expect("a token");
    let secret = token.rsplit('.').next().expect("its signature").as_bytes();
    assert!(!all.windows(secret.len()).any(|part| part == secret));
    assert!(!all.windows(10).any(|part| part == b"SECRETWORD"));
}

#[test]
fn a_collector_that_is_gone_costs_no_request() {
    if !ready("a_collector_that_is_gone_costs_no_request") {
        return;
    }
    // Takes connections and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    let mut host = Host::start(&["--otlp-endpoint", &format!("http://{address}")]);
    let admin = host.admin();
    for _ in 0..50 {
        let began = Instant::now();
        assert_eq!(admin.get("/api/v1/rules").status, 200);
        assert!(
            began.elapsed() < Duration::from_secs(2),
            "{:?}",
            began.elapsed()
        );
    }
    drop(silent);
    wait_until("the log says that spans are lost", || {
        host.log()
            .contains("the collector of traces takes no spans")
    });
    let began = Instant::now();
    host.terminate();
    assert!(host.wait().success());
    assert!(
        began.elapsed() < Duration::from_secs(10),
        "{:?}",
        began.elapsed()
    );
}
