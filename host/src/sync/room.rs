//! One building that somebody looks at: its clients, and the check behind them.
//!
//! A room is one task. It does one thing after the other, so a client that joins between two edits
//! sees the first in what it is sent and the second as a message, and none twice.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use serde_json::value::RawValue;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{MissedTickBehavior, interval};
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::client::{Client, close};
use super::hub::{JoinError, Key, Word};
use super::live::{Live, Subject};
use super::loaded::Loaded;
use super::protocol::{Joined, ToClient};
use crate::api::AppState;
use crate::check::CheckError;
use crate::store::{Building, EditRecord, Kind, StoreError};

/// Between two looks at what is due.
const TICK: Duration = Duration::from_millis(1_000);
/// What a replica says of its people counts so long.
const PEOPLE: Duration = Duration::from_secs(15);
/// Names that are shown.
const NAMES: usize = 20;
/// A check that must be made first tells how far it is this often.
const PROGRESS: Duration = Duration::from_millis(150);

/// Edits that are read at once.
const AT_ONCE: i64 = 500;
/// Between two looks at the store where others tell what is new.
const LOOK: Duration = Duration::from_secs(5);
/// What is said of an edit that was put aside.
const SKIPPED: &str =
    r#"{"code":"stopped","message":"this edit stopped the check and was put aside"}"#;

/// What a room is told.
pub(super) enum Command {
    Join {
        client: Client,
        seen: Option<(String, i64)>,
        answer: oneshot::Sender<Result<Joined, JoinError>>,
    },
    Leave(u64),
    /// A replica says something.
    Word(String, Word),
    /// There may be something new.
    Look,
    /// Other modules may be in use.
    Ruleset,
    /// The server stops.
    Stop,
    /// Another building needs a place: end, if nobody is here.
    MakeRoom,
}

pub(super) struct Room {
    state: AppState,
    key: Key,
    clients: HashMap<u64, Client>,
    others: HashMap<String, (Instant, usize, Vec<String>)>,
    loaded: Option<Loaded>,
    people_changed: bool,
    said_people: Instant,
    empty_since: Option<Instant>,
    looked: Instant,
}

impl Room {
    pub(super) fn new(state: AppState, key: Key) -> Room {
        Room {
            state,
            key,
            clients: HashMap::new(),
            others: HashMap::new(),
            loaded: None,
            people_changed: false,
            said_people: Instant::now(),
            empty_since: Some(Instant::now()),
            looked: Instant::now(),
        }
    }

    pub(super) async fn run(mut self, mut mailbox: mpsc::Receiver<Command>) {
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let command = tokio::select! {
                command = mailbox.recv() => command,
                _ = tick.tick() => {
                    self.due().await;
                    let hub = &self.state.services().hub;
                    let idle = self.empty_since.is_some_and(|since| since.elapsed() > hub.config.idle);
                    if !idle {
                        continue;
                    }
                    match hub.close(&self.key, &mut mailbox) {
                        None => return,
                        command => command,
                    }
                }
            };
            match command {
                None => return,
                Some(Command::Stop) => {
                    for client in self.clients.values() {
                        client.end(close::RESTART);
                    }
                }
                Some(Command::MakeRoom) => {
                    let unused = self.clients.is_empty() && self.loaded.is_some();
                    let hub = &self.state.services().hub;
                    if unused {
                        match hub.close(&self.key, &mut mailbox) {
                            None => return,
                            Some(command) => self.obey(command).await,
                        }
                    }
                }
                Some(command) => self.obey(command).await,
            }
        }
    }

    async fn obey(&mut self, command: Command) {
        match command {
            Command::Join {
                client,
                seen,
                answer,
            } => {
                let joined = self.join(client, seen).await;
                // Who asked may have gone; it will leave, too.
                let _ = answer.send(joined);
            }
            Command::Leave(id) => {
                self.clients.remove(&id);
                self.people_changed = true;
                if self.clients.is_empty() {
                    self.empty_since = Some(Instant::now());
                }
            }
            Command::Look | Command::Word(_, Word::Edits) => self.follow().await,
            Command::Word(_, Word::Model) => self.model_changed().await,
            Command::Ruleset => self.ruleset_changed().await,
            Command::Word(_, Word::Highlight { text }) => self.broadcast(&[text.into()]),
            Command::Word(replica, Word::People { count, names }) => {
                let known = self.others.get(&replica);
                self.people_changed |= known.is_none_or(|(_, n, who)| (*n, who) != (count, &names));
                self.others.insert(replica, (Instant::now(), count, names));
            }
            // Said while it was about to end: there is somebody here now, or it ends in the next round.
            Command::Stop | Command::MakeRoom => {}
        }
    }

    /// What happens by itself every second.
    async fn due(&mut self) {
        self.ruleset_changed().await;
        let before = self.others.len();
        self.others
            .retain(|_, (heard, ..)| heard.elapsed() < PEOPLE);
        self.people_changed |= before != self.others.len();
        let again = self.said_people.elapsed() > PEOPLE / 3;
        if self.people_changed || again {
            self.tell_people().await;
        }
        let services = self.state.services();
        let shared = services.store.kind() == Kind::Postgres;
        let redis = services.reports.redis();
        let told = !shared || redis.is_some_and(crate::cache::Redis::is_up);
        // Words may be lost; what is in the store is not.
        let look = !told || self.looked.elapsed() > LOOK;
        if look && !self.clients.is_empty() {
            self.looked = Instant::now();
            self.follow().await;
            self.model_changed().await;
        }
    }

    async fn tell_people(&mut self) {
        let mut names: Vec<String> = self
            .clients
            .values()
            .take(NAMES)
            .map(|client| client.name.to_string())
            .collect();
        let word = Word::People {
            count: self.clients.len(),
            names: names.clone(),
        };
        let hub = self.state.services().hub.clone();
        hub.say(
            &self.state,
            &self.key.organisation,
            &self.key.building,
            word,
        )
        .await;
        self.said_people = Instant::now();
        if !std::mem::take(&mut self.people_changed) {
            return;
        }
        let elsewhere = self.others.values();
        let clients =
            self.clients.len() + elsewhere.clone().map(|(_, count, _)| count).sum::<usize>();
        names.extend(elsewhere.flat_map(|(_, _, names)| names.iter().cloned()));
        names.sort();
        names.dedup();
        names.truncate(NAMES);
        let presence = ToClient::Presence {
            clients,
            people: &names,
        };
        self.broadcast(&[presence.text()]);
    }

    fn broadcast(&mut self, messages: &[Utf8Bytes]) {
        let before = self.clients.len();
        self.clients
            .retain(|_, client| messages.iter().all(|message| client.send(message.clone())));
        let sent = self.clients.len() * messages.len();
        self.state
            .services()
            .metrics
            .live_messages
            .inc_by(sent as u64);
        if before != self.clients.len() {
            self.people_changed = true;
            if self.clients.is_empty() {
                self.empty_since = Some(Instant::now());
            }
        }
    }

    async fn join(
        &mut self,
        client: Client,
        seen: Option<(String, i64)>,
    ) -> Result<Joined, JoinError> {
        self.load(&client).await?;
        self.follow().await;
        let Some(loaded) = &mut self.loaded else {
            return Err(JoinError::Failed(
                "the check was stopped; try again".to_owned(),
            ));
        };
        let seq = loaded.seq;
        let epoch = loaded.epoch.clone();
        let missed = seen
            .as_ref()
            .and_then(|(epoch, seq)| loaded.missed(epoch, *seq));
        let recovered = missed.is_some();
        let first: Vec<Utf8Bytes> = match missed {
            Some(missed) => missed,
            None => vec![loaded.full().await.map_err(|error| failed(&error))?],
        };
        let status = ToClient::ConnectionStatus {
            status: "connected",
            building_id: &self.key.building,
            epoch: &epoch,
            seq,
            recovered,
            clients: self.clients.len() + 1,
            you: super::protocol::Person {
                id: &client.account,
                name: &client.name,
                role: client.role,
            },
        };
        let text = status.text();
        let sent = client.send(text) && first.into_iter().all(|message| client.send(message));
        if sent {
            self.clients.insert(client.id, client);
            self.people_changed = true;
            self.empty_since = None;
        }
        if seen.is_some() {
            let recoveries = &self.state.services().metrics.live_recoveries;
            recoveries
                .with_label_values(&[if recovered { "true" } else { "false" }])
                .inc();
        }
        Ok(Joined {
            epoch,
            seq,
            recovered,
        })
    }

    /// Loads the building's model and checks it, where that was not done. `first` is told how far
    /// that is.
    async fn load(&mut self, first: &Client) -> Result<(), JoinError> {
        if self.loaded.is_some() {
            return Ok(());
        }
        let hub = self.state.services().hub.clone();
        let place = hub.place().await?;
        // Before the ruleset is read: one that comes meanwhile is seen at the next look.
        let generation = self.state.generation();
        let (building, subject, rest) = self.subject().await?;
        let (tell, mut told) = mpsc::channel(64);
        let mut task = tokio::task::spawn_blocking(move || {
            let mut last = Instant::now();
            Live::open(subject, |judged, rules| {
                if last.elapsed() > PROGRESS {
                    last = Instant::now();
                    // Who waits has not read the last one yet.
                    let _ = tell.try_send((judged, rules));
                }
            })
        });
        let opened = loop {
            tokio::select! {
                Some((judged, rules)) = told.recv() => {
                    first.send(ToClient::RuleCheck { judged, rules }.text());
                }
                opened = &mut task => break opened,
            }
        };
        let live = match opened {
            Ok(Ok(live)) => live,
            Ok(Err(error)) => return Err(failed(&error)),
            Err(panic) => {
                tracing::error!(%panic, "a live check panicked");
                return Err(JoinError::Failed(
                    "the check failed inside the server".to_owned(),
                ));
            }
        };
        self.loaded = Some(Loaded {
            epoch: format!("{}.{rest}", building.epoch),
            generation,
            building,
            live: Some(live),
            seq: 0,
            kept: VecDeque::new(),
            kept_bytes: 0,
            full: None,
            _place: place,
        });
        Ok(())
    }

    /// What to check, and what of ruleset and engine makes numbers of other replicas mean the same.
    async fn subject(&self) -> Result<(Building, Subject, String), JoinError> {
        let store = &self.state.services().store;
        let unavailable = |_: StoreError| JoinError::Unavailable;
        let Key {
            organisation,
            building,
        } = &self.key;
        let building = store
            .building(organisation, building)
            .await
            .map_err(unavailable)?;
        let building = building.ok_or(JoinError::NoBuilding)?;
        let model = store.model(&building.model).await.map_err(unavailable)?;
        let model = model.ok_or(JoinError::NoBuilding)?;
        let (engine, codes, rest) = self
            .state
            .codes_of(building.place.as_deref())
            .map_err(JoinError::Failed)?;
        let subject = Subject {
            engine,
            codes,
            model,
            timeout: self.state.settings().timeout,
        };
        Ok((building, subject, rest))
    }

    /// The building may have another model, or be gone.
    async fn model_changed(&mut self) {
        let Some(loaded) = &self.loaded else { return };
        let store = &self.state.services().store;
        let found = store
            .building(&self.key.organisation, &self.key.building)
            .await;
        match found {
            Err(_) => return,
            Ok(Some(building))
                if building.epoch == loaded.building.epoch
                    && building.place == loaded.building.place =>
            {
                return;
            }
            Ok(Some(_)) => {}
            Ok(None) => {
                self.loaded = None;
                for client in self.clients.values() {
                    client.end(close::NO_BUILDING);
                }
                return;
            }
        }
        self.check_again().await;
    }

    /// Other modules may be in use: what is loaded is checked with them, if they are others here.
    async fn ruleset_changed(&mut self) {
        let generation = self.state.generation();
        let Some(loaded) = &mut self.loaded else {
            return;
        };
        // While the store does not answer nothing could be loaded: the next tick looks again.
        if loaded.generation == generation || !self.state.services().store.health().is_up() {
            return;
        }
        let ruleset = self.state.codes_of(loaded.building.place.as_deref());
        if ruleset.is_ok_and(|(_, _, word)| loaded.is_of(&word)) {
            loaded.generation = generation;
            return;
        }
        self.check_again().await;
    }

    /// Loads the building again as it is now; all clients get the full state, in another epoch.
    async fn check_again(&mut self) {
        self.loaded = None;
        let Some(first) = self.clients.values().next().cloned() else {
            return;
        };
        // The full state has all edits; each of them again would be more than a queue takes.
        let clients = std::mem::take(&mut self.clients);
        let loading = self.load(&first).await;
        self.follow().await;
        self.clients = clients;
        let full = match (&loading, &mut self.loaded) {
            (Ok(()), Some(loaded)) => loaded.full().await.ok(),
            _ => None,
        };
        match full {
            Some(full) => self.broadcast(&[full]),
            None => {
                let code = match loading {
                    Err(JoinError::Busy | JoinError::Unavailable) => close::LATER,
                    Err(JoinError::NoBuilding) => close::NO_BUILDING,
                    Ok(()) | Err(JoinError::Failed(_)) => close::FAILED,
                };
                self.loaded = None;
                for client in self.clients.values() {
                    client.end(code);
                }
            }
        }
    }

    /// Applies the edits that are new, each a message.
    async fn follow(&mut self) {
        while let Some(loaded) = &self.loaded {
            let store = &self.state.services().store;
            let Key {
                organisation,
                building,
            } = &self.key;
            let epoch = &loaded.building.epoch;
            let Ok(edits) = store
                .edits(organisation, building, epoch, loaded.seq, AT_ONCE)
                .await
            else {
                // The store does not answer: the next tick or word looks again.
                return;
            };
            if edits.is_empty() {
                return;
            }
            let epoch = epoch.clone();
            for edit in edits {
                let seq = edit.seq;
                if let Err(error) = self.apply(edit).await {
                    tracing::error!(%error, building = self.key.building, seq, "an edit stopped a live check");
                    let store = &self.state.services().store;
                    let Key {
                        organisation,
                        building,
                    } = &self.key;
                    // Otherwise everybody who opens the building again runs into it.
                    if let Err(error) = store.skip_edit(organisation, building, &epoch, seq).await {
                        tracing::warn!(%error, "the edit could not be put aside");
                    }
                    self.loaded = None;
                    for client in self.clients.values() {
                        client.end(close::FAILED);
                    }
                    return;
                }
            }
        }
    }

    async fn apply(&mut self, edit: EditRecord) -> Result<(), CheckError> {
        let Some(loaded) = &mut self.loaded else {
            return Ok(());
        };
        let Some(mut live) = loaded.live.take() else {
            return Err(CheckError::Cancelled);
        };
        let began = Instant::now();
        let edits = if edit.skipped {
            "[]".to_owned()
        } else {
            edit.edit.clone()
        };
        // A trace of its own: it is applied at every replica, and not while its sender waits.
        let span = tracing::info_span!(parent: None, "live edit");
        let task = tokio::task::spawn_blocking(move || {
            let edited = span.in_scope(|| live.edit(&edits));
            (live, edited)
        });
        let (live, edited) = task.await.map_err(|_| CheckError::Cancelled)?;
        let mut edited = edited?;
        if edit.skipped {
            edited.refused = RawValue::from_string(SKIPPED.to_owned()).ok();
        }
        loaded.live = Some(live);
        let metrics = &self.state.services().metrics;
        metrics
            .live_edit_seconds
            .observe(began.elapsed().as_secs_f64());
        let outcome = if edited.refused.is_some() {
            "refused"
        } else {
            "applied"
        };
        metrics.live_edits.with_label_values(&[outcome]).inc();
        let (update, score) = loaded.message(&edit, &edited);
        loaded.keep(edit.seq, update.clone());
        self.broadcast(&[update, score]);
        Ok(())
    }
}

fn failed(error: &CheckError) -> JoinError {
    tracing::warn!(%error, "a live check cannot be made");
    match error {
        CheckError::BadInput(problem) => JoinError::Failed(problem.message.clone()),
        CheckError::TimeOver | CheckError::TooLarge { .. } | CheckError::ReportTooLarge { .. } => {
            JoinError::Failed(error.to_string())
        }
        _ => JoinError::Failed("the check failed inside the server".to_owned()),
    }
}
