//! One connected client, as its room sees it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use tokio::sync::{Notify, mpsc};
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::auth::{Caller, Role};

/// Close codes of ours; docs/live-sync.md lists them.
pub mod close {
    /// Nothing is wrong.
    pub const NORMAL: u16 = 1000;
    /// The server ends: connect again, maybe to another replica.
    pub const RESTART: u16 = 1012;
    /// No room now: try again later.
    pub const LATER: u16 = 1013;
    /// A message that cannot be understood.
    pub const BAD_MESSAGE: u16 = 4400;
    /// No valid token, or no longer.
    pub const UNAUTHORIZED: u16 = 4401;
    /// No permission.
    pub const FORBIDDEN: u16 = 4403;
    /// No such building.
    pub const NO_BUILDING: u16 = 4404;
    /// No hello, or no pong, in time.
    pub const SILENT: u16 = 4408;
    /// Too many messages.
    pub const TOO_MANY: u16 = 4429;
    /// It does not read what it is sent.
    pub const SLOW: u16 = 4430;
    /// The check failed.
    pub const FAILED: u16 = 4500;

    /// All of them, as labels of metrics.
    pub const ALL: &[&str] = &[
        "1000", "1012", "1013", "4400", "4401", "4403", "4404", "4408", "4429", "4430", "4500",
    ];
}

/// Ends a connection from elsewhere.
#[derive(Debug, Default)]
pub struct Kick {
    code: AtomicU16,
    told: Notify,
}

impl Kick {
    /// The connection shall end with this code; the first one counts.
    pub fn out(&self, code: u16) {
        let first = self
            .code
            .compare_exchange(0, code, Ordering::SeqCst, Ordering::SeqCst);
        if first.is_ok() {
            self.told.notify_one();
        }
    }

    /// The code, once it shall end.
    pub async fn code(&self) -> u16 {
        loop {
            let told = self.told.notified();
            match self.code.load(Ordering::SeqCst) {
                0 => told.await,
                code => return code,
            }
        }
    }
}

/// Messages that wait to be sent to one client. Updates of a building that is edited by several people
/// come a few in a second; who is this far behind does not read.
const QUEUE: usize = 64;

/// A client.
#[derive(Clone, Debug)]
pub struct Client {
    /// Unique in this process.
    pub id: u64,
    /// Of the account or key.
    pub account: Arc<str>,
    /// For people.
    pub name: Arc<str>,
    /// What they are.
    pub role: Option<Role>,
    queue: mpsc::Sender<Utf8Bytes>,
    kick: Arc<Kick>,
}

impl Client {
    /// A client, and the messages for it.
    #[must_use]
    pub fn new(id: u64, caller: &Caller) -> (Client, mpsc::Receiver<Utf8Bytes>, Arc<Kick>) {
        let (queue, messages) = mpsc::channel(QUEUE);
        let kick = Arc::new(Kick::default());
        let client = Client {
            id,
            account: caller.id.as_str().into(),
            name: caller.name.as_str().into(),
            role: caller.role,
            queue,
            kick: Arc::clone(&kick),
        };
        (client, messages, kick)
    }

    /// Queues a message. Who has no room left for it is let go.
    pub fn send(&self, message: Utf8Bytes) -> bool {
        match self.queue.try_send(message) {
            Ok(()) => true,
            Err(mpsc::error::TrySendError::Full(_)) => {
                self.kick.out(close::SLOW);
                false
            }
            // It has gone already.
            Err(mpsc::error::TrySendError::Closed(_)) => false,
        }
    }

    /// Lets it go.
    pub fn end(&self, code: u16) {
        self.kick.out(code);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_does_not_read_is_let_go() {
        let (client, mut messages, kick) = Client::new(1, &Caller::nobody());
        let queued = (0..100).filter(|_| client.send("x".into())).count();
        assert_eq!(queued, QUEUE);
        assert_eq!(kick.code().await, close::SLOW);
        client.end(close::NORMAL);
        assert_eq!(kick.code().await, close::SLOW);
        assert!(messages.recv().await.is_some());
    }
}
