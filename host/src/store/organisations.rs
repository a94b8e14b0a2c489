//! Organisations: buildings, reports and keys belong to one, and nobody sees those of another.

use super::{Result, Store, now};

impl Store {
    /// Makes the organisation of this id where it is missing.
    pub async fn ensure_organisation(&self, id: &str) -> Result<()> {
        let statement = "INSERT INTO organisations (id, name, created_at) VALUES ($1, $1, $2) \
                         ON CONFLICT (id) DO NOTHING";
        let query = sqlx::query(statement).bind(id.to_owned()).bind(now());
        query.execute(self.up()?).await?;
        Ok(())
    }
}
