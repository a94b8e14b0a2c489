//! Accounts of people.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Result, Store, get, new_id, now};
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

    /// Accounts that may administer this host.
    pub async fn administrators(&self) -> Result<i64> {
        let query = sqlx::query("SELECT COUNT(*) AS n FROM users WHERE role = $1 AND disabled = 0");
        let query = query.bind(Role::Admin.name());
        Ok(query.fetch_one(self.up()?).await?.try_get("n")?)
    }

    /// Changes an account. Answers whether there is one of this id.
    pub async fn change_user(&self, id: &str, change: UserChange) -> Result<bool> {
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
        Ok(query.execute(self.up()?).await?.rows_affected() > 0)
    }

    /// Removes an account, with its sessions. Answers whether there was one.
    pub async fn remove_user(&self, id: &str) -> Result<bool> {
        let mut transaction = self.begin().await?;
        let statement = "INSERT INTO ended_sessions (id, at) SELECT id, $2 FROM sessions \
                         WHERE user_id = $1";
        let query = sqlx::query(statement).bind(id.to_owned()).bind(now());
        query.execute(&mut *transaction).await?;
        let query = sqlx::query("DELETE FROM users WHERE id = $1").bind(id.to_owned());
        let removed = query.execute(&mut *transaction).await?.rows_affected() > 0;
        transaction.commit().await?;
        Ok(removed)
    }
}
