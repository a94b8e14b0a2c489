//! What all requests share.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use axum::http::HeaderValue;
use bytes::Bytes;
use ipnet::IpNet;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

use super::limits::Limits;
use crate::auth::Accounts;
use crate::cache::{Flights, ReportKey, Reports};
use crate::catalogue::{Catalogue, Codes, FileStatus, Wanted, today};
use crate::check::CheckEngine;
use crate::store::Store;
use crate::sync::Hub;
use crate::telemetry::Metrics;

/// How the server works.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Bytes of a request body.
    pub max_upload: usize,
    /// Checks at the same time.
    pub concurrency: usize,
    /// For one check, waiting for its turn included.
    pub timeout: Duration,
    /// Origins of other pages that may read answers: web viewers that ask this server.
    pub origins: Vec<HeaderValue>,
    /// Who is not logged in may check models and see the codes.
    pub open: bool,
    /// Proxies that say who a client is.
    pub trusted_proxies: Vec<IpNet>,
    /// Connections at the same time.
    pub max_connections: usize,
    /// `/metrics` is not served beside the API: it has a port of its own.
    pub metrics_apart: bool,
    /// Spans go to a collector.
    pub traced: bool,
}

/// What stands behind the server.
pub struct Services {
    /// What is kept.
    pub store: Store,
    /// Who may do what.
    pub accounts: Accounts,
    /// Reports that were made.
    pub reports: Reports,
    /// Checks that are being made.
    pub flights: Arc<Flights<ReportKey, super::validate::Made>>,
    /// Live sync.
    pub hub: Arc<Hub>,
    /// Newest reports of buildings.
    pub latest: super::history::Latest,
    /// How many requests somebody may send.
    pub limits: Limits,
    /// What is counted.
    pub metrics: Metrics,
}

/// What checks need; there once modules are loaded. Who holds one goes on with it when modules are
/// swapped.
#[derive(Clone)]
pub struct Loaded {
    /// The engine.
    pub engine: CheckEngine,
    /// BLAKE3 of the engine's file, hex; none where it runs without a sandbox. Reports name the
    /// digest of its sources instead, which is the same without a sandbox.
    pub component_digest: Option<String>,
    /// The modules.
    pub catalogue: Arc<Catalogue>,
    /// What became of each file of modules.
    pub files: Vec<FileStatus>,
}

/// What all requests share; cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

struct Shared {
    settings: Settings,
    services: Services,
    loaded: ArcSwapOption<Loaded>,
    /// Counts the rulesets that were put in use.
    generation: AtomicU64,
    stopping: AtomicBool,
    /// Requests whose work must end before the program does.
    in_flight: AtomicUsize,
    idle: Notify,
    checks: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    memory: Arc<Semaphore>,
    /// Of it, who has how much.
    shares: Mutex<HashMap<String, usize>>,
    largest_share: usize,
}

/// How far the server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Modules are being loaded.
    Loading,
    /// Checks are made.
    Ready,
    /// No new work; what was begun is finished.
    Stopping,
}

/// One request whose work is waited for. Ends when dropped.
pub(super) struct InFlight(AppState);

/// Granularity of the memory account: coarse enough for a semaphore's 32 bits.
const PAGE: usize = 64 << 10;
/// Bodies that may wait in memory beside those that are checked. More of them would only wait
/// longer; a client that is told to come back later may find another server.
const WAITING_BODIES: usize = 2;
/// Of this memory, the part that one caller may have; one body in any case.
const LARGEST_SHARE: usize = 2;
/// Requests that may wait for a check, for each that may run.
const WAITING_FOR_EACH: usize = 4;

impl AppState {
    /// Nothing is loaded yet.
    #[must_use]
    pub fn new(settings: Settings, services: Services) -> AppState {
        let concurrency = settings.concurrency.max(1);
        let bodies = concurrency.saturating_add(WAITING_BODIES);
        let pages = pages(settings.max_upload).saturating_mul(bodies);
        let semaphore =
            |permits: usize| Arc::new(Semaphore::new(permits.min(Semaphore::MAX_PERMITS)));
        AppState(Arc::new(Shared {
            loaded: ArcSwapOption::empty(),
            generation: AtomicU64::new(0),
            stopping: AtomicBool::new(false),
            in_flight: AtomicUsize::new(0),
            idle: Notify::new(),
            checks: semaphore(concurrency),
            waiting: semaphore(concurrency.saturating_mul(WAITING_FOR_EACH)),
            memory: semaphore(pages),
            shares: Mutex::default(),
            largest_share: (pages / LARGEST_SHARE).max(self::pages(settings.max_upload)),
            settings,
            services,
        }))
    }

    /// How the server works.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// What stands behind the server.
    #[must_use]
    pub fn services(&self) -> &Services {
        &self.0.services
    }

    /// Makes the server ready, or swaps what it checks with: requests that were begun finish on what
    /// they hold, later ones see this. Live rooms are told.
    pub fn set_loaded(&self, loaded: Loaded) {
        self.0.loaded.store(Some(Arc::new(loaded)));
        self.0.generation.fetch_add(1, Ordering::SeqCst);
        self.0.services.hub.ruleset_changed();
    }

    /// Says what became of files of modules, while what checks need stays.
    pub fn set_files(&self, files: Vec<FileStatus>) {
        if let Some(loaded) = self.loaded() {
            let loaded = Loaded {
                files,
                ..Loaded::clone(&loaded)
            };
            self.0.loaded.store(Some(Arc::new(loaded)));
        }
    }

    /// What checks need, once it is there.
    #[must_use]
    pub fn loaded(&self) -> Option<Arc<Loaded>> {
        self.0.loaded.load_full()
    }

    /// Counts the rulesets that were put in use: another number, maybe other modules.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.0.generation.load(Ordering::SeqCst)
    }

    /// Engine and codes for a place, or for what the model says, and a word for the two: equal words, equal
    /// findings.
    ///
    /// # Errors
    /// No module applies there, or they are not loaded yet.
    pub fn codes_of(&self, place: Option<&str>) -> Result<(CheckEngine, Codes, String), String> {
        let loaded = self
            .loaded()
            .ok_or_else(|| "modules are being loaded".to_owned())?;
        let wanted = match place {
            Some(place) => Wanted::Place(place.parse()?),
            None => Wanted::Model,
        };
        let codes = Codes::new(Arc::clone(&loaded.catalogue), wanted, today());
        let codes = codes.map_err(|error| error.to_string())?;
        let mut hasher = blake3::Hasher::new();
        hasher.update(&codes.digest().unwrap_or_default());
        hasher.update(
            loaded
                .component_digest
                .as_deref()
                .unwrap_or("native")
                .as_bytes(),
        );
        let word = hasher.finalize().to_hex()[..12].to_owned();
        Ok((loaded.engine.clone(), codes, word))
    }

    /// How far the server is.
    #[must_use]
    pub fn phase(&self) -> Phase {
        if self.0.stopping.load(Ordering::SeqCst) {
            Phase::Stopping
        } else if self.0.loaded.load().is_none() {
            Phase::Loading
        } else {
            Phase::Ready
        }
    }

    /// Takes no new work from here on.
    pub fn stop(&self) {
        self.0.stopping.store(true, Ordering::SeqCst);
        self.0.services.hub.stop();
    }

    /// Waits until the work that was begun is done.
    pub async fn idle(&self) {
        loop {
            let notified = self.0.idle.notified();
            if self.in_flight() == 0 {
                return;
            }
            notified.await;
        }
    }

    /// Requests whose work is not done yet.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.0.in_flight.load(Ordering::SeqCst)
    }

    /// Begins a piece of work; none when the server is stopping.
    pub(super) fn begin(&self) -> Option<InFlight> {
        // Counted first: `idle` never sees zero between our look at `stopping` and the count.
        self.0.in_flight.fetch_add(1, Ordering::SeqCst);
        let work = InFlight(self.clone());
        (self.phase() != Phase::Stopping).then_some(work)
    }

    /// Whether somebody could have so much memory now.
    pub(super) fn has_room(&self, who: &str, bytes: usize) -> bool {
        let wanted = pages(bytes);
        let theirs = self.shares().get(who).copied().unwrap_or(0);
        wanted <= self.0.memory.available_permits()
            && theirs.saturating_add(wanted) <= self.0.largest_share
    }

    /// Memory for so many bytes, on somebody's account; none when there is none now, or they have their
    /// share.
    pub(super) fn reserve(&self, who: &str, bytes: usize) -> Option<Room> {
        let mut room = Room {
            state: self.clone(),
            who: who.to_owned(),
            permit: None,
        };
        room.grow(bytes).then_some(room)
    }

    fn shares(&self) -> std::sync::MutexGuard<'_, HashMap<String, usize>> {
        self.0.shares.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place among those who wait for a check; none when too many wait.
    pub(super) fn wait_place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0.waiting).try_acquire_owned().ok()
    }

    /// Waits for the turn to check; none never happens, because the semaphore is never closed.
    pub(super) async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0.checks).acquire_owned().await.ok()
    }
}

/// Memory that is booked on somebody's account. Free when dropped.
pub(super) struct Room {
    state: AppState,
    who: String,
    permit: Option<OwnedSemaphorePermit>,
}

impl Room {
    fn pages(&self) -> usize {
        self.permit
            .as_ref()
            .map_or(0, OwnedSemaphorePermit::num_permits)
    }

    /// Makes it large enough for so many bytes; false when there is no room now.
    pub(super) fn grow(&mut self, bytes: usize) -> bool {
        let more = pages(bytes).saturating_sub(self.pages());
        if more == 0 {
            return true;
        }
        let mut shares = self.state.shares();
        let theirs = shares.get(&self.who).copied().unwrap_or(0);
        let share = theirs.saturating_add(more);
        if share > self.state.0.largest_share {
            return false;
        }
        let memory = Arc::clone(&self.state.0.memory);
        let taken = u32::try_from(more)
            .ok()
            .and_then(|more| memory.try_acquire_many_owned(more).ok());
        let Some(taken) = taken else { return false };
        match &mut self.permit {
            Some(permit) => permit.merge(taken),
            None => self.permit = Some(taken),
        }
        shares.insert(self.who.clone(), share);
        true
    }

    /// Bytes that lie in it: booked until nobody has them any more.
    pub(super) fn hold(self, bytes: Bytes) -> Bytes {
        struct Held(
            Bytes,
            #[expect(dead_code, reason = "booked while it lives")] Room,
        );
        impl AsRef<[u8]> for Held {
            fn as_ref(&self) -> &[u8] {
                &self.0
            }
        }
        Bytes::from_owner(Held(bytes, self))
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let pages = self.pages();
        if pages == 0 {
            return;
        }
        let mut shares = self.state.shares();
        let left = shares.get(&self.who).map_or(0, |share| share - pages);
        match left {
            0 => shares.remove(&self.who),
            left => shares.insert(self.who.clone(), left),
        };
    }
}

fn pages(bytes: usize) -> usize {
    bytes.div_ceil(PAGE).max(1)
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let shared = &self.0.0;
        if shared.in_flight.fetch_sub(1, Ordering::SeqCst) == 1 {
            shared.idle.notify_waiters();
        }
    }
}
