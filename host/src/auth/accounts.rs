//! Login, refresh, logout, and who it is that asks.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;

use super::caller::{Caller, Proof};
use super::password::{PasswordError, Passwords};
use super::role::Role;
use super::secret::{API_KEY, REFRESH, Secret};
use super::throttle::Throttle;
use super::token::{Claims, Tokens};
use crate::store::{ApiKey, AuditEntry, Refreshed, SessionState, Store, StoreError, User};

/// What was learnt of a session counts for so long: what ends it is seen everywhere within a second.
const FRESH: Duration = Duration::from_millis(800);
/// While the database does not answer, what was last learnt counts: as long as an access token.
const STALE: Duration = Duration::from_secs(20 * 60);
/// A signature that was right is not computed again for so long.
const VERIFIED: Duration = Duration::from_secs(60);
/// Sessions and keys that are remembered.
const REMEMBERED: u64 = 50_000;

/// How accounts work.
#[derive(Clone, Debug)]
pub struct AccountsConfig {
    /// Milliseconds that a session lives without a new login.
    pub session_lives: i64,
    /// Milliseconds in which a refresh token may be used again: a client that asked twice at once.
    pub refresh_grace: i64,
}

/// Why somebody gets no further.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// Name, password or token: which, is not said.
    #[error("the name or the password is wrong")]
    Credentials,
    /// No token, or none that is believed.
    #[error("the token is not valid: {0}")]
    Token(String),
    /// Too many attempts; come back after so many seconds.
    #[error("too many attempts")]
    Throttled(u32),
    /// No processor is free for a password.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The database does not know, or does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a login or a refresh gives.
#[derive(Debug)]
pub struct LoggedIn {
    /// A JWT.
    pub access_token: String,
    /// What it says.
    pub claims: Claims,
    /// For the next one; used once.
    pub refresh_token: String,
}

/// Login, refresh, logout, and who it is that asks.
#[derive(Clone)]
pub struct Accounts(Arc<Shared>);

struct Shared {
    store: Store,
    tokens: Tokens,
    passwords: Passwords,
    throttle: Throttle,
    config: AccountsConfig,
    sessions: Remembered<SessionState>,
    keys: Remembered<ApiKey>,
    /// Tokens whose signature was right a moment ago: computing it is most of what a read costs.
    verified: moka::sync::Cache<Box<str>, Arc<Claims>>,
}

/// What the database said: just now, and at all.
struct Remembered<T> {
    fresh: Cache<String, Option<Arc<T>>>,
    last: Cache<String, Option<Arc<T>>>,
}

impl<T: Send + Sync + 'static> Remembered<T> {
    fn new() -> Remembered<T> {
        let cache = |lives| {
            Cache::builder()
                .max_capacity(REMEMBERED)
                .time_to_live(lives)
                .build()
        };
        Remembered {
            fresh: cache(FRESH),
            last: cache(STALE),
        }
    }

    /// The database is asked once, however many want to know.
    async fn get(
        &self,
        key: &str,
        ask: impl Future<Output = Result<Option<T>, StoreError>>,
    ) -> Result<Option<Arc<T>>, StoreError> {
        if let Some(known) = self.fresh.get(key).await {
            return Ok(known);
        }
        let ask = async { ask.await.map(|found| found.map(Arc::new)) };
        let asked = self.fresh.entry_by_ref(key).or_try_insert_with(ask).await;
        match asked {
            Ok(entry) => {
                if entry.is_fresh() {
                    self.last
                        .insert(key.to_owned(), entry.value().clone())
                        .await;
                }
                Ok(entry.into_value())
            }
            Err(error) => match &*error {
                StoreError::Unavailable(why) => match self.last.get(key).await {
                    Some(answer) => Ok(answer),
                    None => Err(StoreError::Unavailable(why.clone())),
                },
                fault => Err(StoreError::Fault(sqlx::Error::Protocol(fault.to_string()))),
            },
        }
    }

    async fn forget(&self, key: &str) {
        self.fresh.invalidate(key).await;
    }
}

impl Accounts {
    /// Accounts of a store.
    #[must_use]
    pub fn new(store: Store, tokens: Tokens, config: AccountsConfig) -> Accounts {
        Accounts(Arc::new(Shared {
            store,
            tokens,
            passwords: Passwords::default(),
            throttle: Throttle::default(),
            config,
            sessions: Remembered::new(),
            keys: Remembered::new(),
            verified: moka::sync::Cache::builder()
                .max_capacity(REMEMBERED)
                .time_to_live(VERIFIED)
                .build(),
        }))
    }

    /// Computes passwords.
    #[must_use]
    pub fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }

    /// Takes a place for one attempt at a password.
    ///
    /// # Errors
    /// After how many seconds to come back.
    pub fn attempt(&self, account: &str, address: IpAddr) -> Result<(), u32> {
        self.0.throttle.attempt(account, address)
    }

    /// The attempt was right.
    pub fn was_right(&self, account: &str, address: IpAddr) {
        self.0.throttle.succeeded(account, address);
    }

    /// Begins a session. For an unknown name the answer is that for a wrong password, and takes as
    /// long.
    ///
    /// # Errors
    /// See [`AuthError`].
    pub async fn login(
        &self,
        name: &str,
        password: String,
        address: IpAddr,
    ) -> Result<LoggedIn, AuthError> {
        let this = &*self.0;
        this.throttle
            .attempt(name, address)
            .map_err(AuthError::Throttled)?;
        let user = this.store.user_by_name(&name.to_lowercase()).await?;
        let known = user.as_ref().map(|user| user.password_hash.clone());
        let (right, rehashed) = this.passwords.verify(password, known).await?;
        let user = match user {
            Some(user) if right && !user.disabled => user,
            _ => return Err(AuthError::Credentials),
        };
        let refresh = Secret::new(REFRESH);
        let lives = this.config.session_lives;
        let session = this
            .store
            .begin_session(&user, rehashed.as_deref(), &refresh.hash(), lives)
            .await?
            .ok_or(AuthError::Credentials)?;
        this.throttle.succeeded(name, address);
        self.grant(&user, &session, &refresh)
    }

    fn grant(&self, user: &User, session: &str, refresh: &Secret) -> Result<LoggedIn, AuthError> {
        let issued = self.0.tokens.issue(user, session);
        let (access_token, claims) = issued.map_err(|error| AuthError::Token(error.to_string()))?;
        Ok(LoggedIn {
            access_token,
            claims,
            refresh_token: refresh.text().to_owned(),
        })
    }

    /// Goes on with a session.
    ///
    /// # Errors
    /// See [`AuthError`]. A token that was used before ends its session.
    pub async fn refresh(&self, token: &str) -> Result<LoggedIn, AuthError> {
        let this = &*self.0;
        let no = || AuthError::Token("the refresh token is not valid".to_owned());
        if !token.starts_with(REFRESH) {
            return Err(no());
        }
        let next = Secret::new(REFRESH);
        let used = Secret::hash_of(token);
        let grace = this.config.refresh_grace;
        let session = match this.store.refresh(&used, &next.hash(), grace).await? {
            Refreshed::Session(session) => session,
            Refreshed::Refused => return Err(no()),
            Refreshed::Reused(session) => {
                tracing::warn!(
                    session,
                    "a refresh token was used twice: the session was ended"
                );
                this.sessions.forget(&session).await;
                self.note(AuditEntry {
                    event: "refresh_token_reused".to_owned(),
                    subject: Some(session),
                    ..AuditEntry::default()
                })
                .await;
                return Err(no());
            }
        };
        let state = this.store.session(&session).await?.ok_or_else(no)?;
        let user = this.store.user(&state.user).await?.ok_or_else(no)?;
        self.grant(&user, &session, &next)
    }

    /// Ends the session.
    ///
    /// # Errors
    /// The database.
    pub async fn logout(&self, session: &str) -> Result<(), AuthError> {
        self.0.store.end_session(session, "logout").await?;
        self.0.sessions.forget(session).await;
        Ok(())
    }

    /// Ends all sessions of a user, but one.
    ///
    /// # Errors
    /// The database.
    pub async fn logout_everywhere(
        &self,
        user: &str,
        but: &str,
        why: &str,
    ) -> Result<(), AuthError> {
        self.0.store.end_sessions(user, but, why).await?;
        self.forget_sessions();
        Ok(())
    }

    /// What was learnt of sessions counts no more: some have just ended.
    pub fn forget_sessions(&self) {
        self.0.sessions.fresh.invalidate_all();
    }

    /// Who it is that sends this `Authorization: Bearer`.
    ///
    /// # Errors
    /// See [`AuthError`].
    pub async fn caller(&self, bearer: &str) -> Result<Caller, AuthError> {
        if bearer.starts_with(API_KEY) {
            return self.machine(bearer).await;
        }
        let claims = match self.0.verified.get(bearer) {
            Some(claims) if claims.exp > crate::store::now() / 1_000 => claims,
            _ => {
                let read = self.0.tokens.read(bearer);
                let read = read.map_err(|error| AuthError::Token(error.to_string()))?;
                let claims = Arc::new(read);
                self.0.verified.insert(bearer.into(), Arc::clone(&claims));
                claims
            }
        };
        self.person(&claims).await
    }

    /// Whether somebody who was let in may stay: for connections that live long.
    ///
    /// # Errors
    /// They may not.
    pub async fn still(&self, caller: &Caller) -> Result<Caller, AuthError> {
        if caller
            .expires
            .is_some_and(|at| at * 1_000 <= crate::store::now())
        {
            return Err(AuthError::Token("it has expired".to_owned()));
        }
        match &caller.proof {
            Proof::Session(session) => {
                let state = self.session(session).await;
                let state = match state {
                    Err(StoreError::Unavailable(_)) => return Ok(caller.clone()),
                    other => other?,
                };
                match state {
                    Some(state) if state.is_live() => Ok(Caller {
                        role: Some(state.role),
                        organisation: state.organisation.clone(),
                        ..caller.clone()
                    }),
                    _ => Err(AuthError::Token("the session has ended".to_owned())),
                }
            }
            Proof::ApiKey(_) | Proof::Nobody => Ok(caller.clone()),
        }
    }

    async fn session(&self, id: &str) -> Result<Option<Arc<SessionState>>, StoreError> {
        self.0.sessions.get(id, self.0.store.session(id)).await
    }

    async fn person(&self, claims: &Claims) -> Result<Caller, AuthError> {
        let (role, organisation, expires) = match self.session(&claims.sid).await {
            Ok(Some(state)) if state.is_live() && state.user == claims.sub => {
                // The token may have been issued shortly before its session is over.
                let expires = claims.exp.min(state.expires_at / 1_000 + 1);
                (state.role, state.organisation.clone(), expires)
            }
            Ok(_) => return Err(AuthError::Token("the session has ended".to_owned())),
            // The token is ours and young. What it says was so when it was issued.
            Err(StoreError::Unavailable(_)) => (claims.role, claims.org.clone(), claims.exp),
            Err(error) => return Err(error.into()),
        };
        Ok(Caller {
            id: claims.sub.clone(),
            name: claims.name.clone(),
            organisation,
            role: Some(role),
            proof: Proof::Session(claims.sid.clone()),
            expires: Some(expires),
        })
    }

    async fn machine(&self, bearer: &str) -> Result<Caller, AuthError> {
        let hash = Secret::hash_of(bearer);
        let known = self.0.keys.get(&hash, self.0.store.api_key(&hash)).await?;
        match known {
            Some(key) if key.is_live() => Ok(Caller {
                id: key.id.clone(),
                name: key.name.clone(),
                organisation: key.organisation.clone(),
                role: Some(Role::ApiUser),
                proof: Proof::ApiKey(key.id.clone()),
                expires: key.expires_at.map(|at| at / 1_000),
            }),
            _ => Err(AuthError::Token("the key is not valid".to_owned())),
        }
    }

    /// Writes to the audit log and to the log. What happened has happened, whether or not the
    /// database can be told.
    pub async fn note(&self, entry: AuditEntry) {
        let AuditEntry {
            organisation,
            actor,
            event,
            subject,
            address,
            detail,
            ..
        } = &entry;
        tracing::info!(
            target: "plancheck::audit",
            organisation, actor, event, subject, address, detail, "security event"
        );
        if let Err(error) = self.0.store.write_audit(&entry).await {
            tracing::warn!(%error, "the audit log cannot be written");
        }
    }

    /// Makes room: called now and then.
    pub fn tidy(&self) {
        self.0.throttle.tidy();
    }
}
