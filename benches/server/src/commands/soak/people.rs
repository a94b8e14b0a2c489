//! Live clients of one building: some edit, some stay and look, most come and go, now at one replica,
//! now at the other. Each holds every number that it gets against the one before.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::Shared;
use crate::commands::live::{PATH, edit};
use crate::load::websocket::{Event, Socket};

const EDITORS: usize = 4;
const STAYING: usize = 8;
const COMING_AND_GOING: usize = 32;
/// Between two edits of one editor.
const BETWEEN: Duration = Duration::from_millis(500);
/// An edit that is not answered by then is sent again, over a new connection.
const ANSWER: Duration = Duration::from_secs(10);
/// How often it is sent.
const TRIES: usize = 5;
/// Between two access tokens on one connection; they live for two minutes.
const RENEW: Duration = Duration::from_secs(45);
/// The largest message that is read whole.
const KEEP: usize = 4 << 20;
/// Everybody has the last edit by then.
const SETTLE: Duration = Duration::from_secs(20);

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Running,
    /// No more edits; who is there stays.
    Settling,
}

/// What all clients count.
#[derive(Default)]
struct Counts {
    lost: AtomicU64,
    doubled: AtomicU64,
    recovered: AtomicU64,
    full: AtomicU64,
    answered: AtomicU64,
    sent_again: AtomicU64,
    unknown: AtomicU64,
    last: AtomicI64,
    /// Connections that the server ended, by code; 1006: they broke off.
    ended: Mutex<BTreeMap<u16, u64>>,
}

/// The building and its clients.
pub struct Room {
    counts: Arc<Counts>,
    phase: watch::Sender<Phase>,
    /// The number that each client saw last.
    seen: Arc<Vec<AtomicI64>>,
    editing: Arc<AtomicU64>,
}

/// How it stood at the end.
pub struct CaughtUp {
    last: i64,
    behind: usize,
    took: Duration,
}

impl Room {
    /// All clients connect.
    pub async fn start(all: &Arc<Shared>, tasks: &mut JoinSet<()>) -> Result<Room> {
        let people = EDITORS + STAYING + COMING_AND_GOING;
        let (phase, watched) = watch::channel(Phase::Running);
        let room = Room {
            counts: Arc::default(),
            phase,
            seen: Arc::new((0..people).map(|_| AtomicI64::new(-1)).collect()),
            editing: Arc::new(AtomicU64::new(EDITORS as u64)),
        };
        for number in 0..people {
            let person = Person {
                all: Arc::clone(all),
                counts: Arc::clone(&room.counts),
                seen: Arc::clone(&room.seen),
                phase: watched.clone(),
                number,
                turn: number,
                socket: None,
                epoch: String::new(),
                last: None,
                renewed: Instant::now(),
            };
            match number {
                0..EDITORS => tasks.spawn(person.edit(Arc::clone(&room.editing))),
                _ => tasks.spawn(person.look(number >= EDITORS + STAYING)),
            };
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(room)
    }

    /// The highest number that anybody saw.
    pub fn last_edit(&self) -> i64 {
        self.counts.last.load(Ordering::SeqCst)
    }

    /// Ends the edits, and waits until everybody has all of them.
    pub async fn end(&self) -> CaughtUp {
        self.phase.send_replace(Phase::Settling);
        let began = Instant::now();
        while self.editing.load(Ordering::SeqCst) > 0 && began.elapsed() < ANSWER * 2 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let began = Instant::now();
        loop {
            let last = self.last_edit();
            let behind = self
                .seen
                .iter()
                .filter(|seen| seen.load(Ordering::SeqCst) != last)
                .count();
            if behind == 0 || began.elapsed() > SETTLE {
                return CaughtUp {
                    last,
                    behind,
                    took: began.elapsed(),
                };
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// What must hold.
    pub fn held(&self, end: &CaughtUp) -> Vec<(String, bool)> {
        let get = |counter: &AtomicU64| counter.load(Ordering::SeqCst);
        let counts = &self.counts;
        let (lost, doubled) = (get(&counts.lost), get(&counts.doubled));
        let (answered, unknown) = (get(&counts.answered), get(&counts.unknown));
        let last = u64::try_from(end.last).unwrap_or(0);
        let ended = counts.ended.lock().unwrap_or_else(PoisonError::into_inner);
        let ended: Vec<String> = ended
            .iter()
            .map(|(code, count)| format!("{code}: {count}"))
            .collect();
        vec![
            (
                format!(
                    "no number lost or doubled: {lost} and {doubled}, over {} returns with nothing missed and {} full states",
                    get(&counts.recovered),
                    get(&counts.full)
                ),
                lost == 0 && doubled == 0,
            ),
            (
                format!(
                    "each edit has one number: {answered} answered, {} sent again, {unknown} of unknown fate, the last number is {last}",
                    get(&counts.sent_again)
                ),
                answered > 0 && (answered..=answered + unknown).contains(&last),
            ),
            (
                format!(
                    "all {} live clients have the last edit: {} do not, after {:.1} s; ended by the server: {}",
                    self.seen.len(),
                    end.behind,
                    end.took.as_secs_f64(),
                    if ended.is_empty() {
                        "none".to_owned()
                    } else {
                        ended.join(", ")
                    }
                ),
                end.behind == 0,
            ),
        ]
    }
}

/// A live client.
struct Person {
    all: Arc<Shared>,
    counts: Arc<Counts>,
    seen: Arc<Vec<AtomicI64>>,
    phase: watch::Receiver<Phase>,
    number: usize,
    turn: usize,
    socket: Option<Socket>,
    epoch: String,
    last: Option<i64>,
    renewed: Instant,
}

/// What a message meant for who waits for an answer.
enum Heard {
    Nothing,
    /// The edit of this name has its number.
    Done(String),
    /// The server refused to do something now.
    Refused,
    Gone,
}

impl Person {
    /// Connects to the next replica, with what was seen last. Tries until it is there or all is over.
    async fn connect(&mut self) {
        while !self.all.is_over() {
            self.turn += 1;
            let token = self.all.token.borrow().clone();
            let mut hello = json!({ "type": "hello", "token": token });
            if let Some(last) = self.last {
                hello["epoch"] = self.epoch.as_str().into();
                hello["seq"] = last.into();
            }
            let opened = async {
                let mut socket = Socket::open(self.all.address(self.turn), PATH, KEEP).await?;
                socket.say(&hello.to_string()).await?;
                Ok::<Socket, std::io::Error>(socket)
            };
            match opened.await {
                Ok(socket) => {
                    self.socket = Some(socket);
                    self.renewed = Instant::now();
                    return;
                }
                Err(error) => {
                    self.all
                        .tally
                        .fail(format!("client {}: {error}", self.number));
                    self.all.pause(Duration::from_secs(1)).await;
                }
            }
        }
    }

    /// The next message, within some time.
    async fn hear(&mut self, patience: Duration) -> Heard {
        let Some(socket) = &mut self.socket else {
            return Heard::Gone;
        };
        if self.renewed.elapsed() > RENEW {
            self.renewed = Instant::now();
            let token = self.all.token.borrow().clone();
            // Where it cannot be said, the next message says so.
            let _ = socket
                .say(&json!({ "type": "renew", "token": token }).to_string())
                .await;
        }
        let text = match tokio::time::timeout(patience, socket.next()).await {
            Err(_) => return Heard::Nothing,
            Ok(Ok(Event::Text(text))) => text,
            Ok(ended) => {
                let code = match ended {
                    Ok(Event::Closed(code)) => code,
                    _ => 1006,
                };
                *self
                    .counts
                    .ended
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .entry(code)
                    .or_default() += 1;
                self.socket = None;
                return Heard::Gone;
            }
        };
        let message: Value = serde_json::from_slice(&text).unwrap_or_default();
        match message["type"].as_str() {
            Some("connection_status") => {
                message["epoch"]
                    .as_str()
                    .unwrap_or_default()
                    .clone_into(&mut self.epoch);
                match message["recovered"] == true {
                    true => self.counts.recovered.fetch_add(1, Ordering::SeqCst),
                    false => {
                        self.last = None;
                        self.counts.full.fetch_add(1, Ordering::SeqCst)
                    }
                };
                Heard::Nothing
            }
            Some("validation_update") => self.update(&message),
            Some("error") => Heard::Refused,
            _ => Heard::Nothing,
        }
    }

    fn update(&mut self, message: &Value) -> Heard {
        let seq = message["seq"].as_i64().unwrap_or(-1);
        let is_delta = message["kind"] == "delta";
        match self.last {
            Some(last) if is_delta && seq <= last => {
                self.counts.doubled.fetch_add(1, Ordering::SeqCst);
            }
            Some(last) if is_delta && seq > last + 1 => {
                self.counts
                    .lost
                    .fetch_add(seq.abs_diff(last + 1), Ordering::SeqCst);
            }
            None if is_delta => self.all.tally.fail(format!(
                "client {}: a change before the full state",
                self.number
            )),
            _ => {}
        }
        self.last = Some(seq);
        self.counts.last.fetch_max(seq, Ordering::SeqCst);
        if let Some(seen) = self.seen.get(self.number) {
            seen.store(seq, Ordering::SeqCst);
        }
        match message["request"].as_str() {
            Some(request) => Heard::Done(request.to_owned()),
            None => Heard::Nothing,
        }
    }

    fn is_settling(&self) -> bool {
        *self.phase.borrow() == Phase::Settling
    }

    /// Looks on; may go and come back, sometimes with what it saw, sometimes as somebody new.
    async fn look(mut self, comes_and_goes: bool) {
        let mut stays = Instant::now() + Duration::from_secs(3 + self.number as u64 % 12);
        while !self.all.is_over() {
            if self.socket.is_none() {
                self.connect().await;
            }
            self.hear(Duration::from_millis(200)).await;
            if comes_and_goes && stays.elapsed() > Duration::ZERO && !self.is_settling() {
                self.socket = None;
                let (turn, number) = (self.turn, self.number);
                if (turn + number).is_multiple_of(3) {
                    self.last = None;
                }
                let away = Duration::from_millis(((turn * 37 + number * 101) % 3_000) as u64);
                self.all.pause(away).await;
                stays =
                    Instant::now() + Duration::from_secs(3 + ((turn * 7 + number * 5) % 15) as u64);
            }
        }
    }

    /// Edits one after the other. One that is not answered is sent again under the same name.
    async fn edit(mut self, editing: Arc<AtomicU64>) {
        let mut made = 0_usize;
        while !self.is_settling() && !self.all.is_over() {
            made += 1;
            let name = format!("e{}-{made}", self.number);
            let width = 0.6 + ((made * 7 + self.number * 13) % 50) as f64 / 100.0;
            self.make(&name, &edit(&name, "d1", width)).await;
            let until = Instant::now() + BETWEEN;
            while Instant::now() < until && self.socket.is_some() {
                self.hear(until.saturating_duration_since(Instant::now()))
                    .await;
            }
        }
        editing.fetch_sub(1, Ordering::SeqCst);
        while !self.all.is_over() {
            if self.socket.is_none() {
                self.connect().await;
            }
            self.hear(Duration::from_millis(200)).await;
        }
    }

    async fn make(&mut self, name: &str, text: &str) {
        let began = Instant::now();
        for tried in 0..TRIES {
            if self.socket.is_none() {
                self.connect().await;
            }
            let Some(socket) = &mut self.socket else {
                return;
            };
            if tried > 0 {
                self.counts.sent_again.fetch_add(1, Ordering::SeqCst);
            }
            // Where it cannot be said, there is no answer either.
            let _ = socket.say(text).await;
            let until = Instant::now() + ANSWER;
            while Instant::now() < until {
                match self.hear(Duration::from_millis(200)).await {
                    Heard::Done(request) if request == name => {
                        self.counts.answered.fetch_add(1, Ordering::SeqCst);
                        self.all.tally.answered(
                            "live edit, to its sender",
                            200,
                            "",
                            began.elapsed(),
                        );
                        return;
                    }
                    Heard::Refused => {
                        self.all.pause(Duration::from_millis(500)).await;
                        break;
                    }
                    Heard::Gone => break,
                    Heard::Done(_) | Heard::Nothing => {}
                }
            }
            if self.all.is_over() {
                break;
            }
            if self.socket.is_some() && Instant::now() >= until {
                self.socket = None;
            }
        }
        self.counts.unknown.fetch_add(1, Ordering::SeqCst);
    }
}
