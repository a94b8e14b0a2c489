//! The server for tests: the real program, real Redis and PostgreSQL processes on free ports, and
//! clients that speak to it. Everything is stopped when a test ends.

mod client;
mod host;
mod live;
mod postgres;
mod redis;

use std::net::TcpListener;
use std::path::PathBuf;
use std::time::{Duration, Instant};

pub use client::{Client, Reply};
pub use host::{Host, program};
pub use live::{Ended, Live, edit};
pub use postgres::Postgres;
pub use redis::Redis;

/// Nothing here takes longer, even on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(60);
/// The administrator's password in tests.
pub const PASSWORD: &str = "correct horse battery";

/// The checkout.
#[must_use]
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The demo office, a real model with failures.
///
/// # Panics
/// It is part of the checkout.
#[must_use]
pub fn office() -> Vec<u8> {
    std::fs::read(root().join("demo/office.ifc")).expect("demo/office.ifc")
}

/// A small model in JSON: one door of this clear width in metres.
#[must_use]
pub fn door(clear_width: f64) -> Vec<u8> {
    serde_json::json!({
        "building_id": "b", "building_name": "Small house",
        "metadata": { "location": { "country": "us" }, "occupancy": "B" },
        "objects": [
            { "object_id": "d1", "object_type": "door",
              "properties": { "name": "Door", "clear_width": clear_width, "clear_height": 2.1 } },
        ],
    })
    .to_string()
    .into_bytes()
}

/// Whether the program is built and what it needs is installed. Says so where not; in CI that is a
/// failure.
#[must_use]
pub fn ready(test: &str) -> bool {
    let missing = [
        (!host::program().is_file()).then_some("the program (cargo build --workspace)"),
        (!redis::is_installed()).then_some("redis-server"),
        postgres::folder().is_none().then_some("postgresql"),
    ];
    let missing: Vec<&str> = missing.into_iter().flatten().collect();
    if missing.is_empty() {
        return true;
    }
    let why = format!(
        "{test}: SKIPPED, missing: {}; run `./x test`",
        missing.join(", ")
    );
    assert!(std::env::var_os("CI").is_none(), "{why}");
    eprintln!("{why}");
    false
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

/// Asks until it is so.
///
/// # Panics
/// It never becomes so.
pub fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) -> Duration {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "it never happened: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
    began.elapsed()
}
