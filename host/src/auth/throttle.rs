//! Slows down those who guess passwords, without locking out whom they guess for.
//!
//! Attempts are counted for an address, for an account at an address, and for an account at all
//! addresses from which nobody ever logged in to it; one that was right is given back. So a stranger
//! who tries many passwords for a name stops strangers, not the person who logged in from here before.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use moka::sync::Cache;

/// Wrong attempts of one address before it has to wait, and how long for each more.
const ADDRESS: Quota = Quota(30, Duration::from_secs(10));
/// For an account at an address.
const PAIR: Quota = Quota(8, Duration::from_secs(30));
/// For an account at addresses that it never logged in from.
const STRANGERS: Quota = Quota(40, Duration::from_secs(30));
/// Addresses that accounts logged in from.
const KNOWN: (u64, Duration) = (100_000, Duration::from_secs(30 * 24 * 3600));
/// Keys that are counted; beyond that those that are nearly full again are forgotten.
const MOST_KEYS: usize = 200_000;

/// So many at once, and one more after each such time.
#[derive(Clone, Copy)]
struct Quota(u32, Duration);

/// Places by key (the limiter of requests cannot give one back): taken by an attempt, given back by one that was right, and coming back by
/// themselves.
struct Buckets<K> {
    quota: Quota,
    taken: Mutex<HashMap<K, Taken>>,
}

/// Places that are taken, as of a moment.
struct Taken {
    places: f64,
    at: Instant,
}

impl<K: Hash + Eq + Clone> Buckets<K> {
    fn new(quota: Quota) -> Buckets<K> {
        Buckets {
            quota,
            taken: Mutex::default(),
        }
    }

    fn now_taken(&self, taken: &Taken) -> f64 {
        let back = taken.at.elapsed().as_secs_f64() / self.quota.1.as_secs_f64();
        (taken.places - back).max(0.0)
    }

    /// Takes a place; otherwise: after how many seconds to come back.
    fn take(&self, key: &K) -> Result<(), u32> {
        let mut all = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST_KEYS {
            let most = f64::from(self.quota.0) / 2.0;
            all.retain(|_, taken| self.now_taken(taken) > most);
        }
        let places = all.get(key).map_or(0.0, |taken| self.now_taken(taken));
        let missing = places + 1.0 - f64::from(self.quota.0);
        if missing > 0.0 {
            // At least one: who is told nought comes back at once.
            return Err((missing * self.quota.1.as_secs_f64()).ceil().max(1.0) as u32);
        }
        let taken = Taken {
            places: places + 1.0,
            at: Instant::now(),
        };
        all.insert(key.clone(), taken);
        Ok(())
    }

    fn give_back(&self, key: &K) {
        let mut all = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = all.get_mut(key) {
            taken.places -= 1.0;
        }
    }

    fn tidy(&self) {
        let mut all = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, taken| self.now_taken(taken) > 0.0);
    }
}

/// Counts attempts.
pub struct Throttle {
    addresses: Buckets<IpAddr>,
    pairs: Buckets<(String, IpAddr)>,
    strangers: Buckets<String>,
    known: Cache<(String, IpAddr), ()>,
}

/// Who an address counts as: of IPv6, a network of 64 bits belongs to one customer.
#[must_use]
pub fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        },
    }
}

impl Default for Throttle {
    fn default() -> Throttle {
        Throttle {
            addresses: Buckets::new(ADDRESS),
            pairs: Buckets::new(PAIR),
            strangers: Buckets::new(STRANGERS),
            known: Cache::builder()
                .max_capacity(KNOWN.0)
                .time_to_live(KNOWN.1)
                .build(),
        }
    }
}

fn pair(account: &str, address: IpAddr) -> (String, IpAddr) {
    // What nobody is called needs no room.
    (
        account.to_lowercase().chars().take(100).collect(),
        network(address),
    )
}

impl Throttle {
    /// Takes a place for one attempt. Otherwise: after how many seconds to come back.
    ///
    /// # Errors
    /// The seconds.
    pub fn attempt(&self, account: &str, address: IpAddr) -> Result<(), u32> {
        let pair = pair(account, address);
        self.addresses.take(&pair.1)?;
        // What is refused looked at no password: it counts nowhere, so that it keeps nobody else at this
        // address from logging in.
        if let Err(seconds) = self.pairs.take(&pair) {
            self.addresses.give_back(&pair.1);
            return Err(seconds);
        }
        if !self.known.contains_key(&pair)
            && let Err(seconds) = self.strangers.take(&pair.0)
        {
            self.addresses.give_back(&pair.1);
            self.pairs.give_back(&pair);
            return Err(seconds);
        }
        Ok(())
    }

    /// The attempt was right: it counts nothing, and this address is one of the account's.
    pub fn succeeded(&self, account: &str, address: IpAddr) {
        let pair = pair(account, address);
        self.addresses.give_back(&pair.1);
        self.pairs.give_back(&pair);
        if !self.known.contains_key(&pair) {
            self.strangers.give_back(&pair.0);
        }
        self.known.insert(pair, ());
    }

    /// Forgets keys that count nothing any more.
    pub fn tidy(&self) {
        self.addresses.tidy();
        self.pairs.tidy();
        self.strangers.tidy();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn guessing_is_stopped_and_the_person_is_not() {
        let throttle = Throttle::default();
        throttle.succeeded("ada", address(1));
        let refused = (0..).find(|_| throttle.attempt("ada", address(9)).is_err());
        assert_eq!(refused, Some(8));
        // From everywhere.
        for last in 20..=200 {
            let _ = throttle.attempt("ada", address(last));
        }
        assert!(
            throttle
                .attempt("ada", address(201))
                .is_err_and(|seconds| seconds >= 1)
        );
        assert_eq!(throttle.attempt("Ada", address(1)), Ok(()));
    }

    #[test]
    fn who_is_right_is_not_slowed_down() {
        let throttle = Throttle::default();
        for _ in 0..200 {
            assert_eq!(throttle.attempt("ada", address(1)), Ok(()));
            throttle.succeeded("ada", address(1));
        }
        let wrong = (0..20)
            .filter(|_| throttle.attempt("ada", address(1)).is_ok())
            .count();
        assert_eq!(wrong, 8);
    }

    #[test]
    fn what_is_refused_keeps_nobody_else_from_logging_in() {
        let throttle = Throttle::default();
        let wrong = (0..200).filter(|_| throttle.attempt("ada", address(1)).is_ok());
        assert_eq!(wrong.count(), 8);
        assert_eq!(throttle.attempt("bob", address(1)), Ok(()));
    }

    #[test]
    fn a_network_is_one_address() {
        let one: IpAddr = "2001:db8::1".parse().unwrap();
        let other: IpAddr = "2001:db8::ffff:1".parse().unwrap();
        assert_eq!(network(one), network(other));
        let mapped: IpAddr = "::ffff:192.0.2.1".parse().unwrap();
        assert_eq!(network(mapped), address(1));
    }
}
