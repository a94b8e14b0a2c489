//! Edits of a building's model, numbered without gaps from 1 in each epoch. This order is the one
//! that every replica applies them in.

use sqlx::any::AnyRow;

use super::{Result, Store, StoreError, get, now};

/// An edit that has its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditRecord {
    /// Its number.
    pub seq: i64,
    /// One edit or several, JSON, as the engine takes them.
    pub edit: String,
    /// Who made it: a name for people.
    pub actor: String,
    /// What the sender called it: how a client knows its own.
    pub request: String,
    /// It stopped a check: it is not applied.
    pub skipped: bool,
}

/// An edit to number.
#[derive(Clone, Debug)]
pub struct NewEdit<'a> {
    /// JSON, as the engine takes it.
    pub edit: &'a str,
    /// Who made it: user or key.
    pub account: &'a str,
    /// Who made it: a name for people.
    pub actor: &'a str,
    /// What the sender calls it. The same edit sent again is not made again.
    pub request: &'a str,
}

/// The number of an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It was given now.
    New(i64),
    /// The same edit had been sent before.
    Known(i64),
}

/// Replicas that write at the same time get different numbers; one of them has to try again.
const TRIES: usize = 50;

fn record(row: &AnyRow) -> Result<EditRecord> {
    Ok(EditRecord {
        seq: get(row, "seq")?,
        edit: get(row, "edit")?,
        actor: get(row, "actor")?,
        request: get(row, "request")?,
        skipped: get::<i64>(row, "skipped")? != 0,
    })
}

impl Store {
    /// Gives an edit the next number of the epoch. One with the `request` of an earlier edit of
    /// the same account is that edit: a client that lost the answer sends it again.
    pub async fn add_edit(
        &self,
        organisation: &str,
        building: &str,
        epoch: &str,
        new: &NewEdit<'_>,
    ) -> Result<Added> {
        for _ in 0..TRIES {
            match self.try_add_edit(organisation, building, epoch, new).await {
                Err(StoreError::Conflict) => tokio::task::yield_now().await,
                other => return other,
            }
        }
        Err(StoreError::Unavailable(
            "too many edits at the same time".to_owned(),
        ))
    }

    async fn try_add_edit(
        &self,
        organisation: &str,
        building: &str,
        epoch: &str,
        new: &NewEdit<'_>,
    ) -> Result<Added> {
        let mut transaction = self.begin().await?;
        let known = sqlx::query(
            "SELECT seq FROM edits WHERE organisation = $1 AND building = $2 AND epoch = $3 \
             AND account = $4 AND request = $5",
        )
        .bind(organisation.to_owned())
        .bind(building.to_owned())
        .bind(epoch.to_owned())
        .bind(new.account.to_owned())
        .bind(new.request.to_owned())
        .fetch_optional(&mut *transaction)
        .await?;
        if let Some(known) = known {
            return Ok(Added::Known(get(&known, "seq")?));
        }
        let statement = "INSERT INTO edits (organisation, building, epoch, seq, edit, account, \
             actor, request, created_at) \
             SELECT $1, $2, $3, COALESCE(MAX(seq), 0) + 1, $4, $5, $6, $7, $8 \
             FROM edits WHERE organisation = $1 AND building = $2 AND epoch = $3 RETURNING seq";
        let row = sqlx::query(statement)
            .bind(organisation.to_owned())
            .bind(building.to_owned())
            .bind(epoch.to_owned())
            .bind(new.edit.to_owned())
            .bind(new.account.to_owned())
            .bind(new.actor.to_owned())
            .bind(new.request.to_owned())
            .bind(now())
            .fetch_one(&mut *transaction)
            .await?;
        let seq = get(&row, "seq")?;
        transaction.commit().await?;
        Ok(Added::New(seq))
    }

    /// Edits of an epoch after a number, in order.
    pub async fn edits(
        &self,
        organisation: &str,
        building: &str,
        epoch: &str,
        after: i64,
        most: i64,
    ) -> Result<Vec<EditRecord>> {
        let statement = "SELECT seq, edit, actor, request, skipped FROM edits WHERE organisation = $1 \
                         AND building = $2 AND epoch = $3 AND seq > $4 ORDER BY seq LIMIT $5";
        let query = sqlx::query(statement)
            .bind(organisation.to_owned())
            .bind(building.to_owned())
            .bind(epoch.to_owned())
            .bind(after)
            .bind(most);
        let rows = query.fetch_all(self.up()?).await?;
        rows.iter().map(record).collect()
    }

    /// Edits of an epoch after a number, in order: as many as hold so many letters together, one in any
    /// case. The second answer: whether there may be more.
    pub async fn edits_within(
        &self,
        organisation: &str,
        building: &str,
        epoch: &str,
        after: i64,
        most: i64,
        letters: i64,
    ) -> Result<(Vec<EditRecord>, bool)> {
        // Their lengths first: the texts of a page can be a quarter of a gigabyte.
        let statement = "SELECT CAST(LENGTH(edit) AS BIGINT) AS letters FROM edits \
                         WHERE organisation = $1 AND building = $2 AND epoch = $3 AND seq > $4 \
                         ORDER BY seq LIMIT $5";
        let query = sqlx::query(statement)
            .bind(organisation.to_owned())
            .bind(building.to_owned())
            .bind(epoch.to_owned())
            .bind(after)
            .bind(most);
        let (mut count, mut together) = (0_i64, 0_i64);
        let rows = query.fetch_all(self.up()?).await?;
        for row in &rows {
            together = together.saturating_add(get(row, "letters")?);
            if count > 0 && together > letters {
                break;
            }
            count += 1;
        }
        let more = count >= most || usize::try_from(count).is_ok_and(|count| count < rows.len());
        let edits = self.edits(organisation, building, epoch, after, count);
        Ok((edits.await?, more))
    }

    /// An edit stopped the check: nobody applies it again.
    pub async fn skip_edit(
        &self,
        organisation: &str,
        building: &str,
        epoch: &str,
        seq: i64,
    ) -> Result<()> {
        let statement = "UPDATE edits SET skipped = 1 WHERE organisation = $1 AND building = $2 \
                         AND epoch = $3 AND seq = $4";
        sqlx::query(statement)
            .bind(organisation.to_owned())
            .bind(building.to_owned())
            .bind(epoch.to_owned())
            .bind(seq)
            .execute(self.up()?)
            .await?;
        Ok(())
    }

    /// Forgets edits of models that buildings do not have any more.
    pub async fn forget_edits(&self) -> Result<u64> {
        let statement = "DELETE FROM edits WHERE NOT EXISTS (SELECT 1 FROM buildings b \
                         WHERE b.organisation = edits.organisation AND b.id = edits.building \
                         AND b.epoch = edits.epoch)";
        let done = sqlx::query(statement).execute(self.up()?).await?;
        Ok(done.rows_affected())
    }

    /// The highest number of an epoch.
    pub async fn last_edit(&self, organisation: &str, building: &str, epoch: &str) -> Result<i64> {
        last_edit(self.up()?, organisation, building, epoch).await
    }
}

/// The highest number of an epoch.
pub(super) async fn last_edit<'c>(
    database: impl sqlx::Executor<'c, Database = sqlx::Any>,
    organisation: &str,
    building: &str,
    epoch: &str,
) -> Result<i64> {
    let statement = "SELECT COALESCE(MAX(seq), 0) AS seq FROM edits WHERE organisation = $1 \
                     AND building = $2 AND epoch = $3";
    let query = sqlx::query(statement)
        .bind(organisation.to_owned())
        .bind(building.to_owned())
        .bind(epoch.to_owned());
    get(&query.fetch_one(database).await?, "seq")
}
