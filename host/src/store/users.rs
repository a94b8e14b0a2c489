//! Accounts of people.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Kind, Result, Store, get, new_id, now};
use crate::auth::Role;

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Never changes.
    pub id: String,
    /// Where it belongs to.
    pub organisation: String,
    /// What the person types to log in.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Argon2id, as a PHC string.
    pub password_hash: String,
    /// Nobody can log in with it.
    pub disabled: bool,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Milliseconds since 1970.
    pub updated_at: i64,
}

/// An account to make.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Where it belongs to.
    pub organisation: String,
    /// Unique in this host.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Argon2id, as a PHC string.
    pub password_hash: String,
}

/// What changes in an account; none: stays as it is.
#[derive(Clone, Debug, Default)]
pub struct UserChange {
    /// What it may do.
    pub role: Option<Role>,
    /// Whether nobody can log in with it.
    pub disabled: Option<bool>,
    /// Argon2id, as a PHC string.
    pub password_hash: Option<String>,
}

/// What became of a change of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It was made.
    Done,
    /// There is no account of this id, or it has another password by now.
    Missing,
    /// It would take the last administrator from the host, which could not be helped then.
    LastAdministrator,
}

impl Changed {
    fn when(rows: u64) -> Changed {
        match rows {
            0 => Changed::Missing,
            _ => Changed::Done,
        }
    }
}

fn user(row: &AnyRow) -> Result<User> {
    let role: String = get(row, "role")?;
    Ok(User {
        id: get(row, "id")?,
        organisation: get(row, "organisation")?,
        name: get(row, "name")?,
        // A role of a newer release may do nothing here.
        role: role.parse().unwrap_or(Role::Viewer),
        password_hash: get(row, "password_hash")?,
        disabled: get::<i64>(row, "disabled")? != 0,
        created_at: get(row, "created_at")?,
        updated_at: get(row, "updated_at")?,
    })
}

impl Store {
    /// Makes an account. [`super::StoreError::Conflict`] where the name is taken.
    pub async fn add_user(&self, new: NewUser) -> Result<User> {
        let (id, at) = (new_id("usr"), now());
        let statement = "INSERT INTO users (id, organisation, name, role, password_hash, disabled, \
                         created_at, updated_at) VALUES ($1, $2, $3, $4, $5, 0, $6, $6)";
        sqlx::query(statement)
            .bind(id.clone())
            .bind(new.organisation.clone())
            .bind(new.name.clone())
            .bind(new.role.name())
            .bind(new.password_hash.clone())
            .bind(at)
            .execute(self.up()?)
            .await?;
        Ok(User {
            id,
            organisation: new.organisation,
            name: new.name,
            role: new.role,
            password_hash: new.password_hash,
            disabled: false,
            created_at: at,
            updated_at: at,
        })
    }

    /// The account that logs in by this name.
    pub async fn user_by_name(&self, name: &str) -> Result<Option<User>> {
        self.one_user("SELECT * FROM users WHERE name = $1", name)
            .await
    }

    /// The account of this id.
    pub async fn user(&self, id: &str) -> Result<Option<User>> {
        self.one_user("SELECT * FROM users WHERE id = $1", id).await
    }

    async fn one_user(&self, statement: &'static str, key: &str) -> Result<Option<User>> {
        let query = sqlx::query(statement).bind(key.to_owned());
        let row = query.fetch_optional(self.up()?).await?;
        row.as_ref().map(user).transpose()
    }

    /// All accounts, by name; `after` is the last name of the page before.
    pub async fn users(&self, after: &str, most: i64) -> Result<Vec<User>> {
        let query = sqlx::query("SELECT * FROM users WHERE name > $1 ORDER BY name LIMIT $2");
        let query = query.bind(after.to_owned()).bind(most);
        let rows = query.fetch_all(self.up()?).await?;
        rows.iter().map(user).collect()
    }

    /// How many accounts there are.
    pub async fn user_count(&self) -> Result<i64> {
        let query = sqlx::query("SELECT COUNT(*) AS n FROM users");
        Ok(query.fetch_one(self.up()?).await?.try_get("n")?)
    }

    /// Whether an account is the only one that may administer this host. Those that may stay as they
    /// are until the transaction ends: of two that take each other's role, the second one waits.
    async fn is_last_administrator(
        &self,
        connection: &mut sqlx::AnyConnection,
        id: &str,
    ) -> Result<bool> {
        let statement = match self.kind {
            // Its transactions write one after the other.
            Kind::Sqlite => "SELECT id FROM users WHERE role = $1 AND disabled = 0 ORDER BY id",
            Kind::Postgres => {
                "SELECT id FROM users WHERE role = $1 AND disabled = 0 ORDER BY id FOR UPDATE"
            }
        };
        let query = sqlx::query(statement).bind(Role::Admin.name());
        let rows = query.fetch_all(connection).await?;
        let all = rows.iter().map(|row| get::<String>(row, "id"));
        let all: Vec<String> = all.collect::<Result<_>>()?;
        Ok(all == [id])
    }

    /// Puts another password in the place of one that was verified.
    pub async fn change_password(&self, user: &User, password_hash: &str) -> Result<Changed> {
        let statement = "UPDATE users SET password_hash = $3, updated_at = $4 \
                         WHERE id = $1 AND password_hash = $2";
        let query = sqlx::query(statement)
            .bind(user.id.clone())
            .bind(user.password_hash.clone())
            .bind(password_hash.to_owned())
            .bind(now());
        let rows = query.execute(self.up()?).await?.rows_affected();
        Ok(Changed::when(rows))
    }

    /// Changes an account.
    pub async fn change_user(&self, id: &str, change: UserChange) -> Result<Changed> {
        let mut transaction = self.begin().await?;
        let takes = change.disabled == Some(true) || change.role.is_some_and(|r| r != Role::Admin);
        if takes && self.is_last_administrator(&mut transaction, id).await? {
            return Ok(Changed::LastAdministrator);
        }
        let statement = "UPDATE users SET role = COALESCE($2, role), \
                         disabled = COALESCE($3, disabled), \
                         password_hash = COALESCE($4, password_hash), updated_at = $5 \
                         WHERE id = $1";
        let query = sqlx::query(statement)
            .bind(id.to_owned())
            .bind(change.role.map(|role| role.name().to_owned()))
            .bind(change.disabled.map(i64::from))
            .bind(change.password_hash)
            .bind(now());
        let rows = query.execute(&mut *transaction).await?.rows_affected();
        transaction.commit().await?;
        Ok(Changed::when(rows))
    }

    /// Removes an account, with its sessions.
    pub async fn remove_user(&self, id: &str) -> Result<Changed> {
        let mut transaction = self.begin().await?;
        if self.is_last_administrator(&mut transaction, id).await? {
            return Ok(Changed::LastAdministrator);
        }
        let statement = "INSERT INTO ended_sessions (id, at) SELECT id, $2 FROM sessions \
                         WHERE user_id = $1";
        let query = sqlx::query(statement).bind(id.to_owned()).bind(now());
        query.execute(&mut *transaction).await?;
        let query = sqlx::query("DELETE FROM users WHERE id = $1").bind(id.to_owned());
        let rows = query.execute(&mut *transaction).await?.rows_affected();
        transaction.commit().await?;
        Ok(Changed::when(rows))
    }
}
