//! Reports that were made are not made again: equal model, ruleset and engine give an equal report.
//!
//! [`Reports`] looks in this process, then in Redis, then has the report made: once, however many ask
//! at the same time ([`flight`]). Only complete reports are kept, and no errors.

mod flight;
mod redis;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use moka::sync::Cache;
use serde::Serialize;
use utoipa::ToSchema;

pub use self::redis::{Message, Redis, RedisConfig, RedisError, Subscription};
pub use flight::{Flights, Interest};

/// What a report is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReportKey {
    /// BLAKE3 of the model.
    pub model: [u8; 32],
    /// Of modules, engine, and what is shown.
    pub rest: [u8; 32],
}

impl ReportKey {
    /// Of the model's digest, the modules in their order (name, digest), the engine and the options.
    #[must_use]
    pub fn new<'a>(
        model: [u8; 32],
        modules: impl Iterator<Item = (&'a str, [u8; 32])>,
        engine: &str,
        detail: bool,
    ) -> ReportKey {
        let mut hasher = blake3::Hasher::new_derive_key("plancheck 2026 what a report is made of");
        for (name, digest) in modules {
            hasher.update(&(name.len() as u64).to_le_bytes());
            hasher.update(name.as_bytes());
            hasher.update(&digest);
        }
        hasher.update(b"engine");
        hasher.update(engine.as_bytes());
        hasher.update(&[u8::from(detail)]);
        ReportKey {
            model,
            rest: *hasher.finalize().as_bytes(),
        }
    }

    /// As one word: the `ETag` of the report.
    #[must_use]
    pub fn word(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.model);
        hasher.update(&self.rest);
        hasher.finalize().to_hex()[..40].to_owned()
    }

    fn model_word(&self) -> String {
        blake3::Hash::from_bytes(self.model).to_hex().to_string()
    }

    fn shared(&self) -> String {
        let rest = blake3::Hash::from_bytes(self.rest).to_hex();
        format!("plancheck:report:{}:{rest}", self.model_word())
    }
}

/// Where a report came from; also the header `Plancheck-Cache`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// This process had it.
    Local,
    /// Redis had it.
    Shared,
    /// It was made.
    Made,
    /// It was made, and Redis could not be asked.
    Bypass,
}

impl Source {
    /// As it is written in headers and metrics.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Source::Local => "hit-local",
            Source::Shared => "hit-shared",
            Source::Made => "miss",
            Source::Bypass => "bypass",
        }
    }
}

/// How much is kept.
#[derive(Clone, Debug)]
pub struct ReportsConfig {
    /// Bytes in this process.
    pub memory: u64,
    /// How long a report is kept.
    pub lives: Duration,
}

/// The channel on which replicas say which model's reports they forget.
const FORGET: &str = "plancheck:forget";
/// A report larger than this is not given to Redis, which serves everybody from one thread.
const LARGEST_SHARED: usize = 16 << 20;

/// What there is and how it was used; `GET /api/v1/cache/stats`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CacheStats {
    /// In this process since it began.
    pub local: TierStats,
    /// In Redis, as this process saw it; none without Redis.
    pub shared: Option<TierStats>,
    /// Reports that had to be made.
    pub made: u64,
    /// Reports that were made while Redis could not be asked.
    pub bypassed: u64,
    /// Requests that waited for a report that was being made for another.
    pub joined: u64,
    /// Hits of all that were asked for, 0 to 1; none before the first.
    pub hit_ratio: Option<f64>,
}

/// One of the two tiers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TierStats {
    /// Reports found.
    pub hits: u64,
    /// Reports kept; none where it is not known.
    pub entries: Option<u64>,
    /// Bytes used; none where it is not known.
    pub bytes: Option<u64>,
    /// Reports dropped for want of room; none where it is not known.
    pub evictions: Option<u64>,
    /// Whether it answers.
    pub up: bool,
}

#[derive(Default)]
struct Counters {
    local: AtomicU64,
    shared: AtomicU64,
    made: AtomicU64,
    bypassed: AtomicU64,
    evicted: std::sync::Arc<AtomicU64>,
}

/// Reports by what they are made of.
pub struct Reports {
    local: Cache<ReportKey, Bytes>,
    shared: Option<Redis>,
    lives: Duration,
    counters: Counters,
}

impl Reports {
    /// Empty; with Redis behind it where there is one.
    #[must_use]
    pub fn new(config: &ReportsConfig, shared: Option<Redis>) -> Reports {
        let counters = Counters::default();
        let evicted = counters.evicted.clone();
        let local = Cache::builder()
            .weigher(|_: &ReportKey, report: &Bytes| {
                u32::try_from(report.len()).unwrap_or(u32::MAX)
            })
            .max_capacity(config.memory)
            .time_to_live(config.lives)
            .support_invalidation_closures()
            .eviction_listener(move |_, _, why| {
                if why == moka::notification::RemovalCause::Size {
                    evicted.fetch_add(1, Ordering::Relaxed);
                }
            })
            .build();
        Reports {
            local,
            shared,
            lives: config.lives,
            counters,
        }
    }

    /// A report that was made before.
    pub async fn find(&self, key: &ReportKey) -> Option<(Bytes, Source)> {
        if let Some(report) = self.local.get(key) {
            self.counters.local.fetch_add(1, Ordering::Relaxed);
            return Some((report, Source::Local));
        }
        let shared = self.shared.as_ref()?;
        // An error was counted and noted by Redis itself; the report is then made.
        let found = shared.get(&key.shared()).await.ok().flatten()?;
        let report = Bytes::from(found);
        self.local.insert(*key, report.clone());
        self.counters.shared.fetch_add(1, Ordering::Relaxed);
        Some((report, Source::Shared))
    }

    /// Keeps a report that was made. Answers what to say of where it came from.
    pub async fn keep(&self, key: &ReportKey, report: &Bytes) -> Source {
        self.local.insert(*key, report.clone());
        self.made(key, report).await
    }

    /// Counts a report that was made and is not to be kept.
    pub fn passed(&self) -> Source {
        self.counters.made.fetch_add(1, Ordering::Relaxed);
        match self.shared.as_ref().is_some_and(|redis| !redis.is_up()) {
            true => {
                self.counters.bypassed.fetch_add(1, Ordering::Relaxed);
                Source::Bypass
            }
            false => Source::Made,
        }
    }

    async fn made(&self, key: &ReportKey, report: &Bytes) -> Source {
        let source = self.passed();
        let Some(shared) = &self.shared else {
            return source;
        };
        if source == Source::Bypass || report.len() > LARGEST_SHARED {
            return source;
        }
        match shared.set(&key.shared(), report, self.lives).await {
            Ok(()) => source,
            Err(_) => {
                self.counters.bypassed.fetch_add(1, Ordering::Relaxed);
                Source::Bypass
            }
        }
    }

    /// Forgets all reports of a model, here and in Redis. Answers how many were in Redis.
    ///
    /// # Errors
    /// Redis does not answer: what it has is still there.
    pub async fn forget_model(&self, model: [u8; 32]) -> Result<u64, RedisError> {
        self.forget_local(model);
        let Some(shared) = &self.shared else {
            return Ok(0);
        };
        let word = blake3::Hash::from_bytes(model).to_hex();
        let deleted = shared
            .delete_matching(&format!("plancheck:report:{word}:*"))
            .await?;
        shared.publish(FORGET, word.as_bytes()).await?;
        Ok(deleted)
    }

    /// Forgets here what other replicas forget, until the program ends.
    pub async fn listen(&self) {
        let Some(shared) = &self.shared else { return };
        let mut messages = shared.subscribe(FORGET);
        while let Some(message) = messages.next().await {
            let Message::Text(_, text) = message else {
                continue;
            };
            let word = std::str::from_utf8(&text).ok();
            if let Some(model) = word.and_then(|word| blake3::Hash::from_hex(word).ok()) {
                self.forget_local(*model.as_bytes());
            }
        }
    }

    /// Forgets all reports of a model in this process.
    pub fn forget_local(&self, model: [u8; 32]) {
        // Refused only where the cache was built without such closures.
        let _ = self
            .local
            .invalidate_entries_if(move |key, _| key.model == model);
    }

    /// Redis, where there is one.
    #[must_use]
    pub fn redis(&self) -> Option<&Redis> {
        self.shared.as_ref()
    }

    /// Reports and bytes in this process.
    #[must_use]
    pub fn size(&self) -> (u64, u64) {
        self.local.run_pending_tasks();
        (self.local.entry_count(), self.local.weighted_size())
    }

    /// How it was used.
    pub async fn stats(&self, joined: u64) -> CacheStats {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let (local, shared) = (count(&self.counters.local), count(&self.counters.shared));
        let made = count(&self.counters.made);
        self.local.run_pending_tasks();
        let all = local + shared + made;
        let memory = match &self.shared {
            Some(redis) => Some(redis.memory().await.ok()),
            None => None,
        };
        CacheStats {
            local: TierStats {
                hits: local,
                entries: Some(self.local.entry_count()),
                bytes: Some(self.local.weighted_size()),
                evictions: Some(count(&self.counters.evicted)),
                up: true,
            },
            shared: memory.map(|memory| TierStats {
                hits: shared,
                entries: memory.as_ref().map(|memory| memory.keys),
                bytes: memory.as_ref().map(|memory| memory.used),
                evictions: memory.as_ref().map(|memory| memory.evicted),
                up: memory.is_some(),
            }),
            made,
            bypassed: count(&self.counters.bypassed),
            joined,
            hit_ratio: (all > 0).then(|| (local + shared) as f64 / all as f64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(model: u8, module: &str) -> ReportKey {
        let modules = [(module, [7; 32])];
        ReportKey::new([model; 32], modules.into_iter(), "engine", false)
    }

    #[test]
    fn another_module_or_engine_is_another_key() {
        assert_eq!(key(1, "a"), key(1, "a"));
        assert_ne!(key(1, "a"), key(1, "b"));
        assert_ne!(key(1, "a"), key(2, "a"));
        let none = ReportKey::new([1; 32], std::iter::empty(), "engine", false);
        let detail = ReportKey::new([1; 32], std::iter::empty(), "engine", true);
        assert_ne!(none.word(), detail.word());
    }

    #[tokio::test]
    async fn a_report_is_found_until_its_model_is_forgotten() {
        let config = ReportsConfig {
            memory: 1 << 20,
            lives: Duration::from_secs(60),
        };
        let reports = Reports::new(&config, None);
        assert!(reports.find(&key(1, "a")).await.is_none());
        assert_eq!(
            reports.keep(&key(1, "a"), &Bytes::from_static(b"{}")).await,
            Source::Made
        );
        assert_eq!(
            reports.find(&key(1, "a")).await,
            Some((Bytes::from_static(b"{}"), Source::Local))
        );
        assert_eq!(reports.forget_model([1; 32]).await.unwrap(), 0);
        assert!(reports.find(&key(1, "a")).await.is_none());
        let stats = reports.stats(0).await;
        assert_eq!((stats.local.hits, stats.made), (1, 1));
        assert_eq!(stats.hit_ratio, Some(0.5));
    }
}
