//! Reports of buildings: the newest, those before, and what each was made of.

use sqlx::any::AnyRow;

use super::{Result, Store, get, new_id, now};

/// A report that is kept, without its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportRecord {
    /// Never changes.
    pub id: String,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// User or key that asked for it.
    pub created_by: String,
    /// BLAKE3 (hex) of the model.
    pub model: String,
    /// Digest of the ruleset.
    pub ruleset: String,
    /// Digest of the engine.
    pub engine: String,
    /// Which codes applied.
    pub place: Option<String>,
    /// The report's `summary`, JSON.
    pub summary: String,
}

/// A report to keep.
#[derive(Clone, Debug)]
pub struct NewReport<'a> {
    /// User or key that asked for it.
    pub created_by: &'a str,
    /// BLAKE3 (hex) of the model.
    pub model: &'a str,
    /// Digest of the ruleset.
    pub ruleset: &'a str,
    /// Digest of the engine.
    pub engine: &'a str,
    /// The report's `summary`, JSON.
    pub summary: &'a str,
    /// The report.
    pub body: &'a [u8],
}

/// Without the text, which may be large.
const COLUMNS: &str = "id, created_at, created_by, model, ruleset, engine, place, summary";

fn record(row: &AnyRow) -> Result<ReportRecord> {
    Ok(ReportRecord {
        id: get(row, "id")?,
        created_at: get(row, "created_at")?,
        created_by: get(row, "created_by")?,
        model: get(row, "model")?,
        ruleset: get(row, "ruleset")?,
        engine: get(row, "engine")?,
        place: get(row, "place")?,
        summary: get(row, "summary")?,
    })
}

/// Keeps a report, in the transaction that holds its building. One that is equal to the newest is that
/// one.
pub(super) async fn add_report(
    connection: &mut sqlx::AnyConnection,
    organisation: &str,
    building: &str,
    place: Option<&str>,
    new: &NewReport<'_>,
) -> Result<()> {
    let newest = sqlx::query(
        "SELECT id, created_at FROM reports WHERE organisation = $1 \
         AND building = $2 ORDER BY created_at DESC, id DESC LIMIT 1",
    )
    .bind(organisation.to_owned())
    .bind(building.to_owned())
    .fetch_optional(&mut *connection)
    .await?;
    // Later than the one before, also within a millisecond: the order is that of the models.
    let mut at = now();
    if let Some(newest) = &newest {
        // Its text, too: one with details, or a complete one after one that was not, is another one.
        let statement = "SELECT COUNT(*) AS same FROM reports WHERE id = $1 AND model = $2 \
                         AND ruleset = $3 AND engine = $4 AND body = $5";
        let same = sqlx::query(statement)
            .bind(get::<String>(newest, "id")?)
            .bind(new.model.to_owned())
            .bind(new.ruleset.to_owned())
            .bind(new.engine.to_owned())
            .bind(new.body.to_vec())
            .fetch_one(&mut *connection)
            .await?;
        if get::<i64>(&same, "same")? > 0 {
            return Ok(());
        }
        at = at.max(get::<i64>(newest, "created_at")? + 1);
    }
    let statement = "INSERT INTO reports (id, organisation, building, created_at, created_by, \
                     model, ruleset, engine, place, summary, body) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    sqlx::query(statement)
        .bind(new_id("rep"))
        .bind(organisation.to_owned())
        .bind(building.to_owned())
        .bind(at)
        .bind(new.created_by.to_owned())
        .bind(new.model.to_owned())
        .bind(new.ruleset.to_owned())
        .bind(new.engine.to_owned())
        .bind(place.map(str::to_owned))
        .bind(new.summary.to_owned())
        .bind(new.body.to_vec())
        .execute(connection)
        .await?;
    Ok(())
}

impl Store {
    /// The newest report that is not younger than `at`.
    pub async fn report_at(
        &self,
        organisation: &str,
        building: &str,
        at: i64,
    ) -> Result<Option<ReportRecord>> {
        let statement = format!(
            "SELECT {COLUMNS} FROM reports WHERE organisation = $1 AND building = $2 \
             AND created_at <= $3 ORDER BY created_at DESC, id DESC LIMIT 1"
        );
        let query = sqlx::query(sqlx::AssertSqlSafe(statement))
            .bind(organisation.to_owned())
            .bind(building.to_owned())
            .bind(at);
        let row = query.fetch_optional(self.up()?).await?;
        row.as_ref().map(record).transpose()
    }

    /// A report's text.
    pub async fn report_body(&self, id: &str) -> Result<Option<Vec<u8>>> {
        let query = sqlx::query("SELECT body FROM reports WHERE id = $1").bind(id.to_owned());
        let row = query.fetch_optional(self.up()?).await?;
        row.map(|row| get(&row, "body")).transpose()
    }

    /// Reports of a building, newest first; `after` is the last id of the page before.
    pub async fn reports(
        &self,
        organisation: &str,
        building: &str,
        after: &str,
        most: i64,
    ) -> Result<Vec<ReportRecord>> {
        let statement = format!(
            "SELECT {COLUMNS} FROM reports WHERE organisation = $1 AND building = $2 \
             AND ($3 = '' OR (created_at, id) < (SELECT created_at, id FROM reports WHERE id = $3)) \
             ORDER BY created_at DESC, id DESC LIMIT $4"
        );
        let query = sqlx::query(sqlx::AssertSqlSafe(statement))
            .bind(organisation.to_owned())
            .bind(building.to_owned())
            .bind(after.to_owned())
            .bind(most);
        let rows = query.fetch_all(self.up()?).await?;
        rows.iter().map(record).collect()
    }
}
