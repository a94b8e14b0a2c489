//! Requests of all kinds, each kind at its own steady pace, in turns to both replicas.

use std::sync::Arc;
use std::time::{Duration, Instant};

use plancheck_server_tests::{PASSWORD, door, office};
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::{ACCOUNTS, Shared};
use crate::load::http::{Connection, Reply};
use crate::process::tokens;

const JSON: &str = "content-type: application/json\r\n";
const CHECK: &str = "/api/v1/validate?jurisdiction=us";

/// A client that asks now one replica, now the other.
struct Asker {
    all: Arc<Shared>,
    connections: Vec<Option<Connection>>,
    turn: usize,
}

impl Asker {
    fn new(all: &Arc<Shared>) -> Asker {
        Asker {
            all: Arc::clone(all),
            connections: all.addresses.iter().map(|_| None).collect(),
            turn: 0,
        }
    }

    async fn ask(
        &mut self,
        kind: &'static str,
        method: &str,
        path: &str,
        headers: &str,
        body: &[u8],
    ) -> Option<Reply> {
        self.turn += 1;
        let number = self.turn % self.connections.len();
        let place = self.connections.get_mut(number)?;
        let began = Instant::now();
        let answer = async {
            if place.is_none() {
                *place = Some(Connection::open(self.all.address(number)).await?);
            }
            match place {
                Some(connection) => connection.send(method, path, headers, body).await,
                None => Err(std::io::ErrorKind::NotConnected.into()),
            }
        };
        match answer.await {
            Ok(reply) => {
                self.all.tally.answered(
                    kind,
                    reply.status,
                    reply.header("retry-after"),
                    began.elapsed(),
                );
                Some(reply)
            }
            Err(error) => {
                self.all.tally.broke(kind, &error);
                *place = None;
                None
            }
        }
    }
}

/// Starts all of them.
pub fn start(
    all: &Arc<Shared>,
    tasks: &mut JoinSet<()>,
    give_token: watch::Sender<String>,
    refresh: String,
) {
    tasks.spawn(keep_token(Asker::new(all), give_token, refresh));
    for reader in 0..4 {
        tasks.spawn(read_reports(Asker::new(all), reader));
    }
    for number in 0..2 {
        tasks.spawn(new_models(Asker::new(all), number));
    }
    tasks.spawn(old_models(Asker::new(all)));
    tasks.spawn(new_buildings(Asker::new(all)));
    tasks.spawn(log_in(Asker::new(all)));
    tasks.spawn(watch_it(Asker::new(all)));
}

/// A pause around so many milliseconds; whether to go on.
async fn pause(asker: &Asker, millis: u64) -> bool {
    asker.all.pause(Duration::from_millis(millis)).await
}

/// Refreshes the administrator's token far more often than it must be.
async fn keep_token(mut asker: Asker, give: watch::Sender<String>, mut refresh: String) {
    while pause(&asker, 1_000).await {
        let body = json!({ "refresh_token": refresh }).to_string();
        let reply = asker
            .ask(
                "refresh",
                "POST",
                "/api/v1/auth/refresh",
                JSON,
                body.as_bytes(),
            )
            .await;
        let Some(reply) = reply else { continue };
        match tokens(reply.status, &reply.body) {
            Ok((access, next)) => {
                refresh = next;
                give.send_replace(access);
            }
            Err(_) if reply.status == 503 => {}
            Err(error) => asker.all.tally.fail(format!("refresh: {error}")),
        }
    }
}

async fn read_reports(mut asker: Asker, reader: usize) {
    let buildings = ["house", "annex", "office"];
    let mut known = [String::new(), String::new(), String::new()];
    let mut number = reader;
    while pause(&asker, 60).await {
        number += 1;
        let at = number % buildings.len();
        let (Some(building), Some(tag)) = (buildings.get(at), known.get_mut(at)) else {
            return;
        };
        let mut headers = asker.all.bearer();
        if number.is_multiple_of(2) && !tag.is_empty() {
            headers += &format!("if-none-match: {tag}\r\n");
        }
        let path = format!("/api/v1/validate/{building}");
        match asker.ask("GET report", "GET", &path, &headers, b"").await {
            Some(reply) if reply.status == 200 => *tag = reply.header("etag").to_owned(),
            Some(reply) if reply.status == 304 || reply.status == 503 => {}
            Some(reply) => asker
                .all
                .tally
                .fail(format!("GET {path}: {}", reply.status)),
            None => {}
        }
    }
}

/// Models that nobody sent before.
async fn new_models(mut asker: Asker, first: usize) {
    let mut number = first;
    while pause(&asker, 250).await {
        number += 2;
        let model = door(0.6 + number as f64 / 1e5);
        let headers = asker.all.bearer();
        let reply = asker
            .ask("POST new model", "POST", CHECK, &headers, &model)
            .await;
        expect(&asker, "POST new model", reply.as_ref());
    }
}

/// The same model again and again. Every report is the first one, byte for byte.
async fn old_models(mut asker: Asker) {
    let model = office();
    let mut first: Option<Vec<u8>> = None;
    while pause(&asker, 500).await {
        let headers = asker.all.bearer();
        let reply = asker
            .ask("POST office, again", "POST", CHECK, &headers, &model)
            .await;
        expect(&asker, "POST office, again", reply.as_ref());
        let Some(reply) = reply.filter(|reply| reply.status == 200) else {
            continue;
        };
        if *first.get_or_insert_with(|| reply.body.clone()) != reply.body {
            asker
                .all
                .tally
                .fail("the same model has another report".to_owned());
        }
    }
}

async fn new_buildings(mut asker: Asker) {
    let mut number = 0_u32;
    while pause(&asker, 3_000).await {
        number += 1;
        let model = door(0.7 + f64::from(number) / 1e4);
        let headers = asker.all.bearer();
        let path = "/api/v1/buildings/annex?jurisdiction=us";
        let reply = asker
            .ask("PUT building", "PUT", path, &headers, &model)
            .await;
        expect(&asker, "PUT building", reply.as_ref());
        let path = "/api/v1/validate/annex/history?limit=10";
        let reply = asker.ask("GET history", "GET", path, &headers, b"").await;
        expect(&asker, "GET history", reply.as_ref());
    }
}

/// Logs in and out, at a pace that the throttle of logins lets through.
async fn log_in(mut asker: Asker) {
    let mut number = 0;
    while pause(&asker, 6_000).await {
        number += 1;
        let body = json!({ "name": format!("user{}", number % ACCOUNTS), "password": PASSWORD })
            .to_string();
        let reply = asker
            .ask("login", "POST", "/api/v1/auth/login", JSON, body.as_bytes())
            .await;
        let Some(reply) = reply else { continue };
        let Ok((access, _)) = tokens(reply.status, &reply.body) else {
            expect(&asker, "login", Some(&reply));
            continue;
        };
        let bearer = format!("authorization: Bearer {access}\r\n");
        let me = asker
            .ask("GET me", "GET", "/api/v1/auth/me", &bearer, b"")
            .await;
        expect(&asker, "GET me", me.as_ref());
        let out = asker
            .ask("logout", "POST", "/api/v1/auth/logout", &bearer, b"")
            .await;
        expect(&asker, "logout", out.as_ref());
    }
}

/// What operators look at.
async fn watch_it(mut asker: Asker) {
    while pause(&asker, 1_000).await {
        let headers = asker.all.bearer();
        let cache = asker
            .ask(
                "GET cache stats",
                "GET",
                "/api/v1/cache/stats",
                &headers,
                b"",
            )
            .await;
        expect(&asker, "GET cache stats", cache.as_ref());
        let metrics = asker.ask("GET metrics", "GET", "/metrics", "", b"").await;
        expect(&asker, "GET metrics", metrics.as_ref());
        let health = asker.ask("GET health", "GET", "/health", "", b"").await;
        expect(&asker, "GET health", health.as_ref());
    }
}

/// Nothing here is refused but for want of room.
fn expect(asker: &Asker, kind: &str, reply: Option<&Reply>) {
    if let Some(reply) = reply
        && !matches!(reply.status, 200..300 | 503 | 504)
    {
        let why: String = String::from_utf8_lossy(&reply.body)
            .chars()
            .take(200)
            .collect();
        asker
            .all
            .tally
            .fail(format!("{kind}: {} {why}", reply.status));
    }
}
