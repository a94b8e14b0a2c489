//! Who did what: logins, refusals, changes of roles, removed buildings.

use sqlx::any::AnyRow;

use super::{Result, Store, get, new_id, now};

/// One entry of the audit log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditEntry {
    /// Given when it is written.
    pub id: String,
    /// Milliseconds since 1970.
    pub at: i64,
    /// Whose data it was about.
    pub organisation: Option<String>,
    /// Who: a user's id, a key's id, or the name that somebody tried.
    pub actor: Option<String>,
    /// What: `login`, `login_refused`, `role_changed`, …
    pub event: String,
    /// To whom or what.
    pub subject: Option<String>,
    /// From where.
    pub address: Option<String>,
    /// More, in words.
    pub detail: Option<String>,
}

fn entry(row: &AnyRow) -> Result<AuditEntry> {
    Ok(AuditEntry {
        id: get(row, "id")?,
        at: get(row, "at")?,
        organisation: get(row, "organisation")?,
        actor: get(row, "actor")?,
        event: get(row, "event")?,
        subject: get(row, "subject")?,
        address: get(row, "address")?,
        detail: get(row, "detail")?,
    })
}

impl Store {
    /// Writes an entry, with an id of its own and the time of now.
    pub async fn write_audit(&self, entry: &AuditEntry) -> Result<()> {
        let statement = "INSERT INTO audit (id, at, organisation, actor, event, subject, address, \
                         detail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        sqlx::query(statement)
            .bind(new_id("aud"))
            .bind(now())
            .bind(entry.organisation.clone())
            .bind(entry.actor.clone())
            .bind(entry.event.clone())
            .bind(entry.subject.clone())
            .bind(entry.address.clone())
            .bind(entry.detail.clone())
            .execute(self.up()?)
            .await?;
        Ok(())
    }

    /// Entries, newest first; `after` is the last id of the page before.
    pub async fn audit(&self, after: &str, most: i64) -> Result<Vec<AuditEntry>> {
        let statement = "SELECT * FROM audit WHERE $1 = '' \
                         OR (at, id) < (SELECT at, id FROM audit WHERE id = $1) \
                         ORDER BY at DESC, id DESC LIMIT $2";
        let query = sqlx::query(statement).bind(after.to_owned()).bind(most);
        let rows = query.fetch_all(self.up()?).await?;
        rows.iter().map(entry).collect()
    }

    /// Forgets entries that are older.
    pub async fn forget_audit(&self, before: i64) -> Result<u64> {
        let query = sqlx::query("DELETE FROM audit WHERE at < $1").bind(before);
        Ok(query.execute(self.up()?).await?.rows_affected())
    }
}
