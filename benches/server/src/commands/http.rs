//! `http`: answers that were made before, beside a bare server of the same framework.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, bail};
use plancheck_server_tests::{door, office};

use crate::figures::{latency, median, spread};
use crate::load::baseline;
use crate::load::http::{Connection, request};
use crate::load::rounds::{Round, flood, steady};
use crate::process::Server;

/// Enough to keep both sides busy on a few cores.
const CONNECTIONS: usize = 32;
/// Rounds of each request; they alternate, so that a busy machine slows all of them.
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(2);
/// A rate that leaves the machine mostly idle, and how long it is kept.
const RATE: u32 = 500;
const STEADY: Duration = Duration::from_secs(10);
/// Throughput of a small cached report, of that of the bare server.
const GOAL: f64 = 0.6;

/// What the bare server's cases are called.
const BARE: &str = "bare server";

/// A request that is measured.
struct Case {
    name: String,
    request: Arc<Vec<u8>>,
    status: u16,
    bare: bool,
    rounds: Vec<Round>,
}

impl Case {
    fn new(name: &str, bare: bool, status: u16, request: Vec<u8>) -> Case {
        Case {
            name: name.to_owned(),
            request: Arc::new(request),
            status,
            bare,
            rounds: Vec::new(),
        }
    }

    fn rates(&self) -> Vec<f64> {
        self.rounds.iter().map(|round| round.each_second).collect()
    }

    fn processor(&self) -> f64 {
        median(
            &self
                .rounds
                .iter()
                .map(|round| round.processor)
                .collect::<Vec<f64>>(),
        )
    }
}

/// Measures and prints.
pub async fn run(only: &str) -> Result<()> {
    let host = Server::start(&["--rate-per-address", "0", "--rate-per-caller", "0"])?;
    let bare = baseline::start()?;
    let mut cases = cases(&host).await?;
    let mut first = true;
    // The bare server's hello is what the others are held against.
    cases.retain(|case| std::mem::take(&mut first) || case.name.contains(only));
    for _ in 0..ROUNDS {
        for case in &mut cases {
            let server = if case.bare { &bare } else { &host };
            let round = flood(server, &case.request, case.status, CONNECTIONS, ROUND).await?;
            case.rounds.push(round);
        }
    }
    println!(
        "\nthroughput, {CONNECTIONS} kept connections, {ROUNDS} rounds of {} s each, alternating; \
         median (least to most)",
        ROUND.as_secs()
    );
    let hello = cases.first().map(Case::rates).unwrap_or_default();
    let bare_cost = cases.first().map_or(0.0, Case::processor);
    for case in &cases {
        let ratios: Vec<f64> = case
            .rates()
            .iter()
            .zip(&hello)
            .map(|(rate, hello)| rate / hello)
            .collect();
        println!(
            "  {:<44} {:>26} /s   {} × hello   {:.1} µs of processor, {:.1} × hello",
            case.name,
            spread(&case.rates(), 0),
            spread(&ratios, 2),
            case.processor(),
            case.processor() / bare_cost
        );
    }
    for case in &cases {
        let size = case
            .name
            .strip_prefix("GET ")
            .and_then(|name| name.split_once(", "))
            .map(|(_, size)| size);
        let bare = cases
            .iter()
            .find(|bare| size.is_some_and(|size| bare.name == format!("{BARE}: {size}")));
        if let Some(bare) = bare {
            let ratios: Vec<f64> = case
                .rates()
                .iter()
                .zip(bare.rates())
                .map(|(rate, bare)| rate / bare)
                .collect();
            println!(
                "  {}: {} × the bare server that sends as many bytes",
                case.name,
                spread(&ratios, 2)
            );
        }
    }
    if let Some(small) = cases
        .iter()
        .find(|case| case.name.starts_with("GET small report"))
    {
        let ratio = median(&small.rates()) / median(&hello);
        let met = if ratio >= GOAL { "met" } else { "missed" };
        println!("  goal: small report at least {GOAL} × hello: {ratio:.2}, {met}");
    }
    println!(
        "\nlatency at {RATE} /s over 8 connections for {} s",
        STEADY.as_secs()
    );
    for case in &cases {
        let server = if case.bare { &bare } else { &host };
        let mut took = steady(server, &case.request, case.status, 8, RATE, STEADY).await?;
        println!("  {:<44} {}", case.name, latency(&mut took));
    }
    Ok(())
}

/// Puts the buildings there, and writes the requests.
async fn cases(host: &Server) -> Result<Vec<Case>> {
    let (token, _) = host.login().await?;
    let bearer = format!("authorization: Bearer {token}\r\n");
    let mut connection = Connection::open(&host.address).await?;
    let mut cases = vec![Case::new(
        &format!("{BARE}: GET / (hello)"),
        true,
        200,
        request("GET", "/", "", b""),
    )];
    for (name, id, model) in [
        ("small", "house", door(0.9)),
        ("office", "office", office()),
    ] {
        let path = format!("/api/v1/buildings/{id}?jurisdiction=us");
        let reply = connection.send("PUT", &path, &bearer, &model).await?;
        if reply.status != 200 {
            bail!(
                "{path}: {} {}",
                reply.status,
                String::from_utf8_lossy(&reply.body)
            );
        }
        let path = format!("/api/v1/validate/{id}");
        let report = connection.send("GET", &path, &bearer, b"").await?;
        let size = report.body.len();
        let known = format!("{bearer}if-none-match: {}\r\n", report.header("etag"));
        let bare = format!("{BARE}: {size} bytes");
        cases.push(Case::new(
            &bare,
            true,
            200,
            request("GET", &format!("/bytes/{size}"), "", b""),
        ));
        let get = format!("GET {name} report, {size} bytes");
        cases.push(Case::new(
            &get,
            false,
            200,
            request("GET", &path, &bearer, b""),
        ));
        let get = format!("GET {name} report, known: 304");
        cases.push(Case::new(
            &get,
            false,
            304,
            request("GET", &path, &known, b""),
        ));
        let post = format!("POST {name} model, {} bytes, cached", model.len());
        let again = request("POST", "/api/v1/validate?jurisdiction=us", &bearer, &model);
        cases.push(Case::new(&post, false, 200, again));
    }
    let alive = request("GET", "/livez", "", b"");
    cases.push(Case::new(
        "GET /livez: what is around every route",
        false,
        200,
        alive,
    ));
    Ok(cases)
}
