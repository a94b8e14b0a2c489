//! Slows down those who guess passwords, without locking out whom they guess for.
//!
//! Failures are counted for an address, for an account at an address, and for an account at all
//! addresses from which nobody ever logged in to it. So a stranger who tries many passwords for a name
//! stops strangers, not the person who logged in from here before.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use moka::sync::Cache;

/// Failures from one address before it has to wait, and how long for each more.
const ADDRESS: (u32, Duration) = (30, Duration::from_secs(10));
/// For an account at an address.
const PAIR: (u32, Duration) = (8, Duration::from_secs(30));
/// For an account at addresses that it never logged in from.
const STRANGERS: (u32, Duration) = (40, Duration::from_secs(30));
/// Addresses that accounts logged in from.
const KNOWN: (u64, Duration) = (100_000, Duration::from_secs(30 * 24 * 3600));

/// Counts failures.
pub struct Throttle {
    addresses: DefaultKeyedRateLimiter<IpAddr>,
    pairs: DefaultKeyedRateLimiter<(String, IpAddr)>,
    strangers: DefaultKeyedRateLimiter<String>,
    known: Cache<(String, IpAddr), ()>,
}

fn limiter<K: std::hash::Hash + Eq + Clone>(
    (burst, each): (u32, Duration),
) -> DefaultKeyedRateLimiter<K> {
    let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
    let quota = Quota::with_period(each).unwrap_or_else(|| Quota::per_second(burst));
    RateLimiter::keyed(quota.allow_burst(burst))
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
            addresses: limiter(ADDRESS),
            pairs: limiter(PAIR),
            strangers: limiter(STRANGERS),
            known: Cache::builder()
                .max_capacity(KNOWN.0)
                .time_to_live(KNOWN.1)
                .build(),
        }
    }
}

impl Throttle {
    /// Takes a place for one attempt. Otherwise: after how many seconds to come back.
    ///
    /// # Errors
    /// The seconds.
    pub fn attempt(&self, account: &str, address: IpAddr) -> Result<(), u32> {
        let clock = DefaultClock::default();
        let address = network(address);
        let pair = (account.to_lowercase(), address);
        let seconds = |not_until: governor::NotUntil<_>| {
            let wait = not_until.wait_time_from(clock.now()).as_secs();
            u32::try_from(wait).unwrap_or(u32::MAX).saturating_add(1)
        };
        self.addresses.check_key(&address).map_err(seconds)?;
        self.pairs.check_key(&pair).map_err(seconds)?;
        if !self.known.contains_key(&pair) {
            self.strangers.check_key(&pair.0).map_err(seconds)?;
        }
        Ok(())
    }

    /// A login that was right: this address is one of the account's.
    pub fn succeeded(&self, account: &str, address: IpAddr) {
        self.known.insert((account.to_lowercase(), network(address)), ());
    }

    /// Forgets keys that count nothing any more.
    pub fn tidy(&self) {
        self.addresses.retain_recent();
        self.pairs.retain_recent();
        self.strangers.retain_recent();
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
        assert!(throttle.attempt("ada", address(201)).is_err_and(|seconds| seconds >= 1));
        assert_eq!(throttle.attempt("Ada", address(1)), Ok(()));
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
