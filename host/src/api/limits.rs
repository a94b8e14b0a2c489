//! How many requests somebody may send.

use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, NotUntil, Quota, RateLimiter};

use crate::auth::network;

/// Counts requests of each address and of each caller.
pub struct Limits {
    addresses: Option<DefaultKeyedRateLimiter<IpAddr>>,
    callers: Option<DefaultKeyedRateLimiter<String>>,
    refusals: DefaultKeyedRateLimiter<String>,
}

/// Lines of the audit log for one caller's refusals, each minute.
const REFUSALS: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);

/// A second's worth may come at once, and a little more.
fn limiter<K: std::hash::Hash + Eq + Clone>(
    each_second: u32,
) -> Option<DefaultKeyedRateLimiter<K>> {
    let each_second = NonZeroU32::new(each_second)?;
    let burst = NonZeroU32::new(each_second.get().saturating_mul(2)).unwrap_or(each_second);
    Some(RateLimiter::keyed(
        Quota::per_second(each_second).allow_burst(burst),
    ))
}

impl Limits {
    /// Requests in each second; 0: as many as they like.
    #[must_use]
    pub fn new(each_address: u32, each_caller: u32) -> Limits {
        Limits {
            addresses: limiter(each_address),
            callers: limiter(each_caller),
            refusals: RateLimiter::keyed(Quota::per_minute(REFUSALS)),
        }
    }

    /// Takes a place for a request of an address.
    ///
    /// # Errors
    /// After how many seconds to come back.
    pub fn address(&self, address: IpAddr) -> Result<(), u32> {
        check(self.addresses.as_ref(), &network(address))
    }

    /// Takes a place for a request of a caller.
    ///
    /// # Errors
    /// After how many seconds to come back.
    pub fn caller(&self, caller: &str) -> Result<(), u32> {
        check(self.callers.as_ref(), &caller.to_owned())
    }

    /// Takes a place for a line about a request of a caller that was refused; false: there are enough.
    pub fn refusal(&self, caller: &str) -> bool {
        self.refusals.check_key(&caller.to_owned()).is_ok()
    }

    /// Forgets who sent nothing for a while.
    pub fn tidy(&self) {
        if let Some(addresses) = &self.addresses {
            addresses.retain_recent();
        }
        if let Some(callers) = &self.callers {
            callers.retain_recent();
        }
        self.refusals.retain_recent();
    }
}

fn check<K: std::hash::Hash + Eq + Clone>(
    limiter: Option<&DefaultKeyedRateLimiter<K>>,
    key: &K,
) -> Result<(), u32> {
    let Some(limiter) = limiter else {
        return Ok(());
    };
    limiter.check_key(key).map_err(|until: NotUntil<_>| {
        let wait = until
            .wait_time_from(DefaultClock::default().now())
            .as_secs();
        u32::try_from(wait).unwrap_or(u32::MAX).saturating_add(1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_sends_too_many_is_told_when_to_come_back() {
        let limits = Limits::new(2, 0);
        let address = IpAddr::from([192, 0, 2, 1]);
        let taken = (0..10).filter(|_| limits.address(address).is_ok()).count();
        assert_eq!(taken, 4);
        assert_eq!(limits.address(address), Err(1));
        assert!(limits.address(IpAddr::from([192, 0, 2, 2])).is_ok());
        assert!((0..1000).all(|_| limits.caller("ada").is_ok()));
    }
}
