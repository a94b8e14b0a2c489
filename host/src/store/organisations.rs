//! Organisations: buildings, reports and keys belong to one, and nobody sees those of another.

use sqlx::Row;

use super::{Result, Store, now};

/// One organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// As it is named everywhere: lower case letters, digits, hyphens.
    pub id: String,
}

impl Store {
    /// The organisation of this id; made where it is missing.
    pub async fn organisation_or_new(&self, id: &str) -> Result<Organisation> {
        let statement = "INSERT INTO organisations (id, name, created_at) VALUES ($1, $1, $2) \
                         ON CONFLICT (id) DO NOTHING";
        let query = sqlx::query(statement).bind(id.to_owned()).bind(now());
        query.execute(self.up()?).await?;
        Ok(Organisation { id: id.to_owned() })
    }

    /// How many there are.
    pub async fn organisations(&self) -> Result<i64> {
        let row = sqlx::query("SELECT COUNT(*) AS n FROM organisations");
        Ok(row.fetch_one(self.up()?).await?.try_get("n")?)
    }
}
