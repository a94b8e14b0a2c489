//! Sessions of logged-in people, and the refresh tokens that keep one going.
//!
//! A refresh token is used once and replaced. One that is used again within the grace time is a
//! client that asked twice at once; later it is somebody else's, and the session ends.

use super::{Result, Store, User, get, new_id, now};
use crate::auth::Role;

/// How a session stands, with what its user may do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionState {
    /// Whose it is.
    pub user: String,
    /// What the person types to log in.
    pub name: String,
    /// Where the user belongs to.
    pub organisation: String,
    /// What the user may do.
    pub role: Role,
    /// Neither ended, nor is the account disabled.
    pub live: bool,
    /// Milliseconds since 1970 at which it ends in any case.
    pub expires_at: i64,
}

impl SessionState {
    /// Whether it goes on now: it may have been looked up a moment ago.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.live && self.expires_at > now()
    }
}

/// What became of a refresh token that was used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refreshed {
    /// The session goes on under a new token.
    Session(String),
    /// Nobody knows it, or it is too old, or its session ended.
    Refused,
    /// It had been used before: its session was ended. The session.
    Reused(String),
}

/// Sessions of removed users are remembered until every replica has looked: an hour is plenty.
const ENDED: i64 = 3_600_000;

impl Store {
    /// Begins a session with its first refresh token, of which the store knows the hash: only while the
    /// account still has the password that was verified, and is not disabled. `rehashed` is the same
    /// password under the parameters of today. None: the account was changed meanwhile.
    pub async fn begin_session(
        &self,
        user: &User,
        rehashed: Option<&str>,
        hash: &str,
        lives: i64,
    ) -> Result<Option<String>> {
        let (id, at) = (new_id("ses"), now());
        let mut transaction = self.begin().await?;
        // An update, so that who changes the account waits, and then ends this session too.
        let still = sqlx::query(
            "UPDATE users SET password_hash = $3 \
             WHERE id = $1 AND password_hash = $2 AND disabled = 0",
        )
        .bind(user.id.clone())
        .bind(user.password_hash.clone())
        .bind(rehashed.unwrap_or(&user.password_hash).to_owned())
        .execute(&mut *transaction)
        .await?
        .rows_affected()
            > 0;
        if !still {
            return Ok(None);
        }
        sqlx::query(
            "INSERT INTO sessions (id, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)",
        )
        .bind(id.clone())
        .bind(user.id.clone())
        .bind(at)
        .bind(at + lives)
        .execute(&mut *transaction)
        .await?;
        add_refresh_token(&mut transaction, hash, &id, at, at + lives).await?;
        transaction.commit().await?;
        Ok(Some(id))
    }

    /// Uses a refresh token and puts another one in its place.
    pub async fn refresh(&self, used: &str, next: &str, grace: i64) -> Result<Refreshed> {
        let at = now();
        let mut transaction = self.begin().await?;
        let statement = "SELECT r.session, r.used_at, r.expires_at, s.revoked_at, u.disabled \
                         FROM refresh_tokens r JOIN sessions s ON s.id = r.session \
                         JOIN users u ON u.id = s.user_id WHERE r.hash = $1";
        let query = sqlx::query(statement).bind(used.to_owned());
        let Some(row) = query.fetch_optional(&mut *transaction).await? else {
            return Ok(Refreshed::Refused);
        };
        let session: String = get(&row, "session")?;
        let expires: i64 = get(&row, "expires_at")?;
        let ended = get::<Option<i64>>(&row, "revoked_at")?.is_some();
        if ended || expires <= at || get::<i64>(&row, "disabled")? != 0 {
            return Ok(Refreshed::Refused);
        }
        // Of several that ask at once one is the first; the others see when it was.
        let first = sqlx::query(
            "UPDATE refresh_tokens SET used_at = $2 WHERE hash = $1 AND used_at IS NULL",
        )
        .bind(used.to_owned())
        .bind(at)
        .execute(&mut *transaction)
        .await?
        .rows_affected()
            > 0;
        if !first {
            let query = sqlx::query("SELECT used_at FROM refresh_tokens WHERE hash = $1");
            let row = query
                .bind(used.to_owned())
                .fetch_one(&mut *transaction)
                .await?;
            let used_at = get::<Option<i64>>(&row, "used_at")?.unwrap_or(at);
            if at - used_at > grace {
                end(&mut transaction, &session, "a refresh token was used twice").await?;
                transaction.commit().await?;
                return Ok(Refreshed::Reused(session));
            }
        }
        add_refresh_token(&mut transaction, next, &session, at, expires).await?;
        transaction.commit().await?;
        Ok(Refreshed::Session(session))
    }

    /// How a session stands.
    pub async fn session(&self, id: &str) -> Result<Option<SessionState>> {
        let statement = "SELECT s.user_id, u.name, u.organisation, u.role, u.disabled, \
                         s.revoked_at, s.expires_at FROM sessions s \
                         JOIN users u ON u.id = s.user_id WHERE s.id = $1";
        let query = sqlx::query(statement).bind(id.to_owned());
        let Some(row) = query.fetch_optional(self.up()?).await? else {
            return Ok(None);
        };
        let ended = get::<Option<i64>>(&row, "revoked_at")?.is_some();
        let role: String = get(&row, "role")?;
        let expires_at: i64 = get(&row, "expires_at")?;
        let live = !ended && get::<i64>(&row, "disabled")? == 0 && expires_at > now();
        Ok(Some(SessionState {
            user: get(&row, "user_id")?,
            name: get(&row, "name")?,
            organisation: get(&row, "organisation")?,
            role: role.parse().unwrap_or(Role::Viewer),
            live,
            expires_at,
        }))
    }

    /// Ends a session.
    pub async fn end_session(&self, id: &str, why: &str) -> Result<()> {
        let mut transaction = self.begin().await?;
        end(&mut transaction, id, why).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Ends all sessions of a user, but one.
    pub async fn end_sessions(&self, user: &str, but: &str, why: &str) -> Result<u64> {
        let statement = "UPDATE sessions SET revoked_at = $3, revoked_for = $4 \
                         WHERE user_id = $1 AND id <> $2 AND revoked_at IS NULL";
        let query = sqlx::query(statement)
            .bind(user.to_owned())
            .bind(but.to_owned())
            .bind(now())
            .bind(why.to_owned());
        Ok(query.execute(self.up()?).await?.rows_affected())
    }

    /// Sessions and keys that ended since a time.
    pub async fn ended_since(&self, at: i64) -> Result<Vec<String>> {
        let statement = "SELECT id FROM sessions WHERE revoked_at >= $1 \
                         UNION ALL SELECT id FROM ended_sessions WHERE at >= $1 \
                         UNION ALL SELECT id FROM api_keys WHERE revoked_at >= $1";
        let rows = sqlx::query(statement)
            .bind(at)
            .fetch_all(self.up()?)
            .await?;
        rows.iter().map(|row| get(row, "id")).collect()
    }

    /// Forgets sessions that ended before this time, and their tokens.
    pub async fn forget_sessions(&self, before: i64) -> Result<u64> {
        let query = sqlx::query("DELETE FROM ended_sessions WHERE at < $1").bind(before - ENDED);
        query.execute(self.up()?).await?;
        let query = sqlx::query("DELETE FROM sessions WHERE expires_at < $1").bind(before);
        Ok(query.execute(self.up()?).await?.rows_affected())
    }
}

async fn add_refresh_token(
    connection: &mut sqlx::AnyConnection,
    hash: &str,
    session: &str,
    at: i64,
    until: i64,
) -> Result<()> {
    let statement = "INSERT INTO refresh_tokens (hash, session, created_at, expires_at) \
                     VALUES ($1, $2, $3, $4)";
    sqlx::query(statement)
        .bind(hash.to_owned())
        .bind(session.to_owned())
        .bind(at)
        .bind(until)
        .execute(connection)
        .await?;
    Ok(())
}

async fn end(connection: &mut sqlx::AnyConnection, session: &str, why: &str) -> Result<()> {
    let statement = "UPDATE sessions SET revoked_at = $2, revoked_for = $3 \
                     WHERE id = $1 AND revoked_at IS NULL";
    sqlx::query(statement)
        .bind(session.to_owned())
        .bind(now())
        .bind(why.to_owned())
        .execute(connection)
        .await?;
    Ok(())
}
