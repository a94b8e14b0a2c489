//! Single flight: what many want at the same time is done once.
//!
//! The work runs as a task of its own. It belongs to nobody who waits: when the one who asked first
//! goes away, the others still get the answer, and when the last one goes away, the work is told to
//! stop. An error is given to all who waited for it, and is not remembered.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

/// What runs, by what it is for.
pub struct Flights<K, T> {
    running: Mutex<HashMap<K, Flight<T>>>,
    joined: AtomicU64,
    numbers: AtomicU64,
}

struct Flight<T> {
    number: u64,
    landed: watch::Receiver<Option<T>>,
    interest: Arc<Waiting>,
}

#[derive(Default)]
struct Waiting {
    count: AtomicUsize,
    given_up: Arc<AtomicBool>,
}

/// Held by everybody who waits.
struct Waits(Arc<Waiting>);

impl Waits {
    fn new(waiting: &Arc<Waiting>) -> Waits {
        waiting.count.fetch_add(1, Ordering::SeqCst);
        Waits(Arc::clone(waiting))
    }
}

impl Drop for Waits {
    fn drop(&mut self) {
        if self.0.count.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.0.given_up.store(true, Ordering::SeqCst);
        }
    }
}

/// Whether anybody still waits for the work.
#[derive(Clone)]
pub struct Interest(Arc<AtomicBool>);

impl Interest {
    /// Nobody waits any more.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

impl<K, T> Default for Flights<K, T> {
    fn default() -> Flights<K, T> {
        Flights {
            running: Mutex::new(HashMap::new()),
            joined: AtomicU64::new(0),
            numbers: AtomicU64::new(0),
        }
    }
}

impl<K, T> Flights<K, T>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    T: Clone + Send + Sync + 'static,
{
    /// The answer for `key`: of work that runs already, or of this work. None: the work ended
    /// without an answer, because it panicked.
    pub async fn fly<F>(self: &Arc<Self>, key: K, work: impl FnOnce(Interest) -> F) -> Option<T>
    where
        F: Future<Output = T> + Send + 'static,
    {
        let (mut landed, _waits) = self.board(key, work);
        let answer = landed.wait_for(Option::is_some).await;
        answer.ok().and_then(|answer| answer.clone())
    }

    fn board<F>(
        self: &Arc<Self>,
        key: K,
        work: impl FnOnce(Interest) -> F,
    ) -> (watch::Receiver<Option<T>>, Waits)
    where
        F: Future<Output = T> + Send + 'static,
    {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        // Work that nobody waits for any more is on its way to stop: it answers nobody.
        if let Some(flight) = running.get(&key)
            && !flight.interest.given_up.load(Ordering::SeqCst)
        {
            self.joined.fetch_add(1, Ordering::Relaxed);
            return (flight.landed.clone(), Waits::new(&flight.interest));
        }
        let (land, landed) = watch::channel(None);
        let interest = Arc::new(Waiting::default());
        let waits = Waits::new(&interest);
        let work = work(Interest(Arc::clone(&interest.given_up)));
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        running.insert(
            key.clone(),
            Flight {
                number,
                landed: landed.clone(),
                interest,
            },
        );
        drop(running);
        let flights = Arc::clone(self);
        tokio::spawn(async move {
            // Also when the work panics.
            let _gone = Gone {
                flights,
                key,
                number,
            };
            let answer = work.await;
            // Those who waited may all have gone.
            let _ = land.send(Some(answer));
        });
        (landed, waits)
    }

    /// Requests that waited for the work of another.
    #[must_use]
    pub fn joined(&self) -> u64 {
        self.joined.load(Ordering::Relaxed)
    }
}

struct Gone<K: Eq + Hash, T> {
    flights: Arc<Flights<K, T>>,
    key: K,
    number: u64,
}

impl<K: Eq + Hash, T> Drop for Gone<K, T> {
    fn drop(&mut self) {
        let mut running = self
            .flights
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        // A successor may have taken the place already.
        if running
            .get(&self.key)
            .is_some_and(|flight| flight.number == self.number)
        {
            running.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn two_hundred_ask_and_one_works() {
        let flights: Arc<Flights<u8, u32>> = Arc::default();
        let worked = Arc::new(AtomicUsize::new(0));
        let (go, wait) = oneshot::channel::<()>();
        let mut wait = Some(wait);
        let mut askers = Vec::new();
        for _ in 0..200 {
            let (flights, worked, wait) = (Arc::clone(&flights), Arc::clone(&worked), wait.take());
            askers.push(tokio::spawn(async move {
                flights
                    .fly(1, |_| async move {
                        worked.fetch_add(1, Ordering::SeqCst);
                        if let Some(wait) = wait {
                            wait.await.unwrap();
                        }
                        7
                    })
                    .await
            }));
        }
        while flights.joined() < 199 {
            tokio::task::yield_now().await;
        }
        go.send(()).unwrap();
        for asker in askers {
            assert_eq!(asker.await.unwrap(), Some(7));
        }
        assert_eq!(worked.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn the_first_one_may_go_and_the_last_one_stops_the_work() {
        let flights: Arc<Flights<u8, u32>> = Arc::default();
        let (go, wait) = oneshot::channel::<()>();
        let (told, interest) = oneshot::channel();
        let first = tokio::spawn({
            let flights = Arc::clone(&flights);
            async move {
                flights
                    .fly(1, |interest| async move {
                        let _ = told.send(interest);
                        wait.await.unwrap();
                        7
                    })
                    .await
            }
        });
        let interest = interest.await.unwrap();
        let second = tokio::spawn({
            let flights = Arc::clone(&flights);
            async move {
                flights
                    .fly(1, |_| async { unreachable!("it runs already") })
                    .await
            }
        });
        while flights.joined() == 0 {
            tokio::task::yield_now().await;
        }
        first.abort();
        let _ = first.await;
        assert!(!interest.is_lost());
        go.send(()).unwrap();
        assert_eq!(second.await.unwrap(), Some(7));
        assert!(interest.is_lost());
    }

    #[tokio::test]
    async fn work_that_panics_leaves_no_trace() {
        let flights: Arc<Flights<u8, u32>> = Arc::default();
        let answer = flights.fly(1, |_| async { panic!("as it may") }).await;
        assert_eq!(answer, None);
        assert_eq!(flights.fly(1, |_| async { 8 }).await, Some(8));
    }
}
