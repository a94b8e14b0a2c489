//! All rooms of this process, and what goes between replicas.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use utoipa::ToSchema;

use super::client::{Client, Kick, close};
use super::protocol::Joined;
use super::room::{Command, Room};
use crate::api::AppState;
use crate::cache::Message;
use crate::store::{new_id, now};

/// How live sync works.
#[derive(Clone, Debug)]
pub struct HubConfig {
    /// Buildings that are loaded at the same time.
    pub buildings: usize,
    /// How long a building stays loaded when the last client has gone.
    pub idle: Duration,
}

/// Whose building.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) organisation: String,
    pub(super) building: String,
}

/// Beginning of channels in Redis.
const CHANNEL: &str = "plancheck:live:";
/// Between two looks at sessions that ended.
const ENDED: Duration = Duration::from_millis(500);
/// Sessions are looked for a little into the past: clocks of replicas differ.
const OVERLAP: i64 = 5_000;
/// Commands that wait for a room.
const MAILBOX: usize = 16_384;

/// What one replica says to the others.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub(super) enum Word {
    /// There are new edits.
    Edits,
    /// There is a new model, or none any more.
    Model,
    /// Somebody shows something: a message, as clients get it.
    Highlight { text: String },
    /// Who is at this replica.
    People { count: usize, names: Vec<String> },
}

/// A word, and who says it.
#[derive(Serialize, Deserialize)]
struct Said {
    replica: String,
    word: Word,
}

/// Why somebody cannot join.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JoinError {
    /// There is no such building in the organisation.
    NoBuilding,
    /// Too many buildings are loaded, or too many join.
    Busy,
    /// The store does not answer.
    Unavailable,
    /// The model cannot be checked: why.
    Failed(String),
}

/// What there is; `GET /api/v1/ws/stats`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HubStats {
    /// Live connections at this replica.
    pub connections: usize,
    /// Buildings that are loaded here.
    pub buildings: usize,
    /// Of how many at most.
    pub most_buildings: usize,
}

/// All rooms of this process.
pub struct Hub {
    pub(super) config: HubConfig,
    replica: String,
    rooms: Mutex<HashMap<Key, mpsc::Sender<Command>>>,
    pub(super) places: Arc<Semaphore>,
    sessions: Mutex<HashMap<String, Vec<Weak<Kick>>>>,
    numbers: AtomicU64,
    connections: AtomicUsize,
    visits: Mutex<HashMap<String, HashMap<Key, usize>>>,
}

/// Somebody looks at a building; over when it is dropped.
pub struct Visit {
    hub: Arc<Hub>,
    who: String,
    key: Key,
}

impl Drop for Visit {
    fn drop(&mut self) {
        let mut visits = self
            .hub
            .visits
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let Some(theirs) = visits.get_mut(&self.who) else {
            return;
        };
        if let Some(count) = theirs.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                theirs.remove(&self.key);
            }
        }
        if theirs.is_empty() {
            visits.remove(&self.who);
        }
    }
}

impl Hub {
    /// No rooms yet.
    #[must_use]
    pub fn new(config: HubConfig) -> Hub {
        Hub {
            places: Arc::new(Semaphore::new(config.buildings)),
            config,
            replica: new_id("rpl"),
            rooms: Mutex::default(),
            sessions: Mutex::default(),
            numbers: AtomicU64::new(0),
            connections: AtomicUsize::new(0),
            visits: Mutex::default(),
        }
    }

    /// A number for a client.
    pub fn number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    /// Connections now; counted by the sockets.
    pub fn connections(&self) -> &AtomicUsize {
        &self.connections
    }

    /// What there is.
    #[must_use]
    pub fn stats(&self) -> HubStats {
        HubStats {
            connections: self.connections.load(Ordering::Relaxed),
            buildings: self
                .config
                .buildings
                .saturating_sub(self.places.available_permits()),
            most_buildings: self.config.buildings,
        }
    }

    /// Notes that somebody looks at a building. None where they look at so many that others would find
    /// no room.
    pub fn visit(self: &Arc<Hub>, who: &str, organisation: &str, building: &str) -> Option<Visit> {
        /// Of all places, what one person may take; two in any case.
        const SHARE: usize = 4;
        const LEAST: usize = 2;
        let key = Key {
            organisation: organisation.to_owned(),
            building: building.to_owned(),
        };
        let most = (self.config.buildings / SHARE).max(LEAST);
        let mut visits = self.visits.lock().unwrap_or_else(PoisonError::into_inner);
        let theirs = visits.entry(who.to_owned()).or_default();
        if theirs.len() >= most && !theirs.contains_key(&key) {
            return None;
        }
        *theirs.entry(key.clone()).or_default() += 1;
        Some(Visit {
            hub: Arc::clone(self),
            who: who.to_owned(),
            key,
        })
    }

    /// A place for a building. Where there is none, buildings that nobody looks at give theirs up.
    pub(super) async fn place(&self) -> Result<OwnedSemaphorePermit, JoinError> {
        /// For a room to end.
        const PATIENCE: Duration = Duration::from_secs(2);
        if let Ok(place) = self.places.clone().try_acquire_owned() {
            return Ok(place);
        }
        self.tell_all(|| Command::MakeRoom);
        let place = tokio::time::timeout(PATIENCE, self.places.clone().acquire_owned());
        place.await.ok().and_then(Result::ok).ok_or(JoinError::Busy)
    }

    /// Joins a client to the room of its building, which is opened where nobody was. `seen` is what
    /// it saw last.
    ///
    /// # Errors
    /// See [`JoinError`].
    pub async fn join(
        &self,
        state: &AppState,
        organisation: &str,
        building: &str,
        client: Client,
        seen: Option<(String, i64)>,
    ) -> Result<Joined, JoinError> {
        let key = Key {
            organisation: organisation.to_owned(),
            building: building.to_owned(),
        };
        let (answer, answered) = oneshot::channel();
        let join = Command::Join {
            client,
            seen,
            answer,
        };
        self.tell_or_open(state, key, join)?;
        answered.await.unwrap_or(Err(JoinError::Busy))
    }

    fn tell_or_open(&self, state: &AppState, key: Key, command: Command) -> Result<(), JoinError> {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(room) = rooms.get(&key) {
            match room.try_send(command) {
                Ok(()) => return Ok(()),
                Err(mpsc::error::TrySendError::Full(_)) => return Err(JoinError::Busy),
                // It died: a fault. Open another one.
                Err(mpsc::error::TrySendError::Closed(command)) => {
                    return Self::open(&mut rooms, state, key, command);
                }
            }
        }
        Self::open(&mut rooms, state, key, command)
    }

    fn open(
        rooms: &mut HashMap<Key, mpsc::Sender<Command>>,
        state: &AppState,
        key: Key,
        command: Command,
    ) -> Result<(), JoinError> {
        let (send, receive) = mpsc::channel(MAILBOX);
        // An empty mailbox takes it.
        send.try_send(command).map_err(|_| JoinError::Busy)?;
        rooms.insert(key.clone(), send);
        tokio::spawn(Room::new(state.clone(), key).run(receive));
        Ok(())
    }

    /// The room ends, unless somebody has just told it something.
    pub(super) fn close(
        &self,
        key: &Key,
        mailbox: &mut mpsc::Receiver<Command>,
    ) -> Option<Command> {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        if let Ok(command) = mailbox.try_recv() {
            return Some(command);
        }
        rooms.remove(key);
        None
    }

    /// Tells a room of this process, where there is one.
    pub(super) fn tell(&self, key: &Key, command: Command) {
        let rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(room) = rooms.get(key) {
            // A room that is this far behind looks for edits anyhow.
            let _ = room.try_send(command);
        }
    }

    fn tell_all(&self, command: impl Fn() -> Command) {
        let rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        for room in rooms.values() {
            let _ = room.try_send(command());
        }
    }

    /// A client has gone.
    pub fn leave(&self, organisation: &str, building: &str, client: u64) {
        let key = Key {
            organisation: organisation.to_owned(),
            building: building.to_owned(),
        };
        self.tell(&key, Command::Leave(client));
    }

    /// There are new edits of a building.
    pub async fn edited(&self, state: &AppState, organisation: &str, building: &str) {
        self.say(state, organisation, building, Word::Edits).await;
    }

    /// A building has another model, or has gone.
    pub async fn replaced(&self, state: &AppState, organisation: &str, building: &str) {
        self.say(state, organisation, building, Word::Model).await;
    }

    /// Somebody shows something to all others.
    pub async fn highlight(
        &self,
        state: &AppState,
        organisation: &str,
        building: &str,
        text: String,
    ) {
        self.say(state, organisation, building, Word::Highlight { text })
            .await;
    }

    /// Says something to the rooms of a building, here and at other replicas.
    pub(super) async fn say(
        &self,
        state: &AppState,
        organisation: &str,
        building: &str,
        word: Word,
    ) {
        let key = Key {
            organisation: organisation.to_owned(),
            building: building.to_owned(),
        };
        if !matches!(word, Word::People { .. }) {
            self.tell(&key, Command::Word(self.replica.clone(), word.clone()));
        }
        let Some(redis) = state.services().reports.redis() else {
            return;
        };
        let said = Said {
            replica: self.replica.clone(),
            word,
        };
        let text = serde_json::to_vec(&said).unwrap_or_default();
        // Rooms look for edits themselves while Redis is gone; the rest nobody misses for long.
        let _ = redis
            .publish(&format!("{CHANNEL}{organisation}:{building}"), &text)
            .await;
    }

    /// Remembers whose connection this is, so that it ends with the session or key.
    pub fn watch(&self, proof: &str, kick: &Arc<Kick>) {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let kicks = sessions.entry(proof.to_owned()).or_default();
        kicks.retain(|kick| kick.strong_count() > 0);
        kicks.push(Arc::downgrade(kick));
    }

    /// It is somebody else's now, or proved otherwise.
    pub fn unwatch(&self, proof: &str, kick: &Arc<Kick>) {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kicks) = sessions.get_mut(proof) {
            kicks.retain(|known| !std::ptr::eq(known.as_ptr(), Arc::as_ptr(kick)));
        }
    }

    fn end(&self, proof: &str) {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        for kick in sessions.remove(proof).into_iter().flatten() {
            if let Some(kick) = kick.upgrade() {
                kick.out(close::UNAUTHORIZED);
            }
        }
    }

    fn tidy(&self) {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|_, kicks| {
            kicks.retain(|kick| kick.strong_count() > 0);
            !kicks.is_empty()
        });
    }

    /// Ends connections of sessions and keys that ended anywhere, until the program ends.
    pub async fn watch_sessions(state: AppState) {
        let hub = state.services().hub.clone();
        let mut since = now();
        let mut rounds = 0_u32;
        loop {
            tokio::time::sleep(ENDED).await;
            let looked = now();
            // While the store does not answer, `since` stays: nothing is missed.
            if let Ok(ended) = state.services().store.ended_since(since - OVERLAP).await {
                since = looked;
                for proof in ended {
                    hub.end(&proof);
                }
            }
            rounds = rounds.wrapping_add(1);
            if rounds.is_multiple_of(120) {
                hub.tidy();
            }
        }
    }

    /// Hands on what other replicas say, until the program ends.
    pub async fn listen(state: AppState) {
        let Some(redis) = state.services().reports.redis() else {
            return;
        };
        let hub = state.services().hub.clone();
        let mut messages = redis.subscribe(&format!("{CHANNEL}*"));
        while let Some(message) = messages.next().await {
            match message {
                // Nobody heard what was said while Redis was gone.
                Message::Connected => hub.tell_all(|| Command::Look),
                Message::Text(channel, text) => hub.hear(&channel, &text),
            }
        }
    }

    fn hear(&self, channel: &str, text: &[u8]) {
        let Ok(Said { replica, word }) = serde_json::from_slice(text) else {
            tracing::warn!(channel, "a message of another replica cannot be read");
            return;
        };
        let key = channel
            .strip_prefix(CHANNEL)
            .and_then(|key| key.split_once(':'));
        if let Some((organisation, building)) = key
            && replica != self.replica
        {
            let key = Key {
                organisation: organisation.to_owned(),
                building: building.to_owned(),
            };
            self.tell(&key, Command::Word(replica, word));
        }
    }

    /// Other modules are in use: rooms check again. One that is too far behind to be told sees it by
    /// itself within a second.
    pub fn ruleset_changed(&self) {
        self.tell_all(|| Command::Ruleset);
    }

    /// All connections shall end: the server stops.
    pub fn stop(&self) {
        self.tell_all(|| Command::Stop);
    }
}
