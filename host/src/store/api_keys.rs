//! Keys of machines. The store knows their hash.

use sqlx::any::AnyRow;

use super::{Result, Store, get, new_id, now};

/// A key of a machine, without the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Never changes.
    pub id: String,
    /// Where it belongs to.
    pub organisation: String,
    /// For people.
    pub name: String,
    /// The user who made it.
    pub created_by: String,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Milliseconds since 1970; none: it does not expire.
    pub expires_at: Option<i64>,
    /// Milliseconds since 1970; none: it was not revoked.
    pub revoked_at: Option<i64>,
}

impl ApiKey {
    /// Neither revoked nor too old.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|at| at > now())
    }
}

fn key(row: &AnyRow) -> Result<ApiKey> {
    Ok(ApiKey {
        id: get(row, "id")?,
        organisation: get(row, "organisation")?,
        name: get(row, "name")?,
        created_by: get(row, "created_by")?,
        created_at: get(row, "created_at")?,
        expires_at: get(row, "expires_at")?,
        revoked_at: get(row, "revoked_at")?,
    })
}

impl Store {
    /// Makes a key.
    pub async fn add_api_key(
        &self,
        organisation: &str,
        name: &str,
        hash: &str,
        created_by: &str,
        expires_at: Option<i64>,
    ) -> Result<ApiKey> {
        let (id, at) = (new_id("key"), now());
        let statement = "INSERT INTO api_keys (id, organisation, name, hash, created_by, \
                         created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
        sqlx::query(statement)
            .bind(id.clone())
            .bind(organisation.to_owned())
            .bind(name.to_owned())
            .bind(hash.to_owned())
            .bind(created_by.to_owned())
            .bind(at)
            .bind(expires_at)
            .execute(self.up()?)
            .await?;
        Ok(ApiKey {
            id,
            organisation: organisation.to_owned(),
            name: name.to_owned(),
            created_by: created_by.to_owned(),
            created_at: at,
            expires_at,
            revoked_at: None,
        })
    }

    /// The key of this hash.
    pub async fn api_key(&self, hash: &str) -> Result<Option<ApiKey>> {
        let query = sqlx::query("SELECT * FROM api_keys WHERE hash = $1").bind(hash.to_owned());
        let row = query.fetch_optional(self.up()?).await?;
        row.as_ref().map(key).transpose()
    }

    /// Keys of an organisation by their ids, after one of them; the first of all after none.
    pub async fn api_keys(
        &self,
        organisation: &str,
        after: &str,
        limit: i64,
    ) -> Result<Vec<ApiKey>> {
        let query = sqlx::query(
            "SELECT * FROM api_keys WHERE organisation = $1 AND id > $2 ORDER BY id LIMIT $3",
        );
        let rows = query
            .bind(organisation.to_owned())
            .bind(after.to_owned())
            .bind(limit)
            .fetch_all(self.up()?)
            .await?;
        rows.iter().map(key).collect()
    }

    /// Revokes a key. Answers whether there was one that was not.
    pub async fn revoke_api_key(&self, organisation: &str, id: &str) -> Result<bool> {
        let statement = "UPDATE api_keys SET revoked_at = $3 \
                         WHERE organisation = $1 AND id = $2 AND revoked_at IS NULL";
        let query = sqlx::query(statement)
            .bind(organisation.to_owned())
            .bind(id.to_owned())
            .bind(now());
        Ok(query.execute(self.up()?).await?.rows_affected() > 0)
    }
}
