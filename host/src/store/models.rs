//! Models by their digest, in parts: a row of a quarter of a gigabyte is more than databases like.

use bytes::Bytes;
use sqlx::Row;

use super::{Result, Store, get, now};

/// Bytes of a part.
const PART: usize = 1 << 20;

impl Store {
    /// Keeps a model; nothing to do where it is kept already.
    pub async fn add_model(&self, digest: &str, bytes: &[u8]) -> Result<()> {
        if self.has_model(digest).await? {
            return Ok(());
        }
        let mut transaction = self.begin().await?;
        let new = sqlx::query(
            "INSERT INTO models (digest, size, created_at) VALUES ($1, $2, $3) \
             ON CONFLICT (digest) DO NOTHING",
        )
        .bind(digest.to_owned())
        .bind(i64::try_from(bytes.len()).unwrap_or(i64::MAX))
        .bind(now())
        .execute(&mut *transaction)
        .await?
        .rows_affected()
            > 0;
        // Somebody else wrote it at the same time: with all its parts, in one transaction.
        if new {
            for (part, data) in (0_i64..).zip(bytes.chunks(PART)) {
                sqlx::query("INSERT INTO model_parts (digest, part, data) VALUES ($1, $2, $3)")
                    .bind(digest.to_owned())
                    .bind(part)
                    .bind(data.to_vec())
                    .execute(&mut *transaction)
                    .await?;
            }
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Whether a model is kept.
    pub async fn has_model(&self, digest: &str) -> Result<bool> {
        Ok(self.model_size(digest).await?.is_some())
    }

    /// How many bytes a model has; none: it is not kept.
    pub async fn model_size(&self, digest: &str) -> Result<Option<usize>> {
        let query = sqlx::query("SELECT size FROM models WHERE digest = $1");
        let query = query.bind(digest.to_owned());
        let Some(row) = query.fetch_optional(self.up()?).await? else {
            return Ok(None);
        };
        Ok(Some(
            usize::try_from(get::<i64>(&row, "size")?).unwrap_or(0),
        ))
    }

    /// A model's bytes.
    pub async fn model(&self, digest: &str) -> Result<Option<Bytes>> {
        let Some(size) = self.model_size(digest).await? else {
            return Ok(None);
        };
        let mut bytes = Vec::with_capacity(size);
        let mut part = 0_i64;
        while bytes.len() < size {
            let query = sqlx::query("SELECT data FROM model_parts WHERE digest = $1 AND part = $2");
            let query = query.bind(digest.to_owned()).bind(part);
            let Some(row) = query.fetch_optional(self.up()?).await? else {
                return Ok(None);
            };
            bytes.extend_from_slice(&row.try_get::<Vec<u8>, _>("data")?);
            part += 1;
        }
        Ok(Some(bytes.into()))
    }

    /// Forgets models that no building is of. Answers how many.
    pub async fn forget_models(&self, older_than: i64) -> Result<u64> {
        let statement = "DELETE FROM models WHERE created_at < $1 AND digest NOT IN \
                         (SELECT model FROM buildings)";
        let query = sqlx::query(statement).bind(older_than);
        Ok(query.execute(self.up()?).await?.rows_affected())
    }
}
