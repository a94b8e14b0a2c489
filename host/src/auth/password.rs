//! Passwords: Argon2id with what OWASP recommends at least (19 MiB, two passes, one lane), computed
//! away from the threads that serve requests.

use std::sync::{Arc, LazyLock, Mutex, PoisonError, mpsc};
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::oneshot;
use tokio::time::timeout;

/// KiB of memory.
const MEMORY: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// NIST SP 800-63B: at least 8; longer ones cost those who guess.
const SHORTEST: usize = 12;
/// Bytes; nobody types more, and hashing should not be what a request costs.
const LONGEST: usize = 256;
/// Logins that wait for a processor longer than this are told to come back.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why a password was not computed.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Too many at the same time.
    #[error("too many passwords are computed at the same time")]
    Busy,
    /// A fault of ours.
    #[error("a password cannot be computed: {0}")]
    Fault(String),
}

/// Why a new password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Quickly guessed.
    #[error("use at least {SHORTEST} characters")]
    Short,
    /// Nobody types it.
    #[error("use at most {LONGEST} bytes")]
    Long,
    /// What is guessed first.
    #[error("choose one that is not the name, and not one character or word again and again")]
    Simple,
}

/// Whether a new password is taken.
///
/// # Errors
/// See [`WeakPassword`].
pub fn acceptable(password: &str, name: &str) -> Result<(), WeakPassword> {
    if password.chars().count() < SHORTEST {
        return Err(WeakPassword::Short);
    }
    if password.len() > LONGEST {
        return Err(WeakPassword::Long);
    }
    let lower = password.to_lowercase();
    let mut letters: Vec<char> = lower.chars().collect();
    letters.sort_unstable();
    letters.dedup();
    if letters.len() < 5 || (!name.is_empty() && lower.replace(&name.to_lowercase(), "").len() < 6)
    {
        return Err(WeakPassword::Simple);
    }
    Ok(())
}

/// Computes passwords, a few at a time: each takes 19 MiB and some 20 ms of a processor.
///
/// On threads of their own: allocators keep a thread's largest block for its next one, and the threads
/// that serve requests come and go.
#[derive(Clone)]
pub struct Passwords {
    work: mpsc::SyncSender<Work>,
}

type Work = Box<dyn FnOnce() + Send>;

/// Passwords that wait for a thread; who comes then is told to come back.
const WAITING: usize = 256;

impl Default for Passwords {
    fn default() -> Passwords {
        let (work, wanted) = mpsc::sync_channel::<Work>(WAITING);
        let wanted = Arc::new(Mutex::new(wanted));
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        for _ in 0..processors {
            let wanted = Arc::clone(&wanted);
            // Ends with the last of those who may give it work.
            std::thread::spawn(move || {
                loop {
                    let next = wanted.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    match next {
                        Ok(work) => work(),
                        Err(_) => return,
                    }
                }
            });
        }
        Passwords { work }
    }
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY, PASSES, LANES, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Of a password that nobody has: for names that nobody has, so that they cost as much.
static NOBODY: LazyLock<String> = LazyLock::new(|| {
    let word = crate::store::random_word(32);
    hash(word.as_bytes()).unwrap_or_default()
});

fn hash(password: &[u8]) -> Result<String, String> {
    let hash = argon2()
        .hash_password(password)
        .map_err(|error| error.to_string())?;
    Ok(hash.to_string())
}

impl Passwords {
    /// A password's hash, as a PHC string with a salt of its own.
    ///
    /// # Errors
    /// See [`PasswordError`].
    pub async fn hash(&self, password: String) -> Result<String, PasswordError> {
        self.away(move || hash(password.as_bytes()))
            .await?
            .map_err(PasswordError::Fault)
    }

    /// Whether this is the password. The second answer is a new hash where the known one was made
    /// with weaker parameters. Without a known hash it takes as long, and the answer is no.
    ///
    /// # Errors
    /// See [`PasswordError`].
    pub async fn verify(
        &self,
        password: String,
        known: Option<String>,
    ) -> Result<(bool, Option<String>), PasswordError> {
        self.away(move || {
            let somebody = known.is_some();
            let text = known.unwrap_or_else(|| NOBODY.clone());
            let Ok(parsed) = PasswordHash::new(&text) else {
                return (false, None);
            };
            let right = argon2()
                .verify_password(password.as_bytes(), &parsed)
                .is_ok();
            if !(right && somebody) {
                return (false, None);
            }
            let weaker = Params::try_from(&parsed).map_or(true, |params| {
                params.m_cost() < MEMORY || params.t_cost() < PASSES
            });
            let again = weaker.then(|| hash(password.as_bytes()).ok()).flatten();
            (true, again)
        })
        .await
    }

    async fn away<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let (answer, answered) = oneshot::channel();
        let work = Box::new(move || {
            // Who waited too long costs nothing more.
            if !answer.is_closed() {
                let _ = answer.send(work());
            }
        });
        self.work.try_send(work).map_err(|_| PasswordError::Busy)?;
        match timeout(PATIENCE, answered).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(_)) => Err(PasswordError::Fault("its thread ended".to_owned())),
            Err(_) => Err(PasswordError::Busy),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_verified_and_rehashed_when_it_was_weak() {
        let passwords = Passwords::default();
        let hash = passwords.hash("correct horse".to_owned()).await.unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        let verify =
            |password: &str, known: Option<String>| passwords.verify(password.to_owned(), known);
        assert_eq!(
            verify("correct horse", Some(hash.clone())).await.unwrap(),
            (true, None)
        );
        assert!(!verify("wrong horse", Some(hash)).await.unwrap().0);
        assert!(!verify("correct horse", None).await.unwrap().0);
        let weak = Argon2::new(
            Algorithm::Argon2id,
            Version::V0x13,
            Params::new(8, 1, 1, None).unwrap(),
        );
        let weak = weak.hash_password(b"correct horse").unwrap().to_string();
        let (right, again) = verify("correct horse", Some(weak)).await.unwrap();
        assert!(right);
        assert!(
            again
                .unwrap()
                .starts_with("$argon2id$v=19$m=19456,t=2,p=1$")
        );
    }

    #[test]
    fn passwords_that_are_guessed_first_are_not_taken() {
        assert_eq!(acceptable("short", "ada"), Err(WeakPassword::Short));
        assert_eq!(acceptable(&"x".repeat(300), "ada"), Err(WeakPassword::Long));
        assert_eq!(acceptable("aaaaaaaaaaaa", "ada"), Err(WeakPassword::Simple));
        assert_eq!(
            acceptable("adalovelace1", "adalovelace"),
            Err(WeakPassword::Simple)
        );
        assert_eq!(acceptable("a quiet evening", "ada"), Ok(()));
    }
}
