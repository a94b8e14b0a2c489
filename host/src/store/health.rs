//! Whether a service that the host uses answers.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use super::{Store, StoreError, now};

/// Between two looks at the database.
const BETWEEN: Duration = Duration::from_millis(500);

/// Whether a service answers, and since when it is so.
#[derive(Debug)]
pub struct Health {
    name: &'static str,
    up: AtomicBool,
    since: AtomicI64,
}

impl Health {
    /// It answers until it does not.
    #[must_use]
    pub fn new(name: &'static str) -> Health {
        Health {
            name,
            up: AtomicBool::new(true),
            since: AtomicI64::new(now()),
        }
    }

    /// Whether it answers.
    #[must_use]
    pub fn is_up(&self) -> bool {
        self.up.load(Ordering::Relaxed)
    }

    /// Milliseconds since 1970 at which it became so.
    #[must_use]
    pub fn since(&self) -> i64 {
        self.since.load(Ordering::Relaxed)
    }

    /// Notes how it is; a change is logged.
    pub fn set(&self, up: bool, why: &str) {
        if self.up.swap(up, Ordering::Relaxed) == up {
            return;
        }
        self.since.store(now(), Ordering::Relaxed);
        let service = self.name;
        match up {
            true => tracing::info!(service, "answers again"),
            false => tracing::error!(service, why, "does not answer"),
        }
    }
}

/// Looks after the database until the program ends.
pub(super) async fn watch(store: Store) {
    loop {
        tokio::time::sleep(BETWEEN).await;
        // The program ends: that is no fault.
        if store.pool.is_closed() {
            return;
        }
        match store.ping().await {
            Ok(()) => store.health.set(true, ""),
            Err(_) if store.pool.is_closed() => return,
            Err(StoreError::Unavailable(why)) => store.health.set(false, &why),
            Err(error) => store.health.set(false, &error.to_string()),
        }
    }
}
