//! Buildings: a name, and the newest model.

use sqlx::any::AnyRow;

use super::edits::last_edit;
use super::reports::{NewReport, add_report};
use super::{Result, Store, get, new_id, now};

/// A building of an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Building {
    /// Unique in its organisation.
    pub id: String,
    /// For people.
    pub name: String,
    /// BLAKE3 (hex) of its newest model.
    pub model: String,
    /// Changes with the model: edits count from its beginning.
    pub epoch: String,
    /// Which codes apply, as it was said with the model.
    pub place: Option<String>,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Milliseconds since 1970.
    pub updated_at: i64,
}

/// A model that a building gets.
#[derive(Clone, Debug)]
pub struct NewModel<'a> {
    /// BLAKE3 (hex) of a model that is kept.
    pub digest: &'a str,
    /// For people; none: as it is, or as the building's id.
    pub name: Option<&'a str>,
    /// Which codes apply; none: as it was.
    pub place: Option<&'a str>,
}

fn building(row: &AnyRow) -> Result<Building> {
    Ok(Building {
        id: get(row, "id")?,
        name: get(row, "name")?,
        model: get(row, "model")?,
        epoch: get(row, "epoch")?,
        place: get(row, "place")?,
        created_at: get(row, "created_at")?,
        updated_at: get(row, "updated_at")?,
    })
}

impl Store {
    /// Gives a building a model and its report, in one step; makes the building where it is missing.
    /// The same model again changes nothing but the name and the place. The second answer: where another
    /// model was replaced, how many edits of it are left behind.
    pub async fn put_building(
        &self,
        organisation: &str,
        id: &str,
        new: &NewModel<'_>,
        report: &NewReport<'_>,
    ) -> Result<(Building, Option<i64>)> {
        let mut transaction = self.begin().await?;
        // An update, so that nobody else replaces it before this does.
        let statement = "UPDATE buildings SET updated_at = updated_at \
                         WHERE organisation = $1 AND id = $2 RETURNING *";
        let query = sqlx::query(statement)
            .bind(organisation.to_owned())
            .bind(id.to_owned());
        let before = query.fetch_optional(&mut *transaction).await?;
        let before = before.as_ref().map(building).transpose()?;
        let statement = "INSERT INTO buildings (organisation, id, name, model, epoch, place, \
             created_at, updated_at) VALUES ($1, $2, COALESCE($3, $2), $4, $5, $6, $7, $7) \
             ON CONFLICT (organisation, id) DO UPDATE SET \
             name = COALESCE($3, buildings.name), place = COALESCE($6, buildings.place), \
             epoch = CASE WHEN buildings.model = $4 THEN buildings.epoch ELSE $5 END, \
             model = $4, updated_at = $7 RETURNING *";
        let row = sqlx::query(statement)
            .bind(organisation.to_owned())
            .bind(id.to_owned())
            .bind(new.name.map(str::to_owned))
            .bind(new.digest.to_owned())
            .bind(new_id("epo"))
            .bind(new.place.map(str::to_owned))
            .bind(now())
            .fetch_one(&mut *transaction)
            .await?;
        let kept = building(&row)?;
        add_report(
            &mut transaction,
            organisation,
            id,
            kept.place.as_deref(),
            report,
        )
        .await?;
        let dropped = match before.filter(|before| before.epoch != kept.epoch) {
            Some(before) => {
                Some(last_edit(&mut *transaction, organisation, id, &before.epoch).await?)
            }
            None => None,
        };
        transaction.commit().await?;
        Ok((kept, dropped))
    }

    /// Keeps a report of the model that a building has. None: it has another one by now, or is gone.
    pub async fn put_report(
        &self,
        organisation: &str,
        id: &str,
        report: &NewReport<'_>,
    ) -> Result<Option<Building>> {
        let mut transaction = self.begin().await?;
        // An update, so that nobody replaces the model before the report is there.
        let statement = "UPDATE buildings SET updated_at = updated_at \
                         WHERE organisation = $1 AND id = $2 AND model = $3 RETURNING *";
        let query = sqlx::query(statement)
            .bind(organisation.to_owned())
            .bind(id.to_owned())
            .bind(report.model.to_owned());
        let Some(row) = query.fetch_optional(&mut *transaction).await? else {
            return Ok(None);
        };
        let kept = building(&row)?;
        add_report(
            &mut transaction,
            organisation,
            id,
            kept.place.as_deref(),
            report,
        )
        .await?;
        transaction.commit().await?;
        Ok(Some(kept))
    }

    /// One building.
    pub async fn building(&self, organisation: &str, id: &str) -> Result<Option<Building>> {
        let query = sqlx::query("SELECT * FROM buildings WHERE organisation = $1 AND id = $2")
            .bind(organisation.to_owned())
            .bind(id.to_owned());
        let row = query.fetch_optional(self.up()?).await?;
        row.as_ref().map(building).transpose()
    }

    /// The buildings of an organisation, by id; `after` is the last id of the page before.
    pub async fn buildings(
        &self,
        organisation: &str,
        after: &str,
        most: i64,
    ) -> Result<Vec<Building>> {
        let statement = "SELECT * FROM buildings WHERE organisation = $1 AND id > $2 \
                         ORDER BY id LIMIT $3";
        let query = sqlx::query(statement)
            .bind(organisation.to_owned())
            .bind(after.to_owned())
            .bind(most);
        let rows = query.fetch_all(self.up()?).await?;
        rows.iter().map(building).collect()
    }

    /// Removes a building with its reports and edits. Answers whether there was one.
    pub async fn remove_building(&self, organisation: &str, id: &str) -> Result<bool> {
        let query = sqlx::query("DELETE FROM buildings WHERE organisation = $1 AND id = $2")
            .bind(organisation.to_owned())
            .bind(id.to_owned());
        Ok(query.execute(self.up()?).await?.rows_affected() > 0)
    }
}
