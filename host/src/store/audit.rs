//! Who did what: logins, refusals, changes of roles, removed buildings.

use sqlx::any::AnyRow;

use super::{Result, Store, get, new_id, now};

/// One entry of the audit log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditEntry {
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

/// Which entries.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// Before this time; none: up to now.
    pub before: Option<i64>,
    /// At most so many.
    pub most: i64,
}

fn entry(row: &AnyRow) -> Result<AuditEntry> {
    Ok(AuditEntry {
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
    /// Writes an entry. `at` is now, whatever the entry says.
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

    /// Entries, newest first.
    pub async fn audit(&self, filter: &AuditFilter) -> Result<Vec<AuditEntry>> {
        let query = sqlx::query("SELECT * FROM audit WHERE at < $1 ORDER BY at DESC, id LIMIT $2");
        let query = query.bind(filter.before.unwrap_or(i64::MAX)).bind(filter.most);
        let rows = query.fetch_all(self.up()?).await?;
        rows.iter().map(entry).collect()
    }
}
