//! `soak`: everything at once for minutes, on two replicas with one PostgreSQL and one Redis, which is
//! killed twice meanwhile. What must hold at the end is printed with whether it did.

mod gauge;
mod people;
mod requests;
mod tally;

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use plancheck_server_tests::{PASSWORD, Postgres, Redis, door, office};
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::load::http::Connection;
use crate::process::Server;
use gauge::Gauge;
use people::Room;
use tally::Tally;

/// Replicas.
const HOSTS: usize = 2;
/// Accounts that log in.
const ACCOUNTS: usize = 6;
/// When Redis is killed, of the whole time, and for how long it is gone, of the whole time.
const KILLED: [f64; 2] = [0.25, 0.6];
const GONE: f64 = 0.04;
/// Memory that grows faster than this in the second half is not flat: percent of what there is, in ten
/// minutes. The allocator's own ups and downs are below it.
const FLAT: f64 = 5.0;
/// Open files that may be more at the end of the second half than at its begin: connections that are
/// being made or closed at that moment.
const FILES: usize = 25;

/// What all that run share.
pub struct Shared {
    addresses: Vec<String>,
    tally: Tally,
    /// An access token of the administrator that is good now.
    token: watch::Receiver<String>,
    stop: watch::Receiver<bool>,
}

impl Shared {
    fn address(&self, number: usize) -> &str {
        self.addresses
            .get(number % self.addresses.len())
            .map_or("", String::as_str)
    }

    fn bearer(&self) -> String {
        format!("authorization: Bearer {}\r\n", *self.token.borrow())
    }

    fn is_over(&self) -> bool {
        *self.stop.borrow()
    }

    /// Waits; whether to go on.
    async fn pause(&self, time: Duration) -> bool {
        let mut stop = self.stop.clone();
        let over = stop.wait_for(|over| *over);
        tokio::time::timeout(time, over).await.is_err()
    }
}

/// Runs it for some time. Whether all that must hold did.
pub async fn run(time: Duration) -> Result<bool> {
    let postgres = Postgres::start();
    let mut redis = Redis::start();
    let (database, shared) = (postgres.url(), redis.url());
    let arguments = [
        "--database-url",
        &database,
        "--redis-url",
        &shared,
        "--rate-per-address",
        "0",
        "--rate-per-caller",
        "0",
        // Reached within minutes, so that the second half shows whether it is a limit.
        "--cache-memory",
        "8MiB",
        // Renewed and refreshed all the time.
        "--access-lifetime",
        "2m",
    ];
    let mut hosts: Vec<Server> = (0..HOSTS)
        .map(|_| Server::start(&arguments))
        .collect::<Result<_>>()?;
    let first = hosts
        .first()
        .map(|host| host.address.clone())
        .unwrap_or_default();
    let (access, refresh) = match hosts.first() {
        Some(host) => host.login().await?,
        None => bail!("no replica"),
    };
    prepare(&first, &access).await?;
    let (give_token, token) = watch::channel(access);
    let (over, stop) = watch::channel(false);
    let all = Arc::new(Shared {
        addresses: hosts.iter().map(|host| host.address.clone()).collect(),
        tally: Tally::default(),
        token,
        stop,
    });
    let began = Instant::now();
    let mut tasks = JoinSet::new();
    requests::start(&all, &mut tasks, give_token, refresh);
    let room = Room::start(&all, &mut tasks).await?;
    let mut gauges: Vec<Gauge> = hosts.iter().map(|_| Gauge::default()).collect();
    let mut down = false;
    let mut said = 0;
    println!("{HOSTS} replicas, PostgreSQL, Redis; {} s", time.as_secs());
    while began.elapsed() < time {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let at = began.elapsed().as_secs_f64();
        let share = at / time.as_secs_f64();
        for (gauge, host) in gauges.iter_mut().zip(&hosts) {
            gauge.look(at, host);
        }
        let gone = KILLED
            .iter()
            .any(|from| (*from..from + GONE).contains(&share));
        if gone != down {
            down = gone;
            println!(
                "  {at:>5.0} s  Redis is {}",
                if gone { "killed" } else { "started again" }
            );
            match gone {
                true => redis.kill(),
                false => tokio::task::block_in_place(|| redis.restart()),
            }
        }
        if at as u64 / 60 > said {
            said = at as u64 / 60;
            let memory: Vec<String> = hosts
                .iter()
                .map(|host| format!("{} MB", host.memory() / 1_000_000))
                .collect();
            println!(
                "  {at:>5.0} s  {} requests, {} edits, {}",
                all.tally.requests(),
                room.last_edit(),
                memory.join(" and ")
            );
        }
    }
    let caught_up = room.end().await;
    over.send_replace(true);
    let alive = hosts.iter_mut().all(Server::is_alive);
    while let Some(ended) = tasks.join_next().await {
        if let Err(error) = ended {
            all.tally.fail(format!("a client failed: {error}"));
        }
    }
    println!("\n{}", all.tally.table());
    let mut held = vec![("both replicas live".to_owned(), alive)];
    held.extend(all.tally.held());
    held.extend(room.held(&caught_up));
    for (number, gauge) in gauges.iter().enumerate() {
        held.extend(gauge.held(number, FLAT, FILES));
    }
    println!("what must hold");
    for (what, is_so) in &held {
        println!("  {}  {what}", if *is_so { "yes" } else { "NO " });
    }
    for failure in all.tally.failures() {
        println!("  {failure}");
    }
    for (number, host) in hosts.iter().enumerate() {
        let log = std::fs::read_to_string(&host.log).unwrap_or_default();
        let errors: Vec<&str> = log.lines().filter(|line| line.contains("ERROR")).collect();
        println!(
            "lines of replica {number}'s log that say ERROR: {}",
            errors.len()
        );
        for line in errors.iter().take(10) {
            println!("  {line}");
        }
    }
    Ok(held.iter().all(|(_, is_so)| *is_so))
}

/// Accounts, and buildings.
async fn prepare(address: &str, token: &str) -> Result<()> {
    let mut connection = Connection::open(address).await?;
    let bearer = format!("authorization: Bearer {token}\r\n");
    for (building, model) in [
        ("house", door(0.9)),
        ("annex", door(0.8)),
        ("office", office()),
    ] {
        let path = format!("/api/v1/buildings/{building}?jurisdiction=us");
        let reply = connection.send("PUT", &path, &bearer, &model).await?;
        if reply.status != 200 {
            bail!(
                "{path}: {} {}",
                reply.status,
                String::from_utf8_lossy(&reply.body)
            );
        }
    }
    let headers = format!("{bearer}content-type: application/json\r\n");
    for number in 0..ACCOUNTS {
        let user = json!({ "name": format!("user{number}"), "password": PASSWORD, "role": "architect", "organisation": "main" });
        let reply = connection
            .send(
                "POST",
                "/api/v1/users",
                &headers,
                user.to_string().as_bytes(),
            )
            .await?;
        if reply.status != 201 {
            bail!(
                "users: {} {}",
                reply.status,
                String::from_utf8_lossy(&reply.body)
            );
        }
    }
    Ok(())
}
