//! `GET /api/v1/validate/{building_id}`: the newest report of a building, and those before.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use moka::future::Cache;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::{Listing, Page, Path, Query, time};
use super::buildings::no_such_building;
use super::page::negotiation::is_known;
use super::problem::Problem;
use super::state::AppState;
use crate::auth::Caller;
use crate::store::{ReportRecord, Store, StoreError};

/// Newest reports of buildings. They are read again after this time: another replica may have a
/// newer one.
const FRESH: Duration = Duration::from_millis(800);
/// Bytes of them.
const MEMORY: u64 = 64 << 20;

/// Newest reports of buildings, kept for an instant.
pub struct Latest(Cache<(String, String), Arc<Newest>>);

/// The newest report of a building.
struct Newest {
    tag: String,
    body: Bytes,
}

impl Default for Latest {
    fn default() -> Latest {
        let weigh = |_: &(String, String), newest: &Arc<Newest>| {
            u32::try_from(newest.body.len()).unwrap_or(u32::MAX)
        };
        let cache = Cache::builder();
        Latest(
            cache
                .weigher(weigh)
                .max_capacity(MEMORY)
                .time_to_live(FRESH)
                .build(),
        )
    }
}

impl Latest {
    /// There is a newer one.
    pub(super) fn forget(&self, organisation: &str, building: &str) {
        let cache = self.0.clone();
        let key = (organisation.to_owned(), building.to_owned());
        tokio::spawn(async move { cache.invalidate(&key).await });
    }

    async fn get(
        &self,
        store: &Store,
        organisation: &str,
        building: &str,
    ) -> Result<Option<Arc<Newest>>, Problem> {
        let key = (organisation.to_owned(), building.to_owned());
        if let Some(newest) = self.0.get(&key).await {
            return Ok(Some(newest));
        }
        let newest = newest(store, organisation, building, i64::MAX).await?;
        if let Some(newest) = &newest {
            self.0.insert(key, Arc::clone(newest)).await;
        }
        Ok(newest)
    }
}

async fn newest(
    store: &Store,
    organisation: &str,
    building: &str,
    at: i64,
) -> Result<Option<Arc<Newest>>, StoreError> {
    let Some(record) = store.report_at(organisation, building, at).await? else {
        return Ok(None);
    };
    let body = store.report_body(&record.id).await?;
    Ok(body.map(|body| {
        Arc::new(Newest {
            tag: format!("\"{}\"", record.id),
            body: body.into(),
        })
    }))
}

/// Which report.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct At {
    /// The one that was the newest at this time (RFC 3339); otherwise the newest.
    at: Option<String>,
}

/// The newest report of a building, or an earlier one
#[utoipa::path(
    get, path = "/api/v1/validate/{building_id}", tag = "checks",
    params(("building_id" = String, Path), At),
    responses(
        (status = 200, description = "the report", content_type = "application/json", body = serde_json::Value),
        (status = 304, description = "it is the one that If-None-Match names"),
        (status = 400, description = "a time that cannot be read"),
        (status = 404, description = "no such building, or no report of that time"),
    ),
)]
pub(super) async fn report(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    Query(at): Query<At>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let services = state.services();
    let (store, organisation) = (&services.store, &caller.organisation);
    let found = match at.at {
        None => services.latest.get(store, organisation, &id).await?,
        Some(text) => newest(store, organisation, &id, millis(&text)?).await?,
    };
    let Some(found) = found else {
        store
            .building(organisation, &id)
            .await?
            .ok_or_else(no_such_building)?;
        let detail = "this building has no report of that time";
        return Err(Problem::nothing("no-such-report", detail));
    };
    let always = [
        (header::ETAG, found.tag.clone()),
        // Others may not have it, and a newer one may come.
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
    ];
    if is_known(&headers, &found.tag) {
        return Ok((StatusCode::NOT_MODIFIED, always).into_response());
    }
    let kind = [(header::CONTENT_TYPE, "application/json")];
    Ok((always, kind, found.body.clone()).into_response())
}

fn millis(text: &str) -> Result<i64, Problem> {
    let time: Result<jiff::Timestamp, _> = text.parse();
    time.map(jiff::Timestamp::as_millisecond).map_err(|_| {
        let detail = "write a time as 2026-03-01T12:00:00Z";
        Problem::new(StatusCode::BAD_REQUEST, "bad-query", detail)
    })
}

/// A report that is kept, without its findings.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Kept {
    /// Never changes; also its `ETag`.
    id: String,
    /// RFC 3339.
    created_at: String,
    /// User or key that asked for it.
    created_by: String,
    /// BLAKE3 (hex) of the model.
    model: String,
    /// Digest of the ruleset.
    ruleset: String,
    /// Digest of the engine.
    engine: String,
    /// Which codes applied.
    jurisdiction: Option<String>,
    /// The report's `summary`.
    summary: serde_json::Value,
}

impl From<ReportRecord> for Kept {
    fn from(record: ReportRecord) -> Kept {
        Kept {
            id: record.id,
            created_at: time(record.created_at),
            created_by: record.created_by,
            model: record.model,
            ruleset: record.ruleset,
            engine: record.engine,
            jurisdiction: record.place,
            summary: serde_json::from_str(&record.summary).unwrap_or_default(),
        }
    }
}

/// All reports of a building, newest first
#[utoipa::path(
    get, path = "/api/v1/validate/{building_id}/history", tag = "checks",
    params(("building_id" = String, Path), Page),
    responses(
        (status = 200, body = Listing<Kept>),
        (status = 404, description = "no such building"),
    ),
)]
pub(super) async fn history(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    Query(page): Query<Page>,
) -> Result<axum::Json<Listing<Kept>>, Problem> {
    let limit = page.limit()?;
    let (store, organisation) = (&state.services().store, &caller.organisation);
    store
        .building(organisation, &id)
        .await?
        .ok_or_else(no_such_building)?;
    let records = store.reports(organisation, &id, &page.after, limit).await?;
    let kept = records.into_iter().map(Kept::from).collect();
    Ok(axum::Json(Listing::new(kept, limit, |report: &Kept| {
        report.id.clone()
    })))
}
